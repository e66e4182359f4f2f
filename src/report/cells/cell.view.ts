import { Inject, Injectable } from '@nestjs/common';
import type { LocalDate } from '../../platform/clock/local-date.js';
import type { Config } from '../../platform/config/config.js';
import { statement, type Tx } from '../../platform/database/database.js';
import { CONFIG } from '../../platform/platform.module.js';
import { DURATIONS } from '../case.facts.js';
import { figuresBehind } from '../report.problems.js';
import type { ReportScope } from '../report.scope.js';
import { Tally, type Tallies } from '../tier-report.view.js';
import {
  ACT_KINDS,
  ACTS,
  CellSums,
  FEN_COLUMNS,
  FEN_MEASURES,
  FIRST_OF,
  JOINED,
  NUMBER_COLUMNS,
  type CellDeltas,
  type Grain,
} from './cell.js';
import { LAYOUT } from './cell.keeper.js';
import { addOften, addPacked } from './durations.rules.js';
import { dateOfNumber, dayNumber, rangesOf } from './period.rules.js';

/** Cells that can be read, and the moment whose figures they hold. */
export interface Standing {
  generation: number;
  asOf: Date;
  /** All of the figures are of that moment; while a backlog is taken in, some are of later. */
  whole: boolean;
}

interface SumRow {
  /** Of the total, not of a row. */
  overlap: boolean;
  agencyId: number;
  /** In one text, which is read in a fraction of the time that lists of PostgreSQL take. */
  numbers: string;
  fen: string;
  durations: Buffer | null;
}

const STANDING = statement(
  'cells.standing',
  `SELECT generation, as_of AS "asOf", whole FROM report_generation WHERE state = 'current' AND layout = $1 AND time_zone = $2`,
);

const listed = (what: readonly string[]): string => `concat_ws(' ', ${what.join(', ')})`;
const NUMBERS_AND_FEN = `${listed(NUMBER_COLUMNS)} AS numbers, ${listed(FEN_COLUMNS)} AS fen`;
const sum = (column: string): string => `sum(${column})`;

const DAYS_AT_ONCE = 5_000;
const EACH_DAY = statement(
  'cells.each-day',
  `SELECT agency_id AS "agencyId", first_day AS day, ${NUMBERS_AND_FEN}, durations
   FROM report_cell
   WHERE generation = $1 AND part = 'row' AND grain = 'day' AND (agency_id, first_day) > ($2, $3)
   ORDER BY agency_id, first_day LIMIT $4`,
);
const LARGER = statement(
  'cells.larger',
  `SELECT agency_id AS "agencyId", grain, first_day AS day, ${NUMBERS_AND_FEN}, durations
   FROM report_cell WHERE generation = $1 AND part = 'row' AND grain <> 'day'
   ORDER BY agency_id, first_day, grain`,
);

/** `$1` generation, `$2` agencies, `$3`…`$5` ranges of their cells, `$6`…`$9` the overlaps of the rows below one. */
const SUMS = statement(
  'cells.sums',
  `SELECT part LIKE 'overlap%' AS overlap, agency_id AS "agencyId", ${listed(NUMBER_COLUMNS.map(sum))} AS numbers,
     ${listed(FEN_COLUMNS.map(sum))} AS fen, string_agg(durations, '') AS durations
   FROM (
     -- One look into the index for each agency and range, whatever the planner believes.
     SELECT c.* FROM unnest($3::text[], $4::int[], $5::int[]) AS range (grain, first, last)
       CROSS JOIN unnest($2::int[]) AS asked (agency_id)
       CROSS JOIN LATERAL (
         SELECT * FROM report_cell c WHERE c.generation = $1 AND c.part = 'row' AND c.agency_id = asked.agency_id
           AND c.grain = range.grain AND c.first_day BETWEEN range.first AND range.last OFFSET 0
       ) c
     UNION ALL
     SELECT c.* FROM report_cell c WHERE c.generation = $1 AND c.part = 'held' AND c.agency_id = ANY($2::int[])
     UNION ALL
     SELECT c.* FROM report_cell c WHERE c.generation = $1 AND c.part = $6 AND c.agency_id = $7 AND c.grain = 'day'
       AND c.first_day >= $8 AND c.last_day <= $9
   ) cells GROUP BY 1, 2`,
);

/** What one agency's row counts of one local day. */
export interface DayCell {
  agencyId: number;
  day: number;
  sums: CellSums;
}

/** Numbers of one local day of an agency's row. */
export interface DayNumbers {
  day: LocalDate;
  tally: Tally;
}

/** Reads prepared figures. */
@Injectable()
export class CellView {
  constructor(@Inject(CONFIG) private readonly config: Config) {}

  /** @returns undefined while none are ready: then the figures have to be counted */
  standing(tx: Tx): Promise<Standing | undefined> {
    return tx.row<Standing>(STANDING, [LAYOUT, this.config.timeZone]);
  }

