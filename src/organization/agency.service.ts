import { Injectable } from '@nestjs/common';
import { Database, type Tx } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { conflict, forbidden, invalid, notFound, type Fault } from '../platform/http/problem.js';
import { pathWithin, type Agency } from './agency.js';
import { agencyAnswer, type AgencyAnswer, type AgencyListQuery } from './agency.dto.js';
import {
  type AgencyChanges,
  type AgencyDraft,
  areaFaults,
  checkNewAgency,
  givenUp,
  isVisible,
  takenAreas,
  uncovered,
  visibleAgencies,
} from './agency.rules.js';
import { AgencyStore } from './agency.store.js';
import { memoryPage } from './memory-page.js';
import { ChangeRecorder, type OrganizationCaller } from './organization.caller.js';
import { agencyInUse, areaTaken } from './organization.problems.js';
import { ORGANIZATION_TOPIC, OrganizationRegistry } from './organization.registry.js';
import type { OrganizationSnapshot } from './organization.snapshot.js';
import { lockCityOrganization, readCityOrganization } from './organization.view.js';

/** Agencies as callers see and change them: the own subtree, and the agencies above it to look at. */
@Injectable()
export class AgencyService {
  constructor(
    private readonly database: Database,
    private readonly registry: OrganizationRegistry,
    private readonly store: AgencyStore,
    private readonly recorder: ChangeRecorder,
    private readonly bus: CacheBus,
    private readonly cursors: Cursors,
  ) {}

  /** @throws Problem `invalid-cursor` */
  async list(caller: OrganizationCaller, query: AgencyListQuery): Promise<Page<AgencyAnswer>> {
    const snapshot = await this.registry.current();
    const { tier, parent, q } = query;
    return memoryPage(
      this.cursors,
      ['agencies', caller.agency.code, tier, parent, q],
      query,
      visibleAgencies(snapshot, caller.agency, { tier, parent, q }),
      (agency) => agency.code,
      (agency) => agencyAnswer(snapshot, agency),
    );
  }

  /** @throws Problem `not-found` also for an agency that the caller may not see */
  async get(caller: OrganizationCaller, code: string): Promise<AgencyAnswer> {
    const snapshot = await this.registry.current();
    return agencyAnswer(snapshot, findVisible(snapshot, caller, code));
  }

  /** @throws Problem `invalid`, `agency-code-taken`, `area-taken` */
  async create(caller: OrganizationCaller, draft: AgencyDraft): Promise<AgencyAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const city = await lockCityOrganization(tx, caller.agency.cityId);
      const { parent, faults } = checkNewAgency(city, caller.agency, draft);
      if (!parent || faults.length > 0) throw faulty(faults);
      const released = givenUp(city, parent, draft.kind, draft.areas);
      refuseTaken(without(takenAreas(city, draft.tier, draft.areas), released));
      await this.release(tx, caller, city, released);
      const agency = await this.store.insert(tx, parent, draft);
      await this.store.addAreas(tx, agency, draft.areas);
      return this.changed(tx, caller, agency, 'agency.created', { after: { ...draft } });
    });
  }

  /** @throws Problem `not-found`, `forbidden`, `stale-version`, `invalid`, `area-taken`, `agency-in-use` */
  async update(
    caller: OrganizationCaller,
    code: string,
    changes: AgencyChanges,
    ifMatch: IfMatch,
  ): Promise<AgencyAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const city = await lockCityOrganization(tx, caller.agency.cityId);
      const agency = findVisible(city, caller, code);
      requireReach(caller, agency, changes);
      requireVersion(ifMatch, agency.version);
      const old = city.areasOf(agency);
      const areas = changes.areas ?? old;
      const after: Agency = {
        ...agency,
        name: changes.name ?? agency.name,
        kind: changes.kind ?? agency.kind,
        active: changes.active ?? agency.active,
      };
      const added = areas.filter((area) => !old.includes(area));
      const removed = old.filter((area) => !areas.includes(area));
      if (sameFacts(agency, after) && added.length + removed.length === 0) return agencyAnswer(city, agency);
      const parent = city.parentOf(agency);
      const released = parent && changes.areas !== undefined ? givenUp(city, parent, after.kind, added) : [];
      requireAreas(city, agency, areas, changes.areas !== undefined, released);
      requireActivity(city, agency, after);
      if (!(await this.store.update(tx, after)))
        throw conflict.with('The agency was changed at this very moment. Read it again.');
      await this.release(tx, caller, city, released);
      await this.store.removeAreas(tx, agency, removed);
      await this.store.addAreas(tx, agency, added);
      return this.changed(tx, caller, agency, 'agency.updated', {
        before: facts(agency, old),
        after: facts(after, areas),
      });
    });
  }

  /** Takes divisions off townships that a station now covers; each on the record. */
  private async release(
    tx: Tx,
    caller: OrganizationCaller,
    city: OrganizationSnapshot,
    released: Released[],
  ): Promise<void> {
    for (const { from, divisions } of released) {
      const old = city.areasOf(from);
      if (!(await this.store.update(tx, from)))
        throw conflict.with('An agency was changed at this very moment. Try again.');
      await this.store.removeAreas(tx, from, divisions);
      await this.recorder.record(tx, caller, 'agency.updated', 'agency', from.code, {
        before: facts(from, old),
        after: facts(
          from,
          old.filter((area) => !divisions.includes(area)),
        ),
      });
    }
  }

  private async changed(
    tx: Tx,
    caller: OrganizationCaller,
    agency: Agency,
    action: string,
    data: Record<string, unknown>,
  ): Promise<AgencyAnswer> {
    await this.recorder.record(tx, caller, action, 'agency', agency.code, data);
    await this.bus.invalidate(tx, ORGANIZATION_TOPIC);
    const city = await readCityOrganization(tx, agency.cityId);
    return agencyAnswer(city, city.byId(agency.id));
  }
}

