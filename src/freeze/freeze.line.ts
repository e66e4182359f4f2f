import { Inject, Injectable } from '@nestjs/common';
import type { DeadlineKind } from '../deadline/deadline.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { IncidentDesk, type IncidentAtHand } from '../incident/incident.desk.js';
import type { EntryKind } from '../ledger/ledger.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { LedgerView } from '../ledger/ledger.view.js';
import type { FundPolicy } from '../organization/policy.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { StopPayments } from '../stop/stop.service.js';
import { FreezeEndings } from './freeze.endings.js';
import type { Freeze } from './freeze.js';
import { isOver, momentsOf } from './freeze.rules.js';
import { FreezeStore } from './freeze.store.js';
import { FreezeView } from './freeze.view.js';
import { HeldAccount } from './held.account.js';
import { lapseOf, movedTo } from './period.rules.js';

const ALARMS = [
  'freeze-verification-1',
  'freeze-verification-3',
  'freeze-renewal',
] as const satisfies readonly DeadlineKind[];
const KINDS: readonly DeadlineKind[] = [...ALARMS, 'freeze-lapses', 'freeze-release-overdue'];
/** A freeze that is told to be over so much after it was is marked as late. */
const LATE_MS = 60_000;

/**
 * One freeze at a time holds an account; the others wait in line (轮候), and the first of them takes its place when it
 * ends. Everything here is done with the account held, so that two servers never do it at once.
 */
