import { Injectable } from '@nestjs/common';
import { illegalTransition } from '../alert/alert.problems.js';
import { maskText } from '../alert/mask.rules.js';
import { sees } from '../alert/transitions.js';
import type { Deadline } from '../deadline/deadline.js';
import { DeadlineRegistry } from '../deadline/deadline.registry.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import type { Caller } from '../identity/caller.js';
import { IncidentDesk, requireStanding, type IncidentAtHand } from '../incident/incident.desk.js';
import type { EntryKind } from '../ledger/ledger.js';
import { LedgerStore, type NewEntry } from '../ledger/ledger.store.js';
import { isId } from '../platform/clock/id.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { invalid } from '../platform/http/problem.js';
import type { StopPayment } from './stop.js';
import type { StopAnswer, StopCorrectBody, StopEffectiveBody, StopReasonBody, StopReleaseBody } from './stop.dto.js';
import { StopPresenter } from './stop.presenter.js';
import { noSuchStop, stopExpired, stopTime } from './stop.problems.js';
import { commandsOf, endOf, startOf, stateAt, stoppedFault, type StopCommand } from './stop.rules.js';
import { StopStore } from './stop.store.js';
import { StopView, type ShownStop } from './stop.view.js';

/** A stop-payment held by a transaction, with its incident. */
interface StopAtHand {
  readonly at: IncidentAtHand;
  /** Its row, to be changed. */
  readonly stop: StopPayment;
  /** A reason on its way to where it stays for ever in clear, with the holder of the account hidden as well. */
  readonly masked: (text: string) => string;
}

/** 紧急止付: what becomes of a stop-payment once it is asked for. */
@Injectable()
export class StopPayments {
  constructor(
    private readonly database: Database,
    private readonly desk: IncidentDesk,
    private readonly store: StopStore,
    private readonly view: StopView,
    private readonly presenter: StopPresenter,
    private readonly ledger: LedgerStore,
    private readonly deadlines: DeadlineStore,
    registry: DeadlineRegistry,
  ) {
    registry.on('stop-expires', (tx, deadline, take, late) => this.fire(tx, deadline, take, late));
  }

  /** The bank has stopped the account. What is put on record after its time is over has held and ended all the same. */
  async effective(caller: Caller, id: string, ifMatch: IfMatch, body: StopEffectiveBody): Promise<StopAnswer> {
    return this.command(caller, id, 'effective', ifMatch, ({ at, stop }) => {
      const stoppedAt = new Date(body.stoppedAt);
      const fault = stoppedFault(stoppedAt, stop.transferAt, at.now);
      if (fault) {
        throw stopTime.with(`The moment of stopping ${fault}. Give the moment that the bank tells.`, {
          errors: [{ pointer: '/stoppedAt', message: fault }],
        });
      }
      const expiresAt = endOf(stoppedAt, at.policies.funds.stopHours);
      const { stoppedFen } = body;
      Object.assign(stop, { status: 'effective', stoppedAt, stoppedFen, expiresAt });
      this.book(at, stop, stoppedAt, 'stopped');
      const moments = { stoppedAt: stoppedAt.toISOString(), expiresAt: expiresAt.toISOString() };
      at.log('stop-effective', { stopId: stop.id, stoppedFen, ...moments });
      if (stateAt(stop, at.now) === 'expired') this.expire(at, stop, true);
      else {
        const deadline = { kind: 'stop-expires' as const, subjectId: stop.id, caseId: stop.incidentId };
        this.deadlines.plan(at.tx, [{ ...deadline, dueAt: expiresAt }]);
      }
    });
  }

  /** The bank has not stopped it. That one does not count: the account may still be stopped twice. */
  async refused(caller: Caller, id: string, ifMatch: IfMatch, body: StopReasonBody): Promise<StopAnswer> {
    return this.command(caller, id, 'refused', ifMatch, ({ at, stop, masked }) => {
      Object.assign(stop, { status: 'refused', ordinal: null, endedAt: at.now });
      at.log('stop-refused', { stopId: stop.id, reason: masked(body.reason) });
    });
  }

  /** Given up before its time. Money that goes back to whoever paid it was intercepted. */
  async release(caller: Caller, id: string, ifMatch: IfMatch, { to, reason }: StopReleaseBody): Promise<StopAnswer> {
    return this.command(caller, id, 'release', ifMatch, ({ at, stop, masked }) => {
      this.end(at, stop, 'released', at.now);
      stop.releasedTo = to;
      if (to === 'payer') this.book(at, stop, at.now, 'intercepted');
      at.log('stop-released', { stopId: stop.id, stoppedFen: stop.stoppedFen, to, reason: masked(reason) });
    });
  }

