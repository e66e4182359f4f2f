/** What the year of a city is made from. */
export interface Year {
  /** How many alerts. */
  count: number;
  /** The moment at which it ends, milliseconds. */
  end: number;
  cityId: number;
  /** Each township with the county above it, in three lists of one order. */
  townships: { ids: number[]; countyIds: number[]; codes: string[] };
  /** One person of every `count / 5` alerts can be searched for: these are the digests of that person. */
  known: { phoneIx: Buffer; identityIx: Buffer };
}

/** A source with one alert in a thousand: a feed that reads back little out of much. */
export const SMALL_SOURCE = 'county-bank';
export const LARGE_SOURCE = 'national-platform';
/** Serial of the case that about a hundred signals joined. */
export const CROWDED = 100;

const YEAR_MS = 365 * 86_400_000;
/** Most cases of the last ten days are open, and few of those before. */
const RECENT = 10 / 365;

/** Helpers for one connection: everything about an alert follows from its serial, so that each run makes the same. */
export const helpersSql = ({ count, end }: Year): string => `
  -- One of several, the same for the same serial.
  CREATE FUNCTION pg_temp.draw(n bigint, what int, of int) RETURNS int LANGUAGE sql IMMUTABLE AS
    'SELECT abs(hashint8extended(n, what) % of)::int';
  CREATE FUNCTION pg_temp.digest(text) RETURNS bytea LANGUAGE sql IMMUTABLE AS
    'SELECT substring(sha256($1::bytea) FROM 1 FOR 16)';
  CREATE FUNCTION pg_temp.received(n bigint) RETURNS timestamptz LANGUAGE sql IMMUTABLE AS
    'SELECT to_timestamp(((${end - YEAR_MS}::bigint + n * ${YEAR_MS}::bigint / ${count})) / 1000.0)';
  -- UUIDv7: of a moment, told apart by a salt.
  CREATE FUNCTION pg_temp.id(at timestamptz, salt text) RETURNS uuid LANGUAGE sql IMMUTABLE AS $$
    SELECT (lpad(to_hex((extract(epoch FROM at) * 1000)::bigint), 12, '0') || '7' || left(m, 3) || '8' || substr(m, 4, 15))::uuid
    FROM (SELECT md5(salt) AS m) salted
  $$;`;