  /**
   * For what is made of the figures once and for all.
   * @throws Problem `figures-behind` while they are not all of one moment
   */
  async requireWhole(tx: Tx): Promise<void> {
    const standing = await this.standing(tx);
    if (standing && !standing.whole) {
      throw figuresBehind.with('Many changes are just being taken into the figures of reports. Try again in a minute.');
    }
  }

  /**
   * What the tier report shows, as `TierReportView.tallies` counts it without filters.
   * @param less is taken off
   */
  async tallies(tx: Tx, { generation }: Standing, scope: ReportScope, less?: CellDeltas): Promise<Tallies> {
    const rows = new Map(scope.rows.map(({ id }) => [id, new Tally()]));
    const total = new Tally();
    if (rows.size === 0) return { rows, total };
    const ranges = rangesOf(scope.from, scope.to);
    const found = await tx.rows<SumRow>(SUMS, [
      generation,
      [...rows.keys()],
      ranges.map(({ grain }) => grain),
      ranges.map(({ from }) => from),
      ranges.map(({ to }) => to),
      `overlap-${scope.tier}`,
      scope.parent.id,
      dayNumber(scope.from),
      dayNumber(scope.to),
    ]);
    for (const row of found) {
      const sums = sumsOf(row);
      add(total, sums);
      if (!row.overlap) add(rows.get(row.agencyId)!, sums);
    }
    for (const { key, sums } of less?.list() ?? []) {
      const { part, agencyId, first, last } = key;
      const within = part === 'held' || (first >= dayNumber(scope.from) && last <= dayNumber(scope.to));
      const row = part === 'row' || part === 'held' ? rows.get(agencyId) : undefined;
      if (!within || !(row ?? (part === `overlap-${scope.tier}` && agencyId === scope.parent.id))) continue;
      add(total, sums, -1);
      if (row) add(row, sums, -1);
    }
    return { rows, total };
  }

  /** Every cell of a day, by agency and day. */
  async *eachDay(tx: Tx, { generation }: Standing): AsyncGenerator<DayCell[]> {
    for (let [agencyId, day] = [0, 0]; ;) {
      const rows: (SumRow & { day: number })[] = await tx.rows(EACH_DAY, [generation, agencyId, day, DAYS_AT_ONCE]);
      if (rows.length > 0)
        yield rows.map(({ day: at, agencyId: of, ...row }) => ({ agencyId: of, day: at, sums: sumsOf(row) }));
      if (rows.length < DAYS_AT_ONCE) return;
      ({ agencyId, day } = rows.at(-1)!);
    }
  }

  /** Every cell of more than a day. */
  async larger(tx: Tx, { generation }: Standing): Promise<(DayCell & { grain: Grain })[]> {
    const rows = await tx.rows<SumRow & { day: number; grain: Grain }>(LARGER, [generation]);
    return rows.map(({ agencyId, day, grain, ...row }) => ({ agencyId, day, grain, sums: sumsOf(row) }));
  }

  /** One agency's row day by day; days on which there was nothing are left out. */
  async days(
    tx: Tx,
    { generation }: Standing,
    agencyId: number,
    from: LocalDate,
    to: LocalDate,
  ): Promise<DayNumbers[]> {
    const found = await tx.adHoc<SumRow & { day: number }>(
      `SELECT agency_id AS "agencyId", first_day AS day, ${NUMBERS_AND_FEN}, NULL::bytea AS durations
       FROM report_cell
       WHERE generation = $1 AND part = 'row' AND agency_id = $2 AND grain = 'day' AND first_day BETWEEN $3 AND $4`,
      [generation, agencyId, dayNumber(from), dayNumber(to)],
    );
    return found.map(({ day, ...row }) => {
      const tally = new Tally();
      add(tally, sumsOf(row));
      return { day: dateOfNumber(day), tally };
    });
  }
}

function sumsOf({ numbers, fen, durations }: Pick<SumRow, 'numbers' | 'fen' | 'durations'>): CellSums {
  const sums = new CellSums();
  numbers.split(' ').forEach((number, index) => (sums.numbers[index] = Number(number)));
  fen.split(' ').forEach((amount, index) => (sums.fen[index] = BigInt(amount)));
  if (durations) addPacked(durations, sums.durations);
  return sums;
}

/** @param times −1: takes them off */
function add(tally: Tally, { numbers, fen, durations }: CellSums, times: 1 | -1 = 1): void {
  tally.cases.addNumbers(numbers, times);
  tally.joined += numbers[JOINED]! * times;
  for (const kind of ACT_KINDS) {
    const into = tally[kind] as Record<string, number>;
    ACTS[kind].forEach((name, index) => (into[name]! += numbers[FIRST_OF[kind] + index]! * times));
  }
  FEN_MEASURES.forEach((name, index) => (tally.fen[name] += fen[index]! * BigInt(times)));
  DURATIONS.forEach((duration, index) => {
    for (const [value, often] of durations[index]!) addOften(tally.durations[duration], value, often * times);
  });
}