  /** What the bank really holds: the entry is taken back by a contrary one, and made anew. */
  async correct(caller: Caller, id: string, ifMatch: IfMatch, body: StopCorrectBody): Promise<StopAnswer> {
    return this.command(caller, id, 'correct', ifMatch, async ({ at, stop, masked }) => {
      const { stoppedFen: was, stoppedAt } = stop;
      if (was === body.stoppedFen) {
        throw invalid.with('That is the amount on record already.', {
          errors: [{ pointer: '/stoppedFen', message: 'is the amount on record already' }],
        });
      }
      this.ledger.reverse(at.tx, await this.ledger.standing(at.tx, stop.id), at.caller!.id);
      stop.stoppedFen = body.stoppedFen;
      this.book(at, stop, stoppedAt!, 'stopped');
      at.log('stop-corrected', { stopId: stop.id, was, stoppedFen: body.stoppedFen, reason: masked(body.reason) });
    });
  }

  /**
   * The bank has frozen what was stopped: the money is in one place at a time. Nothing is done where the stop-payment
   * holds no more. Its account and its incident are held; the caller writes the history.
   * @param frozenAt when the bank froze it
   */
  async endAsFrozen(at: IncidentAtHand, stopId: string, frozenAt = at.now): Promise<void> {
    const stop = await this.store.lock(at.tx, stopId);
    if (!stop || stateAt(stop, at.now) !== 'effective') return;
    this.end(at, stop, 'frozen', frozenAt);
    at.log('stop-frozen', { stopId, stoppedFen: stop.stoppedFen });
    this.store.update(at.tx, stop);
  }

  /** Account → incident → its own row; then may it be seen, is it the version that was read, is it for the caller, does its state allow it. */
  private async command(
    caller: Caller,
    id: string,
    command: StopCommand,
    ifMatch: IfMatch,
    work: (held: StopAtHand) => Promise<void> | void,
  ): Promise<StopAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const found = isId(id) ? await this.view.find(tx, id) : undefined;
      if (!found) throw noSuchStop();
      const held = await this.hold(tx, caller, found);
      const { at, stop } = held;
      if (!sees(caller.agency, at.incident, at.organization)) throw noSuchStop();
      requireVersion(ifMatch, stop.version);
      requireStanding(caller, at.incident, at.organization);
      requireState(stop, command, at.now);
      await work(held);
      this.store.update(tx, stop);
      this.desk.write(at);
      const shown = { ...found, ...stop };
      const allowed = this.presenter.allowed(caller, shown, at.organization, at.now);
      return this.presenter.answer(shown, at.organization, at.now, allowed);
    });
  }

  /** Ends by itself, at the moment that was planned. */
  private async fire(tx: Tx, { subjectId }: Deadline, take: () => Promise<boolean>, late: boolean): Promise<void> {
    const found = (await this.view.find(tx, subjectId))!;
    const { at, stop } = await this.hold(tx, null, found);
    if (!(await take())) return;
    this.expire(at, stop, late);
    this.store.update(tx, stop);
    this.desk.write(at);
  }

  private async hold(tx: Tx, caller: Caller | null, found: ShownStop): Promise<StopAtHand> {
    const [at] = await this.desk.hold(tx, caller, { accounts: [found.accountId], incidents: [found.incidentId] });
    const stop = (await this.store.lock(tx, found.id))!;
    const name = this.presenter.holderName(stop);
    return { at: at!, stop, masked: (text) => maskText(at!.masked(text), { name }) };
  }

  private expire(at: IncidentAtHand, stop: StopPayment, late: boolean): void {
    this.end(at, stop, 'expired', stop.expiresAt!);
    at.log('stop-expired', { stopId: stop.id, stoppedFen: stop.stoppedFen, late });
  }

  private end(at: IncidentAtHand, stop: StopPayment, status: 'expired' | 'frozen' | 'released', endedAt: Date): void {
    Object.assign(stop, { status, endedAt });
    this.book(at, stop, endedAt, 'stop-released');
    this.deadlines.cancel(at.tx, stop.id, 'stop-expires');
  }

  /** All that the stop-payment holds, as an entry of its agency. */
  private book({ tx, caller }: IncidentAtHand, stop: StopPayment, moment: Date, kind: EntryKind): void {
    const entry: NewEntry = {
      cityId: stop.cityId,
      kind,
      accountId: kind === 'intercepted' ? null : stop.accountId,
      amountFen: stop.stoppedFen!,
      at: moment,
      caseKind: 'incident',
      caseId: stop.incidentId,
      agencyId: stop.agencyId,
      originKind: 'stop-payment',
      originId: stop.id,
      basis: kind === 'intercepted' ? 'stop-payment' : null,
      byUser: caller?.id ?? null,
    };
    this.ledger.append(tx, [entry]);
  }
}

function requireState(stop: StopPayment, command: StopCommand, now: Date): void {
  const state = stateAt(stop, now);
  const allowed = commandsOf(state);
  if (allowed.includes(command)) return;
  const members = { stopStatus: state, allowed };
  if (state === 'expired') {
    throw stopExpired.with(
      `The stop-payment ended by itself at ${stop.expiresAt!.toISOString()}. While the account has been stopped only once, another can be asked for.`,
      { members },
    );
  }
  const next = allowed.length > 0 ? `You can: ${allowed.join(', ')}.` : 'Nothing more can be done about it.';
  throw illegalTransition.with(`The stop-payment is ${state}; ${command} starts from ${startOf(command)}. ${next}`, {
    members,
  });
}
