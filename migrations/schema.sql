-- The schema after all migrations, for review. Made by "npm run generate"; do not edit.

CREATE OR REPLACE FUNCTION public.chain_hash(previous bytea, case_id uuid, seq integer, at timestamp with time zone, type text, actor_id uuid, agency_id integer, note_digest bytea, data text)
 RETURNS bytea
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$
        SELECT sha256(previous || convert_to(case_id::text || E'\n' || seq || E'\n' || (extract(epoch FROM at) * 1000)::bigint
          || E'\n' || type || E'\n' || coalesce(actor_id::text, '-') || E'\n' || coalesce(agency_id::text, '-')
          || E'\n' || coalesce(encode(note_digest, 'hex'), '-') || E'\n' || data, 'UTF8'))
      $function$;

CREATE OR REPLACE FUNCTION public.feed_offset()
 RETURNS bigint
 LANGUAGE sql
 IMMUTABLE PARALLEL SAFE
AS $function$SELECT 0::bigint$function$;

CREATE OR REPLACE FUNCTION public.guard_ledger()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      DECLARE
        reversed ledger_entry;
        balance record;
      BEGIN
        IF NEW.account_id IS NOT NULL THEN
          PERFORM FROM fund_account WHERE id = NEW.account_id FOR NO KEY UPDATE;
        END IF;
        IF NEW.reverses IS NOT NULL THEN
          SELECT * INTO reversed FROM ledger_entry WHERE id = NEW.reverses;
          IF reversed.reverses IS NOT NULL OR (reversed.kind, reversed.amount_fen, reversed.case_id, reversed.origin_id, reversed.city_id, reversed.agency_id)
              <> (NEW.kind, NEW.amount_fen, NEW.case_id, NEW.origin_id, NEW.city_id, NEW.agency_id)
              OR reversed.account_id IS DISTINCT FROM NEW.account_id OR reversed.basis IS DISTINCT FROM NEW.basis THEN
            RAISE EXCEPTION 'a reversal is the contrary of the entry that it names'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_reversal_ck';
          END IF;
        END IF;
        IF NEW.account_id IS NOT NULL THEN
          SELECT * INTO balance FROM ledger_balance(NEW.account_id);
          IF balance.stopped_fen < 0 OR balance.frozen_fen < 0 THEN
            RAISE EXCEPTION 'the balance of an account would fall below zero'
              USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_balance_ck';
          END IF;
        END IF;
        RETURN NULL;
      END $function$;

CREATE OR REPLACE FUNCTION public.guard_return()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      DECLARE
        claim return_claim;
        owner fund_return;
        paid bigint;
      BEGIN
        IF NEW.kind <> 'returned' OR NEW.reverses IS NOT NULL THEN RETURN NULL; END IF;
        SELECT * INTO claim FROM return_claim WHERE id = NEW.origin_id;
        SELECT * INTO owner FROM fund_return WHERE id = claim.return_id FOR NO KEY UPDATE;
        IF owner.id IS NULL OR claim.withdrawn_at IS NOT NULL OR owner.status NOT IN ('at-bank', 'paid') OR owner.account_id <> NEW.account_id
            OR NEW.at < owner.payable_from OR NEW.at < owner.at_bank_at
            OR EXISTS (SELECT FROM return_objection WHERE return_id = owner.id AND decision IS NULL) THEN
          RAISE EXCEPTION 'this return may not be paid' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_return_ck';
        END IF;
        SELECT coalesce(sum(CASE WHEN reverses IS NULL THEN amount_fen ELSE -amount_fen END), 0) INTO paid
          FROM ledger_entry WHERE origin_id = claim.id AND kind = 'returned';
        IF paid > claim.return_fen THEN
          RAISE EXCEPTION 'more than was allotted' USING ERRCODE = 'check_violation', CONSTRAINT = 'ledger_return_ck';
        END IF;
        RETURN NULL;
      END $function$;

CREATE OR REPLACE FUNCTION public.ledger_balance(account uuid, OUT stopped_fen bigint, OUT frozen_fen bigint)
 RETURNS record
 LANGUAGE sql
 STABLE
AS $function$
        SELECT coalesce(sum(sign * CASE kind WHEN 'stopped' THEN amount_fen WHEN 'stop-released' THEN -amount_fen ELSE 0 END), 0)::bigint,
          coalesce(sum(sign * CASE kind WHEN 'frozen' THEN amount_fen WHEN 'freeze-released' THEN -amount_fen
            WHEN 'returned' THEN -amount_fen ELSE 0 END), 0)::bigint
        FROM (SELECT kind, amount_fen, CASE WHEN reverses IS NULL THEN 1 ELSE -1 END AS sign
          FROM ledger_entry WHERE account_id = account) entry
      $function$;

CREATE OR REPLACE FUNCTION public.refuse_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
      BEGIN
        RAISE EXCEPTION '% is append-only: % refused', TG_TABLE_NAME, TG_OP USING ERRCODE = 'insufficient_privilege';
      END $function$;

GRANT USAGE ON SCHEMA public TO sanji_app;

CREATE TABLE agency (
  id integer NOT NULL GENERATED ALWAYS AS IDENTITY,
  code text NOT NULL,
  name text NOT NULL,
  tier text NOT NULL,
  kind text NOT NULL,
  parent_id integer,
  city_id integer NOT NULL,
  path text NOT NULL,
  active boolean NOT NULL DEFAULT true,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT agency_pk PRIMARY KEY (id),
  CONSTRAINT agency_code_uq UNIQUE (code),
  CONSTRAINT agency_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT agency_parent_fk FOREIGN KEY (parent_id) REFERENCES agency(id),
  CONSTRAINT agency_kind_ck CHECK (kind = ANY (ARRAY['bureau'::text, 'branch'::text, 'station'::text, 'government'::text, 'centre'::text])),
  CONSTRAINT agency_tier_ck CHECK (tier = ANY (ARRAY['city'::text, 'county'::text, 'township'::text])),
  CONSTRAINT agency_top_ck CHECK ((tier = 'city'::text) = (parent_id IS NULL))
);
CREATE INDEX agency_city_ix ON public.agency USING btree (city_id);
CREATE INDEX agency_parent_ix ON public.agency USING btree (parent_id);
GRANT SELECT, INSERT, UPDATE ON agency TO sanji_app;

CREATE TABLE agency_area (
  division_code text NOT NULL,
  tier text NOT NULL,
  agency_id integer NOT NULL,
  CONSTRAINT agency_area_pk PRIMARY KEY (division_code, tier),
  CONSTRAINT agency_area_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT agency_area_code_ck CHECK (division_code ~ '^[0-9]{4,12}$'::text)
);
CREATE INDEX agency_area_agency_ix ON public.agency_area USING btree (agency_id);
GRANT SELECT, INSERT, DELETE ON agency_area TO sanji_app;

CREATE TABLE agency_population (
  agency_id integer NOT NULL,
  year smallint NOT NULL,
  population integer NOT NULL,
  loaded_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT agency_population_pk PRIMARY KEY (agency_id, year),
  CONSTRAINT agency_population_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT agency_population_population_ck CHECK (population > 0),
  CONSTRAINT agency_population_year_ck CHECK (year >= 1990 AND year <= 2100)
);
COMMENT ON TABLE agency_population IS 'People living where an agency is responsible, by year: loaded from a file.';
GRANT SELECT, INSERT ON agency_population TO sanji_app;
GRANT UPDATE (population, loaded_at) ON agency_population TO sanji_app;

