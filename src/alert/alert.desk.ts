import { Injectable } from '@nestjs/common';
import { mayUseSource } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { isId } from '../platform/clock/id.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { notFound, Problem } from '../platform/http/problem.js';
import type { EventData, EventDraft, EventType } from '../timeline/event.js';
import { PendingEvents, TimelineStore } from '../timeline/timeline.store.js';
import type { Alert } from './alert.js';
import type { AlertAnswer } from './alert.dto.js';
import { AlertPresenter, allowedFor } from './alert.presenter.js';
import { illegalTransition, notTheHolder } from './alert.problems.js';
import { AlertStore } from './alert.store.js';
import { AlertView } from './alert.view.js';
import { maskText } from './mask.rules.js';
import { StageTeller } from './stage.teller.js';
import { judge, sees, standingOf, startOf, type Command, type Standing } from './transitions.js';

/** Fields whose change every event shows as `before` and `after`. */
const SHOWN = [
  'status',
  'riskLevel',
  'amountAtRiskFen',
  'visitRequired',
  'result',
  'urged',
  'defraudedAfterWarning',
] as const;

/** What a command does to the case at hand. */
export type Work = (at: CaseAtHand) => Promise<unknown> | void;

/** A case held by a transaction: its row to be changed, and everything a rule may ask. */
export class CaseAtHand {
  private readonly drafts: EventDraft[] = [];
  private readonly before: Pick<Alert, (typeof SHOWN)[number] | 'holderId'>;

  constructor(
    readonly tx: Tx,
    readonly caller: Caller,
    readonly alert: Alert,
    /** The alert that a merged signal joined, locked with it. */
    readonly joined: Alert | undefined,
    readonly standing: Standing,
    readonly organization: OrganizationSnapshot,
    readonly policies: Policies,
    /** Free text on its way to where it stays for ever in clear, with the person and long numbers hidden. */
    readonly masked: (text: string) => string,
    /** Lines that are linked already: what the clocks had to tell before the command. */
    readonly pending: PendingEvents,
  ) {
    this.before = { ...alert };
  }

  /** The command changes nothing of the case but its history: whoever has read it need not read it again. */
  onlyRead = false;

  get now(): Date {
    return this.tx.now;
  }

  /** The agency that holds the case. */
  get holder(): Agency {
    return this.organization.byId(this.alert.holderId!);
  }

  /** Puts a line on the timeline; the last line of a command carries what changed. */
  log(type: EventType, data: EventData, note?: string | null): void {
    this.drafts.push({ type, data, note: note ?? undefined });
  }

  /** The lines of this command, the last with `before` and `after`. */
  takeDrafts(): EventDraft[] {
    const before: EventData = {};
    const after: EventData = {};
    for (const field of SHOWN) {
      if (this.before[field] !== this.alert[field])
        [before[field], after[field]] = [this.before[field], this.alert[field]];
    }
    if (this.before.holderId !== this.alert.holderId) {
      const code = (id: number | null): string | null => (id === null ? null : this.organization.byId(id).code);
      [before['holder'], after['holder']] = [code(this.before.holderId), code(this.alert.holderId)];
    }
    const last = this.drafts.at(-1);
    if (last && Object.keys(after).length > 0) last.data = { ...last.data, before, after };
    return this.drafts;
  }
}

/**
 * Where every command on a stored case goes through: lock → may it be seen → is it the version that was read → does
 * the table allow it → the command's own work → one update, one history, one answer, in one transaction.
 */
@Injectable()
export class AlertDesk {
  constructor(
    private readonly database: Database,
    private readonly store: AlertStore,
    private readonly view: AlertView,
    private readonly timeline: TimelineStore,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly presenter: AlertPresenter,
    private readonly stages: StageTeller,
  ) {}

  /**
   * @param work changes `at.alert` and writes other tables; what it logs goes on the timeline
   * @param answer what the caller gets, by default the alert
   * @throws Problem `not-found`, `stale-version`, `illegal-transition`, `not-the-holder`, and whatever `work` throws
   */
  async command(caller: Caller, id: string, command: Command, ifMatch: IfMatch, work: Work): Promise<AlertAnswer>;
  async command<T>(
    caller: Caller,
    id: string,
    command: Command,
    ifMatch: IfMatch,
    work: Work,
    answer: (at: CaseAtHand) => T,
  ): Promise<T>;
  async command<T>(
    caller: Caller,
    id: string,
    command: Command,
    ifMatch: IfMatch,
    work: Work,
    answer?: (at: CaseAtHand) => T,
  ): Promise<T | AlertAnswer> {
    return this.database.transaction(caller.session, (tx) =>
      this.within(tx, caller, id, command, ifMatch, work, answer),
    );
  }

