import type { MigrationInterface, QueryRunner } from 'typeorm';

/** The history, the alert, its hops, what came of it, and files handed in. */
export class Cases1700000000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      CREATE TABLE event (
        case_id uuid NOT NULL,
        seq integer NOT NULL CONSTRAINT event_seq_ck CHECK (seq > 0),
        at timestamptz(3) NOT NULL,
        type text NOT NULL,
        actor_id uuid,
        agency_id integer,
        data text NOT NULL,
        note_digest bytea,
        hash bytea NOT NULL CONSTRAINT event_hash_ck CHECK (length(hash) = 32),
        CONSTRAINT event_pk PRIMARY KEY (case_id, seq)
      );
      COMMENT ON TABLE event IS 'Append-only history of each case, hash-chained: see src/timeline.';
      GRANT SELECT, INSERT ON event TO sanji_app;
      CREATE TRIGGER event_append_only BEFORE UPDATE OR DELETE ON event
        FOR EACH ROW EXECUTE FUNCTION refuse_change();
      CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON event
        FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

      -- The same computation as src/timeline/chain.rules.ts, for verifying millions of events where they lie.
      CREATE FUNCTION chain_hash(previous bytea, case_id uuid, seq integer, at timestamptz, type text, actor_id uuid,
          agency_id integer, note_digest bytea, data text) RETURNS bytea
        LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
        SELECT sha256(previous || convert_to(case_id::text || E'\\n' || seq || E'\\n' || (extract(epoch FROM at) * 1000)::bigint
          || E'\\n' || type || E'\\n' || coalesce(actor_id::text, '-') || E'\\n' || coalesce(agency_id::text, '-')
          || E'\\n' || coalesce(encode(note_digest, 'hex'), '-') || E'\\n' || data, 'UTF8'))
      $$;

      -- What a person wrote, apart from the history so that it can be re-encrypted and anonymised; its digest is in the chain.
      CREATE TABLE event_note (
        case_id uuid NOT NULL,
        seq integer NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT event_note_pk PRIMARY KEY (case_id, seq),
        CONSTRAINT event_note_event_fk FOREIGN KEY (case_id, seq) REFERENCES event
      );
      GRANT SELECT, INSERT, UPDATE (sealed) ON event_note TO sanji_app;

      CREATE TABLE alert (
        id uuid CONSTRAINT alert_pk PRIMARY KEY,
        alert_no text NOT NULL CONSTRAINT alert_no_uq UNIQUE,
        city_id integer NOT NULL CONSTRAINT alert_city_fk REFERENCES agency,
        source text NOT NULL,
        source_ref text NOT NULL,
        content_hash bytea NOT NULL,
        kind text NOT NULL CONSTRAINT alert_kind_ck CHECK (kind IN ('fund', 'telecom', 'network', 'bank-counter', 'hotline')),
        risk_level text NOT NULL CONSTRAINT alert_risk_ck CHECK (risk_level IN ('low', 'medium', 'high', 'urgent')),
        fraud_type text NOT NULL CONSTRAINT alert_fraud_type_fk REFERENCES fraud_type,
        division_code text,
        subject_group text NOT NULL
          CONSTRAINT alert_group_ck CHECK (subject_group IN ('elderly', 'student', 'minor', 'finance-staff', 'none')),
        phone_ix bytea NOT NULL,
        identity_ix bytea,
        sealed bytea NOT NULL,
        amount_at_risk_fen bigint CONSTRAINT alert_amount_ck CHECK (amount_at_risk_fen BETWEEN 0 AND 9007199254740991),
        detected_at timestamptz(3) NOT NULL,
        received_at timestamptz(3) NOT NULL,
        status text NOT NULL CONSTRAINT alert_status_ck
          CHECK (status IN ('new', 'assigned', 'in_progress', 'pending_review', 'closed', 'merged', 'withdrawn')),
        holder_id integer CONSTRAINT alert_holder_fk REFERENCES agency,
        held_by integer[] NOT NULL DEFAULT '{}',
        hop smallint NOT NULL DEFAULT 0,
        returns smallint NOT NULL DEFAULT 0,
        escalated boolean NOT NULL DEFAULT false,
        visit_required boolean NOT NULL,
        urged boolean NOT NULL DEFAULT false,
        result text CONSTRAINT alert_result_ck CHECK (result IN ('dissuaded', 'partial-loss', 'already-defrauded',
          'defrauded-after-warning', 'false-alarm', 'unreachable', 'refused')),
        ended_at timestamptz(3),
        merged_into uuid CONSTRAINT alert_merged_into_fk REFERENCES alert,
        split boolean NOT NULL DEFAULT false,
        previous_alerts integer NOT NULL DEFAULT 0,
        defrauded_after_warning boolean NOT NULL DEFAULT false,
        clocks_started_at timestamptz(3),
        accept_due_at timestamptz(3),
        call_due_at timestamptz(3),
        call_met_at timestamptz(3),
        call_met_by integer,
        visit_due_at timestamptz(3),
        visit_met_at timestamptz(3),
        visit_met_by integer,
        feedback_due_at timestamptz(3),
        feedback_met_at timestamptz(3),
        feedback_met_by integer,
        next_due_at timestamptz(3),
        sms_attempts integer NOT NULL DEFAULT 0,
        call_attempts integer NOT NULL DEFAULT 0,
        visit_attempts integer NOT NULL DEFAULT 0,
        version integer NOT NULL DEFAULT 1,
        event_seq integer NOT NULL,
        event_hash bytea NOT NULL,
        CONSTRAINT alert_source_ref_uq UNIQUE (source_ref, source, city_id),
        CONSTRAINT alert_merged_ck CHECK ((status = 'merged') = (merged_into IS NOT NULL)),
        CONSTRAINT alert_ended_ck CHECK ((status IN ('closed', 'withdrawn')) = (ended_at IS NOT NULL)),
        CONSTRAINT alert_result_closed_ck CHECK ((status = 'closed') = (result IS NOT NULL)),
        CONSTRAINT alert_holder_ck CHECK (status = 'merged' OR holder_id IS NOT NULL),
        CONSTRAINT alert_accept_clock_ck CHECK (status = 'assigned' OR accept_due_at IS NULL)
      );
      -- One family, one knock: at most one open alert of a person in a city. An alert that a person split off stands apart.
      CREATE UNIQUE INDEX alert_open_phone_uq ON alert (city_id, phone_ix)
        WHERE status IN ('new', 'assigned', 'in_progress', 'pending_review') AND NOT split;
      CREATE UNIQUE INDEX alert_open_identity_uq ON alert (city_id, identity_ix)
        WHERE status IN ('new', 'assigned', 'in_progress', 'pending_review') AND NOT split AND identity_ix IS NOT NULL;
      CREATE INDEX alert_phone_ix ON alert (phone_ix, city_id);
      CREATE INDEX alert_identity_ix ON alert (identity_ix, city_id) WHERE identity_ix IS NOT NULL;
      CREATE INDEX alert_merged_into_ix ON alert (merged_into) WHERE merged_into IS NOT NULL;
      CREATE INDEX alert_city_ix ON alert (city_id, id DESC);
      -- The worklist: an agency's open cases, the most pressing first.
      CREATE INDEX alert_worklist_ix ON alert (holder_id, coalesce(next_due_at, 'infinity'), id)
        WHERE status IN ('new', 'assigned', 'in_progress', 'pending_review');
      GRANT SELECT, INSERT, UPDATE ON alert TO sanji_app;

      CREATE TABLE assignment (
        alert_id uuid NOT NULL CONSTRAINT assignment_alert_fk REFERENCES alert,
        hop smallint NOT NULL CONSTRAINT assignment_hop_ck CHECK (hop > 0),
        agency_id integer NOT NULL CONSTRAINT assignment_agency_fk REFERENCES agency,
        how text NOT NULL CONSTRAINT assignment_how_ck
          CHECK (how IN ('intake', 'push', 'forward', 'return', 'transfer', 'recall', 'reopen', 'unmerge')),
        reason text,
        first_here boolean NOT NULL,
        assigned_at timestamptz(3) NOT NULL,
        assigned_by uuid,
        accept_due_at timestamptz(3),
        accepted_at timestamptz(3),
        accepted_by uuid,
        ended_at timestamptz(3),
        ended_how text CONSTRAINT assignment_ended_how_ck
          CHECK (ended_how IN ('forward', 'return', 'transfer', 'recall', 'closed', 'withdraw', 'push')),
        return_reason text CONSTRAINT assignment_return_reason_ck
          CHECK (return_reason IN ('wrong-jurisdiction', 'not-local', 'wrong-info', 'other')),
        CONSTRAINT assignment_pk PRIMARY KEY (alert_id, hop),
        CONSTRAINT assignment_ended_ck CHECK ((ended_at IS NULL) = (ended_how IS NULL)),
        CONSTRAINT assignment_returned_ck CHECK ((return_reason IS NOT NULL) = (ended_how IS NOT DISTINCT FROM 'return')),
        CONSTRAINT assignment_order_ck CHECK (ended_at >= assigned_at)
      );
      CREATE UNIQUE INDEX assignment_one_open_uq ON assignment (alert_id) WHERE ended_at IS NULL;
      -- Which cases an agency sees, newest first: one entry per agency and case.
      CREATE UNIQUE INDEX assignment_first_here_uq ON assignment (agency_id, alert_id DESC) WHERE first_here;
      CREATE INDEX assignment_assigned_brin ON assignment USING brin (assigned_at) WITH (pages_per_range = 32);
      GRANT SELECT, INSERT,
        UPDATE (accept_due_at, accepted_at, accepted_by, ended_at, ended_how, return_reason) ON assignment TO sanji_app;

      CREATE TABLE attempt (
        id uuid CONSTRAINT attempt_pk PRIMARY KEY,
        alert_id uuid NOT NULL CONSTRAINT attempt_alert_fk REFERENCES alert,
        agency_id integer NOT NULL CONSTRAINT attempt_agency_fk REFERENCES agency,
        hop smallint NOT NULL,
        method text NOT NULL CONSTRAINT attempt_method_ck CHECK (method IN ('sms', 'call', 'visit')),
        at timestamptz(3) NOT NULL,
        reached boolean NOT NULL,
        participant_kinds text[] NOT NULL,
        sealed bytea,
        recorded_at timestamptz(3) NOT NULL,
        recorded_by uuid
      );
      -- Whom an agency reached is asked of every case of a report: answered from the index alone.
      CREATE INDEX attempt_alert_ix ON attempt (alert_id) INCLUDE (agency_id, method, reached);
      CREATE INDEX attempt_at_ix ON attempt (agency_id, at);
      GRANT SELECT, INSERT ON attempt TO sanji_app;

      CREATE TABLE outcome (
        id uuid CONSTRAINT outcome_pk PRIMARY KEY,
        alert_id uuid NOT NULL CONSTRAINT outcome_alert_fk REFERENCES alert,
        agency_id integer NOT NULL CONSTRAINT outcome_agency_fk REFERENCES agency,
        hop smallint NOT NULL,
        result text NOT NULL CONSTRAINT outcome_result_ck CHECK (result IN ('dissuaded', 'partial-loss', 'already-defrauded',
          'defrauded-after-warning', 'false-alarm', 'unreachable', 'refused')),
        intercepted_fen bigint NOT NULL CONSTRAINT outcome_intercepted_ck CHECK (intercepted_fen BETWEEN 0 AND 9007199254740991),
        intercepted_basis text CONSTRAINT outcome_basis_ck CHECK (intercepted_basis IN ('transfer-cancelled', 'transfer-recalled',
          'balance-protected', 'bank-blocked', 'victim-statement')),
        loss_fen bigint NOT NULL CONSTRAINT outcome_loss_ck CHECK (loss_fen BETWEEN 0 AND 9007199254740991),
        stopped_transfer boolean,
        submitted_at timestamptz(3) NOT NULL,
        submitted_by uuid,
        review_by_tier text CONSTRAINT outcome_review_tier_ck CHECK (review_by_tier IN ('county', 'city')),
        decision text CONSTRAINT outcome_decision_ck CHECK (decision IN ('approve', 'reject')),
        decided_at timestamptz(3),
        decided_by uuid,
        voided_at timestamptz(3),
        CONSTRAINT outcome_decided_ck CHECK ((decision IS NULL) = (decided_at IS NULL)),
        CONSTRAINT outcome_voided_ck CHECK (voided_at IS NULL OR decision = 'approve'),
        CONSTRAINT outcome_four_eyes_ck CHECK (review_by_tier IS NULL OR decided_by IS NULL OR decided_by <> submitted_by),
        CONSTRAINT outcome_money_ck CHECK (
          CASE result
            WHEN 'dissuaded' THEN loss_fen = 0
            WHEN 'partial-loss' THEN loss_fen > 0
            WHEN 'already-defrauded' THEN loss_fen > 0
            WHEN 'defrauded-after-warning' THEN loss_fen > 0
            ELSE loss_fen = 0 AND intercepted_fen = 0
          END
        ),
        CONSTRAINT outcome_basis_given_ck CHECK ((intercepted_fen > 0) = (intercepted_basis IS NOT NULL))
      );
      -- Money is counted once a case.
      CREATE UNIQUE INDEX outcome_standing_uq ON outcome (alert_id) WHERE decision = 'approve' AND voided_at IS NULL;
      CREATE UNIQUE INDEX outcome_waiting_uq ON outcome (alert_id) WHERE decision IS NULL;
      CREATE INDEX outcome_alert_ix ON outcome (alert_id);
      CREATE INDEX outcome_decided_ix ON outcome (agency_id, decided_at) WHERE decision = 'approve' AND voided_at IS NULL;
      GRANT SELECT, INSERT, UPDATE (decision, decided_at, decided_by, voided_at) ON outcome TO sanji_app;

      CREATE TABLE follow_up (
        id uuid CONSTRAINT follow_up_pk PRIMARY KEY,
        alert_id uuid NOT NULL CONSTRAINT follow_up_alert_fk REFERENCES alert,
        agency_id integer NOT NULL CONSTRAINT follow_up_agency_fk REFERENCES agency,
        due_at timestamptz(3),
        done_at timestamptz(3),
        result text CONSTRAINT follow_up_result_ck CHECK (result IN ('safe', 'defrauded', 'unreachable')),
        loss_fen bigint CONSTRAINT follow_up_loss_ck CHECK (loss_fen BETWEEN 0 AND 9007199254740991),
        recorded_at timestamptz(3),
        recorded_by uuid,
        cancelled_at timestamptz(3),
        CONSTRAINT follow_up_done_ck CHECK ((done_at IS NULL) = (result IS NULL)),
        CONSTRAINT follow_up_planned_ck CHECK (due_at IS NOT NULL OR done_at IS NOT NULL)
      );
      CREATE INDEX follow_up_alert_ix ON follow_up (alert_id);
      CREATE INDEX follow_up_due_ix ON follow_up (agency_id, due_at, id) WHERE done_at IS NULL AND cancelled_at IS NULL;
      GRANT SELECT, INSERT, UPDATE ON follow_up TO sanji_app;

      CREATE TABLE urge (
        id uuid CONSTRAINT urge_pk PRIMARY KEY,
        alert_id uuid NOT NULL CONSTRAINT urge_alert_fk REFERENCES alert,
        by_agency_id integer NOT NULL CONSTRAINT urge_agency_fk REFERENCES agency,
        to_agency_id integer NOT NULL CONSTRAINT urge_to_fk REFERENCES agency,
        urged_at timestamptz(3) NOT NULL,
        urged_by uuid,
        reply_by timestamptz(3),
        replied_at timestamptz(3),
        replied_by uuid,
        ended_at timestamptz(3)
      );
      CREATE INDEX urge_open_ix ON urge (alert_id) WHERE ended_at IS NULL;
      GRANT SELECT, INSERT, UPDATE ON urge TO sanji_app;

      CREATE TABLE import_job (
        id uuid CONSTRAINT import_job_pk PRIMARY KEY,
        agency_id integer NOT NULL CONSTRAINT import_job_agency_fk REFERENCES agency,
        caller_kind text NOT NULL CONSTRAINT import_job_caller_kind_ck CHECK (caller_kind IN ('user', 'key', 'system')),
        created_by uuid,
        sources text[],
        sealed_name bytea NOT NULL,
        dry_run boolean NOT NULL,
        status text NOT NULL CONSTRAINT import_job_status_ck CHECK (status IN ('queued', 'running', 'completed', 'failed')),
        columns text[] NOT NULL,
        total integer NOT NULL,
        processed integer NOT NULL DEFAULT 0,
        created integer NOT NULL DEFAULT 0,
        duplicates integer NOT NULL DEFAULT 0,
        merged integer NOT NULL DEFAULT 0,
        rejected integer NOT NULL DEFAULT 0,
        attempts smallint NOT NULL DEFAULT 0,
        failure text,
        created_at timestamptz(3) NOT NULL,
        finished_at timestamptz(3),
        CONSTRAINT import_job_caller_ck CHECK ((caller_kind = 'system') = (created_by IS NULL)),
        CONSTRAINT import_job_sum_ck CHECK (processed = created + duplicates + merged + rejected AND processed <= total),
        CONSTRAINT import_job_finished_ck CHECK ((status IN ('completed', 'failed')) = (finished_at IS NOT NULL)),
        CONSTRAINT import_job_whole_ck CHECK (status <> 'completed' OR processed = total)
      );
      CREATE INDEX import_job_waiting_ix ON import_job (id) WHERE status IN ('queued', 'running');
      GRANT SELECT, INSERT, UPDATE, DELETE ON import_job TO sanji_app;

      -- Rows of a file on their way in, sealed, up to a thousand at a time; gone when they are taken in.
      CREATE TABLE import_chunk (
        job_id uuid NOT NULL CONSTRAINT import_chunk_job_fk REFERENCES import_job ON DELETE CASCADE,
        first_row integer NOT NULL,
        row_count integer NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT import_chunk_pk PRIMARY KEY (job_id, first_row)
      );
      GRANT SELECT, INSERT, DELETE ON import_chunk TO sanji_app;

      -- What a dry run has seen of its own file: it stores no alerts, so repeats in the file are found here.
      CREATE TABLE import_seen (
        job_id uuid NOT NULL CONSTRAINT import_seen_job_fk REFERENCES import_job ON DELETE CASCADE,
        source text NOT NULL,
        source_ref text NOT NULL,
        content_hash bytea NOT NULL,
        phone_ix bytea,
        identity_ix bytea,
        CONSTRAINT import_seen_pk PRIMARY KEY (job_id, source, source_ref)
      );
      CREATE INDEX import_seen_phone_ix ON import_seen (job_id, phone_ix) WHERE phone_ix IS NOT NULL;
      CREATE INDEX import_seen_identity_ix ON import_seen (job_id, identity_ix) WHERE identity_ix IS NOT NULL;
      GRANT SELECT, INSERT, DELETE ON import_seen TO sanji_app;

      CREATE TABLE import_reject (
        job_id uuid NOT NULL CONSTRAINT import_reject_job_fk REFERENCES import_job ON DELETE CASCADE,
        row_no integer NOT NULL,
        sealed bytea NOT NULL,
        CONSTRAINT import_reject_pk PRIMARY KEY (job_id, row_no)
      );
      GRANT SELECT, INSERT, DELETE ON import_reject TO sanji_app;
    `);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      DROP TABLE import_reject, import_seen, import_chunk, import_job, urge, follow_up, outcome, attempt, assignment, alert, event_note, event;
      DROP FUNCTION chain_hash(bytea, uuid, integer, timestamptz, text, uuid, integer, bytea, text);
    `);
  }
}