CREATE TABLE alert (
  id uuid NOT NULL,
  alert_no text NOT NULL,
  city_id integer NOT NULL,
  source text NOT NULL,
  source_ref text NOT NULL,
  content_hash bytea NOT NULL,
  kind text NOT NULL,
  risk_level text NOT NULL,
  fraud_type text NOT NULL,
  division_code text,
  subject_group text NOT NULL,
  phone_ix bytea NOT NULL,
  identity_ix bytea,
  sealed bytea NOT NULL,
  amount_at_risk_fen bigint,
  detected_at timestamp(3) with time zone NOT NULL,
  received_at timestamp(3) with time zone NOT NULL,
  status text NOT NULL,
  holder_id integer,
  held_by integer[] NOT NULL DEFAULT '{}'::integer[],
  hop smallint NOT NULL DEFAULT 0,
  returns smallint NOT NULL DEFAULT 0,
  escalated boolean NOT NULL DEFAULT false,
  visit_required boolean NOT NULL,
  urged boolean NOT NULL DEFAULT false,
  result text,
  ended_at timestamp(3) with time zone,
  merged_into uuid,
  split boolean NOT NULL DEFAULT false,
  previous_alerts integer NOT NULL DEFAULT 0,
  defrauded_after_warning boolean NOT NULL DEFAULT false,
  clocks_started_at timestamp(3) with time zone,
  accept_due_at timestamp(3) with time zone,
  call_due_at timestamp(3) with time zone,
  call_met_at timestamp(3) with time zone,
  call_met_by integer,
  visit_due_at timestamp(3) with time zone,
  visit_met_at timestamp(3) with time zone,
  visit_met_by integer,
  feedback_due_at timestamp(3) with time zone,
  feedback_met_at timestamp(3) with time zone,
  feedback_met_by integer,
  next_due_at timestamp(3) with time zone,
  sms_attempts integer NOT NULL DEFAULT 0,
  call_attempts integer NOT NULL DEFAULT 0,
  visit_attempts integer NOT NULL DEFAULT 0,
  version integer NOT NULL DEFAULT 1,
  event_seq integer NOT NULL,
  event_hash bytea NOT NULL,
  accept_limit integer,
  accept_stage smallint NOT NULL DEFAULT 0,
  call_limit integer,
  call_stage smallint NOT NULL DEFAULT 0,
  visit_limit integer,
  visit_stage smallint NOT NULL DEFAULT 0,
  feedback_limit integer,
  feedback_stage smallint NOT NULL DEFAULT 0,
  next_stage_at timestamp(3) with time zone,
  CONSTRAINT alert_pk PRIMARY KEY (id),
  CONSTRAINT alert_no_uq UNIQUE (alert_no),
  CONSTRAINT alert_source_ref_uq UNIQUE (source_ref, source, city_id),
  CONSTRAINT alert_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT alert_fraud_type_fk FOREIGN KEY (fraud_type) REFERENCES fraud_type(code),
  CONSTRAINT alert_holder_fk FOREIGN KEY (holder_id) REFERENCES agency(id),
  CONSTRAINT alert_merged_into_fk FOREIGN KEY (merged_into) REFERENCES alert(id),
  CONSTRAINT alert_accept_clock_ck CHECK (status = 'assigned'::text OR accept_due_at IS NULL),
  CONSTRAINT alert_accept_limit_ck CHECK (accept_limit > 0),
  CONSTRAINT alert_accept_stage_ck CHECK (accept_stage >= 0 AND accept_stage <= 3),
  CONSTRAINT alert_amount_ck CHECK (amount_at_risk_fen >= 0 AND amount_at_risk_fen <= '9007199254740991'::bigint),
  CONSTRAINT alert_call_limit_ck CHECK (call_limit > 0),
  CONSTRAINT alert_call_stage_ck CHECK (call_stage >= 0 AND call_stage <= 3),
  CONSTRAINT alert_ended_ck CHECK ((status = ANY (ARRAY['closed'::text, 'withdrawn'::text])) = (ended_at IS NOT NULL)),
  CONSTRAINT alert_feedback_limit_ck CHECK (feedback_limit > 0),
  CONSTRAINT alert_feedback_stage_ck CHECK (feedback_stage >= 0 AND feedback_stage <= 3),
  CONSTRAINT alert_group_ck CHECK (subject_group = ANY (ARRAY['elderly'::text, 'student'::text, 'minor'::text, 'finance-staff'::text, 'none'::text])),
  CONSTRAINT alert_holder_ck CHECK (status = 'merged'::text OR holder_id IS NOT NULL),
  CONSTRAINT alert_kind_ck CHECK (kind = ANY (ARRAY['fund'::text, 'telecom'::text, 'network'::text, 'bank-counter'::text, 'hotline'::text])),
  CONSTRAINT alert_merged_ck CHECK ((status = 'merged'::text) = (merged_into IS NOT NULL)),
  CONSTRAINT alert_result_ck CHECK (result = ANY (ARRAY['dissuaded'::text, 'partial-loss'::text, 'already-defrauded'::text, 'defrauded-after-warning'::text, 'false-alarm'::text, 'unreachable'::text, 'refused'::text])),
  CONSTRAINT alert_result_closed_ck CHECK ((status = 'closed'::text) = (result IS NOT NULL)),
  CONSTRAINT alert_risk_ck CHECK (risk_level = ANY (ARRAY['low'::text, 'medium'::text, 'high'::text, 'urgent'::text])),
  CONSTRAINT alert_status_ck CHECK (status = ANY (ARRAY['new'::text, 'assigned'::text, 'in_progress'::text, 'pending_review'::text, 'closed'::text, 'merged'::text, 'withdrawn'::text])),
  CONSTRAINT alert_visit_limit_ck CHECK (visit_limit > 0),
  CONSTRAINT alert_visit_stage_ck CHECK (visit_stage >= 0 AND visit_stage <= 3)
);
CREATE INDEX alert_city_ix ON public.alert USING btree (city_id, id DESC);
CREATE INDEX alert_city_worklist_ix ON public.alert USING btree (city_id, COALESCE(next_due_at, 'infinity'::timestamp with time zone), id) WHERE (status = ANY (ARRAY['new'::text, 'assigned'::text, 'in_progress'::text, 'pending_review'::text]));
CREATE INDEX alert_identity_ix ON public.alert USING btree (identity_ix, city_id) WHERE (identity_ix IS NOT NULL);
CREATE INDEX alert_merged_into_ix ON public.alert USING btree (merged_into) WHERE (merged_into IS NOT NULL);
CREATE UNIQUE INDEX alert_open_identity_uq ON public.alert USING btree (city_id, identity_ix) WHERE ((status = ANY (ARRAY['new'::text, 'assigned'::text, 'in_progress'::text, 'pending_review'::text])) AND (NOT split) AND (identity_ix IS NOT NULL));
CREATE UNIQUE INDEX alert_open_phone_uq ON public.alert USING btree (city_id, phone_ix) WHERE ((status = ANY (ARRAY['new'::text, 'assigned'::text, 'in_progress'::text, 'pending_review'::text])) AND (NOT split));
CREATE INDEX alert_phone_ix ON public.alert USING btree (phone_ix, city_id);
CREATE INDEX alert_stage_ix ON public.alert USING btree (next_stage_at) WHERE (next_stage_at IS NOT NULL);
CREATE INDEX alert_worklist_ix ON public.alert USING btree (holder_id, COALESCE(next_due_at, 'infinity'::timestamp with time zone), id) WHERE (status = ANY (ARRAY['new'::text, 'assigned'::text, 'in_progress'::text, 'pending_review'::text]));
GRANT SELECT, INSERT, UPDATE ON alert TO sanji_app;

CREATE TABLE api_key (
  id uuid NOT NULL,
  name text NOT NULL,
  hash bytea NOT NULL,
  hint text NOT NULL,
  agency_id integer NOT NULL,
  roles text[] NOT NULL,
  sources text[] NOT NULL,
  created_by uuid,
  created_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone,
  revoked_at timestamp(3) with time zone,
  CONSTRAINT api_key_pk PRIMARY KEY (id),
  CONSTRAINT api_key_hash_uq UNIQUE (hash),
  CONSTRAINT api_key_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id)
);
CREATE INDEX api_key_agency_ix ON public.api_key USING btree (agency_id);
GRANT SELECT, INSERT, UPDATE ON api_key TO sanji_app;

CREATE TABLE assignment (
  alert_id uuid NOT NULL,
  hop smallint NOT NULL,
  agency_id integer NOT NULL,
  how text NOT NULL,
  reason text,
  first_here boolean NOT NULL,
  assigned_at timestamp(3) with time zone NOT NULL,
  assigned_by uuid,
  accept_due_at timestamp(3) with time zone,
  accepted_at timestamp(3) with time zone,
  accepted_by uuid,
  ended_at timestamp(3) with time zone,
  ended_how text,
  return_reason text,
  CONSTRAINT assignment_pk PRIMARY KEY (alert_id, hop),
  CONSTRAINT assignment_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT assignment_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT assignment_ended_ck CHECK ((ended_at IS NULL) = (ended_how IS NULL)),
  CONSTRAINT assignment_ended_how_ck CHECK (ended_how = ANY (ARRAY['forward'::text, 'return'::text, 'transfer'::text, 'recall'::text, 'closed'::text, 'withdraw'::text, 'push'::text])),
  CONSTRAINT assignment_hop_ck CHECK (hop > 0),
  CONSTRAINT assignment_how_ck CHECK (how = ANY (ARRAY['intake'::text, 'push'::text, 'forward'::text, 'return'::text, 'transfer'::text, 'recall'::text, 'reopen'::text, 'unmerge'::text])),
  CONSTRAINT assignment_order_ck CHECK (ended_at >= assigned_at),
  CONSTRAINT assignment_return_reason_ck CHECK (return_reason = ANY (ARRAY['wrong-jurisdiction'::text, 'not-local'::text, 'wrong-info'::text, 'other'::text])),
  CONSTRAINT assignment_returned_ck CHECK ((return_reason IS NOT NULL) = (NOT ended_how IS DISTINCT FROM 'return'::text))
);
CREATE INDEX assignment_accepted_ix ON public.assignment USING btree (agency_id, accepted_at) WHERE (accepted_at IS NOT NULL);
CREATE INDEX assignment_assigned_brin ON public.assignment USING brin (assigned_at) WITH (pages_per_range='32');
CREATE UNIQUE INDEX assignment_first_here_uq ON public.assignment USING btree (agency_id, alert_id DESC) WHERE first_here;
CREATE UNIQUE INDEX assignment_one_open_uq ON public.assignment USING btree (alert_id) WHERE (ended_at IS NULL);
GRANT SELECT, INSERT ON assignment TO sanji_app;
GRANT UPDATE (accept_due_at, accepted_at, accepted_by, ended_at, ended_how, return_reason) ON assignment TO sanji_app;

CREATE TABLE attempt (
  id uuid NOT NULL,
  alert_id uuid NOT NULL,
  agency_id integer NOT NULL,
  hop smallint NOT NULL,
  method text NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  reached boolean NOT NULL,
  participant_kinds text[] NOT NULL,
  sealed bytea,
  recorded_at timestamp(3) with time zone NOT NULL,
  recorded_by uuid,
  CONSTRAINT attempt_pk PRIMARY KEY (id),
  CONSTRAINT attempt_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT attempt_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT attempt_method_ck CHECK (method = ANY (ARRAY['sms'::text, 'call'::text, 'visit'::text]))
);
CREATE INDEX attempt_alert_ix ON public.attempt USING btree (alert_id) INCLUDE (agency_id, method, reached);
CREATE INDEX attempt_at_ix ON public.attempt USING btree (agency_id, at);
GRANT SELECT, INSERT ON attempt TO sanji_app;

CREATE TABLE audit_entry (
  id uuid NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  action text NOT NULL,
  actor_id uuid,
  actor_name text,
  agency_id integer,
  agency_path text NOT NULL,
  object_kind text,
  object_id text,
  request_id text,
  address text,
  data json NOT NULL,
  CONSTRAINT audit_entry_pk PRIMARY KEY (id)
);
CREATE INDEX audit_entry_path_ix ON public.audit_entry USING btree (agency_path text_pattern_ops, id);
CREATE INDEX audit_entry_reveal_ix ON public.audit_entry USING btree (actor_id, at) WHERE (action = ANY (ARRAY['alert.revealed'::text, 'incident.revealed'::text, 'return.revealed'::text]));
CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON audit_entry TO sanji_app;

CREATE TABLE card (
  id uuid NOT NULL,
  city_id integer NOT NULL,
  agency_id integer NOT NULL,
  month text NOT NULL,
  kind text NOT NULL,
  status text NOT NULL,
  grounds json NOT NULL,
  rests_on uuid[] NOT NULL,
  proposed_at timestamp(3) with time zone NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT card_pk PRIMARY KEY (id),
  CONSTRAINT card_once_uq UNIQUE (agency_id, month, kind),
  CONSTRAINT card_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT card_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT card_kind_ck CHECK (kind = ANY (ARRAY['notice'::text, 'yellow'::text, 'red'::text, 'talk'::text, 'listed'::text, 'delisted'::text])),
  CONSTRAINT card_month_ck CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'::text),
  CONSTRAINT card_status_ck CHECK (status = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'dismissed'::text, 'answered'::text, 'closed'::text]))
);
CREATE INDEX card_city_ix ON public.card USING btree (city_id, id DESC);
GRANT SELECT, INSERT ON card TO sanji_app;
GRANT UPDATE (status, version) ON card TO sanji_app;

CREATE TABLE card_event (
  card_id uuid NOT NULL,
  seq integer NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  action text NOT NULL,
  actor_id uuid,
  actor_name text NOT NULL,
  agency_id integer NOT NULL,
  text text NOT NULL,
  CONSTRAINT card_event_pk PRIMARY KEY (card_id, seq),
  CONSTRAINT card_event_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT card_event_card_fk FOREIGN KEY (card_id) REFERENCES card(id),
  CONSTRAINT card_event_action_ck CHECK (action = ANY (ARRAY['proposed'::text, 'confirmed'::text, 'dismissed'::text, 'answered'::text, 'closed'::text])),
  CONSTRAINT card_event_seq_ck CHECK (seq > 0)
);
CREATE TRIGGER card_event_append_only BEFORE DELETE OR UPDATE ON public.card_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER card_event_no_truncate BEFORE TRUNCATE ON public.card_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON card_event TO sanji_app;

