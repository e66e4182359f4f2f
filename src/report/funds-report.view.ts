import { Injectable } from '@nestjs/common';
import type { Tx } from '../platform/database/database.js';
import { FundTally, type FundCount, type FundSum } from './fund.tally.js';
import { actedEver, actedIn, entriesOf, memberIds, rowsOf, within } from './money.facts.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

export interface BankSums {
  bank: string;
  stopped: string;
  frozen: string;
  stops: number;
  freezes: number;
}

/** What each entry of an incident is in this report; `s` its stop-payment, `f` its freeze. */
export const WHAT_OF_INCIDENT = `CASE e.kind
    WHEN 'stop-released' THEN CASE s.status WHEN 'expired' THEN 'stopExpired' WHEN 'frozen' THEN 'stopToFreeze'
      ELSE CASE s.released_to WHEN 'payer' THEN 'stopToPayer' ELSE 'stopToHolder' END END
    WHEN 'freeze-released' THEN CASE f.status WHEN 'lapsed' THEN 'freezeLapsed' ELSE 'freezeReleased' END
    WHEN 'intercepted' THEN 'interceptedStopPayment'
    WHEN 'lost' THEN 'lostIncidents'
    ELSE e.kind END`;
const WHAT_OF_OUTCOME = `CASE e.kind WHEN 'lost' THEN 'lostOutcomes'
    ELSE CASE e.basis WHEN 'bank' THEN 'interceptedBank' ELSE 'interceptedDissuasion' END END`;

/** In which balance a sum counts, and how. */
export const BALANCES: Partial<Record<FundSum, ['stopped' | 'frozen', 1n | -1n]>> = {
  stopped: ['stopped', 1n],
  stopExpired: ['stopped', -1n],
  stopToPayer: ['stopped', -1n],
  stopToHolder: ['stopped', -1n],
  stopToFreeze: ['stopped', -1n],
  frozen: ['frozen', 1n],
  freezeLapsed: ['frozen', -1n],
  freezeReleased: ['frozen', -1n],
  returned: ['frozen', -1n],
};

/** Kinds of entries of incidents. */
export const INCIDENT_KINDS = [
  'stopped',
  'stop-released',
  'frozen',
  'freeze-released',
  'returned',
  'intercepted',
  'lost',
] as const;
/** The bank of an entry of a stop-payment or freeze. */
export const BANK = 'coalesce(s.bank, f.bank)';

/** Ledger's `entry e` with its stop-payment `s` or freeze `f`. @param entries FROM and WHERE of `e` */
export function entriesWithOrigin(entries: string): string {
  return `(SELECT e.* FROM ${entries}) e
         LEFT JOIN stop_payment s ON e.origin_kind = 'stop-payment' AND s.id = e.origin_id
         LEFT JOIN fund_freeze f ON e.origin_kind = 'freeze' AND f.id = e.origin_id`;
}

/** How often something was: FROM, WHERE (made when it is asked for), and whose it is. */
export interface FundsCounted {
  what: FundCount;
  from: string;
  agency: string;
  where: () => string;
  /** When it was, and its columns when it is shown. */
  shown: { itemId: string; incidentId: string; at: string; amountFen?: string };
}

