import { Injectable } from '@nestjs/common';
import { fourEyes } from '../freeze/approval.problems.js';
import type { Caller } from '../identity/caller.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import type { IfMatch } from '../platform/http/etag.js';
import { allot, whyNot } from './allocation.rules.js';
import { ClaimReader } from './claim.reader.js';
import type { FundReturn } from './return.js';
import { ReturnDesk, type ReturnAtHand } from './return.desk.js';
import type { ProposeBody, ReturnAnswer, ReturnReasonBody } from './return.dto.js';
import { methodNotPossible, notEnoughFrozen } from './return.problems.js';
import { wholeSecond } from './return.rules.js';
import { ReturnStore } from './return.store.js';

/** 审批: the freezing agency proposes how, the city approves. */
@Injectable()
export class DecisionService {
  constructor(
    private readonly desk: ReturnDesk,
    private readonly store: ReturnStore,
    private readonly reader: ClaimReader,
    private readonly deadlines: DeadlineStore,
  ) {}

  /**
   * The officer confirms a method with a reason; shares are of what is frozen now.
   * @throws Problem `method-not-possible`, `not-enough-frozen`
   */
  propose(caller: Caller, id: string, ifMatch: IfMatch, { method, reason }: ProposeBody): Promise<ReturnAnswer> {
    return this.desk.command(caller, id, 'propose', ifMatch, async (hand) => {
      const { tx, row, claims, at } = hand;
      const inflow = at.policies.funds.identifiedInflowOnly
        ? claims.reduce((sum, { claimFen }) => sum + claimFen, 0)
        : row.inflowFen;
      const pot = { accountId: row.accountId, incidentId: row.incidentId, returnId: row.id };
      const facts = await this.reader.again(tx, pot, claims, inflow);
      const why = whyNot(method, facts);
      if (why) throw methodNotPossible.with(`${capital(why)}.`);
      const { returnFen, paidFen, residualFen } = allot(method, facts);
      if (paidFen === 0n)
        throw notEnoughFrozen.with('Nothing is left to return: what is frozen is allotted to others.');
      claims.forEach((claim, index) => {
        claim.returnFen = Number(returnFen[index]!);
        this.store.allot(tx, claim.id, claim.returnFen);
      });
      Object.assign(row, {
        status: 'proposed',
        method,
        frozenFen: Number(facts.frozenFen),
        inflowFen: inflow,
        residualFen: Number(residualFen),
        proposedAt: hand.now,
        proposedBy: caller.id,
      } satisfies Partial<FundReturn>);
      const shown = { returnId: row.id, round: row.round, returnFen: Number(paidFen) };
      if (row.round > 1) at.log('return-recomputed', shown);
      at.log('return-proposed', { ...shown, method, reason: at.masked(reason) });
    });
  }

  /** @throws Problem `four-eyes`, `not-enough-frozen` */
  approve(caller: Caller, id: string, ifMatch: IfMatch): Promise<ReturnAnswer> {
    return this.desk.command(caller, id, 'approve', ifMatch, async (hand) => {
      const { tx, row, at, returnFen } = hand;
      requireOther(hand);
      const available = await this.reader.available(tx, row.accountId, row.id);
      if (available < returnFen) {
        throw notEnoughFrozen.with(
          'Less is frozen, or free of other returns, than when the return was computed. Have it proposed again.',
          { members: { frozenFen: available, returnFen } },
        );
      }
      // A direct return needs no notice: it may be paid at once.
      const direct = row.method !== 'pro-rata';
      Object.assign(row, {
        status: direct ? 'payable' : 'approved',
        decidedAt: hand.now,
        decidedBy: caller.id,
        payableFrom: direct ? wholeSecond(hand.now) : null,
      } satisfies Partial<FundReturn>);
      at.log('return-approved', { returnId: row.id, round: row.round, returnFen });
    });
  }

  /** 退回补正: back to those who applied, for correction; what was approved counts no more. */
  sendBack(caller: Caller, id: string, ifMatch: IfMatch, { reason }: ReturnReasonBody): Promise<ReturnAnswer> {
    return this.desk.command(caller, id, 'send-back', ifMatch, (hand) => {
      const { row, at } = hand;
      if (row.decidedAt !== null) this.beginAnew(hand);
      row.status = 'returned';
      at.log('return-sent-back', { returnId: row.id, reason: at.masked(reason) });
    });
  }

  /** @throws Problem `four-eyes` */
  refuse(caller: Caller, id: string, ifMatch: IfMatch, { reason }: ReturnReasonBody): Promise<ReturnAnswer> {
    return this.desk.command(caller, id, 'refuse', ifMatch, (hand) => {
      const { row, at } = hand;
      requireOther(hand);
      Object.assign(row, {
        status: 'refused',
        decidedAt: hand.now,
        decidedBy: caller.id,
        endedAt: hand.now,
      } satisfies Partial<FundReturn>);
      at.log('return-refused', { returnId: row.id, reason: at.masked(reason) });
    });
  }

  /** A new computation, approval and notice are needed: nothing of the former ones counts. */
  beginAnew({ tx, row }: ReturnAtHand): void {
    this.deadlines.cancel(tx, row.id, 'return-payable', 'return-payment-overdue');
    Object.assign(row, {
      status: 'applied',
      method: null,
      round: row.round + 1,
      proposedAt: null,
      proposedBy: null,
      decidedAt: null,
      decidedBy: null,
      publishedOn: null,
      payableFrom: null,
      officerOne: null,
      officerTwo: null,
      atBankAt: null,
      paymentDueAt: null,
    } satisfies Partial<FundReturn>);
  }
}

/** @throws Problem `four-eyes` where the caller proposed the return or applied for it */
function requireOther({ row, caller }: ReturnAtHand): void {
  if (caller.id !== null && caller.id !== row.proposedBy && caller.id !== row.appliedBy) return;
  throw fourEyes.with('You proposed this return, or applied for it. Another supervisor of the city decides it.');
}

function capital(sentence: string): string {
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}