  /** The same inside a transaction that is already open: for many cases at once. */
  async within<T>(
    tx: Tx,
    caller: Caller,
    id: string,
    command: Command,
    ifMatch: IfMatch,
    work: Work,
    answer?: (at: CaseAtHand) => T,
  ): Promise<T | AlertAnswer> {
    const at = await this.take(tx, caller, id, command, ifMatch);
    await work(at);
    this.write(at);
    return answer ? answer(at) : this.answer(at);
  }

  /**
   * One command on many cases, set by set: all are locked at once, and all that is written goes out without waiting in
   * between. Each stands or falls by itself, with its answer or the problem that refused it.
   * @throws OneByOne where a case was refused after it had written something, or hangs on another; and whatever the
   *   database refuses: nothing of the whole must be kept then
   */
  async withinEach(
    tx: Tx,
    caller: Caller,
    ids: readonly string[],
    command: Command,
    work: Work,
  ): Promise<Map<string, AlertAnswer | Problem>> {
    const stored = new Map((await this.store.lockMany(tx, ids.filter(isId))).map((alert) => [alert.id, alert]));
    for (const { mergedInto } of stored.values())
      if (mergedInto) throw new OneByOne('a merged signal is judged with the alert that it joined');
    const organization = await this.organization.current();
    tx.restamp();
    const pending = new PendingEvents();
    const results = new Map<string, AlertAnswer | Problem>();
    for (const id of ids) {
      const before = tx.statementsSent;
      try {
        const at = await this.open(tx, caller, stored.get(id), undefined, organization, command, undefined);
        await work(at);
        this.link(at);
        pending.add(at.pending);
        results.set(id, this.answer(at));
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        if (tx.statementsSent > before) throw new OneByOne(`${command} of ${id} was refused after it had written`);
        results.set(id, error);
      }
    }
    this.timeline.write(tx, pending);
    return results;
  }

  /**
   * Takes hold of a case for what belongs to it and outlives its states: a protected account is given back also after the
   * case was closed. For the agency that holds the case, or held it last, and those above; the system for whoever acts by
   * itself. Only the history is written: the case itself, and its version, stay what they were.
   * @param unseen what to answer where the case is not the caller's to see
   * @throws what `unseen` gives, Problem `not-the-holder`, and whatever `work` throws
   */
  async attend<T>(
    tx: Tx,
    caller: Caller,
    id: string,
    unseen: () => Problem,
    work: (at: CaseAtHand) => Promise<T>,
  ): Promise<T> {
    const alert = await this.store.lock(tx, id);
    const organization = await this.organization.current();
    tx.restamp();
    if (!alert || !sees(caller.agency, alert, organization)) throw unseen();
    const holder = organization.byId(alert.holderId ?? alert.cityId);
    const standing = standingOf(caller.agency, alert, holder, organization);
    if (caller.kind !== 'system' && !standing.holds && !standing.above) {
      throw notTheHolder.with(
        `The alert is ${alert.status} at ${holder.name}; it is for that agency, or one above it.`,
        {
          members: { alertStatus: alert.status, holder: { code: holder.code, name: holder.name, tier: holder.tier } },
        },
      );
    }
    const policies = await this.policies.at(alert.cityId, tx.now);
    const masked = (text: string): string => maskText(text, this.presenter.open(alert).subject);
    const pending = new PendingEvents();
    const at = new CaseAtHand(tx, caller, alert, undefined, standing, organization, policies, masked, pending);
    at.onlyRead = true;
    const result = await work(at);
    this.write(at);
    return result;
  }

  private async take(tx: Tx, caller: Caller, id: string, command: Command, ifMatch: IfMatch): Promise<CaseAtHand> {
    if (!isId(id)) throw noSuchAlert();
    const alert = await this.store.lock(tx, id);
    const joined = alert?.mergedInto ? await this.store.lock(tx, alert.mergedInto) : undefined;
    // After the wait for the lock: the case may lie with an agency that was made in the meantime.
    const organization = await this.organization.current();
    tx.restamp();
    return this.open(tx, caller, alert, joined, organization, command, ifMatch);
  }

