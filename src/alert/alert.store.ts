import { Injectable } from '@nestjs/common';
import { binaryColumn } from '../platform/database/binary-column.js';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion, plain } from '../platform/database/insertion.js';
import type { Alert } from './alert.js';
import { ALERT_FIELDS, alertElementType } from './alert.entity.js';

/** What never changes once a signal is stored. */
const FIXED: readonly (keyof Alert)[] = [
  'id',
  'alertNo',
  'cityId',
  'source',
  'sourceRef',
  'contentHash',
  'kind',
  'phoneIx',
  'identityIx',
  'sealed',
  'detectedAt',
  'receivedAt',
  'subjectGroup',
  'fraudType',
  'divisionCode',
];
const CHANGING = ALERT_FIELDS.filter((field) => !FIXED.includes(field) && field !== 'version');

/** Fields that a signal joining an alert may change. */
const RAISED = [
  'riskLevel',
  'amountAtRiskFen',
  'visitRequired',
  'acceptDueAt',
  'callDueAt',
  'visitDueAt',
  'feedbackDueAt',
  'nextDueAt',
  'acceptLimit',
  'acceptStage',
  'callLimit',
  'callStage',
  'visitLimit',
  'visitStage',
  'feedbackLimit',
  'feedbackStage',
  'nextStageAt',
  'urged',
  'eventSeq',
  'eventHash',
] as const satisfies readonly (keyof Alert)[];

