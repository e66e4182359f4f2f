import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Alert } from '../alert/alert.js';
import { INCIDENT_FIELDS, type Incident } from './incident.js';

const OF_PERSON = `SELECT coalesce(merged_into, id) AS alert_id FROM alert
   WHERE city_id + 0 = $1 AND status <> 'withdrawn' AND detected_at <= p.reported_at`;
// Each person by themselves through the index: see alert.view.ts.
const ALERTS = statement(
  'incident.alerts-of-persons',
  `SELECT p.ord, a.alert_id AS "alertId" FROM unnest($2::int[], $3::bytea[], $5::timestamptz[]) AS p(ord, ix, reported_at)
     CROSS JOIN LATERAL (${OF_PERSON} AND phone_ix = p.ix OFFSET 0) a
   UNION
   SELECT p.ord, a.alert_id FROM unnest($2::int[], $4::bytea[], $5::timestamptz[]) AS p(ord, ix, reported_at)
     CROSS JOIN LATERAL (${OF_PERSON} AND identity_ix = p.ix OFFSET 0) a`,
);
const RECENT = statement(
  'incident.recent-of-alert',
  `SELECT ${columns(INCIDENT_FIELDS)} FROM incident
   WHERE id IN (
       SELECT id FROM incident WHERE city_id + 0 = $1 AND phone_ix = $3
       UNION ALL SELECT id FROM incident WHERE city_id + 0 = $1 AND identity_ix = $4
       UNION ALL SELECT incident_id FROM incident_alert WHERE alert_id = $5
     ) AND reported_at >= $2
   ORDER BY id DESC LIMIT 1`,
);
const LINKED = statement(
  'incident_alert.exists',
  `SELECT EXISTS (SELECT FROM incident_alert WHERE incident_id = $1 AND alert_id = $2) AS found`,
);
const WARNED = statement(
  'incident_alert.warned',
  `SELECT EXISTS (SELECT FROM incident_alert WHERE alert_id = $1 AND warned) AS found`,
);

interface Reported {
  phoneIx: Buffer | null;
  identityIx: Buffer | null;
  reportedAt: Date;
}

/** Which alerts and incidents are of one person. */
@Injectable()
export class LinkableView {
  /**
   * Alerts of victims, detected before the report: of a merged signal the one that it joined.
   * @returns each alert with the position, among those asked, of the victim that it warned
   */
  async alerts(tx: Tx, cityId: number, all: readonly Reported[]): Promise<{ ord: number; alertId: string }[]> {
    return tx.rows(ALERTS, [
      cityId,
      all.map((_, ord) => ord),
      all.map(({ phoneIx }) => phoneIx),
      all.map(({ identityIx }) => identityIx),
      all.map(({ reportedAt }) => reportedAt.toISOString()),
    ]);
  }

  /** The last incident of an alert's person, or linked to it, that was reported since a moment. */
  async recent(tx: Tx, alert: Alert, since: Date): Promise<Incident | undefined> {
    const { cityId, phoneIx, identityIx, id } = alert;
    return tx.row<Incident>(RECENT, [cityId, since.toISOString(), phoneIx, identityIx, id]);
  }

  async isLinked(tx: Tx, incidentId: string, alertId: string): Promise<boolean> {
    return (await tx.row<{ found: boolean }>(LINKED, [incidentId, alertId]))!.found;
  }

  /** Whether an incident was reported although somebody had been given the alert. */
  async hasWarned(tx: Tx, alertId: string): Promise<boolean> {
    return (await tx.row<{ found: boolean }>(WARNED, [alertId]))!.found;
  }
}
