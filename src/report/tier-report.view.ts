import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { attemptsIn, followUpsIn, heldIn, outcomesIn, urgesIn } from './act.facts.js';
import { CaseNumbers } from './case.measures.js';
import { caseLines, DURATIONS, foldedLines, type Duration } from './case.facts.js';
import { ATTEMPTS, FOLLOW_UPS, HELD, MONEY, URGES, type HeldField } from './indicators.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

/** What is counted for one row, before anything is divided. */
export class Tally {
  readonly cases = new CaseNumbers();
  /** Tenths of minutes, and how often. */
  readonly durations = Object.fromEntries(DURATIONS.map((duration) => [duration, new Map<number, number>()])) as Record<
    Duration,
    Map<number, number>
  >;
  /** Signals that joined cases of the cohort. */
  joined = 0;
  readonly attempts: Record<keyof typeof ATTEMPTS, number> = { sms: 0, call: 0, visit: 0, visitReached: 0 };
  readonly fen: Record<keyof typeof MONEY, bigint> = { dissuasion: 0n, bank: 0n, loss: 0n };
  readonly urges: Record<keyof typeof URGES, number> = { made: 0, inTime: 0, ended: 0 };
  readonly followUps: Record<keyof typeof FOLLOW_UPS, number> = { due: 0, done: 0, overdue: 0, inTime: 0, ended: 0 };
  readonly held: Record<HeldField, number> = { open: 0, overdue: 0, urged: 0 };
}

export interface Tallies {
  /** By id of the row's agency; every row has one. */
  rows: ReadonlyMap<number, Tally>;
  /** Over distinct cases. */
  total: Tally;
}

interface Counted {
  what: 'flags' | 'joined' | Duration;
  /** null: a case of several rows, folded into one line. */
  rowId: number | null;
  shared: boolean;
  value: number;
  times: number;
}

type ByAgency<Field extends string, Value> = { agencyId: number } & Record<Field, Value>;

/** Hash tables of a city's month stay in memory. */
const WORK_MEM = `SET LOCAL work_mem = '48MB'`;

/** Counts what the tier report shows. */
@Injectable()
export class TierReportView {
  /** @param tx one snapshot: the statements must see the same state */
  async tallies(tx: Tx, scope: ReportScope): Promise<Tallies> {
    const rows = new Map(scope.rows.map(({ id }) => [id, new Tally()]));
    const total = new Tally();
    if (rows.size === 0) return { rows, total };
    await tx.adHoc(WORK_MEM);
    await this.cases(tx, scope, rows, total);
    const rowOf = new Map(scope.members.map(({ agencyId, rowId }) => [agencyId, rows.get(rowId)!]));
    // No agency is in two rows, so here the total is the sum.
    const tallied = (agencyId: number): Tally[] => [rowOf.get(agencyId)!, total];
    for (const { agencyId, ...counts } of await this.attempts(tx, scope)) {
      for (const tally of tallied(agencyId)) addTo(tally.attempts, counts);
    }
    for (const { agencyId, ...sums } of await this.money(tx, scope)) {
      for (const tally of tallied(agencyId))
        for (const field of ['dissuasion', 'bank', 'loss'] as const) tally.fen[field] += BigInt(sums[field]);
    }
    for (const { agencyId, ...counts } of await this.urges(tx, scope)) {
      for (const tally of tallied(agencyId)) addTo(tally.urges, counts);
    }
    for (const { agencyId, ...counts } of await this.followUps(tx, scope)) {
      for (const tally of tallied(agencyId)) addTo(tally.followUps, counts);
    }
    for (const { agencyId, ...counts } of await this.held(tx, scope)) {
      for (const tally of tallied(agencyId)) addTo(tally.held, counts);
    }
    return { rows, total };
  }