CREATE TABLE deadline (
  id uuid NOT NULL,
  kind text NOT NULL,
  subject_id uuid NOT NULL,
  case_id uuid NOT NULL,
  due_at timestamp(3) with time zone NOT NULL,
  fired_at timestamp(3) with time zone,
  cancelled_at timestamp(3) with time zone,
  CONSTRAINT deadline_pk PRIMARY KEY (id),
  CONSTRAINT deadline_ended_ck CHECK (fired_at IS NULL OR cancelled_at IS NULL)
);
CREATE INDEX deadline_case_ix ON public.deadline USING btree (case_id);
CREATE INDEX deadline_due_ix ON public.deadline USING btree (due_at, id) WHERE ((fired_at IS NULL) AND (cancelled_at IS NULL));
CREATE UNIQUE INDEX deadline_running_uq ON public.deadline USING btree (subject_id, kind) WHERE ((fired_at IS NULL) AND (cancelled_at IS NULL));
GRANT SELECT, INSERT ON deadline TO sanji_app;
GRANT UPDATE (fired_at, cancelled_at) ON deadline TO sanji_app;

CREATE TABLE event (
  case_id uuid NOT NULL,
  seq integer NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  type text NOT NULL,
  actor_id uuid,
  agency_id integer,
  data text NOT NULL,
  note_digest bytea,
  hash bytea NOT NULL,
  tx bigint NOT NULL DEFAULT (feed_offset() + ((pg_current_xact_id())::text)::bigint),
  CONSTRAINT event_pk PRIMARY KEY (case_id, seq),
  CONSTRAINT event_hash_ck CHECK (length(hash) = 32),
  CONSTRAINT event_seq_ck CHECK (seq > 0)
);
COMMENT ON TABLE event IS 'Append-only history of each case, hash-chained: see src/timeline.';
CREATE INDEX event_feed_ix ON public.event USING btree (tx, case_id, seq);
CREATE TRIGGER event_append_only BEFORE DELETE OR UPDATE ON public.event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER event_no_truncate BEFORE TRUNCATE ON public.event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON event TO sanji_app;

CREATE TABLE event_note (
  case_id uuid NOT NULL,
  seq integer NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT event_note_pk PRIMARY KEY (case_id, seq),
  CONSTRAINT event_note_event_fk FOREIGN KEY (case_id, seq) REFERENCES event(case_id, seq)
);
GRANT SELECT, INSERT ON event_note TO sanji_app;
GRANT UPDATE (sealed) ON event_note TO sanji_app;

CREATE TABLE export_chunk (
  job_id uuid NOT NULL,
  seq integer NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT export_chunk_pk PRIMARY KEY (job_id, seq),
  CONSTRAINT export_chunk_job_fk FOREIGN KEY (job_id) REFERENCES export_job(id) ON DELETE CASCADE,
  CONSTRAINT export_chunk_seq_ck CHECK (seq > 0)
);
GRANT SELECT, INSERT, DELETE ON export_chunk TO sanji_app;

CREATE TABLE export_job (
  id uuid NOT NULL,
  agency_id integer NOT NULL,
  caller_kind text NOT NULL,
  created_by uuid NOT NULL,
  report text NOT NULL,
  sealed_query bytea NOT NULL,
  format text NOT NULL,
  state text NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  lease uuid,
  lease_until timestamp(3) with time zone,
  rows integer NOT NULL DEFAULT 0,
  expected_rows integer,
  file_name text,
  media_type text,
  bytes bigint,
  sha256 bytea,
  failure text,
  created_at timestamp(3) with time zone NOT NULL,
  started_at timestamp(3) with time zone,
  finished_at timestamp(3) with time zone,
  expires_at timestamp(3) with time zone,
  CONSTRAINT export_job_pk PRIMARY KEY (id),
  CONSTRAINT export_job_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT export_job_caller_kind_ck CHECK (caller_kind = ANY (ARRAY['user'::text, 'key'::text])),
  CONSTRAINT export_job_failure_ck CHECK ((state = 'failed'::text) = (failure IS NOT NULL)),
  CONSTRAINT export_job_file_ck CHECK (state <> 'completed'::text OR file_name IS NOT NULL AND media_type IS NOT NULL AND bytes IS NOT NULL AND sha256 IS NOT NULL AND expires_at IS NOT NULL),
  CONSTRAINT export_job_finished_ck CHECK ((state = ANY (ARRAY['completed'::text, 'failed'::text, 'expired'::text])) = (finished_at IS NOT NULL)),
  CONSTRAINT export_job_format_ck CHECK (format = ANY (ARRAY['csv'::text, 'xlsx'::text])),
  CONSTRAINT export_job_lease_ck CHECK ((state = 'running'::text) = (lease IS NOT NULL AND lease_until IS NOT NULL)),
  CONSTRAINT export_job_state_ck CHECK (state = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text, 'expired'::text]))
);
CREATE INDEX export_job_expiry_ix ON public.export_job USING btree (expires_at) WHERE (state = 'completed'::text);
CREATE INDEX export_job_own_ix ON public.export_job USING btree (created_by, id DESC);
CREATE INDEX export_job_unfinished_ix ON public.export_job USING btree (id) WHERE (state = ANY (ARRAY['queued'::text, 'running'::text]));
GRANT SELECT, INSERT, UPDATE, DELETE ON export_job TO sanji_app;

CREATE TABLE first_sms (
  alert_id uuid NOT NULL,
  status text NOT NULL,
  planned_at timestamp(3) with time zone NOT NULL,
  claimed_at timestamp(3) with time zone,
  agency_id integer,
  hop smallint,
  delivered boolean,
  reason text,
  reference text,
  ended_at timestamp(3) with time zone,
  CONSTRAINT first_sms_pk PRIMARY KEY (alert_id),
  CONSTRAINT first_sms_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT first_sms_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT first_sms_claimed_ck CHECK ((status <> ALL (ARRAY['claimed'::text, 'recorded'::text])) OR claimed_at IS NOT NULL AND agency_id IS NOT NULL AND hop IS NOT NULL),
  CONSTRAINT first_sms_ended_ck CHECK ((status = ANY (ARRAY['recorded'::text, 'skipped'::text])) = (ended_at IS NOT NULL)),
  CONSTRAINT first_sms_recorded_ck CHECK ((status = 'recorded'::text) = (delivered IS NOT NULL)),
  CONSTRAINT first_sms_status_ck CHECK (status = ANY (ARRAY['planned'::text, 'claimed'::text, 'recorded'::text, 'skipped'::text]))
);
CREATE INDEX first_sms_claimed_ix ON public.first_sms USING btree (claimed_at) WHERE (status = 'claimed'::text);
CREATE INDEX first_sms_ended_ix ON public.first_sms USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX first_sms_planned_ix ON public.first_sms USING btree (planned_at) WHERE (status = 'planned'::text);
GRANT SELECT, INSERT, UPDATE, DELETE ON first_sms TO sanji_app;

CREATE TABLE follow_up (
  id uuid NOT NULL,
  alert_id uuid NOT NULL,
  agency_id integer NOT NULL,
  due_at timestamp(3) with time zone,
  done_at timestamp(3) with time zone,
  result text,
  loss_fen bigint,
  recorded_at timestamp(3) with time zone,
  recorded_by uuid,
  cancelled_at timestamp(3) with time zone,
  stage smallint NOT NULL DEFAULT 0,
  next_stage_at timestamp(3) with time zone,
  CONSTRAINT follow_up_pk PRIMARY KEY (id),
  CONSTRAINT follow_up_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT follow_up_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT follow_up_done_ck CHECK ((done_at IS NULL) = (result IS NULL)),
  CONSTRAINT follow_up_loss_ck CHECK (loss_fen >= 0 AND loss_fen <= '9007199254740991'::bigint),
  CONSTRAINT follow_up_planned_ck CHECK (due_at IS NOT NULL OR done_at IS NOT NULL),
  CONSTRAINT follow_up_result_ck CHECK (result = ANY (ARRAY['safe'::text, 'defrauded'::text, 'unreachable'::text])),
  CONSTRAINT follow_up_stage_ck CHECK (stage >= 0 AND stage <= 2)
);
CREATE INDEX follow_up_alert_ix ON public.follow_up USING btree (alert_id);
CREATE INDEX follow_up_due_ix ON public.follow_up USING btree (agency_id, due_at, id) WHERE ((done_at IS NULL) AND (cancelled_at IS NULL));
CREATE INDEX follow_up_planned_ix ON public.follow_up USING btree (agency_id, due_at) WHERE (due_at IS NOT NULL);
CREATE INDEX follow_up_stage_ix ON public.follow_up USING btree (next_stage_at) WHERE ((done_at IS NULL) AND (cancelled_at IS NULL) AND (next_stage_at IS NOT NULL));
GRANT SELECT, INSERT, UPDATE ON follow_up TO sanji_app;

CREATE TABLE fraud_type (
  code text NOT NULL,
  name_zh text NOT NULL,
  name_en text NOT NULL,
  list_year smallint NOT NULL,
  mps_rank smallint,
  older_labels text[] NOT NULL,
  CONSTRAINT fraud_type_pk PRIMARY KEY (code)
);
GRANT SELECT, INSERT, UPDATE ON fraud_type TO sanji_app;

CREATE TABLE freeze_renewal (
  id uuid NOT NULL,
  freeze_id uuid NOT NULL,
  from_on date NOT NULL,
  until_on date NOT NULL,
  asked_at timestamp(3) with time zone NOT NULL,
  asked_by uuid,
  approver_tier text NOT NULL,
  decision text,
  decided_at timestamp(3) with time zone,
  decided_by uuid,
  CONSTRAINT freeze_renewal_pk PRIMARY KEY (id),
  CONSTRAINT freeze_renewal_freeze_fk FOREIGN KEY (freeze_id) REFERENCES fund_freeze(id),
  CONSTRAINT freeze_renewal_decided_ck CHECK ((decision IS NULL) = (decided_at IS NULL)),
  CONSTRAINT freeze_renewal_decision_ck CHECK (decision = ANY (ARRAY['approve'::text, 'reject'::text, 'late'::text])),
  CONSTRAINT freeze_renewal_four_eyes_ck CHECK (decided_by <> asked_by),
  CONSTRAINT freeze_renewal_period_ck CHECK (until_on >= from_on),
  CONSTRAINT freeze_renewal_tier_ck CHECK (approver_tier = ANY (ARRAY['county'::text, 'city'::text]))
);
CREATE INDEX freeze_renewal_freeze_ix ON public.freeze_renewal USING btree (freeze_id, id);
CREATE UNIQUE INDEX freeze_renewal_waiting_uq ON public.freeze_renewal USING btree (freeze_id) WHERE (decision IS NULL);
GRANT SELECT, INSERT ON freeze_renewal TO sanji_app;
GRANT UPDATE (decision, decided_at, decided_by) ON freeze_renewal TO sanji_app;

CREATE TABLE fund_account (
  id uuid NOT NULL,
  city_id integer NOT NULL,
  account_ix bytea NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT fund_account_pk PRIMARY KEY (id),
  CONSTRAINT fund_account_uq UNIQUE (account_ix, city_id),
  CONSTRAINT fund_account_city_fk FOREIGN KEY (city_id) REFERENCES agency(id)
);
GRANT SELECT, INSERT ON fund_account TO sanji_app;
GRANT UPDATE (sealed) ON fund_account TO sanji_app;

