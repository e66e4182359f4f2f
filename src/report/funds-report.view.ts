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
const WHAT_OF_INCIDENT = `CASE e.kind
    WHEN 'stop-released' THEN CASE s.status WHEN 'expired' THEN 'stopExpired' WHEN 'frozen' THEN 'stopToFreeze'
      ELSE CASE s.released_to WHEN 'payer' THEN 'stopToPayer' ELSE 'stopToHolder' END END
    WHEN 'freeze-released' THEN CASE f.status WHEN 'lapsed' THEN 'freezeLapsed' ELSE 'freezeReleased' END
    WHEN 'intercepted' THEN 'interceptedStopPayment'
    WHEN 'lost' THEN 'lostIncidents'
    ELSE e.kind END`;
const WHAT_OF_OUTCOME = `CASE e.kind WHEN 'lost' THEN 'lostOutcomes'
    ELSE CASE e.basis WHEN 'bank' THEN 'interceptedBank' ELSE 'interceptedDissuasion' END END`;

/** In which balance a sum counts, and how. */
const BALANCES: Partial<Record<FundSum, ['stopped' | 'frozen', 1n | -1n]>> = {
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
         SELECT coalesce(s.bank, f.bank) AS bank, ${sum('stopped')} AS stopped, ${sum('frozen')} AS frozen,
           (count(*) FILTER (WHERE e.kind = 'stopped'))::int AS stops, (count(*) FILTER (WHERE e.kind = 'frozen'))::int AS freezes
         FROM (SELECT e.* FROM ${entriesOf(scope, ['stopped', 'frozen'], values)} AND ${actedIn(scope, values)}) e
           LEFT JOIN stop_payment s ON e.origin_kind = 'stop-payment' AND s.id = e.origin_id
           LEFT JOIN fund_freeze f ON e.origin_kind = 'freeze' AND f.id = e.origin_id
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
    const kinds = ['stopped', 'stop-released', 'frozen', 'freeze-released', 'returned', 'intercepted', 'lost'] as const;
    const entries = entriesOf(scope, kinds, values);
    const [period, ever] = [actedIn(scope, values), actedEver(scope, values)];
    return tx.adHoc(
      `SELECT m.row_id AS "rowId", ${WHAT_OF_INCIDENT} AS what,
         coalesce(sum(e.amount_fen) FILTER (WHERE ${period}), 0)::text AS fen,
         coalesce(sum(e.amount_fen) FILTER (WHERE ${ever}), 0)::text AS ever
       FROM (SELECT e.* FROM ${entries} AND (${period} OR ${ever})) e JOIN ${rowsOf(scope, values)} ON m.agency_id = e.agency_id
         LEFT JOIN stop_payment s ON e.kind = 'stop-released' AND s.id = e.origin_id
         LEFT JOIN fund_freeze f ON e.kind = 'freeze-released' AND f.id = e.origin_id
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
    const members = memberIds(scope, values);
    const asOf = `${values.add(scope.asOf)}::timestamptz`;
    const during = (moment: string): string => within(moment, scope, values);
    const of = (what: FundCount, from: string, agency: string, where: string): string =>
      `SELECT ${agency} AS agency_id, '${what}' AS what, count(*)::int AS times FROM ${from}
       WHERE ${agency} = ${members} AND ${where} GROUP BY 1`;
    const clocks = `i.loss_fen > 0 AND ${during('i.reported_at')}`;
    const returns = 'fund_return r JOIN fund_freeze f ON f.id = r.freeze_id';
    const selects = [
      of('stopsRequested', 'stop_payment s', 's.agency_id', during('s.requested_at')),
      of('stopsEffective', 'stop_payment s', 's.agency_id', during('s.stopped_at')),
      of('stopsRefused', 'stop_payment s', 's.agency_id', `s.status = 'refused' AND ${during('s.ended_at')}`),
      of('stopClocksInTime', 'incident i', 'i.credited_id', `${clocks} AND i.stop_met_at <= i.stop_due_at`),
      of(
        'stopClocksEnded',
        'incident i',
        'i.credited_id',
        `${clocks} AND (i.stop_met_at IS NOT NULL OR i.stop_due_at <= ${asOf})`,
      ),
      of('freezesRequested', 'fund_freeze f', 'f.agency_id', during('f.requested_at')),
      of('freezesEffective', 'fund_freeze f', 'f.agency_id', during('f.effective_at')),
      of('freezesWaiting', 'fund_freeze f', 'f.agency_id', `f.status = 'waiting'`),
      of('freezesLapsed', 'fund_freeze f', 'f.agency_id', `f.status = 'lapsed' AND ${during('f.ended_at')}`),
      of('returnsOpen', returns, 'f.agency_id', 'r.ended_at IS NULL'),
      of('returnsPaid', returns, 'f.agency_id', `r.status = 'paid' AND ${during('r.ended_at')}`),
    ];
    return tx.adHoc(
      `SELECT m.row_id AS "rowId", c.what, sum(c.times)::int AS count
       FROM (${selects.join(' UNION ALL ')}) c JOIN ${rowsOf(scope, values)} ON m.agency_id = c.agency_id GROUP BY 1, 2`,
      values.list,
    );
  }
}