function findVisible(snapshot: OrganizationSnapshot, caller: OrganizationCaller, code: string): Agency {
  const agency = snapshot.byCode(code);
  if (!agency || !isVisible(agency, caller.agency)) throw notFound.with('You have no agency with this code.');
  return agency;
}

/** Agencies above are for those above to change; so is what the own agency covers and whether it works at all. */
function requireReach(caller: OrganizationCaller, agency: Agency, changes: AgencyChanges): void {
  if (!pathWithin(agency.path, caller.agency.path)) {
    throw forbidden.with('An agency above yours is changed by its own admin or from above.');
  }
  if (agency.id === caller.agency.id && (changes.areas !== undefined || changes.active !== undefined)) {
    throw forbidden.with('What your own agency covers, and whether it is active, is decided from above.');
  }
}

function requireAreas(
  city: OrganizationSnapshot,
  agency: Agency,
  areas: readonly string[],
  given: boolean,
  released: Released[],
): void {
  const parent = city.parentOf(agency);
  if (!given || !parent) return;
  const faults = areaFaults(city, parent, areas);
  if (faults.length > 0) throw faulty(faults);
  refuseTaken(without(takenAreas(city, agency.tier, areas, agency), released));
  const left = uncovered(city, agency, areas).map(({ code }) => code);
  if (left.length > 0) {
    throw agencyInUse.with(
      `Agencies below cover divisions outside these areas: ${shortList(left)}. Change those first.`,
    );
  }
}

function requireActivity(city: OrganizationSnapshot, agency: Agency, after: Agency): void {
  if (agency.active && !after.active) {
    const active = city.childrenOf(agency).filter((child) => child.active);
    if (active.length > 0) {
      throw agencyInUse.with(
        `Agencies below are active: ${shortList(active.map(({ code }) => code))}. Close those first.`,
      );
    }
  }
  if (!agency.active && after.active && city.parentOf(agency)?.active === false) {
    throw agencyInUse.with('The agency above is closed. Open that one first.');
  }
}

type Released = ReturnType<typeof givenUp>[number];

function without(divisions: string[], released: Released[]): string[] {
  const free = new Set(released.flatMap((one) => one.divisions));
  return divisions.filter((division) => !free.has(division));
}

function refuseTaken(divisions: string[]): void {
  if (divisions.length === 0) return;
  throw areaTaken.with(
    `Another agency of the same tier covers ${shortList(divisions)}. Take it off that agency first.`,
  );
}

function faulty(faults: Fault[]): Error {
  return invalid.with(
    `${faults.length === 1 ? 'One field is' : `${faults.length} fields are`} not right: see errors.`,
    {
      errors: faults.slice(0, 100),
    },
  );
}

function facts({ name, kind, active }: Agency, areas: readonly string[]): Record<string, unknown> {
  return { name, kind, active, areas };
}

function sameFacts(a: Agency, b: Agency): boolean {
  return a.name === b.name && a.kind === b.kind && a.active === b.active;
}

function shortList(codes: string[]): string {
  return codes.length > 5 ? `${codes.slice(0, 5).join(', ')} and ${codes.length - 5} more` : codes.join(', ');
}