export function countsOf(scope: ReportScope, values: Values): FundsCounted[] {
  const during = (moment: string) => (): string => within(moment, scope, values);
  const of = (
    what: FundCount,
    from: string,
    agency: string,
    where: () => string,
    shown: FundsCounted['shown'],
  ): FundsCounted => ({
    what,
    from,
    agency,
    where: () => `${agency} = ${memberIds(scope, values)} AND ${where()}`,
    shown,
  });
  const stop = (at: string): FundsCounted['shown'] => ({ itemId: 's.id', incidentId: 's.incident_id', at });
  const freeze = (at: string): FundsCounted['shown'] => ({ itemId: 'f.id', incidentId: 'f.incident_id', at });
  const back = (at: string): FundsCounted['shown'] => ({ itemId: 'r.id', incidentId: 'r.incident_id', at });
  const reported = { itemId: 'i.id', incidentId: 'i.id', at: 'i.reported_at', amountFen: 'i.loss_fen' };
  const clocks = (): string => `i.loss_fen > 0 AND ${within('i.reported_at', scope, values)}`;
  const returns = 'fund_return r JOIN fund_freeze f ON f.id = r.freeze_id';
  return [
    of('stopsRequested', 'stop_payment s', 's.agency_id', during('s.requested_at'), stop('s.requested_at')),
    of('stopsEffective', 'stop_payment s', 's.agency_id', during('s.stopped_at'), stop('s.stopped_at')),
    of(
      'stopsRefused',
      'stop_payment s',
      's.agency_id',
      () => `s.status = 'refused' AND ${within('s.ended_at', scope, values)}`,
      stop('s.ended_at'),
    ),
    of(
      'stopClocksInTime',
      'incident i',
      'i.credited_id',
      () => `${clocks()} AND i.stop_met_at <= i.stop_due_at`,
      reported,
    ),
    of(
      'stopClocksEnded',
      'incident i',
      'i.credited_id',
      () => `${clocks()} AND (i.stop_met_at IS NOT NULL OR i.stop_due_at <= ${values.add(scope.asOf)}::timestamptz)`,
      reported,
    ),
    of('freezesRequested', 'fund_freeze f', 'f.agency_id', during('f.requested_at'), freeze('f.requested_at')),
    of('freezesEffective', 'fund_freeze f', 'f.agency_id', during('f.effective_at'), freeze('f.effective_at')),
    of('freezesWaiting', 'fund_freeze f', 'f.agency_id', () => `f.status = 'waiting'`, freeze('f.waiting_since')),
    of(
      'freezesLapsed',
      'fund_freeze f',
      'f.agency_id',
      () => `f.status = 'lapsed' AND ${within('f.ended_at', scope, values)}`,
      freeze('f.ended_at'),
    ),
    of('returnsOpen', returns, 'f.agency_id', () => 'r.ended_at IS NULL', back('r.applied_at')),
    of(
      'returnsPaid',
      returns,
      'f.agency_id',
      () => `r.status = 'paid' AND ${within('r.ended_at', scope, values)}`,
      back('r.ended_at'),
    ),
  ];
}

/** How many banks are told by name. */
export const TOP_BANKS = 20;

/** Counts what the funds report shows: one statement for each group of figures. */
@Injectable()
export class FundsReportView {
  /** @returns by row id; rows with nothing are left out */
  async tallies(tx: Tx, scope: ReportScope): Promise<ReadonlyMap<number, FundTally>> {
    const rows = new Map<number, FundTally>();
    const tallyOf = (rowId: number): FundTally => {
      const tally = rows.get(rowId) ?? new FundTally();
      rows.set(rowId, tally);
      return tally;
    };
    for (const { rowId, what, fen, ever } of [
      ...(await this.ofIncidents(tx, scope)),
      ...(await this.ofOutcomes(tx, scope)),
    ]) {
      const tally = tallyOf(rowId);
      tally.fen[what] += BigInt(fen);
      const [balance, sign] = BALANCES[what] ?? [];
      if (balance && sign) tally.balance[balance] += sign * BigInt(ever);
    }
    for (const { rowId, what, count } of await this.counts(tx, scope)) tallyOf(rowId).counts[what] += count;
    return rows;
  }