CREATE TABLE fund_freeze (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  city_id integer NOT NULL,
  account_id uuid NOT NULL,
  stop_id uuid,
  bank text NOT NULL,
  sealed bytea,
  amount_fen bigint NOT NULL,
  from_on date NOT NULL,
  until_on date NOT NULL,
  agency_id integer NOT NULL,
  held_by integer[] NOT NULL,
  requested_at timestamp(3) with time zone NOT NULL,
  requested_by uuid,
  approver_tier text NOT NULL,
  named_approver uuid,
  status text NOT NULL,
  approved_at timestamp(3) with time zone,
  approved_by uuid,
  waiting_since timestamp(3) with time zone,
  effective_at timestamp(3) with time zone,
  frozen_fen bigint,
  unrelated_at timestamp(3) with time zone,
  release_due_at timestamp(3) with time zone,
  ended_at timestamp(3) with time zone,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT fund_freeze_pk PRIMARY KEY (id),
  CONSTRAINT fund_freeze_account_fk FOREIGN KEY (account_id) REFERENCES fund_account(id),
  CONSTRAINT fund_freeze_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT fund_freeze_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT fund_freeze_incident_fk FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT fund_freeze_stop_fk FOREIGN KEY (stop_id) REFERENCES stop_payment(id),
  CONSTRAINT fund_freeze_amount_ck CHECK (amount_fen >= 1 AND amount_fen <= '9007199254740991'::bigint),
  CONSTRAINT fund_freeze_approved_ck CHECK ((approved_at IS NULL OR (status <> ALL (ARRAY['requested'::text, 'rejected'::text]))) AND (approved_at IS NOT NULL OR (status = ANY (ARRAY['requested'::text, 'rejected'::text, 'lapsed'::text])))),
  CONSTRAINT fund_freeze_approver_tier_ck CHECK (approver_tier = ANY (ARRAY['county'::text, 'city'::text])),
  CONSTRAINT fund_freeze_effective_ck CHECK ((effective_at IS NULL) = (frozen_fen IS NULL) AND (status <> 'effective'::text OR effective_at IS NOT NULL)),
  CONSTRAINT fund_freeze_ended_ck CHECK ((status = ANY (ARRAY['rejected'::text, 'refused'::text, 'lapsed'::text, 'released'::text])) = (ended_at IS NOT NULL)),
  CONSTRAINT fund_freeze_four_eyes_ck CHECK (approved_by <> requested_by AND named_approver <> requested_by),
  CONSTRAINT fund_freeze_frozen_fen_ck CHECK (frozen_fen >= 0 AND frozen_fen <= '9007199254740991'::bigint),
  CONSTRAINT fund_freeze_period_ck CHECK (until_on >= from_on),
  CONSTRAINT fund_freeze_status_ck CHECK (status = ANY (ARRAY['requested'::text, 'rejected'::text, 'approved'::text, 'waiting'::text, 'refused'::text, 'effective'::text, 'lapsed'::text, 'released'::text])),
  CONSTRAINT fund_freeze_unrelated_ck CHECK ((unrelated_at IS NULL) = (release_due_at IS NULL))
);
CREATE INDEX fund_freeze_agency_ix ON public.fund_freeze USING btree (agency_id, effective_at);
CREATE INDEX fund_freeze_city_ix ON public.fund_freeze USING btree (city_id, id DESC);
CREATE UNIQUE INDEX fund_freeze_effective_uq ON public.fund_freeze USING btree (account_id) WHERE (status = 'effective'::text);
CREATE INDEX fund_freeze_incident_ix ON public.fund_freeze USING btree (incident_id, id);
CREATE INDEX fund_freeze_requested_ix ON public.fund_freeze USING btree (city_id, id) WHERE (status = 'requested'::text);
CREATE UNIQUE INDEX fund_freeze_stop_uq ON public.fund_freeze USING btree (stop_id) WHERE ((stop_id IS NOT NULL) AND ((ended_at IS NULL) OR (effective_at IS NOT NULL)));
CREATE INDEX fund_freeze_until_ix ON public.fund_freeze USING btree (city_id, until_on, id) WHERE (status = 'effective'::text);
CREATE INDEX fund_freeze_waiting_ix ON public.fund_freeze USING btree (account_id, waiting_since, id) WHERE (status = 'waiting'::text);
GRANT SELECT, INSERT ON fund_freeze TO sanji_app;
GRANT UPDATE (sealed, from_on, until_on, held_by, approver_tier, status, approved_at, approved_by, waiting_since, effective_at, frozen_fen, unrelated_at, release_due_at, ended_at, version) ON fund_freeze TO sanji_app;

CREATE TABLE fund_return (
  id uuid NOT NULL,
  freeze_id uuid NOT NULL,
  incident_id uuid NOT NULL,
  account_id uuid NOT NULL,
  city_id integer NOT NULL,
  agency_id integer NOT NULL,
  held_by integer[] NOT NULL,
  status text NOT NULL,
  proposed_method text NOT NULL,
  method text,
  frozen_fen bigint NOT NULL,
  inflow_fen bigint NOT NULL,
  residual_fen bigint NOT NULL,
  round smallint NOT NULL DEFAULT 1,
  applied_at timestamp(3) with time zone NOT NULL,
  applied_by uuid,
  proposed_at timestamp(3) with time zone,
  proposed_by uuid,
  decided_at timestamp(3) with time zone,
  decided_by uuid,
  published_on date,
  payable_from timestamp(3) with time zone,
  officer_one uuid,
  officer_two uuid,
  at_bank_at timestamp(3) with time zone,
  payment_due_at timestamp(3) with time zone,
  ended_at timestamp(3) with time zone,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT fund_return_pk PRIMARY KEY (id),
  CONSTRAINT fund_return_account_fk FOREIGN KEY (account_id) REFERENCES fund_account(id),
  CONSTRAINT fund_return_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT fund_return_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT fund_return_freeze_fk FOREIGN KEY (freeze_id) REFERENCES fund_freeze(id),
  CONSTRAINT fund_return_incident_fk FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT fund_return_ended_ck CHECK ((status = ANY (ARRAY['refused'::text, 'paid'::text, 'lapsed'::text])) = (ended_at IS NOT NULL)),
  CONSTRAINT fund_return_four_eyes_ck CHECK (decided_by <> proposed_by),
  CONSTRAINT fund_return_frozen_ck CHECK (frozen_fen >= 0 AND frozen_fen <= '9007199254740991'::bigint),
  CONSTRAINT fund_return_inflow_ck CHECK (inflow_fen >= 1 AND inflow_fen <= '9007199254740991'::bigint),
  CONSTRAINT fund_return_method_ck CHECK (method = ANY (ARRAY['direct-single'::text, 'direct-timestamp'::text, 'pro-rata'::text])),
  CONSTRAINT fund_return_notice_ck CHECK (method IS DISTINCT FROM 'pro-rata'::text OR (status <> ALL (ARRAY['payable'::text, 'at-bank'::text, 'paid'::text])) OR published_on IS NOT NULL),
  CONSTRAINT fund_return_payable_ck CHECK ((status <> ALL (ARRAY['payable'::text, 'at-bank'::text, 'paid'::text])) OR payable_from IS NOT NULL),
  CONSTRAINT fund_return_proposed_ck CHECK (proposed_method = ANY (ARRAY['direct-single'::text, 'direct-timestamp'::text, 'pro-rata'::text])),
  CONSTRAINT fund_return_residual_ck CHECK (residual_fen >= 0 AND residual_fen <= '9007199254740991'::bigint),
  CONSTRAINT fund_return_status_ck CHECK (status = ANY (ARRAY['applied'::text, 'proposed'::text, 'returned'::text, 'refused'::text, 'approved'::text, 'notice'::text, 'payable'::text, 'at-bank'::text, 'paid'::text, 'lapsed'::text])),
  CONSTRAINT fund_return_two_officers_ck CHECK (officer_one <> officer_two AND (officer_one IS NULL) = (officer_two IS NULL) AND (officer_one IS NULL) = (at_bank_at IS NULL))
);
CREATE INDEX fund_return_account_ix ON public.fund_return USING btree (account_id) WHERE (ended_at IS NULL);
CREATE INDEX fund_return_city_ix ON public.fund_return USING btree (city_id, id DESC);
CREATE INDEX fund_return_freeze_ix ON public.fund_return USING btree (freeze_id, id);
CREATE INDEX fund_return_incident_ix ON public.fund_return USING btree (incident_id, id);
CREATE INDEX fund_return_open_ix ON public.fund_return USING btree (city_id, status, id) WHERE (ended_at IS NULL);
GRANT SELECT, INSERT, UPDATE ON fund_return TO sanji_app;

CREATE TABLE holiday (
  day date NOT NULL,
  working boolean NOT NULL,
  name text NOT NULL,
  CONSTRAINT holiday_pk PRIMARY KEY (day)
);
COMMENT ON TABLE holiday IS 'Days that differ from the week: public holidays, and weekends that are worked.';
GRANT SELECT, INSERT, UPDATE, DELETE ON holiday TO sanji_app;

CREATE TABLE idempotency (
  caller text NOT NULL,
  key text NOT NULL,
  sealed_hash bytea NOT NULL,
  status smallint NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT idempotency_pk PRIMARY KEY (caller, key)
);
CREATE INDEX idempotency_created_ix ON public.idempotency USING btree (created_at);
GRANT SELECT, INSERT, DELETE ON idempotency TO sanji_app;

CREATE TABLE import_chunk (
  job_id uuid NOT NULL,
  first_row integer NOT NULL,
  row_count integer NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT import_chunk_pk PRIMARY KEY (job_id, first_row),
  CONSTRAINT import_chunk_job_fk FOREIGN KEY (job_id) REFERENCES import_job(id) ON DELETE CASCADE
);
GRANT SELECT, INSERT, DELETE ON import_chunk TO sanji_app;

CREATE TABLE import_job (
  id uuid NOT NULL,
  agency_id integer NOT NULL,
  caller_kind text NOT NULL,
  created_by uuid,
  sources text[],
  sealed_name bytea NOT NULL,
  dry_run boolean NOT NULL,
  status text NOT NULL,
  columns text[] NOT NULL,
  total integer NOT NULL,
  processed integer NOT NULL DEFAULT 0,
  created integer NOT NULL DEFAULT 0,
  duplicates integer NOT NULL DEFAULT 0,
  merged integer NOT NULL DEFAULT 0,
  rejected integer NOT NULL DEFAULT 0,
  attempts smallint NOT NULL DEFAULT 0,
  failure text,
  created_at timestamp(3) with time zone NOT NULL,
  finished_at timestamp(3) with time zone,
  subject text NOT NULL DEFAULT 'alerts'::text,
  CONSTRAINT import_job_pk PRIMARY KEY (id),
  CONSTRAINT import_job_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT import_job_caller_ck CHECK ((caller_kind = 'system'::text) = (created_by IS NULL)),
  CONSTRAINT import_job_caller_kind_ck CHECK (caller_kind = ANY (ARRAY['user'::text, 'key'::text, 'system'::text])),
  CONSTRAINT import_job_finished_ck CHECK ((status = ANY (ARRAY['completed'::text, 'failed'::text])) = (finished_at IS NOT NULL)),
  CONSTRAINT import_job_status_ck CHECK (status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text])),
  CONSTRAINT import_job_subject_ck CHECK (subject = ANY (ARRAY['alerts'::text, 'incidents'::text])),
  CONSTRAINT import_job_sum_ck CHECK (processed = (created + duplicates + merged + rejected) AND processed <= total),
  CONSTRAINT import_job_whole_ck CHECK (status <> 'completed'::text OR processed = total)
);
CREATE INDEX import_job_waiting_ix ON public.import_job USING btree (id) WHERE (status = ANY (ARRAY['queued'::text, 'running'::text]));
GRANT SELECT, INSERT, UPDATE, DELETE ON import_job TO sanji_app;

