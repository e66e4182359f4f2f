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
CREATE INDEX audit_entry_reveal_ix ON public.audit_entry USING btree (actor_id, at) WHERE (action = 'alert.revealed'::text);
CREATE TRIGGER audit_entry_append_only BEFORE DELETE OR UPDATE ON public.audit_entry FOR EACH ROW EXECUTE FUNCTION refuse_change();
CREATE TRIGGER audit_entry_no_truncate BEFORE TRUNCATE ON public.audit_entry FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
GRANT SELECT, INSERT ON audit_entry TO sanji_app;

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
CREATE INDEX follow_up_done_ix ON public.follow_up USING btree (agency_id, done_at) WHERE (done_at IS NOT NULL);
CREATE INDEX follow_up_due_ix ON public.follow_up USING btree (agency_id, due_at, id) WHERE ((done_at IS NULL) AND (cancelled_at IS NULL));
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
  CONSTRAINT import_job_pk PRIMARY KEY (id),
  CONSTRAINT import_job_agency_fk FOREIGN KEY (agency_id) REFERENCES agency(id),
  CONSTRAINT import_job_caller_ck CHECK ((caller_kind = 'system'::text) = (created_by IS NULL)),
  CONSTRAINT import_job_caller_kind_ck CHECK (caller_kind = ANY (ARRAY['user'::text, 'key'::text, 'system'::text])),
  CONSTRAINT import_job_finished_ck CHECK ((status = ANY (ARRAY['completed'::text, 'failed'::text])) = (finished_at IS NOT NULL)),
  CONSTRAINT import_job_status_ck CHECK (status = ANY (ARRAY['queued'::text, 'running'::text, 'completed'::text, 'failed'::text])),
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

CREATE TABLE key_ring (
  purpose text NOT NULL,
  sealed bytea NOT NULL,
  created_at timestamp(3) with time zone NOT NULL,
  CONSTRAINT key_ring_pk PRIMARY KEY (purpose)
);
GRANT SELECT, INSERT, UPDATE ON key_ring TO sanji_app;

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
  CONSTRAINT policy_kind_ck CHECK (kind = ANY (ARRAY['clocks'::text, 'ladder'::text, 'review'::text, 'routing'::text, 'messages'::text]))
);
GRANT SELECT, INSERT ON policy TO sanji_app;

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
