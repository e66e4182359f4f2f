import { Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import type { Result } from '../alert/alert.js';
import { AssignmentService } from '../assignment/assignment.service.js';
import { stopClocks } from '../alert/clock.rules.js';
import { newId } from '../platform/clock/id.js';
import { FollowUpStore } from './follow-up.store.js';
import { followUpPlan } from './outcome.rules.js';
import { OutcomeStore } from './outcome.store.js';
import { UrgeStore } from '../alert/urge.store.js';

/** The ways a case ends and begins again. */
@Injectable()
export class CaseCloser {
  constructor(
    private readonly outcomes: OutcomeStore,
    private readonly followUps: FollowUpStore,
    private readonly urges: UrgeStore,
    private readonly assignments: AssignmentService,
  ) {}

  close(at: CaseAtHand, result: Result): void {
    const { alert, tx, now } = at;
    this.end(at, 'closed');
    alert.status = 'closed';
    alert.result = result;
    const planned = followUpPlan(result, alert.riskLevel, now).map((dueAt) => ({
      id: newId(now),
      alertId: alert.id,
      agencyId: alert.holderId!,
      dueAt,
    }));
    this.followUps.plan(tx, planned);
    if (result === 'defrauded-after-warning') this.markDefrauded(at);
    // Incidents are opened by a later module; it finds here that one is owed.
    if (result === 'already-defrauded' || result === 'defrauded-after-warning') at.log('incident-due', { result });
    at.log('closed', { result, followUps: planned.map(({ dueAt }) => dueAt.toISOString()) });
  }

  withdraw(at: CaseAtHand): void {
    this.end(at, 'withdraw');
    at.alert.status = 'withdrawn';
  }

  async reopen(at: CaseAtHand): Promise<void> {
    const { alert, tx } = at;
    const wasFailure = alert.result === 'defrauded-after-warning';
    this.outcomes.void(tx, alert.id);
    this.followUps.cancel(tx, alert.id);
    if (wasFailure) alert.defraudedAfterWarning = await this.followUps.foundDefrauded(tx, alert.id);
    alert.result = null;
    alert.endedAt = null;
    this.assignments.begin(at, at.holder, 'reopen', 'in_progress');
  }

  /** An outcome that waits for review lapses when the case is moved or taken back over its reviewer's head. */
  async dropWaiting(at: CaseAtHand): Promise<void> {
    if (at.alert.status !== 'pending_review') return;
    const waiting = await this.outcomes.waiting(at.tx, at.alert.id);
    if (!waiting) return;
    this.outcomes.decide(at.tx, waiting.id, 'reject', null);
    at.log('outcome-dropped', { outcomeId: waiting.id });
  }

  /** Marks a case whose person was defrauded although warned, once. */
  markDefrauded(at: CaseAtHand): void {
    if (at.alert.defraudedAfterWarning) return;
    at.alert.defraudedAfterWarning = true;
    at.log('defrauded-after-warning', {});
  }

  private end(at: CaseAtHand, how: 'closed' | 'withdraw'): void {
    const { alert, tx, now } = at;
    this.assignments.end(at, how);
    if (alert.urged) this.urges.end(tx, alert.id);
    alert.urged = false;
    alert.endedAt = now;
    stopClocks(alert, now);
  }
}
