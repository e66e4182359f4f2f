import { Injectable } from '@nestjs/common';
import { statement, type Statement, type Tx } from '../platform/database/database.js';
import type { Findings } from './verify.result.js';

interface Wrong {
  where: string;
  what: string;
  expected: string;
  found: string;
}

/** Entries that count, with what they come of: neither reversals nor reversed. */
const STANDING = `standing AS (
  SELECT e.* FROM ledger_entry e
  WHERE e.reverses IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses = e.id))`;

/** What each row of money must have in the ledger: `expected` is a list of (origin, kind, fen, agency, moment). */
const ofOrigin = (name: string, expected: string): Statement =>
  statement(
    `verify.${name}`,
    `WITH ${STANDING}, expected(no, origin_id, kind, fen, agency_id, at) AS (${expected}), wanted AS (
       SELECT * FROM expected WHERE fen > 0), booked AS (
       SELECT origin_id, kind, sum(amount_fen) AS fen, min(agency_id) AS agency_id, min(at) AS at, count(*) AS entries
       FROM standing WHERE origin_id IN (SELECT origin_id FROM expected) GROUP BY origin_id, kind)
     SELECT coalesce(w.no, (SELECT x.no FROM expected x WHERE x.origin_id = b.origin_id LIMIT 1)) AS "where",
       'ledger: ' || coalesce(w.kind, b.kind) AS what,
       coalesce(w.fen || ' fen of agency ' || w.agency_id || ' at ' || w.at, 'nothing') AS expected,
       coalesce(b.fen || ' fen of agency ' || b.agency_id || ' at ' || b.at || CASE WHEN b.entries > 1 THEN ' in ' || b.entries || ' entries' ELSE '' END, 'nothing') AS found
     FROM wanted w FULL JOIN booked b ON b.origin_id = w.origin_id AND b.kind = w.kind
     WHERE w.origin_id IS NULL OR b.origin_id IS NULL OR b.entries > 1
       OR (w.fen, w.agency_id) <> (b.fen, b.agency_id) OR w.at <> b.at
     ORDER BY 1, 2 LIMIT $1`,
  );

