import { Inject, Injectable } from '@nestjs/common';
import { findTokenUser } from '../identity/caller.view.js';
import type { Caller } from '../identity/caller.js';
import type { Deadline } from '../deadline/deadline.js';
import { DeadlineRegistry } from '../deadline/deadline.registry.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { FreezeView } from '../freeze/freeze.view.js';
import { IncidentDesk } from '../incident/incident.desk.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { LedgerView } from '../ledger/ledger.view.js';
import { addDays, localDateOf, startOfLocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { IfMatch } from '../platform/http/etag.js';
import { invalid, notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { HolidayView } from './holiday.view.js';
import { NoticeService } from './notice.service.js';
import type { FundReturn } from './return.js';
import { ReturnDesk, type ReturnAtHand } from './return.desk.js';
import type { BankNoticeBody, PaidBody, ReturnAnswer, ReturnReasonBody } from './return.dto.js';
import { alreadyPaid, notEnoughFrozen, nothingAllotted, notPaid } from './return.problems.js';
import { momentFault, wholeSecond } from './return.rules.js';
import { ReturnStore } from './return.store.js';
import type { ShownClaim } from './return.view.js';

/** 支付: two officers take the notice to the bank, and the bank pays each claim. */
@Injectable()
export class PaymentService {
  constructor(
    private readonly desk: ReturnDesk,
    private readonly incidents: IncidentDesk,
    private readonly notices: NoticeService,
    private readonly store: ReturnStore,
    private readonly ledger: LedgerStore,
    private readonly balances: LedgerView,
    private readonly deadlines: DeadlineStore,
    private readonly freezes: FreezeView,
    private readonly holidays: HolidayView,
    private readonly database: Database,
    @Inject(CONFIG) private readonly config: Config,
    registry: DeadlineRegistry,
  ) {
    registry.on('return-payment-overdue', (tx, deadline, take, late) => this.overdue(tx, deadline, take, late));
  }

  /** @throws Problem `invalid` */
  async notifyBank(caller: Caller, id: string, ifMatch: IfMatch, body: BankNoticeBody): Promise<ReturnAnswer> {
    let complete = true;
    const answer = await this.desk.command(caller, id, 'bank-notice', ifMatch, async (hand) => {
      const { tx, row, at, now } = hand;
      this.notices.settle(hand);
      const deliveredAt = body.deliveredAt === undefined ? now : new Date(body.deliveredAt);
      const fault = momentFault(
        deliveredAt,
        [
          [row.decidedAt!, 'the approval'],
          [row.payableFrom!, 'the end of the notice'],
        ],
        now,
      );
      const officers = await this.officers(hand, body.officers);
      if (fault) {
        throw invalid.with(`The moment of delivery ${fault}.`, {
          errors: [{ pointer: '/deliveredAt', message: fault }],
        });
      }
      const { timeZone } = this.config;
      const days = await this.holidays.workingDays(tx);
      const deliveredOn = localDateOf(deliveredAt, timeZone);
      const lastDay = days.after(deliveredOn, at.policies.funds.paymentWorkingDays);
      complete = days.covers(deliveredOn, lastDay);
      const dueAt = startOfLocalDate(addDays(lastDay, 1), timeZone);
      Object.assign(row, {
        status: 'at-bank',
        officerOne: officers[0],
        officerTwo: officers[1],
        atBankAt: wholeSecond(deliveredAt),
        paymentDueAt: dueAt,
      } satisfies Partial<FundReturn>);
      this.planOverdue(hand);
      at.log('return-at-bank', {
        returnId: row.id,
        deliveredAt: deliveredAt.toISOString(),
        dueAt: dueAt.toISOString(),
        calendarComplete: complete,
      });
    });
    return { ...answer, calendarComplete: complete };
  }

  /** @throws Problem `invalid`, `already-paid`, `nothing-allotted`, `not-enough-frozen` */
  async paid(caller: Caller, id: string, claimId: string, ifMatch: IfMatch, body: PaidBody): Promise<ReturnAnswer> {
    return this.desk.command(
      caller,
      id,
      'paid',
      ifMatch,
      async (hand) => {
        const { tx, row, now } = hand;
        const claim = claimOf(hand, claimId);
        if (claim.paidAt !== null) throw alreadyPaid.with(`Claim ${claim.no} was paid, receipt ${claim.receiptNo}.`);
        if (claim.returnFen === 0)
          throw nothingAllotted.with(`Claim ${claim.no} gets nothing: there is nothing to pay.`);
        const paidAt = new Date(body.paidAt);
        const fault = momentFault(
          paidAt,
          [
            [row.payableFrom!, 'the end of the notice'],
            [row.atBankAt!, 'the notice to the bank'],
          ],
          now,
        );
        if (fault) {
          throw invalid.with(`The payment ${fault}. Give the moment at which the bank paid.`, {
            errors: [{ pointer: '/paidAt', message: fault }],
          });
        }
        const { frozenFen } = await this.balances.balance(tx, row.accountId);
        if (frozenFen < claim.returnFen) {
          throw notEnoughFrozen.with('Less is frozen in the account than the claim was allotted.', {
            members: { frozenFen, returnFen: claim.returnFen },
          });
        }
        this.book(hand, claim, paidAt, body.receiptNo);
      },
      { claims: [claimId] },
    );
  }

  /** A payment that was not made, or to somebody else: taken back by a contrary entry. */
  async reverse(
    caller: Caller,
    id: string,
    claimId: string,
    ifMatch: IfMatch,
    { reason }: ReturnReasonBody,
  ): Promise<ReturnAnswer> {
    return this.desk.command(
      caller,
      id,
      'reverse',
      ifMatch,
      async (hand) => {
        const { tx, row, at } = hand;
        const claim = claimOf(hand, claimId);
        if (claim.paidAt === null) throw notPaid.with(`Claim ${claim.no} has not been paid.`);
        const entries = await this.ledger.standing(tx, claim.id);
        this.ledger.reverse(tx, entries, caller.id);
        this.store.unpay(tx, claim.id);
        const facts = { returnId: row.id, claimId: claim.id, amountFen: claim.returnFen, reason: at.masked(reason) };
        this.tellBoth(hand, claim, 'return-payment-reversed', facts);
        if (!hand.frozen) await this.afterTheFreeze(hand, claim);
        else if (row.status === 'paid') this.reopen(hand);
      },
      { claims: [claimId] },
    );
  }

  private book(hand: ReturnAtHand, claim: ShownClaim, paidAt: Date, receiptNo: string): void {
    const { tx, row, claims, caller } = hand;
    this.store.pay(tx, claim.id, paidAt, receiptNo, caller.id);
    this.ledger.append(tx, [
      {
        cityId: row.cityId,
        kind: 'returned',
        accountId: row.accountId,
        amountFen: claim.returnFen,
        at: paidAt,
        caseKind: 'incident',
        caseId: claim.incidentId,
        agencyId: row.agencyId,
        originKind: 'return-claim',
        originId: claim.id,
        basis: null,
        byUser: caller.id,
      },
    ]);
    this.tellBoth(hand, claim, 'return-paid', {
      returnId: row.id,
      claimId: claim.id,
      amountFen: claim.returnFen,
      receiptNo,
      paidAt: paidAt.toISOString(),
    });
    claim.paidAt = paidAt;
    if (claims.every((one) => one.paidAt !== null || one.returnFen === 0)) {
      Object.assign(row, { status: 'paid', endedAt: hand.now } satisfies Partial<FundReturn>);
      this.deadlines.cancel(tx, row.id, 'return-payment-overdue');
    }
  }

  /** The bank has it to pay again. What was paid in time may be late now. */
  private reopen(hand: ReturnAtHand): void {
    const { row } = hand;
    const inTime = row.endedAt!.getTime() < row.paymentDueAt!.getTime();
    Object.assign(row, { status: 'at-bank', endedAt: null } satisfies Partial<FundReturn>);
    if (inTime) this.planOverdue(hand);
  }

  /** The freeze that the money came from is over: what was not paid is released with the rest. */
  private async afterTheFreeze({ tx, row, now, caller }: ReturnAtHand, claim: ShownClaim): Promise<void> {
    const freeze = (await this.freezes.find(tx, row.freezeId))!;
    if (freeze.endedAt !== null) {
      this.ledger.append(tx, [
        {
          cityId: row.cityId,
          kind: 'freeze-released',
          accountId: row.accountId,
          amountFen: claim.returnFen,
          at: now,
          caseKind: 'incident',
          caseId: row.incidentId,
          agencyId: row.agencyId,
          originKind: 'freeze',
          originId: freeze.id,
          basis: null,
          byUser: caller.id,
        },
      ]);
    }
    if (row.status === 'paid') row.status = 'lapsed';
  }

  private planOverdue({ tx, row }: ReturnAtHand): void {
    const due = { subjectId: row.id, caseId: row.incidentId, dueAt: row.paymentDueAt! };
    this.deadlines.plan(tx, [{ kind: 'return-payment-overdue', ...due }]);
  }

  /** On the timeline of the claim's incident, and of the freeze's where that is another. */
  private tellBoth(
    { at, row, incidents }: ReturnAtHand,
    claim: ShownClaim,
    type: 'return-paid' | 'return-payment-reversed',
    facts: Record<string, unknown>,
  ): void {
    incidents.get(claim.incidentId)!.log(type, facts);
    if (claim.incidentId !== row.incidentId) at.log(type, facts);
  }

  /** @throws Problem `invalid` where they are not two active users of the freezing agency, below it or above it */
  private async officers({ tx, row, at, now }: ReturnAtHand, names: readonly string[]): Promise<string[]> {
    const freezing = at.organization.byId(row.agencyId);
    const faults: Fault[] = [];
    const ids: string[] = [];
    for (const [index, name] of names.entries()) {
      const user = await findTokenUser(tx, name.trim().toLowerCase());
      const agency = user && at.organization.byId(user.agencyId);
      const active = user && user.disabledAt === null && !(user.lockedUntil && user.lockedUntil > now);
      const near = agency && (at.organization.within(agency, freezing) || at.organization.within(freezing, agency));
      if (!active || !near) {
        faults.push({
          pointer: `/officers/${index}`,
          message: 'is not an active user of the freezing agency, or below or above it',
        });
      } else if (ids.includes(user.id)) {
        faults.push({ pointer: `/officers/${index}`, message: 'must be another person: two officers go' });
      } else ids.push(user.id);
    }
    if (faults.length > 0)
      throw invalid.with('Two officers take the notice to the bank: see errors.', { errors: faults });
    return ids;
  }

  private async overdue(tx: Tx, deadline: Deadline, take: () => Promise<boolean>, late: boolean): Promise<void> {
    const [at] = await this.incidents.hold(tx, null, { incidents: [deadline.caseId] });
    const row = await this.store.lock(tx, deadline.subjectId);
    if (!(await take()) || row?.status !== 'at-bank') return;
    at!.log('return-payment-overdue', { returnId: row.id, dueAt: deadline.dueAt.toISOString(), late });
    this.incidents.write(at!);
  }
}

function claimOf({ claims }: ReturnAtHand, claimId: string): ShownClaim {
  const claim = claims.find(({ id }) => id === claimId.toLowerCase());
  if (!claim) throw notFound.with('The return has no such claim. Check the id: GET /returns/{id} shows them.');
  return claim;
}
