import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Card, CardEvent, CardKind, CardStatus } from './card.js';
import { CARD_FIELDS } from './card.store.js';
import type { Month } from './month.rules.js';

const ONE = statement('card.one', `SELECT ${columns(CARD_FIELDS)} FROM card WHERE id = $1`);
const OF_UNITS = statement(
  'card.of-units',
  `SELECT ${columns(CARD_FIELDS)} FROM card WHERE agency_id = ANY($1::int[]) ORDER BY id`,
);
const EVENTS = statement(
  'card_event.of-card',
  `SELECT ${columns(['cardId', 'seq', 'at', 'action', 'actorId', 'actorName', 'agencyId', 'text'])}
   FROM card_event WHERE card_id = $1 ORDER BY seq`,
);

export interface CardFilter {
  readonly cityId: number;
  /** Units whose cards are seen. */
  readonly agencies: readonly number[];
  readonly kind?: CardKind;
  readonly status?: CardStatus;
  readonly month?: Month;
}

@Injectable()
export class CardView {
  async find(tx: Tx, id: string): Promise<Card | undefined> {
    return tx.row<Card>(ONE, [id]);
  }

  /** Cards of units, the oldest first. */
  async ofUnits(tx: Tx, agencies: readonly number[]): Promise<Card[]> {
    return tx.rows<Card>(OF_UNITS, [agencies]);
  }

  /** A card's history, from its beginning. */
  async events(tx: Tx, cardId: string): Promise<CardEvent[]> {
    return tx.rows<CardEvent>(EVENTS, [cardId]);
  }

  /** The last proposed first. */
  async list(tx: Tx, filter: CardFilter, beforeId: string | undefined, limit: number): Promise<Card[]> {
    const where = conditionsOf(filter);
    if (beforeId !== undefined) where.add(`id < ${where.value(beforeId)}::uuid`);
    return tx.adHoc<Card>(
      `SELECT ${columns(CARD_FIELDS)} FROM card WHERE ${where.toString()} ORDER BY id DESC LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: CardFilter): Promise<number> {
    const where = conditionsOf(filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*)::int AS total FROM card WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }
}

function conditionsOf({ cityId, agencies, kind, status, month }: CardFilter): Conditions {
  const where = new Conditions();
  where.add(`city_id = ${where.value(cityId)} AND agency_id = ANY(${where.value(agencies)}::int[])`);
  if (kind) where.add(`kind = ${where.value(kind)}`);
  if (status) where.add(`status = ${where.value(status)}`);
  if (month) where.add(`month = ${where.value(month)}`);
  return where;
}