/** `$1` city, `$2`…`$4` townships, `$5` and `$6` the known person, `$7` the end of the year. */
export const alertsSql = ({ count }: Year): string => `
  INSERT INTO alert (id, alert_no, city_id, source, source_ref, content_hash, kind, risk_level, fraud_type, division_code,
    subject_group, phone_ix, identity_ix, sealed, amount_at_risk_fen, detected_at, received_at, status, holder_id, held_by, hop,
    visit_required, result, ended_at, merged_into, clocks_started_at, accept_due_at, call_due_at, call_met_at, call_met_by,
    feedback_due_at, feedback_met_at, feedback_met_by, next_due_at, call_attempts, event_seq, event_hash)
  SELECT pg_temp.id(received, n::text), '4113-' || to_char(received, 'YYYYMMDD') || '-' || lpad(n::text, 7, '0'), $1::int, source,
    'NP-' || n, pg_temp.digest('content' || n), kind, risk, fraud_type, ($4::text[])[place], 'none',
    CASE WHEN known THEN $5::bytea ELSE pg_temp.digest('phone' || person) END,
    CASE WHEN known THEN $6::bytea WHEN person % 5 < 3 THEN pg_temp.digest('identity' || person) END,
    -- As long as a sealed person and summary are.
    decode(repeat(md5(n::text), 16), 'hex'), 1000000 + pg_temp.draw(n, 11, 9000000), received - interval '2 minutes', received, status,
    CASE WHEN status = 'merged' THEN NULL WHEN cardinality(held_by) = 0 THEN $1::int ELSE held_by[cardinality(held_by)] END,
    held_by, cardinality(held_by), risk IN ('high', 'urgent'), CASE WHEN status = 'closed' THEN result END,
    CASE WHEN status IN ('closed', 'withdrawn') THEN received + interval '3 hours' END,
    CASE WHEN status = 'merged' THEN pg_temp.id(pg_temp.received(n - n % 100), (n - n % 100)::text) END,
    CASE WHEN status <> 'merged' THEN received END, CASE WHEN status = 'assigned' THEN due END,
    received + interval '30 minutes', CASE WHEN status = 'closed' THEN received + interval '20 minutes' END,
    CASE WHEN status = 'closed' THEN held_by[cardinality(held_by)] END, CASE WHEN is_open THEN due END,
    CASE WHEN status = 'closed' THEN received + interval '3 hours' END,
    CASE WHEN status = 'closed' THEN held_by[cardinality(held_by)] END,
    -- What waits for review has no running clock.
    CASE WHEN is_open AND status <> 'pending_review' THEN due END,
    CASE WHEN status = 'closed' THEN 1 ELSE 0 END, CASE WHEN status = 'closed' THEN 3 ELSE 1 END, sha256(int8send(n))
  FROM generate_series(1::bigint, ${count}) AS n
  CROSS JOIN LATERAL (
    SELECT pg_temp.received(n) AS received, n % ${Math.floor(count / 5)} = 1 AS known,
      1 + pg_temp.draw(n, 1, cardinality($2::int[])) AS place, pg_temp.draw(n, 2, 1000) AS fate, pg_temp.draw(n, 3, 1000) AS feed,
      (ARRAY['telecom', 'telecom', 'fund', 'network', 'hotline'])[1 + pg_temp.draw(n, 4, 5)] AS kind,
      (ARRAY['low', 'medium', 'medium', 'medium', 'high', 'high', 'urgent'])[1 + pg_temp.draw(n, 5, 7)] AS risk,
      (ARRAY['brushing-rebate', 'fake-investment', 'fake-customer-service', 'fake-loan', 'impersonate-authority'])[1 + pg_temp.draw(n, 6, 5)] AS fraud_type,
      (ARRAY['dissuaded', 'dissuaded', 'false-alarm', 'unreachable', 'refused'])[1 + pg_temp.draw(n, 7, 5)] AS result,
      -- Three of ten deadlines of open cases have passed.
      $7::timestamptz + (pg_temp.draw(n, 8, 1000) - 300) * interval '1 minute' AS due
    OFFSET 0
  ) AS drawn
  CROSS JOIN LATERAL (
    SELECT CASE
        WHEN known OR n = ${CROWDED} THEN 'closed'
        WHEN n > ${Math.floor(count * (1 - RECENT))} THEN
          CASE WHEN fate < 50 THEN 'new' WHEN fate < 400 THEN 'assigned' WHEN fate < 800 THEN 'in_progress'
            WHEN fate < 900 THEN 'pending_review' ELSE 'closed' END
        -- The first of each hundred is joined, and joins none.
        WHEN n % 100 > 0 AND n > ${CROWDED} AND (fate < 30 OR n < ${CROWDED + 100}) THEN 'merged'
        WHEN fate < 35 THEN 'withdrawn'
        WHEN fate < 40 THEN 'in_progress'
        ELSE 'closed'
      END AS status,
      CASE WHEN feed = 0 THEN '${SMALL_SOURCE}' WHEN feed < 200 THEN 'bank' WHEN feed < 300 THEN 'hotline'
        ELSE '${LARGE_SOURCE}' END AS source
    OFFSET 0
  ) AS decided
  CROSS JOIN LATERAL (
    SELECT status NOT IN ('closed', 'merged', 'withdrawn') AS is_open,
      CASE
        WHEN status IN ('new', 'merged') THEN '{}'
        WHEN pg_temp.draw(n, 9, 2) = 0 THEN ARRAY[($3::int[])[place]]
        ELSE ARRAY[($3::int[])[place], ($2::int[])[place]]
      END AS held_by,
      -- At most one open alert a person; of those that ended some are of the same person.
      CASE WHEN status IN ('closed', 'merged', 'withdrawn') THEN pg_temp.draw(n, 10, ${Math.floor(count * 0.8)}) ELSE ${count} + n END AS person
    OFFSET 0
  ) AS held`;

