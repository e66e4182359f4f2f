import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { isId, newId } from '../platform/clock/id.js';
import { addDays } from '../platform/clock/local-date.js';
import type { IfMatch } from '../platform/http/etag.js';
import { invalid } from '../platform/http/problem.js';
import { illegalTransition } from '../alert/alert.problems.js';
import { requireOther, requireTier } from './approval.rules.js';
import type { Renewal } from './freeze.js';
import { FreezeDesk, type FreezeAtHand } from './freeze.desk.js';
import type { FreezeAnswer, FreezeReasonBody, RenewalBody } from './freeze.dto.js';
import { FreezeLine } from './freeze.line.js';
import { freezeUnrelated, noSuchRenewal } from './freeze.problems.js';
import { approverTierOf, higherTier, renewalFaults } from './freeze.rules.js';
import { FreezeStore } from './freeze.store.js';

/** 续冻: a freeze goes on behind its last day, by the authority that approved it, before it is over. */
@Injectable()
export class Renewals {
  constructor(
    private readonly desk: FreezeDesk,
    private readonly line: FreezeLine,
    private readonly store: FreezeStore,
  ) {}

  async ask(caller: Caller, id: string, ifMatch: IfMatch, { until, reason }: RenewalBody): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'renewals', ifMatch, (hand) => {
      const { tx, at, freeze, masked } = hand;
      requireRelated(hand);
      const faults = renewalFaults(freeze.untilOn, until, at.policies.funds);
      if (faults.length > 0)
        throw invalid.with('The freeze cannot be renewed like this: see errors.', { errors: faults });
      const from = addDays(freeze.untilOn, 1);
      const approverTier = higherTier(freeze.approverTier, approverTierOf({ from, until }, false, at.policies.funds));
      const renewal: Renewal = {
        id: newId(at.now),
        freezeId: freeze.id,
        fromOn: from,
        untilOn: until,
        askedAt: at.now,
        askedBy: caller.id,
        approverTier,
        decision: null,
        decidedAt: null,
        decidedBy: null,
      };
      this.store.ask(tx, renewal);
      this.store.update(tx, freeze);
      const ids = { freezeId: freeze.id, renewalId: renewal.id };
      at.log('freeze-renewal-requested', { ...ids, until, approverTier, reason: masked(reason) });
    });
  }

  async approve(caller: Caller, id: string, renewalId: string, ifMatch: IfMatch): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'approve-renewal', ifMatch, async (hand) => {
      const { tx, at, freeze } = hand;
      const renewal = await this.waiting(hand, renewalId);
      requireRelated(hand);
      this.decide(hand, renewal, 'approve');
      const before = { effectiveAt: freeze.effectiveAt, untilOn: freeze.untilOn };
      freeze.untilOn = renewal.untilOn;
      this.store.update(tx, freeze);
      this.line.replan(at, freeze, before);
      at.log('freeze-renewed', { freezeId: freeze.id, renewalId, until: renewal.untilOn });
    });
  }

  async reject(
    caller: Caller,
    id: string,
    renewalId: string,
    ifMatch: IfMatch,
    { reason }: FreezeReasonBody,
  ): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'reject-renewal', ifMatch, async (hand) => {
      const { tx, at, freeze, masked } = hand;
      const renewal = await this.waiting(hand, renewalId);
      this.decide(hand, renewal, 'reject');
      this.store.update(tx, freeze);
      at.log('freeze-renewal-rejected', { freezeId: freeze.id, renewalId, reason: masked(reason) });
    });
  }

  private async waiting({ tx, freeze }: FreezeAtHand, renewalId: string): Promise<Renewal> {
    const renewal = isId(renewalId) ? await this.store.lockRenewal(tx, freeze.id, renewalId) : undefined;
    if (!renewal) throw noSuchRenewal();
    if (renewal.decision !== null) {
      throw illegalTransition.with('This renewal has been decided already.', {
        members: { decision: renewal.decision },
      });
    }
    return renewal;
  }

  private decide({ tx, caller, at }: FreezeAtHand, renewal: Renewal, decision: 'approve' | 'reject'): void {
    requireOther(caller, renewal.askedBy);
    requireTier(caller, renewal.approverTier);
    this.store.decide(tx, { ...renewal, decision, decidedAt: at.now, decidedBy: caller.id });
  }
}

function requireRelated({ freeze }: FreezeAtHand): void {
  if (!freeze.unrelatedAt) return;
  throw freezeUnrelated.with('What is shown to be unrelated is released, not renewed.');
}
