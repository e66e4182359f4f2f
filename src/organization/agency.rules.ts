import type { Fault } from '../platform/http/problem.js';
import { pathWithin, tierBelow, type Agency, type AgencyKind, type Tier } from './agency.js';
import type { OrganizationSnapshot } from './organization.snapshot.js';

/** An agency as an admin describes it. */
export interface AgencyDraft {
  readonly code: string;
  readonly name: string;
  readonly tier: Tier;
  readonly kind: AgencyKind;
  /** Code of the agency above. */
  readonly parent: string;
  readonly areas: readonly string[];
}

/** What may change of an agency; what is absent stays. Code, tier and parent never change: the history hangs on them. */
export interface AgencyChanges {
  readonly name?: string;
  readonly kind?: AgencyKind;
  readonly areas?: readonly string[];
  readonly active?: boolean;
}

export interface AgencyFilter {
  readonly tier?: Tier;
  /** Code of the agency directly above. */
  readonly parent?: string;
  /** Part of the code or the name. */
  readonly q?: string;
}

const DIVISION = /^(\d{4}|\d{6}|\d{9}|\d{12})$/;
/** Digits of the division codes that an agency of a tier may bear as its own code. */
const OWN_DIVISION: Record<Tier, readonly number[]> = { city: [4], county: [6], township: [9, 12] };

/** A caller sees the own subtree and the agencies above it, of the own city only. */
export function isVisible(agency: Agency, own: Agency): boolean {
  return pathWithin(agency.path, own.path) || pathWithin(own.path, agency.path);
}

/** What a caller sees, in the order of codes, cut by the filter. */
export function visibleAgencies(snapshot: OrganizationSnapshot, own: Agency, filter: AgencyFilter): Agency[] {
  const parent = filter.parent === undefined ? undefined : snapshot.byCode(filter.parent);
  if (filter.parent !== undefined && !parent) return [];
  const wanted = filter.q === undefined ? undefined : searchable(filter.q);
  return snapshot.agencies.filter(
    (agency) =>
      isVisible(agency, own) &&
      (filter.tier === undefined || agency.tier === filter.tier) &&
      (parent === undefined || agency.parentId === parent.id) &&
      (wanted === undefined || searchable(agency.code).includes(wanted) || searchable(agency.name).includes(wanted)),
  );
}

/**
 * Holds a new agency against the city's organisation.
 * @returns every fault, and the agency above where it is one of the caller's
 */
export function checkNewAgency(
  city: OrganizationSnapshot,
  own: Agency,
  draft: AgencyDraft,
): { parent: Agency | undefined; faults: Fault[] } {
  const parent = city.byCode(draft.parent);
  if (!parent || !pathWithin(parent.path, own.path)) {
    return {
      parent: undefined,
      faults: [{ pointer: '/parent', message: 'is not the code of an agency in your subtree' }],
    };
  }
  const faults = areaFaults(city, parent, draft.areas);
  if (!parent.active) faults.push({ pointer: '/parent', message: 'is closed: an agency below it could not work' });
  const below = tierBelow(parent.tier);
  if (draft.tier !== below) {
    const message = below ? `must be ${below}: the parent is of tier ${parent.tier}` : 'has no tier below it';
    faults.push({ pointer: below ? '/tier' : '/parent', message });
  }
  if (DIVISION.test(draft.code) && !mayBearDivision(city, parent, draft)) {
    faults.push({
      pointer: '/code',
      message: `is the code of a division: that is for the agency of that very division (${OWN_DIVISION[draft.tier].join(' or ')} digits, in the parent's areas); give others a code of their own, such as ${parent.code}-S01`,
    });
  }
  return { parent, faults };
}

/** Faults of what an agency is to cover: each division once, and inside what the agency above covers. */
export function areaFaults(city: OrganizationSnapshot, parent: Agency, areas: readonly string[]): Fault[] {
  const within = city.areasOf(parent);
  return areas.flatMap((area, index) =>
    within.some((prefix) => area.startsWith(prefix))
      ? []
      : [
          {
            pointer: `/areas/${index}`,
            message: `does not lie in what the agency above covers (${within.join(', ') || 'nothing'})`,
          },
        ],
  );
}

/** Divisions of a list that another agency of the same tier covers already. */
export function takenAreas(city: OrganizationSnapshot, tier: Tier, areas: readonly string[], self?: Agency): string[] {
  const taken = new Set(
    city.agencies
      .filter((agency) => agency.tier === tier && agency.id !== self?.id)
      .flatMap((agency) => city.areasOf(agency)),
  );
  return areas.filter((area) => taken.has(area));
}

/**
 * Townships that give up divisions to a police station (派出所): the seed gave each its own, and a station is put over several
 * of them. Only what a `government` of the same county covers; two stations do not take from each other.
 */
export function givenUp(
  city: OrganizationSnapshot,
  parent: Agency,
  kind: AgencyKind,
  areas: readonly string[],
): { from: Agency; divisions: string[] }[] {
  if (kind !== 'station') return [];
  return city
    .childrenOf(parent)
    .filter((sister) => sister.kind === 'government')
    .map((from) => ({ from, divisions: city.areasOf(from).filter((division) => areas.includes(division)) }))
    .filter(({ divisions }) => divisions.length > 0);
}

/** Agencies below that cover a division which these areas no longer hold. */
export function uncovered(city: OrganizationSnapshot, agency: Agency, areas: readonly string[]): Agency[] {
  return city
    .childrenOf(agency)
    .filter((child) => city.areasOf(child).some((division) => !areas.some((area) => division.startsWith(area))));
}

function mayBearDivision(city: OrganizationSnapshot, parent: Agency, { code, tier }: AgencyDraft): boolean {
  return OWN_DIVISION[tier].includes(code.length) && city.coversDivision(parent, code);
}

function searchable(text: string): string {
  return text.normalize('NFKC').toLowerCase();
}
