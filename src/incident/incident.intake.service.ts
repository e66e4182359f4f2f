import { Inject, Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import type { Caller } from '../identity/caller.js';
import { CaseNumbers } from '../intake/case-number.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { newId } from '../platform/clock/id.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { AlertLinker, linkedBy } from './alert.linker.js';
import type { Incident } from './incident.js';
import { IncidentRegister, type NewIncident } from './incident.register.js';
import { acceptingAgency } from './incident.rules.js';
import { IncidentView } from './incident.view.js';
import type { IncidentDigests, ReportedIncident } from './reported.incident.js';

/** What became of one report. */
export interface TakenIncident {
  /** `conflict`: the reference stands for other content. */
  outcome: 'created' | 'duplicate' | 'conflict';
  incident: Incident;
}

interface Incoming {
  index: number;
  reported: ReportedIncident;
  digests: IncidentDigests;
}

/** Rounds of "insert, see who was faster, look again" before something is plainly wrong. */
const MOST_ROUNDS = 20;

/**
 * Takes reports in: repeats, conflicts, the agency that accepts, the warnings of the victim, the history — in a handful of
 * statements however many reports there are.
 */
@Injectable()
export class IncidentIntake {
  constructor(
    private readonly view: IncidentView,
    private readonly register: IncidentRegister,
    private readonly linker: AlertLinker,
    private readonly numbers: CaseNumbers,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Reports of one city, in order.
   * @param digests of each, where they are known already
   * @returns what became of each, in the same order
   */
  async take(
    tx: Tx,
    caller: Caller,
    all: readonly ReportedIncident[],
    organization: OrganizationSnapshot,
    policies: Policies,
    digests?: readonly IncidentDigests[],
  ): Promise<TakenIncident[]> {
    const taken: TakenIncident[] = new Array<TakenIncident>(all.length);
    let waiting = all.map((reported, index): Incoming => ({
      index,
      reported,
      digests: digests?.[index] ?? this.register.digestsOf(reported),
    }));
    for (let round = 1; waiting.length > 0; round++) {
      if (round > MOST_ROUNDS) throw new Error('reports keep meeting others that are not there');
      waiting = await this.round(tx, caller, waiting, organization, policies, taken);
    }
    return taken;
  }

  /** @returns the reports that are to be looked at again: another transaction, or one before them, has the same reference */
  private async round(
    tx: Tx,
    caller: Caller,
    waiting: readonly Incoming[],
    organization: OrganizationSnapshot,
    policies: Policies,
    taken: TakenIncident[],
  ): Promise<Incoming[]> {
    const { fresh, again } = await this.withoutRepeats(tx, caller, waiting, taken);
    if (fresh.length === 0) return again;
    const { cityId } = caller.agency;
    // Cases are held before incidents, here as everywhere.
    const victims = fresh.map(({ reported: { reportedAt }, digests }) => ({ ...digests, reportedAt }));
    const warnings = await this.linker.hold(tx, cityId, victims, policies);
    const numbers = await this.numbers.take(
      organization.byId(cityId).code,
      localDateOf(tx.now, this.config.timeZone),
      fresh.length,
      'incident',
    );
    const entering = fresh.map((incoming, position) => {
      const entry = this.entryOf(tx, caller, incoming, numbers[position]!, warnings[position]!, organization, policies);
      return { incoming, entry, alerts: warnings[position]! };
    });
    // In one order for everybody: two batches with the same references wait for each other instead of deadlocking.
    entering.sort((a, b) => (referenceOf(a.incoming) < referenceOf(b.incoming) ? -1 : 1));
    const author = { actorId: caller.id, agencyId: caller.agency.id };
    const entries = entering.map(({ entry }) => entry);
    const entered = await this.register.enter(tx, author, entries, organization);
    const linked: { incident: Incident; alerts: readonly Alert[] }[] = [];
    for (const { incoming, entry, alerts } of entering) {
      const { incident } = entry;
      if (entered.has(incident.id)) {
        taken[incoming.index] = { outcome: 'created', incident };
        linked.push({ incident, alerts });
      } else again.push(incoming);
    }
    this.linker.link(tx, author, linked);
    return again.sort((a, b) => a.index - b.index);
  }

  /** Answers repeats of what is stored; of several in one batch the first goes on, the others wait for it. */
  private async withoutRepeats(
    tx: Tx,
    caller: Caller,
    waiting: readonly Incoming[],
    taken: TakenIncident[],
  ): Promise<{ fresh: Incoming[]; again: Incoming[] }> {
    const sources = waiting.map(({ reported }) => reported.source);
    const refs = waiting.map(({ reported }) => reported.sourceRef);
    const rows = await this.view.byReference(tx, caller.agency.cityId, sources, refs);
    const stored = new Map(rows.map(({ ord, ...incident }) => [ord - 1, incident]));
    const seen = new Set<string>();
    const again: Incoming[] = [];
    const fresh = waiting.filter((incoming, position) => {
      const incident = stored.get(position);
      if (incident) {
        const same = incident.contentHash.equals(incoming.digests.contentHash);
        taken[incoming.index] = { outcome: same ? 'duplicate' : 'conflict', incident };
        return false;
      }
      const reference = referenceOf(incoming);
      if (seen.has(reference)) again.push(incoming);
      return !seen.has(reference) && seen.add(reference);
    });
    return { fresh, again };
  }

  private entryOf(
    tx: Tx,
    caller: Caller,
    { reported, digests }: Incoming,
    incidentNo: string,
    alerts: readonly Alert[],
    organization: OrganizationSnapshot,
    policies: Policies,
  ): NewIncident {
    const { cityId } = caller.agency;
    const agencyId = acceptingAgency(caller, reported.divisionCode, organization).id;
    const accepted = { id: newId(tx.now), incidentNo, reported, digests, agencyId };
    const incident = this.register.rowOf(tx, accepted, cityId, policies);
    return { incident, reported, more: alerts.map(linkedBy) };
  }
}

function referenceOf({ reported: { source, sourceRef } }: Incoming): string {
  return JSON.stringify([source, sourceRef]);
}
