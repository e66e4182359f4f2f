import { Inject, Injectable } from '@nestjs/common';
import { DeadlineStore } from '../deadline/deadline.store.js';
import type { Caller } from '../identity/caller.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { LedgerView } from '../ledger/ledger.view.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { IfMatch } from '../platform/http/etag.js';
import { invalid } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { requireOther, requireTier } from './approval.rules.js';
import { FreezeDesk, type FreezeAtHand } from './freeze.desk.js';
import type { FreezeAnswer, FreezeCorrectBody, FreezeEffectiveBody, FreezeReasonBody } from './freeze.dto.js';
import { FreezeLine } from './freeze.line.js';
import { cityApprovalNeeded, freezeTime, freezeUnrelated, returnedMore } from './freeze.problems.js';
import { effectiveFault, releaseDueOf } from './freeze.rules.js';
import { FreezeStore } from './freeze.store.js';
import { FreezeView } from './freeze.view.js';
import type { ApproverTier } from './freeze.js';

/** 冻结: what becomes of a freeze once it is asked for. */
@Injectable()
export class Freezes {
  constructor(
    private readonly desk: FreezeDesk,
    private readonly line: FreezeLine,
    private readonly store: FreezeStore,
    private readonly view: FreezeView,
    private readonly ledger: LedgerStore,
    private readonly balances: LedgerView,
    private readonly deadlines: DeadlineStore,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** By another person than the one who asks; from here on it is for the bank. */
  async approve(caller: Caller, id: string, ifMatch: IfMatch): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'approve', ifMatch, ({ tx, at, freeze }) => {
      requireOther(caller, freeze.requestedBy);
      requireTier(caller, freeze.approverTier);
      Object.assign(freeze, {
        status: 'approved',
        approvedAt: at.now,
        approvedBy: caller.id,
        approverTier: caller.agency.tier as ApproverTier,
      });
      this.store.update(tx, freeze);
      at.log('freeze-approved', { freezeId: freeze.id, tier: caller.agency.tier });
    });
  }

  async reject(caller: Caller, id: string, ifMatch: IfMatch, { reason }: FreezeReasonBody): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'reject', ifMatch, ({ tx, at, freeze, masked }) => {
      requireOther(caller, freeze.requestedBy);
      requireTier(caller, freeze.approverTier);
      Object.assign(freeze, { status: 'rejected', endedAt: at.now });
      this.store.update(tx, freeze);
      this.deadlines.cancel(tx, freeze.id, 'freeze-lapses');
      at.log('freeze-rejected', { freezeId: freeze.id, reason: masked(reason) });
    });
  }

  /** The bank has frozen the account; where another freeze holds it, this one waits in line (轮候). */
  async effective(caller: Caller, id: string, ifMatch: IfMatch, body: FreezeEffectiveBody): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'effective', ifMatch, async (hand) => {
      const { tx, at, freeze } = hand;
      const moment = await this.momentOf(hand, body.effectiveAt);
      if (await this.store.lockEffective(tx, freeze.accountId)) {
        Object.assign(freeze, { status: 'waiting', waitingSince: moment });
        this.store.update(tx, freeze);
        this.deadlines.cancel(tx, freeze.id, 'freeze-lapses');
        at.log('freeze-waiting', { freezeId: freeze.id, since: moment.toISOString() });
        return;
      }
      await this.requireApproved(hand, body.frozenFen);
      await this.line.takeEffect(at, freeze, moment, body.frozenFen);
    });
  }

  /** The bank has not frozen it. */
  async refused(caller: Caller, id: string, ifMatch: IfMatch, { reason }: FreezeReasonBody): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'refused', ifMatch, ({ tx, at, freeze, masked }) => {
      Object.assign(freeze, { status: 'refused', endedAt: at.now });
      this.store.update(tx, freeze);
      this.deadlines.cancel(tx, freeze.id, 'freeze-lapses');
      at.log('freeze-refused', { freezeId: freeze.id, reason: masked(reason) });
    });
  }

  /** What the bank really holds: the entry is taken back by a contrary one, and made anew. */
  async correct(caller: Caller, id: string, ifMatch: IfMatch, body: FreezeCorrectBody): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'correct', ifMatch, async (hand) => {
      const { tx, at, freeze, masked } = hand;
      const { frozenFen } = body;
      const was = freeze.frozenFen!;
      if (frozenFen === was) throw wrong('/frozenFen', 'is the amount on record already');
      const returnedFen = was - (await this.balances.balance(tx, freeze.accountId)).frozenFen;
      if (frozenFen < returnedFen) {
        throw returnedMore.with(
          `${returnedFen} fen of it have been returned: the bank held at least so much. Take back wrong payments first.`,
          { members: { returnedFen } },
        );
      }
      await this.requireApproved(hand, frozenFen);
      const standing = (await this.ledger.standing(tx, freeze.id)).filter(({ kind }) => kind === 'frozen');
      freeze.frozenFen = frozenFen;
      // First what is right: taking back the wrong entry alone could leave less than was returned.
      this.line.book(at, freeze, freeze.effectiveAt!, 'frozen', frozenFen);
      this.ledger.reverse(tx, standing, caller.id);
      this.store.update(tx, freeze);
      at.log('freeze-corrected', { freezeId: freeze.id, was, frozenFen, reason: masked(body.reason) });
    });
  }

  /** The money is shown not to belong to the case: it is to be released within days. */
  async unrelated(caller: Caller, id: string, ifMatch: IfMatch, { reason }: FreezeReasonBody): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'unrelated', ifMatch, ({ tx, at, freeze, masked }) => {
      if (freeze.unrelatedAt) {
        throw freezeUnrelated.with(
          `That it is unrelated is on record since ${freeze.unrelatedAt.toISOString()}: release it.`,
        );
      }
      const releaseDueAt = releaseDueOf(at.now, at.policies.funds);
      Object.assign(freeze, { unrelatedAt: at.now, releaseDueAt });
      this.store.update(tx, freeze);
      this.line.silence(at, freeze);
      const of = { subjectId: freeze.id, caseId: freeze.incidentId };
      this.deadlines.plan(tx, [{ ...of, kind: 'freeze-release-overdue', dueAt: releaseDueAt }]);
      at.log('freeze-unrelated', {
        freezeId: freeze.id,
        releaseDueAt: releaseDueAt.toISOString(),
        reason: masked(reason),
      });
    });
  }

  /** Given up before its time, also from the line. What is left is free. */
  async release(caller: Caller, id: string, ifMatch: IfMatch, { reason }: FreezeReasonBody): Promise<FreezeAnswer> {
    return this.desk.command(caller, id, 'release', ifMatch, ({ at, held, freeze, masked }) =>
      this.line.end(held, at, freeze, 'released', at.now, { reason: masked(reason) }),
    );
  }

  private async momentOf({ tx, at, freeze }: FreezeAtHand, effectiveAt: string | undefined): Promise<Date> {
    const moment = effectiveAt === undefined ? at.now : new Date(effectiveAt);
    const freeSince = await this.view.freeSince(tx, freeze.accountId);
    const fault = effectiveFault(freeze, moment, freeSince, at.now, this.config.timeZone);
    // The bank's clock may be ahead of ours.
    if (!fault) return moment > at.now ? at.now : moment;
    throw freezeTime.with(`The moment of freezing ${fault}. Give the moment that the bank tells.`, {
      errors: [{ pointer: '/effectiveAt', message: fault }],
    });
  }

  /** The bank holds more than was asked for: then who approved must be entitled to that. */
  private async requireApproved({ tx, at, freeze }: FreezeAtHand, frozenFen: number): Promise<void> {
    if (freeze.approverTier === 'city' || frozenFen <= Math.max(freeze.amountFen, freeze.frozenFen ?? 0)) return;
    const { cityFreezeFen } = at.policies.funds;
    const today = localDateOf(at.now, this.config.timeZone);
    const of = { accountId: freeze.accountId, except: freeze.id, amountFen: frozenFen, today };
    if (!(await this.view.exceeds(tx, of, cityFreezeFen))) return;
    throw cityApprovalNeeded.with(
      `The county approved ${freeze.amountFen} fen, and more than ${cityFreezeFen} fen on one account is for the city. Ask for a freeze of what the bank holds.`,
      { members: { amountFen: freeze.amountFen, cityFreezeFen } },
    );
  }
}

function wrong(pointer: string, message: string): ReturnType<typeof invalid.with> {
  return invalid.with(`One field is not right: see errors.`, { errors: [{ pointer, message }] });
}