  private async cases(tx: Tx, scope: ReportScope, rows: ReadonlyMap<number, Tally>, total: Tally): Promise<void> {
    const values = new Values();
    const counts = (table: string, row: string, shared: string): string[] => [
      `SELECT 'flags' AS what, ${row} AS "rowId", ${shared} AS shared, flags AS value, count(*) AS times FROM ${table} GROUP BY 1, 2, 3, 4`,
      `SELECT 'joined', ${row}, ${shared}, 0, count(*) FROM ${table} JOIN alert signal ON signal.merged_into = ${table}.alert_id GROUP BY 1, 2, 3`,
      ...DURATIONS.map(
        (duration) =>
          `SELECT '${duration}', ${row}, ${shared}, ${duration}_tenths, count(*) FROM ${table}
           WHERE ${duration}_tenths IS NOT NULL GROUP BY 1, 2, 3, 4`,
      ),
    ];
    const lines = caseLines(scope, values);
    const selects = [...counts('lines', 'row_id', 'shared'), ...counts('folded', 'NULL::int', 'true')];
    const text = `${lines},
      folded AS MATERIALIZED (${foldedLines('(SELECT * FROM lines WHERE shared) AS several')})
      ${selects.join('\n      UNION ALL ')}`;
    for (const counted of await tx.adHoc<Counted>(text, values.list)) {
      if (counted.rowId !== null) add(rows.get(counted.rowId)!, counted);
      if (counted.rowId === null || !counted.shared) add(total, counted);
    }
  }

  private async attempts(tx: Tx, scope: ReportScope): Promise<ByAgency<keyof typeof ATTEMPTS, number>[]> {
    const values = new Values();
    return tx.adHoc(
      `SELECT t.agency_id AS "agencyId", ${counting(ATTEMPTS)} FROM ${attemptsIn(scope, values)} GROUP BY t.agency_id`,
      values.list,
    );
  }

  private async money(tx: Tx, scope: ReportScope): Promise<ByAgency<keyof typeof MONEY, string>[]> {
    const values = new Values();
    const sums = Object.entries(MONEY).map(
      ([field, { where, amount }]) => `coalesce(sum(${amount}) FILTER (WHERE ${where}), 0)::text AS "${field}"`,
    );
    return tx.adHoc(
      `SELECT o.agency_id AS "agencyId", ${sums.join(', ')} FROM ${outcomesIn(scope, values)} GROUP BY o.agency_id`,
      values.list,
    );
  }

  private async urges(tx: Tx, scope: ReportScope): Promise<ByAgency<keyof typeof URGES, number>[]> {
    const values = new Values();
    return tx.adHoc(
      `SELECT p.agency_id AS "agencyId", ${counting(URGES)} FROM ${urgesIn(scope, values)} GROUP BY p.agency_id`,
      values.list,
    );
  }

  private async followUps(tx: Tx, scope: ReportScope): Promise<ByAgency<keyof typeof FOLLOW_UPS, number>[]> {
    const values = new Values();
    return tx.adHoc(
      `SELECT f.agency_id AS "agencyId", ${counting(FOLLOW_UPS)} FROM ${followUpsIn(scope, values)} GROUP BY f.agency_id`,
      values.list,
    );
  }

  private async held(tx: Tx, scope: ReportScope): Promise<ByAgency<HeldField, number>[]> {
    const values = new Values();
    const asOf = `${values.add(scope.asOf)}::timestamptz`;
    const conditions = Object.fromEntries(Object.entries(HELD).map(([field, where]) => [field, where(() => asOf)]));
    return tx.adHoc(
      `SELECT a.holder_id AS "agencyId", ${counting(conditions)} FROM ${heldIn(scope, values)} GROUP BY a.holder_id`,
      values.list,
    );
  }
}

function counting(conditions: Readonly<Record<string, string>>): string {
  return Object.entries(conditions)
    .map(([field, where]) => `count(*) FILTER (WHERE ${where}) AS "${field}"`)
    .join(', ');
}

function add(tally: Tally, { what, value, times }: Counted): void {
  if (what === 'joined') {
    tally.joined += times;
    return;
  }
  if (what === 'flags') {
    tally.cases.addLines(value, times);
    return;
  }
  const into = tally.durations[what];
  into.set(value, (into.get(value) ?? 0) + times);
}

function addTo<Field extends string>(sums: Record<Field, number>, more: Record<Field, number>): void {
  for (const field of Object.keys(sums) as Field[]) sums[field] += more[field];
}
