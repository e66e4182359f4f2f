import { Injectable } from '@nestjs/common';
import type { Tier } from '../organization/agency.js';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Edition, EditionKind } from './edition.js';
import type { Month } from './month.rules.js';

const FIELDS = [
  'id',
  'cityId',
  'kind',
  'tier',
  'month',
  'edition',
  'hash',
  'asOf',
  'publishedAt',
  'publishedBy',
  'publishedByName',
  'note',
] as const satisfies readonly (keyof Edition)[];

const ONE = statement(
  'published_edition.one',
  `SELECT ${columns([...FIELDS, 'content'])} FROM published_edition WHERE id = $1`,
);
const BEFORE = statement(
  'published_edition.before',
  `SELECT ${columns([...FIELDS, 'content'])} FROM published_edition
   WHERE city_id = $1 AND kind = $2 AND tier = $3 AND month = $4 AND edition < $5
   ORDER BY edition DESC LIMIT 1`,
);

export type StoredEdition = Edition & { readonly content: Buffer };

export interface EditionFilter {
  readonly cityId: number;
  readonly kind?: EditionKind;
  readonly tier?: Tier;
  readonly month?: Month;
}

/** No edition has a higher number. */
export const LAST_EDITION = 2_147_483_647;

@Injectable()
export class EditionView {
  async find(tx: Tx, id: string): Promise<StoredEdition | undefined> {
    return tx.row<StoredEdition>(ONE, [id]);
  }

  /** The edition of a month, tier and kind that precedes a number. */
  async before(
    tx: Tx,
    { cityId, kind, tier, month }: Pick<Edition, 'cityId' | 'kind' | 'tier' | 'month'>,
    edition: number,
  ): Promise<StoredEdition | undefined> {
    return tx.row<StoredEdition>(BEFORE, [cityId, kind, tier, month, edition]);
  }

  /** The last published first. */
  async list(tx: Tx, filter: EditionFilter, beforeId: string | undefined, limit: number): Promise<Edition[]> {
    const where = conditionsOf(filter);
    if (beforeId !== undefined) where.add(`id < ${where.value(beforeId)}::uuid`);
    return tx.adHoc<Edition>(
      `SELECT ${columns(FIELDS)} FROM published_edition WHERE ${where.toString()}
       ORDER BY id DESC LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: EditionFilter): Promise<number> {
    const where = conditionsOf(filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*)::int AS total FROM published_edition WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }
}

function conditionsOf({ cityId, kind, tier, month }: EditionFilter): Conditions {
  const where = new Conditions();
  where.add(`city_id = ${where.value(cityId)}`);
  if (kind) where.add(`kind = ${where.value(kind)}`);
  if (tier) where.add(`tier = ${where.value(tier)}`);
  if (month) where.add(`month = ${where.value(month)}`);
  return where;
}
