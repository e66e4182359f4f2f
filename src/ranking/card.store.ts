import { Injectable } from '@nestjs/common';
import { newId } from '../platform/clock/id.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Card, CardEvent, Proposal } from './card.js';

export const CARD_FIELDS = [
  'id',
  'cityId',
  'agencyId',
  'month',
  'kind',
  'status',
  'grounds',
  'restsOn',
  'proposedAt',
  'version',
] as const satisfies readonly (keyof Card)[];

const LOCK_UNIT = statement(
  'card.lock-unit',
  `SELECT ${columns(CARD_FIELDS)} FROM card WHERE agency_id = $1 ORDER BY id FOR UPDATE`,
);
const ADD = statement(
  'card.add',
  `INSERT INTO card (id, city_id, agency_id, month, kind, status, grounds, rests_on, proposed_at)
   VALUES ($1, $2, $3, $4, $5, 'proposed', $6, $7, $8)
   ON CONFLICT ON CONSTRAINT card_once_uq DO NOTHING`,
);
const STEP = statement(
  'card.step',
  `UPDATE card SET status = $2, version = version + 1 WHERE id = $1 AND version = $3`,
);
const TELL = statement(
  'card_event.add',
  `INSERT INTO card_event (card_id, seq, at, action, actor_id, actor_name, agency_id, text)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);

/** Who acts on a card, as its history names them. */
export interface CardActor {
  readonly id: string | null;
  readonly name: string;
  readonly agencyId: number;
}

/** Every statement that writes `card` and `card_event`. */
@Injectable()
export class CardStore {
  /** Every card of a unit, held until the end of the transaction: later cards are made of all of them. */
  async lockUnit(tx: Tx, agencyId: number): Promise<Card[]> {
    return tx.rows<Card>(LOCK_UNIT, [agencyId]);
  }

  /** Proposes a card unless the unit has one of the kind and month. @returns the new card */
  async propose(
    tx: Tx,
    unit: { id: number; cityId: number },
    { kind, month, grounds, restsOn }: Proposal,
    text: string,
  ): Promise<Card | undefined> {
    const id = newId(tx.now);
    const values = [id, unit.cityId, unit.id, month, kind, JSON.stringify(grounds), restsOn, tx.now];
    if ((await tx.run(ADD, values)) === 0) return undefined;
    const system = { id: null, name: 'system', agencyId: unit.cityId };
    this.tell(tx, { cardId: id, seq: 1, at: tx.now, action: 'proposed', text }, system);
    return {
      id,
      cityId: unit.cityId,
      agencyId: unit.id,
      month,
      kind,
      status: 'proposed',
      grounds,
      restsOn,
      proposedAt: tx.now,
      version: 1,
    };
  }

  /** Brings a card that is held to its next state and tells it. @returns the card as it is now */
  step(tx: Tx, card: Card, to: Exclude<Card['status'], 'proposed'>, text: string, actor: CardActor): Card {
    tx.send(STEP, [card.id, to, card.version], 1);
    const version = card.version + 1;
    this.tell(tx, { cardId: card.id, seq: version, at: tx.now, action: to, text }, actor);
    return { ...card, status: to, version };
  }

  private tell(
    tx: Tx,
    { cardId, seq, at, action, text }: Pick<CardEvent, 'cardId' | 'seq' | 'at' | 'action' | 'text'>,
    actor: CardActor,
  ): void {
    tx.send(TELL, [cardId, seq, at, action, actor.id, actor.name, actor.agencyId, text]);
  }
}
