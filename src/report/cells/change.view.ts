import { Injectable } from '@nestjs/common';
import type { Position } from '../../feed/feed.js';
import { statement, type Tx } from '../../platform/database/database.js';
import type { Generation } from './cell.store.js';

/** Cases that count for something else than their cells say. */
export interface Changes {
  alertIds: string[];
  /** How far the feed is settled: what lies behind it is looked at once more. */
  position: Position;
  /** Whether these are all. */
  complete: boolean;
  /** Whether looking again at once finds others: not where all wait behind one transaction that is still under way. */
  more: boolean;
}

/**
 * Also what is not settled yet is looked at: a case is counted as it is, whatever happened to it, so that looking twice does
 * no harm.
 */
const EVENTS = statement(
  'cells.events',
  `SELECT e.tx::text AS tx, e.case_id AS "caseId", e.seq, a.id IS NOT NULL AS "ofAlert",
     e.tx < feed_offset() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint AS settled
   FROM (
     SELECT tx, case_id, seq FROM event WHERE (tx, case_id, seq) > ($1::bigint, $2::uuid, $3::int)
     ORDER BY tx, case_id, seq LIMIT $4
   ) e LEFT JOIN alert a ON a.id = e.case_id
   ORDER BY e.tx, e.case_id, e.seq`,
);
const FLIPS = statement(
  'cells.flips',
  `SELECT alert_id AS "alertId" FROM report_case WHERE generation = $1 AND flip_at <= $2 ORDER BY flip_at LIMIT $3`,
);
const CASES = statement('cells.cases', `SELECT id FROM alert WHERE id > $1 ORDER BY id LIMIT $2`);
const ENDS = statement(
  'cells.ends',
  `SELECT (SELECT id FROM alert ORDER BY id LIMIT 1) AS first, (SELECT id FROM alert ORDER BY id DESC LIMIT 1) AS last`,
);
const ALL_CASES = statement(
  'cells.all-cases',
  `SELECT greatest(reltuples, 0)::bigint AS cases FROM pg_class WHERE oid = 'alert'::regclass`,
);

/** Pages of events that are looked through at once. */
const MOST_PAGES = 10;

/** Finds out what has changed since cells were counted. */
@Injectable()
export class ChangeView {
  async since(tx: Tx, { generation, position }: Generation, limit: number): Promise<Changes> {
    const flips = await tx.rows<{ alertId: string }>(FLIPS, [generation, tx.now, limit]);
    const ids = new Set(flips.map(({ alertId }) => alertId));
    let [settled, read, all] = [position, position, false];
    // Many may wait, unsettled, behind one transaction that takes long: it is read on beyond them, but not without end.
    for (let page = 0; page < MOST_PAGES && ids.size < limit && !all; page++) {
      const events = await tx.rows<Position & { ofAlert: boolean; settled: boolean }>(EVENTS, [
        read.tx,
        read.caseId,
        read.seq,
        limit,
      ]);
      for (const { tx: number, caseId, seq, ...event } of events) {
        read = { tx: number, caseId, seq };
        if (event.settled) settled = read;
        if (event.ofAlert) ids.add(caseId);
      }
      all = events.length < limit;
    }
    const complete = all && flips.length < limit;
    return {
      alertIds: [...ids],
      position: settled,
      complete,
      more: !complete && (settled !== position || flips.length === limit),
    };
  }

  /** Ids behind one, in order. */
  async cases(tx: Tx, after: string, limit: number): Promise<string[]> {
    return (await tx.rows<{ id: string }>(CASES, [after, limit])).map(({ id }) => id);
  }

  /**
   * About how many cases there are, and how many of them come before one: reckoned from when they were received, which
   * their ids tell.
   */
  async progress(tx: Tx, before: string): Promise<{ built: number; of: number }> {
    const of = Number((await tx.row<{ cases: number }>(ALL_CASES))!.cases);
    const { first, last } = (await tx.row<{ first: string | null; last: string | null }>(ENDS))!;
    if (first === null || last === null) return { built: 0, of };
    const [begin, end, now] = [first, last, before].map(millisecondsOf) as [number, number, number];
    const share = end > begin ? Math.min(1, Math.max(0, (now - begin) / (end - begin))) : 0;
    return { built: Math.round(of * share), of };
  }
}

/** The moment that an id carries. */
function millisecondsOf(id: string): number {
  return parseInt(id.replaceAll('-', '').slice(0, 12), 16);
}
