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

export interface FollowUpStage {
  id: string;
  alertId: string;
  agencyId: number;
  dueAt: Date;
  /** 1 due, 2 overdue. */
  stage: number;
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
  `INSERT INTO follow_up (id, alert_id, agency_id, due_at, next_stage_at)
   SELECT id, alert_id, agency_id, due_at, due_at
   FROM unnest($1::uuid[], $2::uuid[], $3::int[], $4::timestamptz[]) AS p(id, alert_id, agency_id, due_at)`,
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
/** How long after its day a follow-up that was not made is overdue. */
export const FOLLOW_UP_GRACE_HOURS = 24;
const REACHED = statement(
  'follow-up.reached',
  `SELECT id, alert_id AS "alertId" FROM follow_up
   WHERE next_stage_at < $1 AND done_at IS NULL AND cancelled_at IS NULL AND alert_id <> ALL($2::uuid[])
   ORDER BY next_stage_at LIMIT $3`,
);
const TAKE_STAGES = statement(
  'follow-up.take-stages',
  `UPDATE follow_up SET stage = stage + 1,
     next_stage_at = CASE stage WHEN 0 THEN due_at + interval '${FOLLOW_UP_GRACE_HOURS} hours' END
   WHERE id = ANY($1::uuid[]) AND next_stage_at < $2 AND done_at IS NULL AND cancelled_at IS NULL
   RETURNING id, alert_id AS "alertId", agency_id AS "agencyId", due_at AS "dueAt", stage`,
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

  /** Follow-ups that have reached a stage, the longest waiting first; not of cases that have failed of late. */
  async reached(
    tx: Tx,
    before: Date,
    except: readonly string[],
    limit: number,
  ): Promise<{ id: string; alertId: string }[]> {
    return tx.rows(REACHED, [before.toISOString(), except, limit]);
  }

  /** Marks the next stage of each as told, under the locks of their cases. @returns those that were still to be told */
  async takeStages(tx: Tx, ids: readonly string[], before: Date): Promise<FollowUpStage[]> {
    return tx.rows<FollowUpStage>(TAKE_STAGES, [ids, before.toISOString()]);
  }

  /** Whether a follow-up found that the person was defrauded. */
  async foundDefrauded(tx: Tx, alertId: string): Promise<boolean> {
    return (await tx.row<{ found: boolean }>(FOUND_DEFRAUDED, [alertId]))!.found;
  }
}
