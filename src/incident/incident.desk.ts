import { Injectable } from '@nestjs/common';
import { maskText } from '../alert/mask.rules.js';
import { notTheHolder } from '../alert/alert.problems.js';
import { sees } from '../alert/transitions.js';
import type { Caller } from '../identity/caller.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { isId } from '../platform/clock/id.js';
import { Keyring } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/database.js';
import { notFound, type Problem } from '../platform/http/problem.js';
import type { EventData, EventDraft, IncidentEventType } from '../timeline/event.js';
import { PendingEvents, TimelineStore } from '../timeline/timeline.store.js';
import { incidentContext, type Incident, type SealedIncident } from './incident.js';
import { IncidentStore } from './incident.store.js';

/** Fields whose change the last event of a command shows as `before` and `after`. */
const SHOWN = ['status', 'caseNo', 'stopMetAt'] as const;

/** An incident held by a transaction, and everything a rule may ask. */
export class IncidentAtHand {
  readonly drafts: EventDraft[] = [];
  private readonly before: Pick<Incident, (typeof SHOWN)[number] | 'agencyId'>;

  constructor(
    readonly tx: Tx,
    /** Who acts; null where a deadline fires. */
    readonly caller: Caller | null,
    readonly incident: Incident,
    readonly organization: OrganizationSnapshot,
    readonly policies: Policies,
    /** Free text on its way to where it stays for ever in clear, with the victim and long numbers hidden. */
    readonly masked: (text: string) => string,
  ) {
    this.before = { ...incident };
  }

  get now(): Date {
    return this.tx.now;
  }

  /** Whether the incident itself is other than it was: its version is counted up. What happens to its money is not. */
  get changed(): boolean {
    return this.before.agencyId !== this.incident.agencyId || SHOWN.some((field) => this.differs(field));
  }

  /**
   * Puts a line on the timeline.
   * @param data facts, among them the id of the stop-payment, freeze, return or claim; never personal data
   * @param note what a person wrote, kept sealed beside the history
   */
  log(type: IncidentEventType, data: EventData, note?: string | null): void {
    this.drafts.push({ type, data, note: note ?? undefined });
  }

  /** The lines of this command, the last with what changed of the incident. */
  takeDrafts(): EventDraft[] {
    const last = this.drafts.at(-1);
    if (last && this.changed) {
      const changed = SHOWN.filter((field) => this.differs(field));
      const moved = this.before.agencyId !== this.incident.agencyId;
      const pick = (from: IncidentAtHand['before']): EventData => ({
        ...Object.fromEntries(changed.map((field) => [field, from[field]])),
        ...(moved ? { holder: this.organization.byId(from.agencyId).code } : {}),
      });
      last.data = { ...last.data, before: pick(this.before), after: pick(this.incident) };
    }
    return this.drafts;
  }

  private differs(field: (typeof SHOWN)[number]): boolean {
    const [before, after] = [this.before[field], this.incident[field]];
    return before instanceof Date && after instanceof Date ? before.getTime() !== after.getTime() : before !== after;
  }
}

/** What a transaction takes hold of: accounts first, then incidents, each in the order of their ids. */
export interface Hold {
  readonly accounts?: readonly string[];
  readonly incidents: readonly string[];
}

/**
 * Where every command on an incident or its money goes through: accounts → incidents → their own rows; then one history,
 * in one transaction. Who moves money of an account holds it first, so that two commands never wait for each other.
 */
@Injectable()
export class IncidentDesk {
  constructor(
    private readonly store: IncidentStore,
    private readonly ledger: LedgerStore,
    private readonly timeline: TimelineStore,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly keyring: Keyring,
  ) {}

  /**
   * Takes hold of accounts and incidents. Whether the caller may see them is asked by `requireSeen`.
   * @param caller null where a deadline fires
   * @returns the incidents in the order asked for
   * @throws Problem `not-found` where one does not exist
   */
  async hold(tx: Tx, caller: Caller | null, { accounts = [], incidents }: Hold): Promise<IncidentAtHand[]> {
    if (!incidents.every(isId)) throw noSuchIncident();
    if (accounts.length > 0) await this.ledger.hold(tx, accounts);
    const held = new Map((await this.store.lock(tx, [...new Set(incidents)])).map((one) => [one.id, one]));
    // After the wait for the locks.
    const organization = await this.organization.current();
    tx.restamp();
    const found: IncidentAtHand[] = [];
    for (const id of incidents) {
      const incident = held.get(id);
      if (!incident) throw noSuchIncident();
      const policies = await this.policies.at(incident.cityId, tx.now);
      const masked = (text: string): string => maskText(text, this.open(incident).victim);
      found.push(new IncidentAtHand(tx, caller, incident, organization, policies, masked));
    }
    return found;
  }

  /** Stores the heads of the histories and writes their lines. Called once, at the end of what a transaction does. */
  write(...held: readonly IncidentAtHand[]): void {
    const pending = new PendingEvents();
    for (const at of held) {
      const { tx, caller, incident } = at;
      const changed = at.changed;
      const drafts = at.takeDrafts();
      if (drafts.length === 0) continue;
      const author = { actorId: caller?.id ?? null, agencyId: caller?.agency.id ?? incident.agencyId };
      Object.assign(incident, this.timeline.link(pending, incident.id, incident, tx.now, author, drafts));
      if (changed) this.store.update(tx, incident);
      else this.store.extend(tx, incident);
    }
    if (held[0]) this.timeline.write(held[0].tx, pending);
  }

  open(incident: Pick<Incident, 'id' | 'sealed'>): SealedIncident {
    return JSON.parse(this.keyring.openText(incident.sealed, incidentContext(incident.id))) as SealedIncident;
  }
}

/**
 * @throws Problem `not-found` where the incident lies outside the caller's jurisdiction: none of the agencies that hold
 *   it or held it is the caller's own or below it
 */
export function requireSeen(caller: Caller, incident: Incident, organization: OrganizationSnapshot): void {
  if (!sees(caller.agency, incident, organization)) throw noSuchIncident();
}

/** Whether the caller's agency holds the incident or stands above the agency that does: it may work on it. */
export function standsOver(caller: Caller, incident: Incident, organization: OrganizationSnapshot): boolean {
  return organization.within(organization.byId(incident.agencyId), caller.agency);
}

/** @throws Problem `not-the-holder` where the incident has moved on from the caller's agency */
export function requireStanding(caller: Caller, incident: Incident, organization: OrganizationSnapshot): void {
  if (standsOver(caller, incident, organization)) return;
  const holder = organization.byId(incident.agencyId);
  throw notTheHolder.with(
    `The incident is with ${holder.name}; it is for that agency, or one above it, to act. You may still read it.`,
    { members: { holder: { code: holder.code, name: holder.name, tier: holder.tier } } },
  );
}

/** The same for what does not exist and for what lies outside the caller's jurisdiction. */
export function noSuchIncident(): Problem {
  return notFound.with(
    'There is no such incident in your jurisdiction. Check the id; people use incidentNo: GET /incidents?incidentNo=…',
  );
}