CREATE TABLE import_reject (
  job_id uuid NOT NULL,
  row_no integer NOT NULL,
  sealed bytea NOT NULL,
  CONSTRAINT import_reject_pk PRIMARY KEY (job_id, row_no),
  CONSTRAINT import_reject_job_fk FOREIGN KEY (job_id) REFERENCES import_job(id) ON DELETE CASCADE
);
GRANT SELECT, INSERT, DELETE ON import_reject TO sanji_app;

CREATE TABLE import_seen (
  job_id uuid NOT NULL,
  source text NOT NULL,
  source_ref text NOT NULL,
  content_hash bytea NOT NULL,
  phone_ix bytea,
  identity_ix bytea,
  CONSTRAINT import_seen_pk PRIMARY KEY (job_id, source, source_ref),
  CONSTRAINT import_seen_job_fk FOREIGN KEY (job_id) REFERENCES import_job(id) ON DELETE CASCADE
);
CREATE INDEX import_seen_identity_ix ON public.import_seen USING btree (job_id, identity_ix) WHERE (identity_ix IS NOT NULL);
CREATE INDEX import_seen_phone_ix ON public.import_seen USING btree (job_id, phone_ix) WHERE (phone_ix IS NOT NULL);
GRANT SELECT, INSERT, DELETE ON import_seen TO sanji_app;

CREATE TABLE incident (
  id uuid NOT NULL,
  incident_no text NOT NULL,
  city_id integer NOT NULL,
  source text NOT NULL,
  source_ref text NOT NULL,
  content_hash bytea NOT NULL,
  reported_at timestamp(3) with time zone NOT NULL,
  received_at timestamp(3) with time zone NOT NULL,
  division_code text,
  fraud_type text NOT NULL,
  victim_kind text NOT NULL,
  phone_ix bytea,
  identity_ix bytea,
  sealed bytea NOT NULL,
  loss_fen bigint NOT NULL,
  status text NOT NULL,
  case_no text,
  filed_at timestamp(3) with time zone,
  filed_by uuid,
  agency_id integer NOT NULL,
  credited_id integer NOT NULL,
  held_by integer[] NOT NULL,
  stop_due_at timestamp(3) with time zone NOT NULL,
  stop_met_at timestamp(3) with time zone,
  version integer NOT NULL DEFAULT 1,
  event_seq integer NOT NULL,
  event_hash bytea NOT NULL,
  CONSTRAINT incident_pk PRIMARY KEY (id),
  CONSTRAINT incident_no_uq UNIQUE (incident_no),
  CONSTRAINT incident_source_ref_uq UNIQUE (source_ref, source, city_id),
  CONSTRAINT incident_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT incident_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT incident_credited_fk FOREIGN KEY (credited_id) REFERENCES agency(id),
  CONSTRAINT incident_fraud_type_fk FOREIGN KEY (fraud_type) REFERENCES fraud_type(code),
  CONSTRAINT incident_filed_ck CHECK ((status = 'filed'::text) = (filed_at IS NOT NULL) AND (filed_at IS NULL) = (case_no IS NULL)),
  CONSTRAINT incident_held_ck CHECK (agency_id = ANY (held_by)),
  CONSTRAINT incident_loss_ck CHECK (loss_fen >= 0 AND loss_fen <= '9007199254740991'::bigint),
  CONSTRAINT incident_status_ck CHECK (status = ANY (ARRAY['reported'::text, 'filed'::text])),
  CONSTRAINT incident_victim_kind_ck CHECK (victim_kind = ANY (ARRAY['person'::text, 'organisation'::text]))
);
CREATE INDEX incident_agency_ix ON public.incident USING btree (agency_id, id DESC);
CREATE INDEX incident_city_ix ON public.incident USING btree (city_id, id DESC);
CREATE INDEX incident_credited_ix ON public.incident USING btree (credited_id, reported_at);
CREATE INDEX incident_held_by_ix ON public.incident USING gin (held_by);
CREATE INDEX incident_identity_ix ON public.incident USING btree (identity_ix, city_id) WHERE (identity_ix IS NOT NULL);
CREATE INDEX incident_phone_ix ON public.incident USING btree (phone_ix, city_id) WHERE (phone_ix IS NOT NULL);
GRANT SELECT, INSERT, UPDATE ON incident TO sanji_app;

CREATE TABLE incident_alert (
  incident_id uuid NOT NULL,
  alert_id uuid NOT NULL,
  how text NOT NULL,
  warned boolean NOT NULL,
  linked_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT incident_alert_pk PRIMARY KEY (incident_id, alert_id),
  CONSTRAINT incident_alert_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT incident_alert_incident_fk FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT incident_alert_how_ck CHECK (how = ANY (ARRAY['person'::text, 'outcome'::text, 'follow-up'::text]))
);
CREATE INDEX incident_alert_alert_ix ON public.incident_alert USING btree (alert_id);
GRANT SELECT, INSERT ON incident_alert TO sanji_app;

CREATE TABLE incident_transfer (
  incident_id uuid NOT NULL,
  no smallint NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  amount_fen bigint NOT NULL,
  from_ix bytea,
  to_ix bytea,
  sealed bytea NOT NULL,
  CONSTRAINT incident_transfer_pk PRIMARY KEY (incident_id, no),
  CONSTRAINT incident_transfer_incident_fk FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT incident_transfer_amount_ck CHECK (amount_fen >= 1 AND amount_fen <= '9007199254740991'::bigint),
  CONSTRAINT incident_transfer_no_ck CHECK (no > 0)
);
CREATE INDEX incident_transfer_to_ix ON public.incident_transfer USING btree (to_ix, incident_id) WHERE (to_ix IS NOT NULL);
GRANT SELECT, INSERT ON incident_transfer TO sanji_app;
GRANT UPDATE (sealed) ON incident_transfer TO sanji_app;

CREATE TABLE institution_notice (
  id uuid NOT NULL,
  city_id integer NOT NULL,
  kind text NOT NULL,
  institution text NOT NULL,
  measure text NOT NULL,
  reason text NOT NULL,
  from_day date NOT NULL,
  until_day date,
  lifted_at timestamp(3) with time zone,
  CONSTRAINT institution_notice_pk PRIMARY KEY (id),
  CONSTRAINT institution_notice_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT institution_notice_kind_ck CHECK (kind = ANY (ARRAY['bank'::text, 'operator'::text, 'other'::text])),
  CONSTRAINT institution_notice_measure_ck CHECK (measure = ANY (ARRAY['warned'::text, 'suspended'::text])),
  CONSTRAINT institution_notice_until_ck CHECK (until_day >= from_day)
);
CREATE INDEX institution_notice_city_ix ON public.institution_notice USING btree (city_id, id DESC);
GRANT SELECT, INSERT ON institution_notice TO sanji_app;
GRANT UPDATE (lifted_at) ON institution_notice TO sanji_app;

CREATE TABLE institution_notice_event (
  notice_id uuid NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  action text NOT NULL,
  actor_id uuid NOT NULL,
  actor_name text NOT NULL,
  text text NOT NULL,
  CONSTRAINT institution_notice_event_pk PRIMARY KEY (notice_id, action),
  CONSTRAINT institution_notice_event_notice_fk FOREIGN KEY (notice_id) REFERENCES institution_notice(id),
  CONSTRAINT institution_notice_event_action_ck CHECK (action = ANY (ARRAY['issued'::text, 'lifted'::text]))
);
CREATE TRIGGER institution_notice_event_append_only BEFORE DELETE OR UPDATE ON public.institution_notice_event FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER institution_notice_event_no_truncate BEFORE TRUNCATE ON public.institution_notice_event FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON institution_notice_event TO sanji_app;

CREATE TABLE key_ring (
  purpose text NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT key_ring_pk PRIMARY KEY (purpose)
);
GRANT SELECT, INSERT, UPDATE ON key_ring TO sanji_app;

CREATE TABLE ledger_entry (
  id uuid NOT NULL,
  city_id integer NOT NULL,
  kind text NOT NULL,
  account_id uuid,
  amount_fen bigint NOT NULL,
  at timestamp(3) with time zone NOT NULL,
  case_kind text NOT NULL,
  case_id uuid NOT NULL,
  agency_id integer NOT NULL,
  origin_kind text NOT NULL,
  origin_id uuid NOT NULL,
  basis text,
  by_user uuid,
  reverses uuid,
  recorded_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT ledger_entry_pk PRIMARY KEY (id),
  CONSTRAINT ledger_entry_reverses_uq UNIQUE (reverses),
  CONSTRAINT ledger_entry_account_fk FOREIGN KEY (account_id) REFERENCES fund_account(id),
  CONSTRAINT ledger_entry_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT ledger_entry_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT ledger_entry_reverses_fk FOREIGN KEY (reverses) REFERENCES ledger_entry(id),
  CONSTRAINT ledger_entry_account_given_ck CHECK (account_id IS NOT NULL OR (kind = ANY (ARRAY['intercepted'::text, 'lost'::text]))),
  CONSTRAINT ledger_entry_amount_ck CHECK (amount_fen >= 1 AND amount_fen <= '9007199254740991'::bigint),
  CONSTRAINT ledger_entry_basis_ck CHECK (basis = ANY (ARRAY['dissuasion'::text, 'bank'::text, 'stop-payment'::text])),
  CONSTRAINT ledger_entry_basis_given_ck CHECK ((kind = 'intercepted'::text) = (basis IS NOT NULL)),
  CONSTRAINT ledger_entry_case_kind_ck CHECK (case_kind = ANY (ARRAY['alert'::text, 'incident'::text])),
  CONSTRAINT ledger_entry_kind_ck CHECK (kind = ANY (ARRAY['stopped'::text, 'stop-released'::text, 'frozen'::text, 'freeze-released'::text, 'returned'::text, 'intercepted'::text, 'lost'::text])),
  CONSTRAINT ledger_entry_origin_kind_ck CHECK (origin_kind = ANY (ARRAY['outcome'::text, 'incident'::text, 'stop-payment'::text, 'freeze'::text, 'return-claim'::text]))
);
COMMENT ON TABLE ledger_entry IS 'Append-only: a mistake is reversed by a contrary entry. Balances are sums: see src/ledger.';
CREATE INDEX ledger_entry_account_ix ON public.ledger_entry USING btree (account_id, id) WHERE (account_id IS NOT NULL);
CREATE INDEX ledger_entry_agency_ix ON public.ledger_entry USING btree (agency_id, at);
CREATE INDEX ledger_entry_case_ix ON public.ledger_entry USING btree (case_id, id);
CREATE INDEX ledger_entry_city_ix ON public.ledger_entry USING btree (city_id, id DESC);
CREATE INDEX ledger_entry_incident_ix ON public.ledger_entry USING btree (agency_id, at) WHERE (case_kind = 'incident'::text);
CREATE INDEX ledger_entry_origin_ix ON public.ledger_entry USING btree (origin_id);
CREATE TRIGGER ledger_entry_append_only BEFORE DELETE OR UPDATE ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_guard AFTER INSERT ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION guard_ledger();
CREATE TRIGGER ledger_entry_no_truncate BEFORE TRUNCATE ON public.ledger_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
CREATE TRIGGER ledger_entry_return AFTER INSERT ON public.ledger_entry FOR EACH ROW EXECUTE FUNCTION guard_return();
GRANT SELECT, INSERT ON ledger_entry TO sanji_app;