@Injectable()
export class FreezeLine {
  constructor(
    private readonly desk: IncidentDesk,
    private readonly store: FreezeStore,
    private readonly view: FreezeView,
    private readonly ledger: LedgerStore,
    private readonly balances: LedgerView,
    private readonly deadlines: DeadlineStore,
    private readonly stops: StopPayments,
    private readonly endings: FreezeEndings,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Takes hold of an account, then of incidents: that of the freeze, and those of the freezes that hold the account or wait
   * for it, because any of them may end or begin. Who they are is read under the account's lock, so that it is still so
   * when their incidents are held.
   */
  async hold(tx: Tx, freeze: Freeze): Promise<HeldAccount> {
    await this.ledger.hold(tx, [freeze.accountId]);
    const line = await this.view.line(tx, freeze.accountId);
    const incidents = [...new Set([freeze.incidentId, ...line])];
    const held = await this.desk.hold(tx, null, { incidents });
    return new HeldAccount(tx, freeze.accountId, new Map(incidents.map((id, index) => [id, held[index]!])));
  }

  /**
   * Ends what holds the account although its time is over, and lets those in the line take its place: a command does not
   * wait for the clock.
   * @param except the freeze that a command is about
   */
  async settle(held: HeldAccount, except?: string): Promise<void> {
    for (;;) {
      const effective = await this.store.lockEffective(held.tx, held.accountId);
      if (!effective || effective.id === except || !isOver(effective, held.tx.now, this.config.timeZone)) return;
      await this.lapse(held, effective);
    }
  }

  /** The bank holds the money from a moment on. */
  async takeEffect(at: IncidentAtHand, freeze: Freeze, moment: Date, frozenFen: number): Promise<void> {
    // The money is in one place at a time.
    if (freeze.stopId !== null) await this.stops.endAsFrozen(at, freeze.stopId, moment);
    Object.assign(freeze, { status: 'effective', effectiveAt: moment, frozenFen });
    this.book(at, freeze, moment, 'frozen', frozenFen);
    this.store.update(at.tx, freeze);
    this.deadlines.cancel(at.tx, freeze.id, 'freeze-lapses');
    this.plan(at, freeze);
    at.log('freeze-effective', {
      freezeId: freeze.id,
      frozenFen,
      effectiveAt: moment.toISOString(),
      from: freeze.fromOn,
      until: freeze.untilOn,
    });
  }

  /** Its last day is over: whatever state it is in, it ends at that very moment. */
  async lapse(held: HeldAccount, freeze: Freeze): Promise<void> {
    const moment = lapseOf(freeze.untilOn, this.config.timeZone);
    const late = held.tx.now.getTime() - moment.getTime() > LATE_MS;
    await this.end(held, held.at(freeze.incidentId, null), freeze, 'lapsed', moment, { late });
  }

  /**
   * Ends a freeze. What is left of the money is free, and the first in the line takes hold of it.
   * @param at where its line is logged
   * @param facts for the line
   */
  async end(
    held: HeldAccount,
    at: IncidentAtHand,
    freeze: Freeze,
    status: 'lapsed' | 'released',
    moment: Date,
    facts: Record<string, unknown>,
  ): Promise<void> {
    const { tx } = held;
    const heldMoney = freeze.status === 'effective';
    const releasedFen = heldMoney ? (await this.balances.balance(tx, freeze.accountId)).frozenFen : 0;
    this.book(at, freeze, moment, 'freeze-released', releasedFen);
    Object.assign(freeze, { status, endedAt: moment });
    this.store.update(tx, freeze);
    this.store.tooLate(tx, freeze.id);
    this.deadlines.cancel(tx, freeze.id, ...KINDS);
    at.log(`freeze-${status}`, { freezeId: freeze.id, releasedFen, ...facts });
    if (!heldMoney) return;
    await this.endings.ended(at, freeze);
    const next = await this.store.lockNext(tx, freeze.accountId);
    if (next) await this.follow(held, next, moment, releasedFen);
  }

  /** Plans what falls due while it holds the money. */
  plan(at: IncidentAtHand, freeze: Freeze): void {
    const moments = this.momentsOf(freeze, at.policies.funds);
    const of = { subjectId: freeze.id, caseId: freeze.incidentId };
    this.deadlines.plan(at.tx, [
      ...moments.verifications.map(({ months, at: dueAt }) => ({
        ...of,
        kind: `freeze-verification-${months}` as const,
        dueAt,
      })),
      { ...of, kind: 'freeze-renewal', dueAt: moments.renewalAt },
      { ...of, kind: 'freeze-lapses', dueAt: moments.lapsesAt },
    ]);
  }

  /** Plans anew what a later last day moves. Verifications that fell behind the old one are due now, too. */
  replan(at: IncidentAtHand, freeze: Freeze, before: Pick<Freeze, 'effectiveAt' | 'untilOn'>): void {
    const was = this.momentsOf(before, at.policies.funds);
    const is = this.momentsOf(freeze, at.policies.funds);
    const of = { subjectId: freeze.id, caseId: freeze.incidentId };
    this.deadlines.cancel(at.tx, freeze.id, 'freeze-renewal', 'freeze-lapses');
    this.deadlines.plan(at.tx, [
      ...is.verifications
        .filter(({ at: dueAt }) => dueAt >= was.lapsesAt)
        .map(({ months, at: dueAt }) => ({ ...of, kind: `freeze-verification-${months}` as const, dueAt })),
      { ...of, kind: 'freeze-renewal', dueAt: is.renewalAt },
      { ...of, kind: 'freeze-lapses', dueAt: is.lapsesAt },
    ]);
  }

  /** Nothing is left to verify or to renew. */
  silence(at: IncidentAtHand, freeze: Freeze): void {
    this.deadlines.cancel(at.tx, freeze.id, ...ALARMS);
  }

  /** An entry of the freezing agency. */
  book(at: IncidentAtHand, freeze: Freeze, moment: Date, kind: EntryKind, amountFen: number): void {
    this.ledger.append(at.tx, [
      {
        cityId: freeze.cityId,
        kind,
        accountId: freeze.accountId,
        amountFen,
        at: moment,
        caseKind: 'incident',
        caseId: freeze.incidentId,
        agencyId: freeze.agencyId,
        originKind: 'freeze',
        originId: freeze.id,
        basis: null,
        byUser: at.caller?.id ?? null,
      },
    ]);
  }

  /** Its turn has come: its days count from now, and it holds what was released, at most what it asked for. */
  private async follow(held: HeldAccount, next: Freeze, moment: Date, releasedFen: number): Promise<void> {
    const from = localDateOf(moment, this.config.timeZone);
    next.untilOn = movedTo({ from: next.fromOn, until: next.untilOn }, from);
    next.fromOn = from;
    await this.takeEffect(held.at(next.incidentId, null), next, moment, Math.min(next.amountFen, releasedFen));
  }

  private momentsOf(freeze: Pick<Freeze, 'effectiveAt' | 'untilOn'>, policy: FundPolicy): ReturnType<typeof momentsOf> {
    return momentsOf(freeze, policy, this.config.timeZone);
  }
}
