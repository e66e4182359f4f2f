import type { Client, PoolClient } from 'pg';
import { binaryColumn, type ElementType } from '../../src/platform/database/binary-column.js';
import type { CaseRows } from './case.rows.js';

/** `name type` of the columns of `alert` that a new row sets; the others have their defaults. */
const ALERT = [
  'id uuid',
  'alert_no text',
  'source text',
  'source_ref text',
  'content_hash bytea',
  'kind text',
  'risk_level text',
  'fraud_type text',
  'division_code text',
  'subject_group text',
  'phone_ix bytea',
  'identity_ix bytea',
  'sealed bytea',
  'amount_at_risk_fen bigint',
  'detected_at timestamptz',
  'holder_id integer',
  'visit_required boolean',
  'merged_into uuid',
  'accept_due_at timestamptz',
  'call_due_at timestamptz',
  'visit_due_at timestamptz',
  'feedback_due_at timestamptz',
  'event_seq integer',
  'event_hash bytea',
].map((column) => column.split(' ') as [string, ElementType]);

const ALERT_NAMES = ALERT.map(([name]) => name).join(', ');

const INSERT_ALERTS = {
  name: 'bare.alerts',
  text: `INSERT INTO alert (${ALERT_NAMES}, city_id, received_at, status, hop, held_by, clocks_started_at, next_due_at)
    SELECT r.*, $1::int, $2::timestamptz, CASE WHEN r.merged_into IS NULL THEN 'assigned' ELSE 'merged' END,
      CASE WHEN r.merged_into IS NULL THEN 1 ELSE 0 END, CASE WHEN r.merged_into IS NULL THEN ARRAY[r.holder_id] ELSE '{}' END,
      CASE WHEN r.merged_into IS NULL THEN $2::timestamptz END, r.accept_due_at
    FROM unnest(${ALERT.map(([, type], index) => `$${index + 3}::${type}[]`).join(', ')}) AS r(${ALERT_NAMES})`,
};
const INSERT_HOPS = {
  name: 'bare.hops',
  text: `INSERT INTO assignment (alert_id, agency_id, accept_due_at, hop, how, first_here, assigned_at)
    SELECT r.*, 1, 'intake', true, $1::timestamptz FROM unnest($2::uuid[], $3::int[], $4::timestamptz[]) AS r(alert_id, agency_id, accept_due_at)`,
};
const INSERT_EVENTS = {
  name: 'bare.events',
  text: `INSERT INTO event (case_id, seq, type, data, hash, at, agency_id)
    SELECT r.*, $1::timestamptz, $2::int FROM unnest($3::uuid[], $4::int[], $5::text[], $6::text[], $7::bytea[]) AS r(case_id, seq, type, data, hash)`,
};

const valuesOf = ({ signal, ...row }: CaseRows): unknown[] => [
  row.id,
  row.alertNo,
  signal.source,
  signal.sourceRef,
  row.contentHash,
  signal.kind,
  signal.riskLevel,
  signal.fraudType,
  signal.divisionCode,
  signal.group,
  row.phoneIx,
  row.identityIx,
  row.sealed,
  signal.amountAtRiskFen,
  signal.detectedAt,
  row.countyId,
  row.visitRequired,
  row.mergedInto,
  row.acceptDueAt,
  row.callDueAt,
  row.visitDueAt,
  row.feedbackDueAt,
  row.eventSeq,
  row.eventHash,
];

/** Parameters of the three statements. */
export interface Inserts {
  alerts: unknown[];
  hops: unknown[];
  events: unknown[];
}

/** Rows turned into columns. */
export function insertsOf(rows: readonly CaseRows[], cityId: number, now: Date): Inserts {
  const at = now.toISOString();
  const lines = rows.map(valuesOf);
  const hops = rows.filter(({ mergedInto }) => mergedInto === null);
  const events = rows.flatMap((row) => row.events);
  return {
    alerts: [cityId, at, ...ALERT.map(([, type], column) => binaryColumn(type, lines, column))],
    hops: [
      at,
      binaryColumn('uuid', hops, 'id'),
      binaryColumn('integer', hops, 'countyId'),
      binaryColumn('timestamptz', hops, 'acceptDueAt'),
    ],
    events: [
      at,
      cityId,
      binaryColumn('uuid', events, 'caseId'),
      binaryColumn('integer', events, 'seq'),
      binaryColumn('text', events, 'type'),
      binaryColumn('text', events, 'data'),
      binaryColumn('bytea', events, 'hash'),
    ],
  };
}

/** One transaction, sent in one go. */
export async function insertCases(client: Client | PoolClient, { alerts, hops, events }: Inserts): Promise<void> {
  const [, , , , end] = await Promise.all([
    client.query('BEGIN'),
    client.query({ ...INSERT_ALERTS, values: alerts }),
    client.query({ ...INSERT_HOPS, values: hops }),
    client.query({ ...INSERT_EVENTS, values: events }),
    client.query('COMMIT'),
  ]);
  if (end.command !== 'COMMIT') throw new Error('rolled back');
}
