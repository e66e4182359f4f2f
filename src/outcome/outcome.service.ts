import { Inject, Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import type { TransferBody, ReasonBody } from '../assignment/assignment.dto.js';
import { AssignmentService } from '../assignment/assignment.service.js';
import { refreshClocks } from '../alert/clock.rules.js';
import { newId } from '../platform/clock/id.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { CONFIG } from '../platform/platform.module.js';
import { CaseCloser } from './case.closer.js';
import type { AttemptAnswer, AttemptBody, OutcomeBody, ReviewBody } from './outcome.dto.js';
import { attemptTime, ladderIncomplete, moneyMismatch, mustEscalate, ownOutcome } from './outcome.problems.js';
import { missingSteps, momentFault, moneyFaults, mustEscalateFirst, reviewTier } from './outcome.rules.js';
import { OutcomeStore } from './outcome.store.js';

/** What the holder does about a case and what comes of it. */
@Injectable()
export class OutcomeService {
  constructor(
    private readonly store: OutcomeStore,
    private readonly closer: CaseCloser,
    private readonly assignments: AssignmentService,
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** One act of dissuasion. It meets the clocks by when it was made, not by when it was written down. */
  async attempt(at: CaseAtHand, body: AttemptBody): Promise<AttemptAnswer> {
    const { alert, tx, caller, now } = at;
    const moment = new Date(body.at);
    // A source's clock may be ahead of ours.
    const fault = momentFault(moment, earliest(alert.detectedAt, alert.receivedAt), now);
    if (fault) {
      throw attemptTime.with(`The attempt ${fault}. Give the moment when it was made.`, {
        errors: [{ pointer: '/at', message: fault }],
      });
    }
    const id = newId(now);
    const names = body.participants.map(({ name }) => name ?? null);
    const kinds = body.participants.map(({ kind }) => kind);
    this.store.addAttempt(tx, {
      id,
      alertId: alert.id,
      agencyId: caller.agency.id,
      hop: alert.hop,
      method: body.method,
      at: moment,
      reached: body.reached,
      participantKinds: kinds,
      sealed: names.some((name) => name !== null) ? this.keyring.seal(JSON.stringify(names), `attempt:${id}`) : null,
      recordedAt: now,
      recordedBy: caller.id,
    });
    this.count(at, body, moment);
    at.log(
      'attempted',
      { attemptId: id, method: body.method, at: moment.toISOString(), reached: body.reached, participants: kinds },
      body.note,
    );
    return {
      id,
      alertId: alert.id,
      method: body.method,
      at: formatInstant(moment, this.config.timeZone),
      reached: body.reached,
      participants: kinds,
      agency: caller.agency.code,
      recordedAt: formatInstant(now, this.config.timeZone),
    };
  }

  /** 反馈: the holder says what came of it; closes the case where policy needs no review. */
  async submit(at: CaseAtHand, body: OutcomeBody): Promise<void> {
    const { alert, tx, caller, now, policies } = at;
    const faults = moneyFaults(body);
    if (faults.length > 0)
      throw moneyMismatch.with(`The amounts do not fit "${body.result}": see errors.`, { errors: faults });
    if (mustEscalateFirst(body.result, alert)) {
      throw mustEscalate.with(
        'A person who refuses help is escalated before the case is given up: escalate it, try again, then submit.',
      );
    }
    const missing = missingSteps(body.result, alert.riskLevel, alert.visitRequired, alert, policies.ladder);
    if (missing.length > 0) {
      throw ladderIncomplete.with(`Before "${body.result}" is taken, put on record: ${missing.join(', ')}.`, {
        members: { missing },
      });
    }
    const reviewByTier = reviewTier(caller.agency.tier, body, alert.riskLevel, policies.review);
    const outcome = {
      id: newId(now),
      alertId: alert.id,
      agencyId: caller.agency.id,
      hop: alert.hop,
      result: body.result,
      interceptedFen: body.interceptedFen,
      // A form may send the basis it had preselected; without money it says nothing.
      interceptedBasis: body.interceptedFen > 0 ? (body.interceptedBasis ?? null) : null,
      lossFen: body.lossFen,
      stoppedTransfer: body.stoppedTransfer ?? null,
      submittedAt: now,
      submittedBy: caller.id,
      reviewByTier,
      decision: reviewByTier ? null : ('approve' as const),
      decidedAt: reviewByTier ? null : now,
      decidedBy: null,
    };
    this.store.add(tx, outcome);
    if (alert.feedbackMetAt === null) [alert.feedbackMetAt, alert.feedbackMetBy] = [now, caller.agency.id];
    const { id: outcomeId, result, interceptedFen, interceptedBasis, lossFen, stoppedTransfer } = outcome;
    at.log(
      'outcome-submitted',
      { outcomeId, result, interceptedFen, interceptedBasis, lossFen, stoppedTransfer, reviewByTier },
      body.note,
    );
    if (reviewByTier) {
      alert.status = 'pending_review';
      refreshClocks(alert);
    } else {
      await this.closer.close(at, { ...outcome, voidedAt: null });
    }
  }

  /** 审核: by the tier above, never by the person who submitted. */
  async review(at: CaseAtHand, body: ReviewBody): Promise<void> {
    const { alert, tx, caller } = at;
    const outcome = await this.store.waiting(tx, alert.id);
    if (!outcome) throw new Error(`alert ${alert.id} waits for review without an outcome`);
    if (caller.id !== null && outcome.submittedBy === caller.id) {
      throw ownOutcome.with('You submitted this outcome yourself. Ask a colleague to review it.');
    }
    this.store.decide(tx, outcome.id, body.decision, caller.id);
    if (body.decision === 'approve') {
      at.log('outcome-approved', { outcomeId: outcome.id }, body.note);
      await this.closer.close(at, outcome);
      return;
    }
    alert.status = 'in_progress';
    refreshClocks(alert);
    at.log('outcome-rejected', { outcomeId: outcome.id }, body.note);
  }

  /** 重新启动: back to the last holder; the figures of the former outcome count no more. */
  async reopen(at: CaseAtHand, body: ReasonBody): Promise<void> {
    await this.closer.reopen(at);
    at.log('reopened', { agency: at.holder.code, reason: at.masked(body.reason) });
  }

  /** 移交, also from under a review: the outcome that waited is dropped. */
  async transfer(at: CaseAtHand, body: TransferBody): Promise<void> {
    await this.closer.dropWaiting(at);
    this.assignments.transfer(at, body);
  }

  /** 撤销: taken back by the city, e.g. test data or the source's own recall. */
  async withdraw(at: CaseAtHand, body: ReasonBody): Promise<void> {
    await this.closer.dropWaiting(at);
    this.closer.withdraw(at);
    at.log('withdrawn', { reason: at.masked(body.reason) });
  }

  /** Counts the attempt for the ladder and meets the clocks it meets: the earliest act counts, in whatever order they are written down. */
  private count({ alert, caller }: CaseAtHand, body: AttemptBody, moment: Date): void {
    const first = (met: Date | null): boolean => met === null || moment.getTime() < met.getTime();
    if (body.method === 'sms') alert.smsAttempts += 1;
    if (body.method === 'call') {
      alert.callAttempts += 1;
      if (first(alert.callMetAt)) [alert.callMetAt, alert.callMetBy] = [moment, caller.agency.id];
    }
    if (body.method === 'visit') {
      alert.visitAttempts += 1;
      if (body.reached && first(alert.visitMetAt)) [alert.visitMetAt, alert.visitMetBy] = [moment, caller.agency.id];
    }
    refreshClocks(alert);
  }
}

function earliest(a: Date, b: Date): Date {
  return a.getTime() <= b.getTime() ? a : b;
}