  /** Where money was stopped and frozen in the period, the most first; of more than `limit` banks the first. */
  async banks(
    tx: Tx,
    scope: ReportScope,
    limit: number,
  ): Promise<{ top: BankSums[]; all: { banks: number; stopped: string; frozen: string } }> {
    const values = new Values();
    const sum = (kind: string): string => `coalesce(sum(e.amount_fen) FILTER (WHERE e.kind = '${kind}'), 0)`;
    const rows = await tx.adHoc<BankSums & { banks: number; allStopped: string; allFrozen: string }>(
      `SELECT bank, stopped::text, frozen::text, stops, freezes, (count(*) OVER ())::int AS banks,
         (sum(stopped) OVER ())::text AS "allStopped", (sum(frozen) OVER ())::text AS "allFrozen"
       FROM (
         SELECT ${BANK} AS bank, ${sum('stopped')} AS stopped, ${sum('frozen')} AS frozen,
           (count(*) FILTER (WHERE e.kind = 'stopped'))::int AS stops, (count(*) FILTER (WHERE e.kind = 'frozen'))::int AS freezes
         FROM ${entriesWithOrigin(`${entriesOf(scope, ['stopped', 'frozen'], values)} AND ${actedIn(scope, values)}`)}
         GROUP BY 1) sums
       ORDER BY sums.stopped + sums.frozen DESC, bank LIMIT ${values.add(limit)}`,
      values.list,
    );
    const top = rows.map(({ bank, stopped, frozen, stops, freezes }) => ({ bank, stopped, frozen, stops, freezes }));
    const { banks = 0, allStopped = '0', allFrozen = '0' } = rows[0] ?? {};
    return { top, all: { banks, stopped: allStopped, frozen: allFrozen } };
  }

  private async ofIncidents(
    tx: Tx,
    scope: ReportScope,
  ): Promise<{ rowId: number; what: FundSum; fen: string; ever: string }[]> {
    const values = new Values();
    const entries = entriesOf(scope, INCIDENT_KINDS, values);
    const [period, ever] = [actedIn(scope, values), actedEver(scope, values)];
    return tx.adHoc(
      `SELECT m.row_id AS "rowId", ${WHAT_OF_INCIDENT} AS what,
         coalesce(sum(e.amount_fen) FILTER (WHERE ${period}), 0)::text AS fen,
         coalesce(sum(e.amount_fen) FILTER (WHERE ${ever}), 0)::text AS ever
       FROM ${entriesWithOrigin(`${entries} AND (${period} OR ${ever})`)} JOIN ${rowsOf(scope, values)} ON m.agency_id = e.agency_id
       GROUP BY 1, 2`,
      values.list,
    );
  }

  /** Very many, and taken back seldom: what was reversed counts as minus at its own time. */
  private async ofOutcomes(
    tx: Tx,
    scope: ReportScope,
  ): Promise<{ rowId: number; what: FundSum; fen: string; ever: string }[]> {
    const values = new Values();
    return tx.adHoc(
      `SELECT m.row_id AS "rowId", ${WHAT_OF_OUTCOME} AS what,
         sum(CASE WHEN e.reverses IS NULL THEN e.amount_fen ELSE -e.amount_fen END)::text AS fen, '0' AS ever
       FROM ledger_entry e JOIN ${rowsOf(scope, values)} ON m.agency_id = e.agency_id
       WHERE e.case_kind = 'alert' AND e.agency_id = ${memberIds(scope, values)} AND ${actedIn(scope, values)}
       GROUP BY 1, 2`,
      values.list,
    );
  }

  private async counts(tx: Tx, scope: ReportScope): Promise<{ rowId: number; what: FundCount; count: number }[]> {
    const values = new Values();
    const selects = countsOf(scope, values).map(
      ({ what, from, agency, where }) =>
        `SELECT ${agency} AS agency_id, '${what}' AS what, count(*)::int AS times FROM ${from} WHERE ${where()} GROUP BY 1`,
    );
    return tx.adHoc(
      `SELECT m.row_id AS "rowId", c.what, sum(c.times)::int AS count
       FROM (${selects.join(' UNION ALL ')}) c JOIN ${rowsOf(scope, values)} ON m.agency_id = c.agency_id GROUP BY 1, 2`,
      values.list,
    );
  }
}
