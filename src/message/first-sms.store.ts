import { Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import type { RiskLevel } from '../organization/risk.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Delivery } from './gateway.js';
import type { FirstSms } from './message.js';

/** Once an alert, however often it is handed out. */
const PLAN = statement(
  'first_sms.plan',
  `INSERT INTO first_sms (alert_id, status, planned_at)
   SELECT id, 'planned', $3 FROM alert
   WHERE id = ANY($1::uuid[]) AND risk_level = ANY($2::text[]) AND status IN ('assigned', 'in_progress') AND sms_attempts = 0
   ORDER BY id
   ON CONFLICT DO NOTHING`,
);
const TAKE_PLANNED = statement(
  'first_sms.take-planned',
  `SELECT alert_id AS "alertId" FROM first_sms WHERE status = 'planned' ORDER BY planned_at, alert_id LIMIT $1 FOR UPDATE SKIP LOCKED`,
);
const CLAIM = statement(
  'first_sms.claim',
  `UPDATE first_sms SET status = 'claimed', claimed_at = $2, agency_id = $3, hop = $4 WHERE alert_id = $1 AND status = 'planned'`,
);
const SKIP = statement(
  'first_sms.skip',
  `UPDATE first_sms SET status = 'skipped', reason = $2, ended_at = $3 WHERE alert_id = $1 AND status = 'planned'`,
);
const LOST = statement(
  'first_sms.lost',
  `SELECT alert_id AS "alertId", agency_id AS "agencyId", hop, claimed_at AS "claimedAt"
   FROM first_sms WHERE status = 'claimed' AND claimed_at <= $1 ORDER BY claimed_at LIMIT 100`,
);
const LOCK = statement(
  'first_sms.lock',
  `SELECT alert_id FROM first_sms WHERE alert_id = $1 AND status = 'claimed' FOR UPDATE`,
);
const RECORD = statement(
  'first_sms.record',
  `UPDATE first_sms SET status = 'recorded', delivered = $2, reason = $3, reference = $4, ended_at = $5 WHERE alert_id = $1`,
);
const PURGE = statement('first_sms.purge', `DELETE FROM first_sms WHERE ended_at < $1`);

/** Every statement that writes `first_sms`. */
@Injectable()
export class FirstSmsStore {
  /** Plans it for those of some alerts that are at one of these levels, with somebody, and had no SMS yet. */
  async plan(tx: Tx, alertIds: readonly string[], levels: readonly RiskLevel[]): Promise<void> {
    if (alertIds.length > 0 && levels.length > 0) await tx.run(PLAN, [alertIds, levels, tx.now]);
  }

  /** Ids of alerts whose SMS is to be sent, held until the transaction ends. */
  async takePlanned(tx: Tx, limit: number): Promise<string[]> {
    return (await tx.rows<{ alertId: string }>(TAKE_PLANNED, [limit])).map(({ alertId }) => alertId);
  }

  /** Committed before it is sent: whatever happens then, it is not sent again. */
  claim(tx: Tx, alert: Pick<Alert, 'id' | 'holderId' | 'hop'>): void {
    tx.send(CLAIM, [alert.id, tx.now.toISOString(), alert.holderId, alert.hop], 1);
  }

  skip(tx: Tx, alertId: string, reason: string): void {
    tx.send(SKIP, [alertId, reason, tx.now.toISOString()], 1);
  }

  /** Claimed by then and not recorded: the process that sent them is gone. */
  async lost(tx: Tx, before: Date): Promise<FirstSms[]> {
    return tx.rows<FirstSms>(LOST, [before]);
  }

  /** @returns whether it is still to be recorded */
  async lock(tx: Tx, alertId: string): Promise<boolean> {
    return (await tx.row(LOCK, [alertId])) !== undefined;
  }

  record(tx: Tx, alertId: string, delivery: Delivery): void {
    const [reason, reference] = delivery.delivered ? [null, delivery.reference] : [delivery.reason, null];
    tx.send(RECORD, [alertId, delivery.delivered, reason, reference, tx.now.toISOString()], 1);
  }

  async purge(tx: Tx, before: Date): Promise<void> {
    await tx.run(PURGE, [before]);
  }
}
