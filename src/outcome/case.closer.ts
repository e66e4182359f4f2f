import { Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import { AssignmentService } from '../assignment/assignment.service.js';
import { stopClocks } from '../alert/clock.rules.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { IncidentStarter } from '../incident/incident.starter.js';
import { LinkableView } from '../incident/linkable.view.js';
import { newId } from '../platform/clock/id.js';
import { FollowUpStore } from './follow-up.store.js';
import { followUpPlan } from './outcome.rules.js';
import { OutcomeStore, type Outcome } from './outcome.store.js';
import { UrgeStore } from '../alert/urge.store.js';

/** The ways a case ends and begins again. */
@Injectable()
export class CaseCloser {
  constructor(
    private readonly outcomes: OutcomeStore,
    private readonly followUps: FollowUpStore,
    private readonly urges: UrgeStore,
    private readonly assignments: AssignmentService,
    private readonly ledger: LedgerStore,
    private readonly incidents: IncidentStarter,
    private readonly links: LinkableView,
  ) {}

  /** @param outcome approved just now: from here on its money counts */
  async close(at: CaseAtHand, outcome: Outcome): Promise<void> {
    const { alert, tx, now } = at;
    const { result } = outcome;
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
    this.book(at, outcome);
    const afterWarning = result === 'defrauded-after-warning';
    if (afterWarning) this.markDefrauded(at);
    if (result === 'already-defrauded') {
      // Found out, and reviewed: whoever reported it meanwhile had been defrauded before the warning.
      alert.defraudedAfterWarning = await this.followUps.foundDefrauded(tx, alert.id);
    }
    if (afterWarning || result === 'already-defrauded') {
      await this.incidents.follow(at, { how: 'outcome', id: outcome.id, lossFen: outcome.lossFen, afterWarning });
    }
    at.log('closed', { result, followUps: planned.map(({ dueAt }) => dueAt.toISOString()) });
  }

  withdraw(at: CaseAtHand): void {
    this.end(at, 'withdraw');
    at.alert.status = 'withdrawn';
  }

  async reopen(at: CaseAtHand): Promise<void> {
    const { alert, tx } = at;
    const decided = alert.result === 'defrauded-after-warning' || alert.result === 'already-defrauded';
    const approved = await this.outcomes.approved(tx, alert.id);
    if (approved) this.ledger.reverse(tx, await this.ledger.standing(tx, approved.id), at.caller.id);
    this.outcomes.void(tx, alert.id);
    this.followUps.cancel(tx, alert.id);
    // What the outcome said of it holds no more.
    if (decided) await this.remark(at);
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

  /** Whether the case failed as far as others than its outcome tell: follow-ups, and incidents of the person. */
  private async remark(at: CaseAtHand): Promise<void> {
    const { tx, alert } = at;
    const failed = (await this.followUps.foundDefrauded(tx, alert.id)) || (await this.links.hasWarned(tx, alert.id));
    if (failed) this.markDefrauded(at);
    else alert.defraudedAfterWarning = false;
  }

  /** Marks a case whose person was defrauded although warned, once. */
  markDefrauded(at: CaseAtHand): void {
    if (at.alert.defraudedAfterWarning) return;
    at.alert.defraudedAfterWarning = true;
    at.log('defrauded-after-warning', { hop: at.alert.hop });
  }

  /** The money of an approved outcome, into the ledger. */
  private book(at: CaseAtHand, { id, agencyId, interceptedFen, interceptedBasis, lossFen }: Outcome): void {
    const { alert, tx, now, caller } = at;
    const entry = {
      cityId: alert.cityId,
      accountId: null,
      at: now,
      caseKind: 'alert' as const,
      caseId: alert.id,
      agencyId,
      originKind: 'outcome' as const,
      originId: id,
      byUser: caller.id,
    };
    const basis = interceptedBasis === 'bank-blocked' ? 'bank' : 'dissuasion';
    this.ledger.append(tx, [
      { ...entry, kind: 'intercepted', amountFen: interceptedFen, basis },
      { ...entry, kind: 'lost', amountFen: lossFen, basis: null },
    ]);
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
