import { Injectable } from '@nestjs/common';
import type { Result } from '../alert/alert.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Basis, Method } from './outcome.dto.js';

export interface Outcome {
  id: string;
  alertId: string;
  agencyId: number;
  hop: number;
  result: Result;
  interceptedFen: number;
  interceptedBasis: Basis | null;
  lossFen: number;
  stoppedTransfer: boolean | null;
  submittedAt: Date;
  submittedBy: string | null;
  reviewByTier: 'county' | 'city' | null;
  decision: 'approve' | 'reject' | null;
  decidedAt: Date | null;
  decidedBy: string | null;
  /** The case was reopened: the figures of this outcome count no more. */
  voidedAt: Date | null;
}

export interface Attempt {
  id: string;
  alertId: string;
  agencyId: number;
  hop: number;
  method: Method;
  at: Date;
  reached: boolean;
  participantKinds: string[];
  /** Names of who took part, sealed. */
  sealed: Buffer | null;
  recordedAt: Date;
  recordedBy: string | null;
}

export const OUTCOME_FIELDS = [
  'id',
  'alertId',
  'agencyId',
  'hop',
  'result',
  'interceptedFen',
  'interceptedBasis',
  'lossFen',
  'stoppedTransfer',
  'submittedAt',
  'submittedBy',
  'reviewByTier',
  'decision',
  'decidedAt',
  'decidedBy',
  'voidedAt',
] as const satisfies readonly (keyof Outcome)[];

const ADD_ATTEMPT = statement(
  'attempt.add',
  `INSERT INTO attempt (id, alert_id, agency_id, hop, method, at, reached, participant_kinds, sealed, recorded_at, recorded_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)`,
);
const ADD = statement(
  'outcome.add',
  `INSERT INTO outcome (id, alert_id, agency_id, hop, result, intercepted_fen, intercepted_basis, loss_fen, stopped_transfer, submitted_at,
     submitted_by, review_by_tier, decision, decided_at, decided_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15)`,
);
const WAITING = statement(
  'outcome.waiting',
  `SELECT ${columns(OUTCOME_FIELDS)} FROM outcome WHERE alert_id = $1 AND decision IS NULL`,
);
const APPROVED = statement(
  'outcome.approved',
  `SELECT ${columns(OUTCOME_FIELDS)} FROM outcome WHERE alert_id = $1 AND decision = 'approve' AND voided_at IS NULL`,
);
const DECIDE = statement(
  'outcome.decide',
  `UPDATE outcome SET decision = $2, decided_at = $3, decided_by = $4 WHERE id = $1 AND decision IS NULL`,
);
const VOID = statement(
  'outcome.void',
  `UPDATE outcome SET voided_at = $2 WHERE alert_id = $1 AND decision = 'approve' AND voided_at IS NULL`,
);

/** Every statement that writes `attempt` and `outcome`. */
@Injectable()
export class OutcomeStore {
  addAttempt(tx: Tx, attempt: Attempt): void {
    tx.send(ADD_ATTEMPT, [
      attempt.id,
      attempt.alertId,
      attempt.agencyId,
      attempt.hop,
      attempt.method,
      attempt.at.toISOString(),
      attempt.reached,
      attempt.participantKinds,
      attempt.sealed,
      attempt.recordedAt.toISOString(),
      attempt.recordedBy,
    ]);
  }

  add(tx: Tx, outcome: Omit<Outcome, 'voidedAt'>): void {
    tx.send(ADD, [
      outcome.id,
      outcome.alertId,
      outcome.agencyId,
      outcome.hop,
      outcome.result,
      outcome.interceptedFen,
      outcome.interceptedBasis,
      outcome.lossFen,
      outcome.stoppedTransfer,
      outcome.submittedAt.toISOString(),
      outcome.submittedBy,
      outcome.reviewByTier,
      outcome.decision,
      outcome.decidedAt?.toISOString() ?? null,
      outcome.decidedBy,
    ]);
  }

  /** The outcome that waits for review, under the case's lock. */
  async waiting(tx: Tx, alertId: string): Promise<Outcome | undefined> {
    return tx.row<Outcome>(WAITING, [alertId]);
  }

  decide(tx: Tx, id: string, decision: 'approve' | 'reject', by: string | null): void {
    tx.send(DECIDE, [id, decision, tx.now.toISOString(), by], 1);
  }

  /** The outcome whose figures count. */
  async approved(tx: Tx, alertId: string): Promise<Outcome | undefined> {
    return tx.row<Outcome>(APPROVED, [alertId]);
  }

  /** The approved outcome of a reopened case counts no more. */
  void(tx: Tx, alertId: string): void {
    tx.send(VOID, [alertId, tx.now.toISOString()]);
  }
}
