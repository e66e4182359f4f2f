import { Injectable } from '@nestjs/common';
import type { Position } from '../../feed/feed.js';
import { statement, type Tx } from '../../platform/database/database.js';
import {
  FEN_COLUMNS,
  FEN_MEASURES,
  GRAINS,
  NUMBER_COLUMNS,
  NUMBERS,
  CellSums,
  type CellDeltas,
  type Grain,
  type Part,
} from './cell.js';
import { addPacked, packDurations } from './durations.rules.js';
import { cellOf } from './period.rules.js';

/** A set of cells. */
export interface Generation {
  generation: number;
  state: 'building' | 'current' | 'old';
  layout: number;
  timeZone: string;
  /** Events up to here are in the cells. */
  position: Position;
  /** While it is being built: cases with a lower id are in. */
  builtTo: string | null;
  /** The figures are those of this moment. */
  asOf: Date;
}

/** What is kept of a case from now on. */
export interface KeptImage {
  alertId: string;
  /** null: nothing any more. */
  image: string | null;
  flipAt: Date | null;
}

/** Only one server keeps cells at a time. */
const KEEPING = 7_362_158;

const LOCK = statement('cells.lock', `SELECT pg_try_advisory_xact_lock($1) AS mine`);
const GENERATIONS = statement(
  'cells.generations',
  `SELECT generation, state, layout, time_zone AS "timeZone", feed_tx::text AS tx, feed_case AS "caseId", feed_seq AS seq,
     built_to AS "builtTo", as_of AS "asOf"
   FROM report_generation ORDER BY generation`,
);
const BEGIN = statement(
  'cells.begin',
  `INSERT INTO report_generation (generation, state, layout, time_zone, feed_tx, feed_case, feed_seq, built_to, as_of, whole, begun_at)
   VALUES ((SELECT coalesce(max(generation), 0) + 1 FROM report_generation), 'building', $1, $2, $3, $4, $5,
     '00000000-0000-0000-0000-000000000000', $6, false, $6)`,
);
const BUILT = statement('cells.built', `UPDATE report_generation SET built_to = $2 WHERE generation = $1`);
const FOLLOWED = statement(
  'cells.followed',
  `UPDATE report_generation SET feed_tx = $2, feed_case = $3, feed_seq = $4, as_of = coalesce($5::timestamptz, as_of), whole = $5::timestamptz IS NOT NULL WHERE generation = $1`,
);
const RETIRE = statement('cells.retire', `UPDATE report_generation SET state = 'old' WHERE state = $1`);
const READY = statement(
  'cells.ready',
  `UPDATE report_generation SET state = 'current', built_to = NULL, ready_at = $2 WHERE generation = $1`,
);
const IMAGES = statement(
  'cells.images',
  `SELECT alert_id AS "alertId", image FROM report_case WHERE generation = $1 AND alert_id = ANY($2::uuid[])`,
);
const KEEP = statement(
  'cells.keep',
  `INSERT INTO report_case (generation, alert_id, image, flip_at)
   SELECT $1::int, alert_id, image, flip_at FROM unnest($2::uuid[], $3::text[], $4::timestamptz[]) AS kept (alert_id, image, flip_at)
   ON CONFLICT (generation, alert_id) DO UPDATE SET image = excluded.image, flip_at = excluded.flip_at`,
);
const FORGET = statement(
  'cells.forget',
  `DELETE FROM report_case WHERE generation = $1 AND alert_id = ANY($2::uuid[])`,
);
const CLEAR_CASES = statement(
  'cells.clear-cases',
  `DELETE FROM report_case WHERE generation = $1 AND alert_id IN (SELECT alert_id FROM report_case WHERE generation = $1 LIMIT $2)`,
);
const CLEAR_CELLS = statement('cells.clear-cells', `DELETE FROM report_cell WHERE generation = $1`);
const CLEAR = statement('cells.clear', `DELETE FROM report_generation WHERE generation = $1`);

const KEY_COLUMNS = ['part', 'agency_id', 'grain', 'first_day', 'last_day'] as const;
const SUM_COLUMNS = [...NUMBER_COLUMNS, ...FEN_COLUMNS];
const DURATIONS_BEFORE = statement(
  'cells.durations',
  `SELECT c.${KEY_COLUMNS.join(', c.')}, c.durations FROM report_cell c
   JOIN unnest($2::text[], $3::int[], $4::text[], $5::int[], $6::int[]) AS asked (${KEY_COLUMNS.join(', ')}) USING (${KEY_COLUMNS.join(', ')})
   WHERE c.generation = $1 AND c.durations IS NOT NULL`,
);
const ARRAYS = [
  'text[]',
  'int[]',
  'text[]',
  'int[]',
  'int[]',
  ...NUMBER_COLUMNS.map(() => 'int[]'),
  ...FEN_COLUMNS.map(() => 'bigint[]'),
  'bytea[]',
];
const ADD = statement(
  'cells.add',
  `INSERT INTO report_cell (generation, ${[...KEY_COLUMNS, ...SUM_COLUMNS, 'durations'].join(', ')})
   SELECT $1::int, changed.* FROM unnest(${ARRAYS.map((type, index) => `$${index + 2}::${type}`).join(', ')})
     AS changed (${[...KEY_COLUMNS, ...SUM_COLUMNS, 'durations'].join(', ')})
   ON CONFLICT (generation, ${KEY_COLUMNS.join(', ')}) DO UPDATE SET
     ${SUM_COLUMNS.map((column) => `${column} = report_cell.${column} + excluded.${column}`).join(', ')},
     durations = coalesce(excluded.durations, report_cell.durations)`,
);

interface Row {
  part: Part;
  agencyId: number;
  grain: Grain;
  first: number;
  last: number;
  sums: CellSums;
}