const CHECKS: readonly Statement[] = [
  ofOrigin(
    'ledger-of-outcomes',
    `SELECT 'outcome of alert ' || a.alert_no, o.id, m.kind, CASE WHEN o.decision = 'approve' AND o.voided_at IS NULL THEN m.fen ELSE 0 END,
       o.agency_id, o.decided_at
     FROM outcome o JOIN alert a ON a.id = o.alert_id
       CROSS JOIN LATERAL (VALUES ('intercepted', o.intercepted_fen), ('lost', o.loss_fen)) m(kind, fen)`,
  ),
  ofOrigin(
    'ledger-of-incidents',
    `SELECT 'incident ' || incident_no, id, 'lost', loss_fen, credited_id, reported_at FROM incident`,
  ),
  ofOrigin(
    'ledger-of-stops',
    `SELECT 'stop-payment ' || s.id || ' of incident ' || i.incident_no, s.id, m.kind, coalesce(m.fen, 0), s.agency_id, m.at
     FROM stop_payment s JOIN incident i ON i.id = s.incident_id CROSS JOIN LATERAL (VALUES
       ('stopped', s.stopped_fen, s.stopped_at),
       ('stop-released', CASE WHEN s.status IN ('expired', 'frozen', 'released') THEN s.stopped_fen END, s.ended_at),
       ('intercepted', CASE WHEN s.released_to = 'payer' THEN s.stopped_fen END, s.ended_at)) m(kind, fen, at)`,
  ),
  statement(
    'verify.ledger-of-freezes',
    `WITH ${STANDING}, sums AS (
       SELECT f.id, f.status, f.frozen_fen, i.incident_no,
         (SELECT coalesce(sum(amount_fen), 0) FROM standing s WHERE s.origin_id = f.id AND s.kind = 'frozen') AS frozen,
         (SELECT coalesce(sum(amount_fen), 0) FROM standing s WHERE s.origin_id = f.id AND s.kind = 'freeze-released') AS released,
         (SELECT coalesce(sum(s.amount_fen), 0) FROM fund_return r JOIN return_claim c ON c.return_id = r.id
            JOIN standing s ON s.origin_id = c.id AND s.kind = 'returned' WHERE r.freeze_id = f.id) AS returned
       FROM fund_freeze f JOIN incident i ON i.id = f.incident_id)
     SELECT 'freeze ' || id || ' of incident ' || incident_no AS "where", w.what, w.expected::text AS expected, w.found::text AS found
     FROM sums CROSS JOIN LATERAL (VALUES
       ('ledger: frozen', coalesce(frozen_fen, 0)::numeric, frozen),
       ('ledger: released when it ended', CASE WHEN status IN ('lapsed', 'released') THEN coalesce(frozen_fen, 0) - returned ELSE released END, released),
       ('ledger: left of it, never below zero', greatest(frozen - released - returned, 0), frozen - released - returned)) w(what, expected, found)
     WHERE w.expected <> w.found ORDER BY 1, 2 LIMIT $1`,
  ),
  ofOrigin(
    'ledger-of-claims',
    `SELECT 'claim ' || c.no || ' of return ' || r.id, c.id, 'returned', CASE WHEN c.paid_at IS NULL THEN 0 ELSE c.return_fen END, f.agency_id, c.paid_at
     FROM return_claim c JOIN fund_return r ON r.id = c.return_id JOIN fund_freeze f ON f.id = r.freeze_id`,
  ),
  statement(
    'verify.ledger-balances',
    `WITH ${STANDING}
     SELECT 'account ' || account_id AS "where", what, '0 or more' AS expected, found::text AS found FROM (
       SELECT account_id, 'balance of ' || side AS what, sum(amount_fen * CASE WHEN kind IN ('stopped', 'frozen') THEN 1 ELSE -1 END) AS found
       FROM standing CROSS JOIN LATERAL (SELECT CASE WHEN kind LIKE 'stop%' THEN 'stopped' ELSE 'frozen' END AS side) s
       WHERE account_id IS NOT NULL AND kind IN ('stopped', 'stop-released', 'frozen', 'freeze-released', 'returned')
       GROUP BY account_id, side) sums
     WHERE found < 0 ORDER BY 1, 2 LIMIT $1`,
  ),
  statement(
    'verify.ledger-history',
    `SELECT 'ledger entry ' || e.id AS "where", 'told on the timeline of its case' AS what, 'an event that names ' || e.origin_id AS expected,
       'none' AS found
     FROM ledger_entry e
     WHERE NOT EXISTS (SELECT FROM event v WHERE v.case_id = e.case_id
       AND (v.data LIKE '%' || e.origin_id || '%' OR (e.origin_id = e.case_id AND v.type = 'incident-received')))
     ORDER BY 1 LIMIT $1`,
  ),
  statement(
    'verify.ledger-reversals',
    `SELECT 'ledger entry ' || r.id AS "where", 'is the contrary of what it reverses' AS what,
       e.kind || ' ' || e.amount_fen AS expected, r.kind || ' ' || r.amount_fen AS found
     FROM ledger_entry r JOIN ledger_entry e ON e.id = r.reverses
     WHERE e.reverses IS NOT NULL OR (e.kind, e.amount_fen, e.case_id, e.origin_id) <> (r.kind, r.amount_fen, r.case_id, r.origin_id)
       OR e.account_id IS DISTINCT FROM r.account_id ORDER BY 1 LIMIT $1`,
  ),
];
const COUNT = statement('verify.ledger-count', 'SELECT count(*)::int AS entries FROM ledger_entry');

/**
 * Reconciles the ledger with what it is the books of: each outcome, incident, stop-payment, freeze and claim has exactly
 * the entries that its row calls for, no balance is below zero, and every entry is told on its case's timeline.
 */
@Injectable()
export class MoneyChecks {
  /** @returns how many entries there are */
  async check(tx: Tx, findings: Findings, most: number): Promise<number> {
    for (const check of CHECKS) {
      for (const { where, what, expected, found } of await tx.rows<Wrong>(check, [most]))
        findings.add(where, what, expected, found);
    }
    return (await tx.row<{ entries: number }>(COUNT))!.entries;
  }
}
