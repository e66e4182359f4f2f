import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';

export interface FollowUp {
  id: string;
  alertId: string;
  /** The agency that closed the case. */
  agencyId: number;
  /** null: made without having been planned. */
  dueAt: Date | null;
  doneAt: Date | null;
  result: 'safe' | 'defrauded' | 'unreachable' | null;
  lossFen: number | null;
  recordedAt: Date | null;
  recordedBy: string | null;
  /** The case was reopened before it was made. */
  cancelledAt: Date | null;
}

export const FOLLOW_UP_FIELDS = [
  'id',
  'alertId',
  'agencyId',
  'dueAt',
  'doneAt',
  'result',
  'lossFen',
  'recordedAt',
  'recordedBy',
  'cancelledAt',
] as const satisfies readonly (keyof FollowUp)[];

const PLAN = statement(
  'follow-up.plan',
  `INSERT INTO follow_up (id, alert_id, agency_id, due_at) SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[])`,
);
const NEXT = statement(
  'follow-up.next',
  `SELECT ${columns(FOLLOW_UP_FIELDS)} FROM follow_up WHERE alert_id = $1 AND done_at IS NULL AND cancelled_at IS NULL
   ORDER BY due_at, id LIMIT 1`,
);
const DO = statement(
  'follow-up.do',
  `UPDATE follow_up SET done_at = $2, result = $3, loss_fen = $4, recorded_at = $5, recorded_by = $6 WHERE id = $1 AND done_at IS NULL`,
);
const ADD = statement(
  'follow-up.add',
  `INSERT INTO follow_up (id, alert_id, agency_id, done_at, result, loss_fen, recorded_at, recorded_by) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const CANCEL = statement(
  'follow-up.cancel',
  `UPDATE follow_up SET cancelled_at = $2 WHERE alert_id = $1 AND done_at IS NULL AND cancelled_at IS NULL`,
);

const FOUND_DEFRAUDED = statement(
  'follow-up.found-defrauded',
  `SELECT EXISTS (SELECT FROM follow_up WHERE alert_id = $1 AND result = 'defrauded') AS found`,
);

/** Every statement that writes `follow_up`. */
@Injectable()
export class FollowUpStore {
  plan(tx: Tx, planned: Pick<FollowUp, 'id' | 'alertId' | 'agencyId' | 'dueAt'>[]): void {
    if (planned.length === 0) return;
    tx.send(PLAN, [
      planned.map(({ id }) => id),
      planned.map(({ alertId }) => alertId),
      planned.map(({ agencyId }) => agencyId),
      planned.map(({ dueAt }) => dueAt!.toISOString()),
    ]);
  }

  /** The earliest planned one that is not done, under the case's lock. */
  async next(tx: Tx, alertId: string): Promise<FollowUp | undefined> {
    return tx.row<FollowUp>(NEXT, [alertId]);
  }

  /** Stores one as done: a planned one that was waiting, or a new one. */
  done(tx: Tx, followUp: FollowUp, wasPlanned: boolean): void {
    const { id, doneAt, result, lossFen, recordedAt, recordedBy } = followUp;
    const facts = [doneAt!.toISOString(), result, lossFen, recordedAt!.toISOString(), recordedBy];
    if (wasPlanned) tx.send(DO, [id, ...facts], 1);
    else tx.send(ADD, [id, followUp.alertId, followUp.agencyId, ...facts], 1);
  }

  cancel(tx: Tx, alertId: string): void {
    tx.send(CANCEL, [alertId, tx.now.toISOString()]);
  }

  /** Whether a follow-up found that the person was defrauded. */
  async foundDefrauded(tx: Tx, alertId: string): Promise<boolean> {
    return (await tx.row<{ found: boolean }>(FOUND_DEFRAUDED, [alertId]))!.found;
  }
}