const LOCK = statement('alert.lock', `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE id = $1 FOR NO KEY UPDATE`);
const LOCK_MANY = statement(
  'alert.lock-many',
  `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
);
const UPDATE = statement(
  'alert.update',
  `UPDATE alert SET version = version + 1, ${CHANGING.map((field, index) => `${snake(field)} = $${index + 3}`).join(', ')}
   WHERE id = $1 AND version = $2`,
);
const RAISE = statement(
  'alert.raise',
  `UPDATE alert SET version = alert.version + 1, ${RAISED.map((field) => `${snake(field)} = r.${snake(field)}`).join(', ')}
   FROM unnest($1::uuid[], ${RAISED.map((field, index) => `$${index + 2}::${alertElementType(field)}[]`).join(', ')})
     AS r(id, ${RAISED.map(snake).join(', ')})
   WHERE alert.id = r.id`,
);
/** What changes when the clocks tell of their stages. */
const TOLD = [
  'acceptStage',
  'callStage',
  'visitStage',
  'feedbackStage',
  'nextStageAt',
  'urged',
  'eventSeq',
  'eventHash',
  'version',
] as const satisfies readonly (keyof Alert)[];
const TELL = statement(
  'alert.tell',
  `UPDATE alert SET ${TOLD.map((field) => `${snake(field)} = r.${snake(field)}`).join(', ')}
   FROM unnest($1::uuid[], ${TOLD.map((field, index) => `$${index + 2}::${alertElementType(field)}[]`).join(', ')})
     AS r(id, ${TOLD.map(snake).join(', ')})
   WHERE alert.id = r.id`,
);
/** What changes when an incident of the person is linked. */
const MARKED = [
  'defraudedAfterWarning',
  'eventSeq',
  'eventHash',
  'version',
] as const satisfies readonly (keyof Alert)[];
const MARK = statement(
  'alert.mark',
  `UPDATE alert SET ${MARKED.map((field) => `${snake(field)} = r.${snake(field)}`).join(', ')}
   FROM unnest($1::uuid[], ${MARKED.map((field, index) => `$${index + 2}::${alertElementType(field)}[]`).join(', ')})
     AS r(id, ${MARKED.map(snake).join(', ')})
   WHERE alert.id = r.id`,
);
/** Open cases whose clocks have something to tell, the longest waiting first; a case that somebody works on is left for the next round. */
const CLAIM_STAGES = statement(
  'alert.claim-stages',
  `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE next_stage_at < $1 AND id <> ALL($2::uuid[])
   ORDER BY next_stage_at LIMIT $3 FOR NO KEY UPDATE SKIP LOCKED`,
);
const LOCK_FREE = statement(
  'alert.lock-free',
  `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE SKIP LOCKED`,
);
const EXTEND = statement(
  'alert.extend',
  `UPDATE alert SET event_seq = $2, event_hash = $3 WHERE id = $1 AND version = $4`,
);
/** What a new alert has by its column's default: nothing has happened to it yet. */
const LATER: readonly (keyof Alert)[] = [
  'returns',
  'escalated',
  'urged',
  'result',
  'endedAt',
  'split',
  'defraudedAfterWarning',
  'callMetAt',
  'callMetBy',
  'visitMetAt',
  'visitMetBy',
  'feedbackMetAt',
  'feedbackMetBy',
  'acceptStage',
  'callStage',
  'visitStage',
  'feedbackStage',
  'smsAttempts',
  'callAttempts',
  'visitAttempts',
  'version',
];
const NEW_ALERTS = new Insertion<Alert>(
  'alert.insert',
  'alert',
  Object.fromEntries(
    ALERT_FIELDS.filter((field) => field !== 'heldBy' && !LATER.includes(field)).map((field) => [
      field,
      alertElementType(field),
    ]),
  ),
  {
    // Built from the holder: unnest would flatten an array of arrays.
    computed: { held_by: `CASE WHEN r.hop > 0 THEN ARRAY[r.holder_id] ELSE '{}' END` },
    clause: 'ON CONFLICT DO NOTHING',
  },
);
const PRESENT = statement('alert.present', `SELECT id FROM alert WHERE id = ANY($1::uuid[])`);

/** Every statement that writes `alert`. */
@Injectable()
export class AlertStore {
  /** Holds a case until the transaction ends: commands on it take turns. */
  async lock(tx: Tx, id: string): Promise<Alert | undefined> {
    return tx.row<Alert>(LOCK, [id]);
  }

  /** In the order of ids, so that two callers never wait for each other. */
  async lockMany(tx: Tx, ids: string[]): Promise<Alert[]> {
    return tx.rows<Alert>(LOCK_MANY, [ids]);
  }

  /** Writes what may change, guarded by the version that was read, and counts the version up. */
  update(tx: Tx, alert: Alert): void {
    tx.send(UPDATE, [alert.id, alert.version, ...CHANGING.map((field) => plain(alert[field]))], 1);
    alert.version += 1;
  }

  /** Writes only how far the history reaches: the case itself, and its version, stay what they were. */
  extend(tx: Tx, alert: Alert): void {
    tx.send(EXTEND, [alert.id, alert.eventSeq, alert.eventHash, alert.version], 1);
  }

  /** Holds cases whose clocks have something to tell, as many as `limit`, except some that have failed of late. */
  async claimStages(tx: Tx, before: Date, except: readonly string[], limit: number): Promise<Alert[]> {
    return tx.rows<Alert>(CLAIM_STAGES, [before.toISOString(), except, limit]);
  }

  /** Those of some cases that nobody holds, locked. */
  async lockFree(tx: Tx, ids: readonly string[]): Promise<Alert[]> {
    return tx.rows<Alert>(LOCK_FREE, [ids]);
  }

  /** Writes how far the clocks of locked cases have told, and the heads of their histories; the version as it is given. */
  tell(tx: Tx, alerts: Alert[]): void {
    if (alerts.length === 0) return;
    const fields = ['id', ...TOLD] as const;
    tx.send(
      TELL,
      fields.map((field) => binaryColumn(alertElementType(field), alerts, field)),
      alerts.length,
    );
  }

  /** Writes the marks of locked alerts and the heads of their histories; the version as it is given. */
  mark(tx: Tx, alerts: Alert[]): void {
    if (alerts.length === 0) return;
    const fields = ['id', ...MARKED] as const;
    tx.send(
      MARK,
      fields.map((field) => binaryColumn(alertElementType(field), alerts, field)),
      alerts.length,
    );
  }

  /** Writes what joining signals raised on locked alerts, all in one statement. */
  raise(tx: Tx, alerts: Alert[]): void {
    if (alerts.length === 0) return;
    const fields = ['id', ...RAISED] as const;
    tx.send(
      RAISE,
      fields.map((field) => binaryColumn(alertElementType(field), alerts, field)),
      alerts.length,
    );
    for (const alert of alerts) alert.version += 1;
  }

  /**
   * Inserts alerts that hold at most their first hop. A row that meets another of the same source reference, or a
   * second open alert of the person, is left out, also when that other one is being committed at this moment.
   * @returns ids of the rows that went in
   */
  async insert(tx: Tx, alerts: Alert[]): Promise<Set<string>> {
    if (alerts.length === 0) return new Set();
    const ids = alerts.map(({ id }) => id);
    const inserted = await tx.run(...NEW_ALERTS.of(alerts));
    if (inserted === alerts.length) return new Set(ids);
    return new Set((await tx.rows<{ id: string }>(PRESENT, [ids])).map(({ id }) => id));
  }
}
