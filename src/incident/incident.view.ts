import { Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import { firstIdAt } from '../platform/clock/id.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { INCIDENT_FIELDS, type Incident, type Transfer } from './incident.js';

const FIND = statement('incident.find', `SELECT ${columns(INCIDENT_FIELDS)} FROM incident WHERE id = $1`);
// As of alerts: each is looked up by itself through its index, whatever the planner believes of a young database.
const BY_REFERENCE = statement(
  'incident.by-reference',
  `SELECT r.ord::int AS ord, ${columns(INCIDENT_FIELDS, 'i')}
   FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS r(source, source_ref, ord) CROSS JOIN LATERAL (
     SELECT * FROM incident WHERE source_ref = r.source_ref AND source = r.source AND city_id + 0 = $1 LIMIT 1
   ) i`,
);
const TRANSFERS = statement(
  'incident_transfer.list',
  `SELECT ${columns(['incidentId', 'no', 'at', 'amountFen', 'fromIx', 'toIx', 'sealed'])}
   FROM incident_transfer WHERE incident_id = $1 ORDER BY no`,
);
const TRANSFERRED = statement(
  'incident_transfer.sums',
  `SELECT incident_id AS id, sum(amount_fen)::bigint AS fen FROM incident_transfer
   WHERE incident_id = ANY($1::uuid[]) GROUP BY incident_id`,
);
const LINKED_FIELDS = [
  'id',
  'alertNo',
  'cityId',
  'status',
  'holderId',
  'heldBy',
  'result',
  'defraudedAfterWarning',
] as const;
const LINKED = statement(
  'incident_alert.alerts',
  `SELECT ${columns(LINKED_FIELDS, 'a')} FROM incident_alert l JOIN alert a ON a.id = l.alert_id
   WHERE l.incident_id = $1 ORDER BY l.linked_at, a.id`,
);

/** An alert that an incident is linked to. */
export type LinkedAlert = Pick<Alert, (typeof LINKED_FIELDS)[number]>;

/** What a list asks for, with every name resolved to ids. */
export interface IncidentFilter {
  /** The whole city, a feed's sources in it, or what these agencies hold or held. */
  scope: { cityId: number; sources?: readonly string[] } | { agencyIds: readonly number[] };
  agencyIds?: readonly number[];
  equal: Partial<Pick<Incident, 'status' | 'fraudType' | 'source' | 'incidentNo' | 'phoneIx'>>;
  /** Of the identity number, and of the credit code: whoever asks for both finds nobody. */
  identities: readonly Buffer[];
  stopOverdue?: { moment: Date; overdue: boolean };
  reportedFrom?: Date;
  /** Exclusive. */
  reportedBefore?: Date;
}

const EQUAL_COLUMNS: Record<keyof IncidentFilter['equal'], string> = {
  status: 'status',
  fraudType: 'fraud_type',
  source: 'source',
  incidentNo: 'incident_no',
  phoneIx: 'phone_ix',
};

/** Reads of `incident`, `incident_transfer` and `incident_alert`. */
@Injectable()
export class IncidentView {
  async find(tx: Tx, id: string): Promise<Incident | undefined> {
    return tx.row<Incident>(FIND, [id]);
  }

  /** Stored incidents of source references; `ord` counts from 1 in the order asked. */
  async byReference(
    tx: Tx,
    cityId: number,
    sources: readonly string[],
    refs: readonly string[],
  ): Promise<(Incident & { ord: number })[]> {
    return tx.rows(BY_REFERENCE, [cityId, sources, refs]);
  }

  /** In the order in which they were reported. */
  async transfers(tx: Tx, incidentId: string): Promise<Transfer[]> {
    return tx.rows<Transfer>(TRANSFERS, [incidentId]);
  }

  /** What the transfers of incidents add up to, in fen. */
  async transferred(tx: Tx, incidentIds: readonly string[]): Promise<Map<string, number>> {
    const rows = await tx.rows<{ id: string; fen: number }>(TRANSFERRED, [incidentIds]);
    return new Map(rows.map(({ id, fen }) => [id, fen]));
  }

  /** Alerts that an incident is linked to, in the order in which they were. */
  async linkedAlerts(tx: Tx, incidentId: string): Promise<LinkedAlert[]> {
    return tx.rows<LinkedAlert>(LINKED, [incidentId]);
  }

  /** Newest first: by id, which carries the moment of receipt. */
  async newest(tx: Tx, filter: IncidentFilter, beforeId: string | undefined, limit: number): Promise<Incident[]> {
    const where = conditions(filter);
    if (beforeId !== undefined) where.parts.push(`id < ${where.value(beforeId)}::uuid`);
    return tx.adHoc<Incident>(
      `SELECT ${columns(INCIDENT_FIELDS)} FROM incident WHERE ${where.parts.join(' AND ')} ORDER BY id DESC LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: IncidentFilter): Promise<number> {
    const { parts, values } = conditions(filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*) AS total FROM incident WHERE ${parts.join(' AND ')}`,
      values,
    );
    return row!.total;
  }
}

interface Conditions {
  parts: string[];
  values: unknown[];
  value: (value: unknown) => string;
}

function conditions(filter: IncidentFilter): Conditions {
  const values: unknown[] = [];
  const parts: string[] = [];
  const value = (one: unknown): string => `$${values.push(one instanceof Date ? one.toISOString() : one)}`;
  const { scope, agencyIds, identities, stopOverdue, reportedFrom, reportedBefore } = filter;
  if ('agencyIds' in scope) parts.push(`held_by && ${value(scope.agencyIds)}::int[]`);
  else {
    parts.push(`city_id = ${value(scope.cityId)}`);
    if (scope.sources) parts.push(`source = ANY(${value(scope.sources)}::text[])`);
  }
  if (agencyIds) parts.push(`agency_id = ANY(${value(agencyIds)}::int[])`);
  for (const [field, wanted] of Object.entries(filter.equal)) {
    if (wanted !== undefined) parts.push(`${EQUAL_COLUMNS[field as keyof IncidentFilter['equal']]} = ${value(wanted)}`);
  }
  for (const identity of identities) parts.push(`identity_ix = ${value(identity)}`);
  if (stopOverdue) {
    const late = `loss_fen > 0 AND stop_met_at IS NULL AND stop_due_at <= ${value(stopOverdue.moment)}`;
    parts.push(stopOverdue.overdue ? late : `(${late}) IS NOT TRUE`);
  }
  // Whatever was reported since then was received since then, but for what a source's clock is ahead.
  if (reportedFrom) {
    parts.push(`reported_at >= ${value(reportedFrom)}`);
    parts.push(`id >= ${value(firstIdAt(new Date(reportedFrom.getTime() - CLOCKS_MS)))}::uuid`);
  }
  if (reportedBefore) parts.push(`reported_at < ${value(reportedBefore)}`);
  return { parts, values, value };
}

/** A report is taken up to five minutes before its own time; a little more for servers that differ. */
const CLOCKS_MS = 10 * 60_000;