/** Everything that follows from the alerts. */
export const FOLLOWING = [
  `INSERT INTO assignment (alert_id, hop, agency_id, how, first_here, assigned_at, accept_due_at, accepted_at, ended_at, ended_how)
   SELECT a.id, h.hop, h.agency_id, CASE WHEN h.hop = 1 THEN 'intake' ELSE 'forward' END, true, at,
     at + interval '15 minutes', CASE WHEN a.status <> 'assigned' OR h.hop < a.hop THEN at + interval '8 minutes' END,
     CASE WHEN h.hop < a.hop THEN at + interval '10 minutes' ELSE a.ended_at END,
     CASE WHEN h.hop < a.hop THEN 'forward' WHEN a.status = 'closed' THEN 'closed' WHEN a.status = 'withdrawn' THEN 'withdraw' END
   FROM alert a CROSS JOIN LATERAL unnest(a.held_by) WITH ORDINALITY AS h(agency_id, hop)
   CROSS JOIN LATERAL (SELECT a.received_at + (h.hop - 1) * interval '10 minutes' AS at) began`,
  `INSERT INTO event (case_id, seq, at, type, agency_id, data, hash)
   SELECT a.id, e.seq, a.received_at + (e.seq - 1) * interval '8 minutes', e.type, a.city_id,
     CASE e.seq WHEN 1 THEN json_build_object('source', a.source, 'sourceRef', a.source_ref, 'kind', a.kind, 'riskLevel',
         a.risk_level, 'fraudType', a.fraud_type, 'divisionCode', a.division_code, 'previousAlerts', 0, 'status', a.status)::text
       ELSE '{"hop":1,"late":false,"before":{"status":"assigned"},"after":{"status":"in_progress"}}' END, a.event_hash
   FROM alert a CROSS JOIN LATERAL unnest(CASE a.status WHEN 'closed' THEN ARRAY['received', 'accepted', 'attempted']
     WHEN 'merged' THEN ARRAY['merged'] ELSE ARRAY['received'] END) WITH ORDINALITY AS e(type, seq)`,
  `INSERT INTO event (case_id, seq, at, type, agency_id, data, hash)
   SELECT t.id, 3 + row_number() OVER (PARTITION BY t.id ORDER BY s.id), s.received_at, 'signal-joined', s.city_id,
     json_build_object('signal', s.id, 'signalNo', s.alert_no, 'riskLevel', s.risk_level, 'riskRaised', false)::text, s.event_hash
   FROM alert s JOIN alert t ON t.id = s.merged_into`,
  `UPDATE alert SET event_seq = e.last FROM (SELECT case_id, max(seq) AS last FROM event WHERE type = 'signal-joined' GROUP BY 1) e
   WHERE id = e.case_id`,
  `INSERT INTO attempt (id, alert_id, agency_id, hop, method, at, reached, participant_kinds, recorded_at)
   SELECT pg_temp.id(call_met_at, 'attempt' || id), id, call_met_by, hop, 'call', call_met_at, true, '{police}', call_met_at
   FROM alert WHERE call_met_at IS NOT NULL`,
  `INSERT INTO outcome (id, alert_id, agency_id, hop, result, intercepted_fen, loss_fen, submitted_at, decision, decided_at)
   SELECT pg_temp.id(at, 'outcome' || id), id, holder_id, hop, coalesce(result, 'dissuaded'), 0, 0, at,
     CASE WHEN status = 'closed' THEN 'approve' END, ended_at
   FROM alert CROSS JOIN LATERAL (SELECT received_at + interval '2 hours' AS at) submitted
   WHERE status IN ('closed', 'pending_review')`,
  // Whoever was dissuaded is asked again after a week; of those whose week is over one in thirty was forgotten.
  `INSERT INTO follow_up (id, alert_id, agency_id, due_at, done_at, result, recorded_at)
   SELECT pg_temp.id(ended_at, 'follow-up' || id), id, holder_id, due, done, CASE WHEN done IS NOT NULL THEN 'safe' END, done
   FROM alert CROSS JOIN LATERAL (SELECT ended_at + interval '7 days' AS due) planned
   CROSS JOIN LATERAL (SELECT CASE WHEN due < $1::timestamptz AND get_byte(event_hash, 0) % 30 > 0 THEN due END AS done) kept
   WHERE result = 'dissuaded'`,
];
