import type { MigrationInterface, QueryRunner } from 'typeorm';

/** Stages of the clocks, and the order in which the world hears of what happened. */
export class Clocks1700000000003 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      -- Transaction ids begin again where a dump is restored: what is added to them so that positions go on (src/feed).
      CREATE FUNCTION feed_offset() RETURNS bigint LANGUAGE sql IMMUTABLE PARALLEL SAFE AS 'SELECT 0::bigint';
      ALTER TABLE event ADD COLUMN tx bigint NOT NULL DEFAULT feed_offset() + pg_current_xact_id()::text::bigint;
      COMMENT ON COLUMN event.tx IS 'The transaction that wrote it: the order of the feed. Not part of the hash.';
      CREATE INDEX event_feed_ix ON event (tx, case_id, seq);

      ALTER TABLE alert
        ADD COLUMN accept_limit integer CONSTRAINT alert_accept_limit_ck CHECK (accept_limit > 0),
        ADD COLUMN accept_stage smallint NOT NULL DEFAULT 0 CONSTRAINT alert_accept_stage_ck CHECK (accept_stage BETWEEN 0 AND 3),
        ADD COLUMN call_limit integer CONSTRAINT alert_call_limit_ck CHECK (call_limit > 0),
        ADD COLUMN call_stage smallint NOT NULL DEFAULT 0 CONSTRAINT alert_call_stage_ck CHECK (call_stage BETWEEN 0 AND 3),
        ADD COLUMN visit_limit integer CONSTRAINT alert_visit_limit_ck CHECK (visit_limit > 0),
        ADD COLUMN visit_stage smallint NOT NULL DEFAULT 0 CONSTRAINT alert_visit_stage_ck CHECK (visit_stage BETWEEN 0 AND 3),
        ADD COLUMN feedback_limit integer CONSTRAINT alert_feedback_limit_ck CHECK (feedback_limit > 0),
        ADD COLUMN feedback_stage smallint NOT NULL DEFAULT 0 CONSTRAINT alert_feedback_stage_ck CHECK (feedback_stage BETWEEN 0 AND 3),
        ADD COLUMN next_stage_at timestamptz(3);
      COMMENT ON COLUMN alert.accept_limit IS 'Minutes that the clock gave: half of them before the deadline it reminds, half of them after it climbs.';
      COMMENT ON COLUMN alert.next_stage_at IS 'When the earliest stage of a running clock is to be fired; null when none is left.';

      -- Clocks that run already: their stages are fired from here on, late ones as late.
      UPDATE alert a SET
        accept_limit = CASE WHEN a.accept_due_at IS NOT NULL THEN greatest(1, round(extract(epoch FROM a.accept_due_at - h.assigned_at) / 60)) END,
        call_limit = greatest(1, round(extract(epoch FROM a.call_due_at - a.clocks_started_at) / 60)),
        visit_limit = greatest(1, round(extract(epoch FROM a.visit_due_at - a.clocks_started_at) / 60)),
        feedback_limit = greatest(1, round(extract(epoch FROM a.feedback_due_at - a.clocks_started_at) / 60))
      FROM assignment h
      WHERE h.alert_id = a.id AND h.hop = a.hop AND a.status IN ('new', 'assigned', 'in_progress', 'pending_review')
        AND a.clocks_started_at IS NOT NULL;
      UPDATE alert SET next_stage_at = (
          SELECT min(due - make_interval(secs => allowed * 30))
          FROM (VALUES (accept_due_at, accept_limit, NULL), (call_due_at, call_limit, call_met_at),
            (visit_due_at, visit_limit, visit_met_at), (feedback_due_at, feedback_limit, feedback_met_at)) c(due, allowed, met)
          WHERE met IS NULL)
      WHERE status IN ('new', 'assigned', 'in_progress', 'pending_review');
      -- Small however many alerts there are: only open cases whose clocks have something left to say.
      CREATE INDEX alert_stage_ix ON alert (next_stage_at) WHERE next_stage_at IS NOT NULL;

      -- The city's own worklist, over all its holders.
      CREATE INDEX alert_city_worklist_ix ON alert (city_id, coalesce(next_due_at, 'infinity'), id)
        WHERE status IN ('new', 'assigned', 'in_progress', 'pending_review');

      ALTER TABLE urge
        ADD COLUMN by_system boolean NOT NULL DEFAULT false,
        ADD COLUMN overdue_told_at timestamptz(3);
      CREATE INDEX urge_reply_ix ON urge (reply_by) WHERE ended_at IS NULL AND overdue_told_at IS NULL AND reply_by IS NOT NULL;
      CREATE INDEX urge_urged_ix ON urge (to_agency_id, urged_at);

      ALTER TABLE follow_up
        ADD COLUMN stage smallint NOT NULL DEFAULT 0 CONSTRAINT follow_up_stage_ck CHECK (stage BETWEEN 0 AND 2),
        ADD COLUMN next_stage_at timestamptz(3);
      COMMENT ON COLUMN follow_up.stage IS '0 nothing told, 1 due, 2 overdue.';
      UPDATE follow_up SET next_stage_at = due_at WHERE done_at IS NULL AND cancelled_at IS NULL;
      CREATE INDEX follow_up_stage_ix ON follow_up (next_stage_at)
        WHERE done_at IS NULL AND cancelled_at IS NULL AND next_stage_at IS NOT NULL;
      CREATE INDEX follow_up_done_ix ON follow_up (agency_id, done_at) WHERE done_at IS NOT NULL;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP INDEX alert_city_worklist_ix, follow_up_done_ix, follow_up_stage_ix, urge_urged_ix, urge_reply_ix, alert_stage_ix, event_feed_ix;
      ALTER TABLE follow_up DROP COLUMN stage, DROP COLUMN next_stage_at;
      ALTER TABLE urge DROP COLUMN by_system, DROP COLUMN overdue_told_at;
      ALTER TABLE alert DROP COLUMN accept_limit, DROP COLUMN accept_stage, DROP COLUMN call_limit, DROP COLUMN call_stage,
        DROP COLUMN visit_limit, DROP COLUMN visit_stage, DROP COLUMN feedback_limit, DROP COLUMN feedback_stage,
        DROP COLUMN next_stage_at;
      ALTER TABLE event DROP COLUMN tx;
      DROP FUNCTION feed_offset();
    `);
  }
}
