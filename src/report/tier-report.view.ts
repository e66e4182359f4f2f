import { Injectable } from '@nestjs/common';
import { OPEN_STATUSES } from '../alert/alert.js';
import type { Tx } from '../platform/database/database.js';
import { caseLines, DURATIONS, filterSql, foldedLines, type Duration } from './case.facts.js';
import { ATTEMPTS, HELD, MONEY, type HeldField } from './indicators.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

export const OPEN = `a.status IN (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** The approved outcomes of a period that still stand, of given agencies. */
export const STANDING = `o.decision = 'approve' AND o.voided_at IS NULL`;

/** What is counted for one row, before anything is divided. */
export class Tally {
  /** Cases of the cohort by their flags (BIT, RESULT_BIT). */
  readonly flags = new Map<number, number>();
  /** Tenths of minutes, and how often. */
  readonly durations = Object.fromEntries(DURATIONS.map((duration) => [duration, new Map<number, number>()])) as Record<
    Duration,
    Map<number, number>
  >;
  /** Signals that joined cases of the cohort. */
  joined = 0;
  readonly attempts: Record<keyof typeof ATTEMPTS, number> = { sms: 0, call: 0, visit: 0, visitReached: 0 };
  readonly fen: Record<keyof typeof MONEY, bigint> = { dissuasion: 0n, bank: 0n, loss: 0n };
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

/** `attempt t` of a scope with its conditions. */
export function attemptsIn(scope: ReportScope, values: Values): string {
  return `attempt t${alertOf('t', scope, values)}
    WHERE t.agency_id = ${membersOf(scope, values)} AND ${within('t.at', scope, values)}`;
}

/** `outcome o` of a scope with its conditions. */
export function outcomesIn(scope: ReportScope, values: Values): string {
  return `outcome o${alertOf('o', scope, values)}
    WHERE o.agency_id = ${membersOf(scope, values)} AND ${STANDING} AND ${within('o.decided_at', scope, values)}`;
}

/** `alert a` that is open and held in a scope now. */
export function heldIn(scope: ReportScope, values: Values): string {
  return `alert a WHERE a.holder_id = ${membersOf(scope, values)} AND ${OPEN}${filterSql(scope.filters, values)}`;
}

function membersOf({ members }: ReportScope, values: Values): string {
  return `ANY(${values.add(members.map(({ agencyId }) => agencyId))}::int[])`;
}

function within(moment: string, { start, end }: ReportScope, values: Values): string {
  return `${moment} >= ${values.add(start)}::timestamptz AND ${moment} < ${values.add(end)}::timestamptz`;
}

/** The join that filters on the alert need; nothing where there are none. */
function alertOf(table: string, { filters }: ReportScope, values: Values): string {
  const conditions = filterSql(filters, values);
  return conditions === '' ? '' : ` JOIN alert a ON a.id = ${table}.alert_id${conditions}`;
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
  const into = what === 'flags' ? tally.flags : tally.durations[what];
  into.set(value, (into.get(value) ?? 0) + times);
}

function addTo<Field extends string>(sums: Record<Field, number>, more: Record<Field, number>): void {
  for (const field of Object.keys(sums) as Field[]) sums[field] += more[field];
}
