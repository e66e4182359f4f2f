import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import { beforeTransaction, type FeedEvent, type Position } from './feed.js';

/**
 * Transactions with a lower number have all ended: none of them can add an event any more. What is at or above it waits,
 * so that an event that is committed late is never skipped.
 */
const COMPLETE = 'feed_offset() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint';

const AFTER = statement(
  'feed.after',
  `SELECT e.tx::text AS tx, e.case_id AS "caseId", e.seq, e.at, e.type, e.actor_id AS "actorId", e.agency_id AS "agencyId",
     e.data, CASE WHEN a.id IS NULL THEN 'incident' ELSE 'alert' END AS "caseKind",
     coalesce(a.alert_no, i.incident_no) AS "caseNumber", coalesce(a.source, i.source) AS source,
     coalesce(a.city_id, i.city_id) AS "cityId", coalesce(j.held_by, a.held_by, i.held_by) AS "heldBy",
     coalesce(j.holder_id, a.holder_id, i.agency_id) AS "holderId"
   FROM (
     SELECT * FROM event
     WHERE (tx, case_id, seq) > ($1::bigint, $2::uuid, $3::int) AND tx < ${COMPLETE}
     ORDER BY tx, case_id, seq LIMIT $4
   ) e
   LEFT JOIN alert a ON a.id = e.case_id LEFT JOIN alert j ON j.id = a.merged_into
   LEFT JOIN incident i ON i.id = e.case_id
   WHERE a.id IS NOT NULL OR i.id IS NOT NULL
   ORDER BY e.tx, e.case_id, e.seq`,
);
const END = statement(
  'feed.end',
  `SELECT (coalesce(max(e.tx), 0) + 1)::text AS tx FROM event e WHERE e.tx < ${COMPLETE}`,
);

/** Reads what happened, in one order for everybody: without gaps and without repeats. */
@Injectable()
export class FeedView {
  /** Events behind a position whose order is settled, oldest first. */
  async after(tx: Tx, position: Position, limit: number): Promise<FeedEvent[]> {
    return tx.rows<FeedEvent>(AFTER, [position.tx, position.caseId, position.seq, limit]);
  }

  /**
   * Behind everything that is settled now: where somebody begins who wants only what is to come. Reckoned from what is
   * stored: numbers that nothing was stored under can be given out a second time when the database crashes.
   */
  async end(tx: Tx): Promise<Position> {
    return beforeTransaction((await tx.row<{ tx: string }>(END))!.tx);
  }
}