  /** A locked case, if the caller may give the command on it now. */
  private async open(
    tx: Tx,
    caller: Caller,
    alert: Alert | undefined,
    joined: Alert | undefined,
    organization: OrganizationSnapshot,
    command: Command,
    ifMatch: IfMatch,
  ): Promise<CaseAtHand> {
    if (!alert || !sees(caller.agency, joined ?? alert, organization)) throw noSuchAlert();
    requireVersion(ifMatch, alert.version);
    const holder = organization.byId((joined ?? alert).holderId!);
    const standing = standingOf(caller.agency, alert, holder, organization);
    const policies = await this.policies.at(alert.cityId, tx.now);
    const verdict = judge(command, alert, standing);
    if (verdict !== 'yes') throw refusal(command, alert, holder, caller, standing, policies);
    const pending = new PendingEvents();
    // Who reads only leaves the clocks to the loop: the case itself is not written.
    if (command !== 'reveal') this.stages.tell(tx, alert, organization, policies, pending);
    const masked = (text: string): string =>
      [alert, joined].reduce(
        (hidden, one) => (one ? maskText(hidden, this.presenter.open(one).subject) : hidden),
        text,
      );
    return new CaseAtHand(tx, caller, alert, joined, standing, organization, policies, masked, pending);
  }

  private write(at: CaseAtHand): void {
    this.link(at);
    this.timeline.write(at.tx, at.pending);
  }

  /** Stores the case with the head of its history, and leaves the lines themselves to be written. */
  private link(at: CaseAtHand): void {
    const { tx, alert, caller, pending } = at;
    const drafts = at.takeDrafts();
    if (drafts.length === 0 && pending.rows.length === 0) return;
    const author = { actorId: caller.id, agencyId: caller.agency.id };
    if (drafts.length > 0) Object.assign(alert, this.timeline.link(pending, alert.id, alert, tx.now, author, drafts));
    if (at.onlyRead) this.store.extend(tx, alert);
    else this.store.update(tx, alert);
  }

  private answer(at: CaseAtHand): AlertAnswer {
    const { alert, caller, organization, policies, now } = at;
    const standing = alert.holderId === null ? at.standing : standingOf(caller.agency, alert, at.holder, organization);
    return this.presenter.answer(alert, caller, organization, now, allowedFor(caller, alert, standing, policies));
  }

  /**
   * A case that the caller may see.
   * @throws Problem `not-found`
   */
  async see(
    tx: Tx,
    caller: Caller,
    id: string,
  ): Promise<{ alert: Alert; organization: OrganizationSnapshot; allowed: Command[] }> {
    if (!isId(id)) throw noSuchAlert();
    const organization = await this.organization.current();
    const alert = await this.view.find(tx, id);
    const joined = alert?.mergedInto ? await this.view.find(tx, alert.mergedInto) : undefined;
    if (!alert || !maySee(caller, alert, joined, organization)) throw noSuchAlert();
    const holder = organization.byId((joined ?? alert).holderId!);
    const standing = standingOf(caller.agency, alert, holder, organization);
    const policies = await this.policies.at(alert.cityId, tx.now);
    return { alert, organization, allowed: allowedFor(caller, alert, standing, policies) };
  }
}

/** Cases that cannot be done together: each is to be tried by itself. */
export class OneByOne extends Error {}

/** A feed reads back what came from its sources in its city; everybody else what the own subtree holds or held. */
function maySee(caller: Caller, alert: Alert, joined: Alert | undefined, organization: OrganizationSnapshot): boolean {
  if (caller.sources !== null) return caller.agency.cityId === alert.cityId && mayUseSource(caller, alert.source);
  return sees(caller.agency, joined ?? alert, organization);
}

/** The same for what does not exist and for what lies outside the caller's jurisdiction. */
export function noSuchAlert(): Problem {
  return notFound.with(
    'There is no such alert in your jurisdiction. Check the id; people use alertNo: GET /alerts?alertNo=…',
  );
}

function refusal(
  command: Command,
  alert: Alert,
  holder: Agency,
  caller: Caller,
  standing: Standing,
  policies: Policies,
): Problem {
  const allowed = allowedFor(caller, alert, standing, policies);
  const members = {
    alertStatus: alert.status,
    holder: { code: holder.code, name: holder.name, tier: holder.tier },
    allowed,
  };
  const next = allowed.length > 0 ? `You can: ${allowed.join(', ')}.` : 'There is nothing for you to do on it now.';
  const state = `The alert is ${alert.status} at ${holder.name}`;
  // Who held it once and acts too late has lost a race with the state; who never held it acts in another's place.
  const movedOn = alert.heldBy.includes(caller.agency.id) && !standing.holds && command !== 'reveal';
  if (judge(command, alert, standing) === 'wrong-agency' && !movedOn) {
    return notTheHolder.with(`${state}; ${command} is not for ${caller.agency.name} to give. ${next}`, { members });
  }
  return illegalTransition.with(
    `${state}; ${command} starts from ${startOf(command)}${movedOn ? ' at its holder' : ''}. ${next}`,
    {
      members,
    },
  );
}