const keyOf = (part: string, agencyId: number, grain: string, first: number, last: number): string =>
  `${part}/${agencyId}/${grain}/${first}/${last}`;

/** Every statement that writes prepared figures. */
@Injectable()
export class CellStore {
  /** Everything that follows sees one state. @returns whether nobody else is keeping cells */
  async lock(tx: Tx): Promise<boolean> {
    await tx.adHoc('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
    return (await tx.row<{ mine: boolean }>(LOCK, [KEEPING]))!.mine;
  }

  async generations(tx: Tx): Promise<Generation[]> {
    const rows = await tx.rows<Omit<Generation, 'position'> & Position>(GENERATIONS);
    return rows.map(({ tx: number, caseId, seq, ...rest }) => ({ ...rest, position: { tx: number, caseId, seq } }));
  }

  /** A new set of cells, still empty. @param position where the events begin that are followed afterwards */
  async begin(tx: Tx, layout: number, timeZone: string, position: Position): Promise<void> {
    await tx.run(RETIRE, ['building']);
    await tx.run(BEGIN, [layout, timeZone, position.tx, position.caseId, position.seq, tx.now]);
  }

  async built(tx: Tx, generation: number, to: string): Promise<void> {
    await tx.run(BUILT, [generation, to]);
  }

  /** @param asOf undefined: the figures are not all of one moment; that is so until the rest is taken in */
  async followed(
    tx: Tx,
    generation: number,
    { tx: number, caseId, seq }: Position,
    asOf: Date | undefined,
  ): Promise<void> {
    await tx.run(FOLLOWED, [generation, number, caseId, seq, asOf ?? null]);
  }

  /** From now on reports read this set. */
  async promote(tx: Tx, generation: number): Promise<void> {
    await tx.run(RETIRE, ['current']);
    await tx.run(READY, [generation, tx.now]);
  }

  /** @returns whether there is more to clear */
  async clear(tx: Tx, generation: number, limit: number): Promise<boolean> {
    if ((await tx.run(CLEAR_CASES, [generation, limit])) === limit) return true;
    await tx.run(CLEAR_CELLS, [generation]);
    await tx.run(CLEAR, [generation]);
    return false;
  }

  /** Images by case. */
  async images(tx: Tx, generation: number, alertIds: readonly string[]): Promise<Map<string, string>> {
    const rows = await tx.rows<{ alertId: string; image: string }>(IMAGES, [generation, alertIds]);
    return new Map(rows.map(({ alertId, image }) => [alertId, image]));
  }

  async keep(tx: Tx, generation: number, images: readonly KeptImage[]): Promise<void> {
    const kept = images.filter(({ image }) => image !== null);
    const gone = images.filter(({ image }) => image === null).map(({ alertId }) => alertId);
    if (kept.length > 0) {
      const column = <Name extends keyof KeptImage>(name: Name): KeptImage[Name][] => kept.map((image) => image[name]);
      await tx.run(KEEP, [generation, column('alertId'), column('image'), column('flipAt')]);
    }
    if (gone.length > 0) await tx.run(FORGET, [generation, gone]);
  }

  /** Adds changes to the cells of their days, months and years. */
  async add(tx: Tx, generation: number, deltas: CellDeltas): Promise<void> {
    const rows = inAllGrains(deltas);
    if (rows.length === 0) return;
    const before = await this.durations(tx, generation, rows);
    const packed = rows.map(({ part, agencyId, grain, first, last, sums }) => {
      if (!sums.hasDurations) return null;
      const all = new CellSums();
      const stored = before.get(keyOf(part, agencyId, grain, first, last));
      if (stored) addPacked(stored, all.durations);
      all.add(sums);
      return packDurations(all.durations);
    });
    await tx.run(ADD, [
      generation,
      ...keysOf(rows),
      ...NUMBERS.map((_, index) => rows.map(({ sums }) => sums.numbers[index])),
      ...FEN_MEASURES.map((_, index) => rows.map(({ sums }) => String(sums.fen[index]))),
      packed,
    ]);
  }

  private async durations(tx: Tx, generation: number, rows: readonly Row[]): Promise<Map<string, Buffer>> {
    const changed = rows.filter(({ sums }) => sums.hasDurations);
    if (changed.length === 0) return new Map();
    const found = await tx.rows<{
      part: string;
      agency_id: number;
      grain: string;
      first_day: number;
      last_day: number;
      durations: Buffer;
    }>(DURATIONS_BEFORE, [generation, ...keysOf(changed)]);
    return new Map(
      found.map((row) => [keyOf(row.part, row.agency_id, row.grain, row.first_day, row.last_day), row.durations]),
    );
  }
}

function keysOf(rows: readonly Row[]): unknown[][] {
  return (['part', 'agencyId', 'grain', 'first', 'last'] as const).map((name) => rows.map((row) => row[name]));
}

/** Rows also in the month and the year of their day, which hold the sums of their days. In one order for everybody. */
function inAllGrains(deltas: CellDeltas): Row[] {
  const rows = new Map<string, Row>();
  for (const { key, sums } of deltas.list()) {
    const grains = key.part === 'row' ? GRAINS : (['day'] as const);
    for (const grain of grains) {
      const { first, last } = key.part === 'row' ? cellOf(key.first, grain) : key;
      const name = keyOf(key.part, key.agencyId, grain, first, last);
      let row = rows.get(name);
      if (!row) {
        row = { part: key.part, agencyId: key.agencyId, grain, first, last, sums: new CellSums() };
        rows.set(name, row);
      }
      row.sums.add(sums);
    }
  }
  return [...rows.values()].filter(({ sums }) => !sums.empty);
}
