import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import { actedEver, actedIn, entriesOf, incidentsOf, reportedIn, rowsOf, SPANS, type Span } from './money.facts.js';
import { together, type Inhabitants } from './money.rules.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

/** Sums of money of a row, in fen; `ever` is up to when the figures were read. */
export const MONEY_SUMS = [
  'stopped',
  'frozen',
  'controlled',
  'returned',
  'stopPayment',
  'frozenEver',
  'returnedEver',
] as const;
export type MoneySum = (typeof MONEY_SUMS)[number];

/** What is counted of incidents and their money for one row. */
export class MoneyTally {
  readonly incidents: Record<Span, number> = { period: 0, yearBefore: 0, daysBefore: 0 };
  incidentLoss = 0n;
  readonly fen = Object.fromEntries(MONEY_SUMS.map((sum) => [sum, 0n])) as Record<MoneySum, bigint>;
  victims = 0;
  inhabitants: Inhabitants | undefined;
}

export interface MoneyTallies {
  /** By id of the row's agency; every row has one. */
  readonly rows: ReadonlyMap<number, MoneyTally>;
  readonly total: MoneyTally;
}

const INHABITANTS = statement(
  'report.inhabitants',
  `SELECT DISTINCT ON (agency_id) agency_id AS "agencyId", year, population FROM agency_population
   WHERE agency_id = ANY($1::int[]) AND year <= $2 ORDER BY agency_id, year DESC`,
);

type OfRow<T> = T & {
  /** null: of the total. */
  rowId: number | null;
};

/** Counts what the tier report shows of incidents and money: one statement for each group of figures. */
@Injectable()
export class MoneyView {
  async tallies(tx: Tx, scope: ReportScope): Promise<MoneyTallies> {
    const rows = new Map(scope.rows.map(({ id }) => [id, new MoneyTally()]));
    const total = new MoneyTally();
    if (rows.size === 0) return { rows, total };
    const tallyOf = (rowId: number | null): MoneyTally => (rowId === null ? total : rows.get(rowId)!);
    const year = Number(scope.to.slice(0, 4));
    const [incidents, money, victims, inhabitants] = await Promise.all([
      this.incidents(tx, scope),
      this.money(tx, scope),
      this.victims(tx, scope),
      tx.rows<Inhabitants & { agencyId: number }>(INHABITANTS, [[...rows.keys()], year]),
    ]);
    for (const { rowId, loss, ...counts } of incidents) {
      const tally = tallyOf(rowId);
      tally.incidentLoss = BigInt(loss);
      Object.assign(tally.incidents, counts);
    }
    for (const { rowId, ...sums } of money) {
      const tally = tallyOf(rowId);
      for (const sum of MONEY_SUMS) tally.fen[sum] = BigInt(sums[sum]);
    }
    for (const { rowId, victims: count } of victims) tallyOf(rowId).victims = count;
    for (const { agencyId, ...figure } of inhabitants) rows.get(agencyId)!.inhabitants = figure;
    total.inhabitants = together([...rows.values()].map((row) => row.inhabitants));
    return { rows, total };
  }

  private async incidents(tx: Tx, scope: ReportScope): Promise<OfRow<Record<Span, number> & { loss: string }>[]> {
    const values = new Values();
    const spans = SPANS.map((span) => [span, reportedIn(span, scope, values)] as const);
    const counts = spans.map(([span, where]) => `count(*) FILTER (WHERE ${where})::int AS "${span}"`);
    const [[, period]] = spans as [(typeof spans)[number]];
    return tx.adHoc(
      `SELECT m.row_id AS "rowId", ${counts.join(', ')}, coalesce(sum(i.loss_fen) FILTER (WHERE ${period}), 0)::text AS loss
       FROM (SELECT i.credited_id, i.reported_at, i.loss_fen FROM ${incidentsOf(scope, values)}
         AND (${spans.map(([, where]) => where).join(' OR ')})) i JOIN ${rowsOf(scope, values)} ON m.agency_id = i.credited_id
       GROUP BY GROUPING SETS ((m.row_id), ())`,
      values.list,
    );
  }

  /** Accounts are added up first, because of each the larger of two sums is taken: in a row, and again over all rows. */
  private async money(tx: Tx, scope: ReportScope): Promise<OfRow<Record<MoneySum, string>>[]> {
    const values = new Values();
    const entries = entriesOf(scope, ['stopped', 'frozen', 'returned', 'intercepted'], values);
    const [period, ever] = [actedIn(scope, values), actedEver(scope, values)];
    const sum = (kind: string, when: string, name: string): string =>
      `coalesce(sum(e.amount_fen) FILTER (WHERE e.kind = '${kind}' AND ${when}), 0) AS ${name}`;
    const sums = [
      sum('stopped', period, 'stopped'),
      sum('frozen', period, 'frozen'),
      sum('returned', period, 'returned'),
      sum('intercepted', period, '"stopPayment"'),
      sum('frozen', ever, '"frozenEver"'),
      sum('returned', ever, '"returnedEver"'),
    ];
    const shown = MONEY_SUMS.map((name) =>
      name === 'controlled'
        ? 'sum(greatest(stopped, frozen))::text AS controlled'
        : `sum("${name}")::text AS "${name}"`,
    );
    return tx.adHoc(
      `SELECT "rowId", ${shown.join(', ')} FROM (
         SELECT CASE WHEN grouping(m.row_id) = 0 THEN m.row_id END AS "rowId", ${sums.join(', ')}
         FROM (SELECT e.kind, e.amount_fen, e.at, e.account_id, e.agency_id FROM ${entries} AND (${period} OR ${ever})) e
           JOIN ${rowsOf(scope, values)} ON m.agency_id = e.agency_id
         GROUP BY GROUPING SETS ((m.row_id, e.account_id), (e.account_id))) accounts
       GROUP BY "rowId"`,
      values.list,
    );
  }

  private async victims(tx: Tx, scope: ReportScope): Promise<OfRow<{ victims: number }>[]> {
    const values = new Values();
    return tx.adHoc(
      `SELECT m.row_id AS "rowId", count(DISTINCT c.person_ix)::int AS victims
       FROM (SELECT e.origin_id, e.agency_id FROM ${entriesOf(scope, ['returned'], values)} AND ${actedIn(scope, values)}) e
         JOIN return_claim c ON c.id = e.origin_id JOIN ${rowsOf(scope, values)} ON m.agency_id = e.agency_id
       GROUP BY GROUPING SETS ((m.row_id), ())`,
      values.list,
    );
  }
}