CREATE TABLE login_session (
  id uuid NOT NULL,
  user_id uuid NOT NULL,
  refresh_hash bytea NOT NULL,
  used_hashes bytea[] NOT NULL DEFAULT '{}'::bytea[],
  created_at timestamp(3) with time zone NOT NULL,
  last_used_at timestamp(3) with time zone NOT NULL,
  ended_at timestamp(3) with time zone,
  ended_why text,
  CONSTRAINT login_session_pk PRIMARY KEY (id),
  CONSTRAINT login_session_user_fk FOREIGN KEY (user_id) REFERENCES user_account(id)
);
CREATE INDEX login_session_refresh_ix ON public.login_session USING btree (refresh_hash);
CREATE INDEX login_session_user_ix ON public.login_session USING btree (user_id) WHERE (ended_at IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON login_session TO sanji_app;

CREATE TABLE message (
  id uuid NOT NULL,
  contact_id uuid NOT NULL,
  agency_id integer NOT NULL,
  channel text NOT NULL,
  status text NOT NULL,
  tries smallint NOT NULL DEFAULT 0,
  next_at timestamp(3) with time zone,
  reason text,
  reference text,
  created_at timestamp(3) with time zone NOT NULL,
  ended_at timestamp(3) with time zone,
  CONSTRAINT message_pk PRIMARY KEY (id),
  CONSTRAINT message_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT message_contact_fk FOREIGN KEY (contact_id) REFERENCES message_contact(id),
  CONSTRAINT message_ended_ck CHECK ((status = 'waiting'::text) = (ended_at IS NULL)),
  CONSTRAINT message_status_ck CHECK (status = ANY (ARRAY['waiting'::text, 'delivered'::text, 'failed'::text])),
  CONSTRAINT message_waiting_ck CHECK ((status = 'waiting'::text) = (next_at IS NOT NULL))
);
CREATE INDEX message_ended_ix ON public.message USING btree (ended_at) WHERE (ended_at IS NOT NULL);
CREATE INDEX message_next_ix ON public.message USING btree (next_at) WHERE (next_at IS NOT NULL);
CREATE INDEX message_throttle_ix ON public.message USING btree (contact_id, created_at);
GRANT SELECT, INSERT, UPDATE, DELETE ON message TO sanji_app;

CREATE TABLE message_contact (
  id uuid NOT NULL,
  user_id uuid,
  agency_id integer,
  channel text,
  sealed bytea,
  updated_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT message_contact_pk PRIMARY KEY (id),
  CONSTRAINT message_contact_agency_uq UNIQUE (agency_id),
  CONSTRAINT message_contact_user_uq UNIQUE (user_id),
  CONSTRAINT message_contact_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT message_contact_user_fk FOREIGN KEY (user_id) REFERENCES user_account(id),
  CONSTRAINT message_contact_given_ck CHECK ((channel IS NULL) = (sealed IS NULL)),
  CONSTRAINT message_contact_owner_ck CHECK (num_nonnulls(user_id, agency_id) = 1)
);
GRANT SELECT, INSERT, UPDATE ON message_contact TO sanji_app;

CREATE TABLE message_cursor (
  reader text NOT NULL,
  "position" text NOT NULL,
  moved_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT message_cursor_pk PRIMARY KEY (reader)
);
GRANT SELECT, INSERT, UPDATE ON message_cursor TO sanji_app;

CREATE TABLE message_line (
  contact_id uuid NOT NULL,
  case_id uuid NOT NULL,
  seq integer NOT NULL,
  agency_id integer NOT NULL,
  alert_no text NOT NULL,
  type text NOT NULL,
  clock text,
  due_at timestamp(3) with time zone,
  planned_at timestamp(3) with time zone NOT NULL,
  message_id uuid,
  CONSTRAINT message_line_pk PRIMARY KEY (contact_id, case_id, seq),
  CONSTRAINT message_line_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT message_line_contact_fk FOREIGN KEY (contact_id) REFERENCES message_contact(id),
  CONSTRAINT message_line_event_fk FOREIGN KEY (case_id, seq) REFERENCES event(case_id, seq),
  CONSTRAINT message_line_message_fk FOREIGN KEY (message_id) REFERENCES message(id) ON DELETE CASCADE
);
CREATE INDEX message_line_message_ix ON public.message_line USING btree (message_id) WHERE (message_id IS NOT NULL);
CREATE INDEX message_line_waiting_ix ON public.message_line USING btree (contact_id, planned_at) WHERE (message_id IS NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON message_line TO sanji_app;

CREATE TABLE outcome (
  id uuid NOT NULL,
  alert_id uuid NOT NULL,
  agency_id integer NOT NULL,
  hop smallint NOT NULL,
  result text NOT NULL,
  intercepted_fen bigint NOT NULL,
  intercepted_basis text,
  loss_fen bigint NOT NULL,
  stopped_transfer boolean,
  submitted_at timestamp(3) with time zone NOT NULL,
  submitted_by uuid,
  review_by_tier text,
  decision text,
  decided_at timestamp(3) with time zone,
  decided_by uuid,
  voided_at timestamp(3) with time zone,
  CONSTRAINT outcome_pk PRIMARY KEY (id),
  CONSTRAINT outcome_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT outcome_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT outcome_basis_ck CHECK (intercepted_basis = ANY (ARRAY['transfer-cancelled'::text, 'transfer-recalled'::text, 'balance-protected'::text, 'bank-blocked'::text, 'victim-statement'::text])),
  CONSTRAINT outcome_basis_given_ck CHECK ((intercepted_fen > 0) = (intercepted_basis IS NOT NULL)),
  CONSTRAINT outcome_decided_ck CHECK ((decision IS NULL) = (decided_at IS NULL)),
  CONSTRAINT outcome_decision_ck CHECK (decision = ANY (ARRAY['approve'::text, 'reject'::text])),
  CONSTRAINT outcome_four_eyes_ck CHECK (review_by_tier IS NULL OR decided_by IS NULL OR decided_by <> submitted_by),
  CONSTRAINT outcome_intercepted_ck CHECK (intercepted_fen >= 0 AND intercepted_fen <= '9007199254740991'::bigint),
  CONSTRAINT outcome_loss_ck CHECK (loss_fen >= 0 AND loss_fen <= '9007199254740991'::bigint),
  CONSTRAINT outcome_money_ck CHECK (
CASE result
    WHEN 'dissuaded'::text THEN loss_fen = 0
    WHEN 'partial-loss'::text THEN loss_fen > 0
    WHEN 'already-defrauded'::text THEN loss_fen > 0
    WHEN 'defrauded-after-warning'::text THEN loss_fen > 0
    ELSE loss_fen = 0 AND intercepted_fen = 0
END),
  CONSTRAINT outcome_result_ck CHECK (result = ANY (ARRAY['dissuaded'::text, 'partial-loss'::text, 'already-defrauded'::text, 'defrauded-after-warning'::text, 'false-alarm'::text, 'unreachable'::text, 'refused'::text])),
  CONSTRAINT outcome_review_tier_ck CHECK (review_by_tier = ANY (ARRAY['county'::text, 'city'::text])),
  CONSTRAINT outcome_voided_ck CHECK (voided_at IS NULL OR decision = 'approve'::text)
);
CREATE INDEX outcome_alert_ix ON public.outcome USING btree (alert_id);
CREATE INDEX outcome_decided_ix ON public.outcome USING btree (agency_id, decided_at) WHERE ((decision = 'approve'::text) AND (voided_at IS NULL));
CREATE UNIQUE INDEX outcome_standing_uq ON public.outcome USING btree (alert_id) WHERE ((decision = 'approve'::text) AND (voided_at IS NULL));
CREATE UNIQUE INDEX outcome_waiting_uq ON public.outcome USING btree (alert_id) WHERE (decision IS NULL);
GRANT SELECT, INSERT ON outcome TO sanji_app;
GRANT UPDATE (decision, decided_at, decided_by, voided_at) ON outcome TO sanji_app;

CREATE TABLE policy (
  city_id integer NOT NULL,
  kind text NOT NULL,
  valid_from timestamp(3) with time zone NOT NULL,
  document json NOT NULL,
  set_by uuid,
  set_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT policy_pk PRIMARY KEY (city_id, kind, valid_from),
  CONSTRAINT policy_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT policy_kind_ck CHECK (kind = ANY (ARRAY['clocks'::text, 'ladder'::text, 'review'::text, 'routing'::text, 'messages'::text, 'funds'::text, 'ranking'::text]))
);
GRANT SELECT, INSERT ON policy TO sanji_app;

CREATE TABLE protection (
  id uuid NOT NULL,
  alert_id uuid NOT NULL,
  account_ix bytea NOT NULL,
  bank text NOT NULL,
  sealed bytea NOT NULL,
  agency_id integer NOT NULL,
  requested_by uuid,
  status text NOT NULL,
  starts_at timestamp(3) with time zone NOT NULL,
  expires_at timestamp(3) with time zone NOT NULL,
  extended_at timestamp(3) with time zone,
  owner_asked_at timestamp(3) with time zone,
  owner_due_at timestamp(3) with time zone,
  owner_answered_at timestamp(3) with time zone,
  owner_answer text,
  ended_at timestamp(3) with time zone,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT protection_pk PRIMARY KEY (id),
  CONSTRAINT protection_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT protection_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT protection_ended_ck CHECK ((status = 'effective'::text) = (ended_at IS NULL)),
  CONSTRAINT protection_length_ck CHECK (expires_at <= (starts_at + '72:00:00'::interval)),
  CONSTRAINT protection_owner_answer_ck CHECK (owner_answer = ANY (ARRAY['release'::text, 'keep'::text])),
  CONSTRAINT protection_owner_ck CHECK ((owner_asked_at IS NULL) = (owner_due_at IS NULL) AND (owner_answered_at IS NULL) = (owner_answer IS NULL)),
  CONSTRAINT protection_status_ck CHECK (status = ANY (ARRAY['effective'::text, 'released'::text, 'expired'::text]))
);
CREATE INDEX protection_alert_ix ON public.protection USING btree (alert_id, id);
CREATE UNIQUE INDEX protection_effective_uq ON public.protection USING btree (alert_id, account_ix) WHERE (status = 'effective'::text);
GRANT SELECT, INSERT ON protection TO sanji_app;
GRANT UPDATE (sealed, status, expires_at, extended_at, owner_asked_at, owner_due_at, owner_answered_at, owner_answer, ended_at, version) ON protection TO sanji_app;

CREATE TABLE published_edition (
  id uuid NOT NULL,
  city_id integer NOT NULL,
  kind text NOT NULL,
  tier text NOT NULL,
  month text NOT NULL,
  edition integer NOT NULL,
  content bytea NOT NULL,
  hash bytea NOT NULL,
  as_of timestamp(3) with time zone NOT NULL,
  published_at timestamp(3) with time zone NOT NULL,
  published_by uuid NOT NULL,
  published_by_name text NOT NULL,
  note text NOT NULL,
  CONSTRAINT published_edition_pk PRIMARY KEY (id),
  CONSTRAINT published_edition_uq UNIQUE (city_id, kind, tier, month, edition),
  CONSTRAINT published_edition_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT published_edition_edition_ck CHECK (edition > 0),
  CONSTRAINT published_edition_hash_ck CHECK (hash = sha256(content)),
  CONSTRAINT published_edition_kind_ck CHECK (kind = ANY (ARRAY['ranking'::text, 'tier'::text])),
  CONSTRAINT published_edition_month_ck CHECK (month ~ '^[0-9]{4}-(0[1-9]|1[0-2])$'::text),
  CONSTRAINT published_edition_tier_ck CHECK (tier = ANY (ARRAY['city'::text, 'county'::text, 'township'::text]))
);
COMMENT ON TABLE published_edition IS 'Append-only: a correction is a new edition of the same month.';
CREATE INDEX published_edition_city_ix ON public.published_edition USING btree (city_id, id DESC);
CREATE TRIGGER published_edition_append_only BEFORE DELETE OR UPDATE ON public.published_edition FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER published_edition_no_truncate BEFORE TRUNCATE ON public.published_edition FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON published_edition TO sanji_app;

CREATE TABLE replay (
  id smallint NOT NULL,
  city_code text NOT NULL,
  from_day date NOT NULL,
  to_day date NOT NULL,
  scale double precision NOT NULL,
  seed text NOT NULL,
  next_day date NOT NULL,
  CONSTRAINT replay_pk PRIMARY KEY (id),
  CONSTRAINT replay_one_ck CHECK (id = 1),
  CONSTRAINT replay_period_ck CHECK (to_day >= from_day),
  CONSTRAINT replay_scale_ck CHECK (scale > 0::double precision AND scale <= 1::double precision)
);
GRANT SELECT, INSERT ON replay TO sanji_app;
GRANT UPDATE (next_day) ON replay TO sanji_app;

CREATE TABLE report_case (
  generation integer NOT NULL,
  alert_id uuid NOT NULL,
  image text NOT NULL,
  flip_at timestamp(3) with time zone,
  CONSTRAINT report_case_pk PRIMARY KEY (generation, alert_id)
);
CREATE INDEX report_case_flip_ix ON public.report_case USING btree (generation, flip_at) WHERE (flip_at IS NOT NULL);
GRANT SELECT, INSERT, UPDATE, DELETE ON report_case TO sanji_app;

CREATE TABLE report_cell (
  generation integer NOT NULL,
  part text NOT NULL,
  agency_id integer NOT NULL,
  grain text NOT NULL,
  first_day integer NOT NULL,
  last_day integer NOT NULL,
  received integer NOT NULL,
  accept_on_time_rate_numerator integer NOT NULL,
  accept_on_time_rate_denominator integer NOT NULL,
  contact_on_time_rate_numerator integer NOT NULL,
  contact_on_time_rate_denominator integer NOT NULL,
  visit_rate_numerator integer NOT NULL,
  visit_rate_denominator integer NOT NULL,
  visit_on_time_rate_numerator integer NOT NULL,
  visit_on_time_rate_denominator integer NOT NULL,
  feedback_on_time_rate_numerator integer NOT NULL,
  feedback_on_time_rate_denominator integer NOT NULL,
  dissuasion_rate_numerator integer NOT NULL,
  dissuasion_rate_denominator integer NOT NULL,
  success_rate_numerator integer NOT NULL,
  success_rate_denominator integer NOT NULL,
  defrauded_after_rate_numerator integer NOT NULL,
  defrauded_after_rate_denominator integer NOT NULL,
  fund_success_rate_numerator integer NOT NULL,
  fund_success_rate_denominator integer NOT NULL,
  return_rate_numerator integer NOT NULL,
  return_rate_denominator integer NOT NULL,
  results_dissuaded integer NOT NULL,
  results_partial_loss integer NOT NULL,
  results_already_defrauded integer NOT NULL,
  results_defrauded_after_warning integer NOT NULL,
  results_false_alarm integer NOT NULL,
  results_unreachable integer NOT NULL,
  results_refused integer NOT NULL,
  joined integer NOT NULL,
  attempts_sms integer NOT NULL,
  attempts_call integer NOT NULL,
  attempts_visit integer NOT NULL,
  attempts_visit_reached integer NOT NULL,
  urges_made integer NOT NULL,
  urges_in_time integer NOT NULL,
  urges_ended integer NOT NULL,
  follow_ups_due integer NOT NULL,
  follow_ups_done integer NOT NULL,
  follow_ups_overdue integer NOT NULL,
  follow_ups_in_time integer NOT NULL,
  follow_ups_ended integer NOT NULL,
  held_open integer NOT NULL,
  held_overdue integer NOT NULL,
  held_urged integer NOT NULL,
  fen_dissuasion bigint NOT NULL,
  fen_bank bigint NOT NULL,
  fen_loss bigint NOT NULL,
  durations bytea,
  CONSTRAINT report_cell_pk PRIMARY KEY (generation, part, agency_id, grain, first_day, last_day),
  CONSTRAINT report_cell_grain_ck CHECK (grain = ANY (ARRAY['day'::text, 'third'::text, 'month'::text, 'year'::text])),
  CONSTRAINT report_cell_part_ck CHECK (part = ANY (ARRAY['row'::text, 'held'::text, 'overlap-county'::text, 'overlap-township'::text]))
);
GRANT SELECT, INSERT, UPDATE, DELETE ON report_cell TO sanji_app;

CREATE TABLE report_generation (
  generation integer NOT NULL,
  state text NOT NULL,
  layout integer NOT NULL,
  time_zone text NOT NULL,
  feed_tx bigint NOT NULL,
  feed_case uuid NOT NULL,
  feed_seq integer NOT NULL,
  built_to uuid,
  as_of timestamp(3) with time zone NOT NULL,
  whole boolean NOT NULL,
  begun_at timestamp(3) with time zone NOT NULL,
  ready_at timestamp(3) with time zone,
  CONSTRAINT report_generation_pk PRIMARY KEY (generation),
  CONSTRAINT report_generation_state_ck CHECK (state = ANY (ARRAY['building'::text, 'current'::text, 'old'::text]))
);
CREATE UNIQUE INDEX report_generation_building_uq ON public.report_generation USING btree (state) WHERE (state = 'building'::text);
CREATE UNIQUE INDEX report_generation_current_uq ON public.report_generation USING btree (state) WHERE (state = 'current'::text);
GRANT SELECT, INSERT, UPDATE, DELETE ON report_generation TO sanji_app;

CREATE TABLE return_claim (
  id uuid NOT NULL,
  return_id uuid NOT NULL,
  no smallint NOT NULL,
  incident_id uuid NOT NULL,
  transfer_nos smallint[] NOT NULL,
  first_transfer_at timestamp(3) with time zone NOT NULL,
  claim_fen bigint NOT NULL,
  refunded_fen bigint NOT NULL,
  return_fen bigint NOT NULL,
  person_ix bytea NOT NULL,
  payee_ix bytea NOT NULL,
  bank text NOT NULL,
  sealed bytea NOT NULL,
  paid_at timestamp(3) with time zone,
  receipt_no text,
  paid_by uuid,
  withdrawn_at timestamp(3) with time zone,
  CONSTRAINT return_claim_pk PRIMARY KEY (id),
  CONSTRAINT return_claim_incident_fk FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT return_claim_return_fk FOREIGN KEY (return_id) REFERENCES fund_return(id),
  CONSTRAINT return_claim_claim_ck CHECK (claim_fen >= 1 AND claim_fen <= '9007199254740991'::bigint),
  CONSTRAINT return_claim_no_ck CHECK (no > 0),
  CONSTRAINT return_claim_paid_ck CHECK (num_nulls(paid_at, receipt_no) = ANY (ARRAY[0, 2])),
  CONSTRAINT return_claim_refunded_ck CHECK (refunded_fen >= 0 AND refunded_fen < claim_fen),
  CONSTRAINT return_claim_return_ck CHECK (return_fen >= 0 AND return_fen <= (claim_fen - refunded_fen)),
  CONSTRAINT return_claim_withdrawn_ck CHECK (withdrawn_at IS NULL OR paid_at IS NULL)
);
CREATE INDEX return_claim_incident_ix ON public.return_claim USING btree (incident_id);
CREATE UNIQUE INDEX return_claim_no_uq ON public.return_claim USING btree (return_id, no) WHERE (withdrawn_at IS NULL);
GRANT SELECT, INSERT ON return_claim TO sanji_app;
GRANT UPDATE (return_fen, sealed, paid_at, receipt_no, paid_by, withdrawn_at) ON return_claim TO sanji_app;

CREATE TABLE return_objection (
  id uuid NOT NULL,
  return_id uuid NOT NULL,
  round smallint NOT NULL,
  sealed bytea NOT NULL,
  raised_at timestamp(3) with time zone NOT NULL,
  recorded_by uuid,
  decision text,
  decided_at timestamp(3) with time zone,
  decided_by uuid,
  CONSTRAINT return_objection_pk PRIMARY KEY (id),
  CONSTRAINT return_objection_return_fk FOREIGN KEY (return_id) REFERENCES fund_return(id),
  CONSTRAINT return_objection_decided_ck CHECK ((decision IS NULL) = (decided_at IS NULL)),
  CONSTRAINT return_objection_decision_ck CHECK (decision = ANY (ARRAY['upheld'::text, 'dismissed'::text]))
);
CREATE INDEX return_objection_return_ix ON public.return_objection USING btree (return_id, id);
GRANT SELECT, INSERT ON return_objection TO sanji_app;
GRANT UPDATE (sealed, decision, decided_at, decided_by) ON return_objection TO sanji_app;

CREATE TABLE schema_migration (
  id integer NOT NULL DEFAULT nextval('schema_migration_id_seq'::regclass),
  "timestamp" bigint NOT NULL,
  name character varying NOT NULL,
  CONSTRAINT "PK_0edff5015b71cc0389ae0f4b9a1" PRIMARY KEY (id)
);
GRANT SELECT ON schema_migration TO sanji_app;

CREATE TABLE serial_counter (
  scope text NOT NULL,
  last bigint NOT NULL,
  CONSTRAINT serial_counter_pk PRIMARY KEY (scope)
);
GRANT SELECT, INSERT, UPDATE ON serial_counter TO sanji_app;

CREATE TABLE stop_payment (
  id uuid NOT NULL,
  incident_id uuid NOT NULL,
  city_id integer NOT NULL,
  parent_id uuid,
  level smallint NOT NULL,
  account_id uuid NOT NULL,
  ordinal smallint,
  bank text NOT NULL,
  sealed bytea NOT NULL,
  transfer_fen bigint NOT NULL,
  transfer_at timestamp(3) with time zone NOT NULL,
  agency_id integer NOT NULL,
  requested_at timestamp(3) with time zone NOT NULL,
  requested_by uuid,
  status text NOT NULL,
  stopped_at timestamp(3) with time zone,
  stopped_fen bigint,
  expires_at timestamp(3) with time zone,
  ended_at timestamp(3) with time zone,
  released_to text,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT stop_payment_pk PRIMARY KEY (id),
  CONSTRAINT stop_payment_account_fk FOREIGN KEY (account_id) REFERENCES fund_account(id),
  CONSTRAINT stop_payment_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT stop_payment_city_fk FOREIGN KEY (city_id) REFERENCES agency(id),
  CONSTRAINT stop_payment_incident_fk FOREIGN KEY (incident_id) REFERENCES incident(id),
  CONSTRAINT stop_payment_parent_fk FOREIGN KEY (parent_id) REFERENCES stop_payment(id),
  CONSTRAINT stop_payment_ended_ck CHECK ((status = ANY (ARRAY['requested'::text, 'effective'::text])) = (ended_at IS NULL)),
  CONSTRAINT stop_payment_length_ck CHECK (expires_at <= (stopped_at + '48:00:00'::interval)),
  CONSTRAINT stop_payment_level_ck CHECK (level > 0),
  CONSTRAINT stop_payment_level_parent_ck CHECK ((level = 1) = (parent_id IS NULL)),
  CONSTRAINT stop_payment_ordinal_ck CHECK (ordinal >= 1 AND ordinal <= 2),
  CONSTRAINT stop_payment_ordinal_given_ck CHECK ((ordinal IS NULL) = (status = 'refused'::text)),
  CONSTRAINT stop_payment_released_ck CHECK ((status = 'released'::text) = (released_to IS NOT NULL)),
  CONSTRAINT stop_payment_released_to_ck CHECK (released_to = ANY (ARRAY['payer'::text, 'holder'::text])),
  CONSTRAINT stop_payment_status_ck CHECK (status = ANY (ARRAY['requested'::text, 'effective'::text, 'refused'::text, 'expired'::text, 'frozen'::text, 'released'::text])),
  CONSTRAINT stop_payment_stopped_ck CHECK (num_nulls(stopped_at, stopped_fen, expires_at) =
CASE
    WHEN status = ANY (ARRAY['requested'::text, 'refused'::text]) THEN 3
    ELSE 0
END),
  CONSTRAINT stop_payment_stopped_fen_ck CHECK (stopped_fen >= 0 AND stopped_fen <= '9007199254740991'::bigint),
  CONSTRAINT stop_payment_transfer_ck CHECK (transfer_fen >= 1 AND transfer_fen <= '9007199254740991'::bigint)
);
CREATE INDEX stop_payment_agency_ix ON public.stop_payment USING btree (agency_id, stopped_at);
CREATE INDEX stop_payment_city_ix ON public.stop_payment USING btree (city_id, id DESC);
CREATE INDEX stop_payment_expiring_ix ON public.stop_payment USING btree (city_id, expires_at, id) WHERE (status = 'effective'::text);
CREATE INDEX stop_payment_incident_ix ON public.stop_payment USING btree (incident_id, id);
CREATE UNIQUE INDEX stop_payment_ordinal_uq ON public.stop_payment USING btree (account_id, ordinal) WHERE (ordinal IS NOT NULL);
CREATE INDEX stop_payment_parent_ix ON public.stop_payment USING btree (parent_id) WHERE (parent_id IS NOT NULL);
GRANT SELECT, INSERT ON stop_payment TO sanji_app;
GRANT UPDATE (ordinal, sealed, status, stopped_at, stopped_fen, expires_at, ended_at, released_to, version) ON stop_payment TO sanji_app;

CREATE TABLE urge (
  id uuid NOT NULL,
  alert_id uuid NOT NULL,
  by_agency_id integer NOT NULL,
  to_agency_id integer NOT NULL,
  urged_at timestamp(3) with time zone NOT NULL,
  urged_by uuid,
  reply_by timestamp(3) with time zone,
  replied_at timestamp(3) with time zone,
  replied_by uuid,
  ended_at timestamp(3) with time zone,
  by_system boolean NOT NULL DEFAULT false,
  overdue_told_at timestamp(3) with time zone,
  CONSTRAINT urge_pk PRIMARY KEY (id),
  CONSTRAINT urge_agency_fk FOREIGN KEY (by_agency_id) REFERENCES agency(id),
  CONSTRAINT urge_alert_fk FOREIGN KEY (alert_id) REFERENCES alert(id),
  CONSTRAINT urge_to_fk FOREIGN KEY (to_agency_id) REFERENCES agency(id)
);
CREATE INDEX urge_alert_ix ON public.urge USING btree (alert_id);
CREATE INDEX urge_open_ix ON public.urge USING btree (alert_id) WHERE (ended_at IS NULL);
CREATE INDEX urge_reply_ix ON public.urge USING btree (reply_by) WHERE ((ended_at IS NULL) AND (overdue_told_at IS NULL) AND (reply_by IS NOT NULL));
CREATE INDEX urge_urged_ix ON public.urge USING btree (to_agency_id, urged_at);
GRANT SELECT, INSERT, UPDATE ON urge TO sanji_app;

CREATE TABLE user_account (
  id uuid NOT NULL,
  username text NOT NULL,
  display_name text NOT NULL,
  agency_id integer NOT NULL,
  roles text[] NOT NULL,
  password_hash text,
  must_change_password boolean NOT NULL DEFAULT false,
  failed_logins smallint NOT NULL DEFAULT 0,
  locked_until timestamp(3) with time zone,
  disabled_at timestamp(3) with time zone,
  totp_sealed bytea,
  totp_last_step bigint,
  created_at timestamp(3) with time zone NOT NULL,
  updated_at timestamp(3) with time zone NOT NULL,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT user_account_pk PRIMARY KEY (id),
  CONSTRAINT user_account_username_uq UNIQUE (username),
  CONSTRAINT user_account_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT user_account_administrators_work_no_cases_ck CHECK (NOT (roles && ARRAY['admin'::text, 'security'::text, 'auditor'::text] AND roles && ARRAY['officer'::text, 'supervisor'::text])),
  CONSTRAINT user_account_one_administrator_ck CHECK ((('admin'::text = ANY (roles))::integer + ('security'::text = ANY (roles))::integer + ('auditor'::text = ANY (roles))::integer) <= 1),
  CONSTRAINT user_account_username_ck CHECK (username = lower(username))
);
CREATE INDEX user_account_agency_ix ON public.user_account USING btree (agency_id);
GRANT SELECT, INSERT, UPDATE ON user_account TO sanji_app;

CREATE TABLE webhook (
  id uuid NOT NULL,
  agency_id integer NOT NULL,
  url text NOT NULL,
  types text[] NOT NULL,
  active boolean NOT NULL DEFAULT true,
  sealed_secret bytea NOT NULL,
  sealed_old_secret bytea,
  old_secret_until timestamp(3) with time zone,
  begin_tx bigint NOT NULL DEFAULT (feed_offset() + ((pg_current_xact_id())::text)::bigint),
  failures integer NOT NULL DEFAULT 0,
  failing_since timestamp(3) with time zone,
  paused_until timestamp(3) with time zone,
  created_at timestamp(3) with time zone NOT NULL,
  created_by uuid,
  version integer NOT NULL DEFAULT 1,
  CONSTRAINT webhook_pk PRIMARY KEY (id),
  CONSTRAINT webhook_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT webhook_failing_ck CHECK ((failures > 0) = (failing_since IS NOT NULL)),
  CONSTRAINT webhook_failures_ck CHECK (failures >= 0),
  CONSTRAINT webhook_old_secret_ck CHECK ((sealed_old_secret IS NULL) = (old_secret_until IS NULL)),
  CONSTRAINT webhook_types_ck CHECK (cardinality(types) > 0),
  CONSTRAINT webhook_url_ck CHECK (length(url) >= 1 AND length(url) <= 2048)
);
CREATE INDEX webhook_agency_ix ON public.webhook USING btree (agency_id);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook TO sanji_app;

CREATE TABLE webhook_cursor (
  single boolean NOT NULL DEFAULT true,
  tx bigint NOT NULL,
  case_id uuid NOT NULL,
  seq integer NOT NULL,
  CONSTRAINT webhook_cursor_pk PRIMARY KEY (single),
  CONSTRAINT webhook_cursor_single_ck CHECK (single)
);
COMMENT ON TABLE webhook_cursor IS 'How far the feed has been turned into deliveries: moved in the transaction that inserts them.';
GRANT SELECT, UPDATE ON webhook_cursor TO sanji_app;

CREATE TABLE webhook_delivery (
  webhook_id uuid NOT NULL,
  id uuid NOT NULL,
  case_id uuid NOT NULL,
  seq integer NOT NULL,
  type text NOT NULL,
  body text NOT NULL,
  status text NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  attempts integer NOT NULL DEFAULT 0,
  first_attempt_at timestamp(3) with time zone,
  last_attempt_at timestamp(3) with time zone,
  next_attempt_at timestamp(3) with time zone NOT NULL,
  lease uuid,
  lease_until timestamp(3) with time zone,
  last_result text,
  ended_at timestamp(3) with time zone,
  CONSTRAINT webhook_delivery_pk PRIMARY KEY (webhook_id, id),
  CONSTRAINT webhook_delivery_event_uq UNIQUE (webhook_id, case_id, seq),
  CONSTRAINT webhook_delivery_webhook_fk FOREIGN KEY (webhook_id) REFERENCES webhook(id) ON DELETE CASCADE,
  CONSTRAINT webhook_delivery_ended_ck CHECK ((status = 'pending'::text) = (ended_at IS NULL)),
  CONSTRAINT webhook_delivery_lease_ck CHECK ((lease IS NULL) = (lease_until IS NULL)),
  CONSTRAINT webhook_delivery_leased_ck CHECK (status = 'pending'::text OR lease IS NULL),
  CONSTRAINT webhook_delivery_status_ck CHECK (status = ANY (ARRAY['pending'::text, 'delivered'::text, 'parked'::text]))
);
CREATE INDEX webhook_delivery_age_ix ON public.webhook_delivery USING btree (created_at) WHERE (status = 'pending'::text);
CREATE INDEX webhook_delivery_delivered_ix ON public.webhook_delivery USING btree (ended_at) WHERE (status = 'delivered'::text);
CREATE INDEX webhook_delivery_lane_ix ON public.webhook_delivery USING btree (webhook_id, case_id, seq) WHERE (status = 'pending'::text);
CREATE INDEX webhook_delivery_leased_ix ON public.webhook_delivery USING btree (webhook_id) WHERE (lease IS NOT NULL);
CREATE INDEX webhook_delivery_parked_ix ON public.webhook_delivery USING btree (webhook_id, id) WHERE (status = 'parked'::text);
CREATE INDEX webhook_delivery_pending_ix ON public.webhook_delivery USING btree (webhook_id, next_attempt_at, id) WHERE (status = 'pending'::text);
GRANT SELECT, INSERT, UPDATE, DELETE ON webhook_delivery TO sanji_app;
