import { pathWithin, type Agency, type Tier } from './agency.js';
import { fraudTypeSortKey, normalizeLabel, type FraudType } from './fraud-type.js';

/** A division (行政区划) that an agency covers, and everything below it that no longer prefix claims. */
export interface Area {
  readonly agencyId: number;
  readonly divisionCode: string;
}

const byCodeOrder = (a: Agency, b: Agency): number => (a.code < b.code ? -1 : a.code > b.code ? 1 : 0);

/** An immutable picture of agencies, what they cover, and fraud types: every question is answered from memory. */
export class OrganizationSnapshot {
  /** In the ministry's order of frequency. */
  readonly fraudTypes: ReadonlyMap<string, FraudType>;
  /** In the order of their codes. */
  readonly agencies: readonly Agency[];

  private readonly ids = new Map<number, Agency>();
  private readonly codes = new Map<string, Agency>();
  private readonly children = new Map<number, Agency[]>();
  private readonly areas = new Map<number, string[]>();
  private readonly routes = new Map<string, Map<string, Agency>>();
  private readonly divisions = new Set<string>();
  private readonly labels = new Map<string, string>();

  constructor(agencies: readonly Agency[], areas: readonly Area[], fraudTypes: readonly FraudType[]) {
    this.agencies = [...agencies].sort(byCodeOrder);
    for (const agency of this.agencies) {
      this.ids.set(agency.id, agency);
      this.codes.set(agency.code, agency);
      this.divisions.add(agency.code);
      if (agency.parentId === null) continue;
      const siblings = this.children.get(agency.parentId);
      if (siblings) siblings.push(agency);
      else this.children.set(agency.parentId, [agency]);
    }
    for (const area of areas) this.addArea(area);
    const sorted = [...fraudTypes].sort((a, b) => (fraudTypeSortKey(a) < fraudTypeSortKey(b) ? -1 : 1));
    this.fraudTypes = new Map(sorted.map((type) => [type.code, type]));
    this.addLabels(sorted);
  }

  /** @throws Error on an id that no agency has: ids come from our own tables */
  byId(id: number): Agency {
    const agency = this.ids.get(id);
    if (!agency) throw new Error(`there is no agency ${id}`);
    return agency;
  }

  byCode(code: string): Agency | undefined {
    return this.codes.get(code);
  }

  cities(): Agency[] {
    return this.agencies.filter(({ tier }) => tier === 'city');
  }

  /** Agencies directly below, in the order of their codes. */
  childrenOf(agency: Agency): Agency[] {
    return [...(this.children.get(agency.id) ?? [])];
  }

  parentOf(agency: Agency): Agency | undefined {
    return agency.parentId === null ? undefined : this.byId(agency.parentId);
  }

  cityOf(agency: Agency): Agency {
    return this.byId(agency.cityId);
  }

  /** Every agency above, the city first. */
  ancestorsOf(agency: Agency): Agency[] {
    const parent = this.parentOf(agency);
    return parent ? [...this.ancestorsOf(parent), parent] : [];
  }

  /** Whether the agency is the ancestor itself or lies below it. */
  within(agency: Agency, ancestor: Agency): boolean {
    return pathWithin(agency.path, ancestor.path);
  }

  /** The agency itself and all below it, parents before their children. */
  subtree(agency: Agency): Agency[] {
    return [agency, ...(this.children.get(agency.id) ?? []).flatMap((child) => this.subtree(child))];
  }

  /** Division codes that the agency covers, in order. */
  areasOf(agency: Agency): readonly string[] {
    return this.areas.get(agency.id) ?? [];
  }

  /**
   * Where an alert of a division goes: among the active agencies of that city and tier the one whose area is the
   * longest prefix of the code. undefined where the division is not known (null) or nobody covers it.
   */
  route(cityId: number, divisionCode: string | null, tier: Exclude<Tier, 'city'>): Agency | undefined {
    if (divisionCode === null) return undefined;
    const covered = this.routes.get(routeKey(cityId, tier));
    if (!covered) return undefined;
    for (let length = divisionCode.length; length > 0; length--) {
      const agency = covered.get(divisionCode.slice(0, length));
      if (agency) return agency;
    }
    return undefined;
  }

  /** Whether a division lies in what a city (or another agency) covers itself. */
  coversDivision(agency: Agency, divisionCode: string): boolean {
    return this.areasOf(agency).some((area) => divisionCode.startsWith(area));
  }

  /**
   * Whether a division exists as far as the organisation tells: a city by its four digits, anything below by the six
   * of its county. Townships are founded and renumbered every year, so an unknown one of a known county is no fault.
   */
  divisionKnown(code: string): boolean {
    return this.divisions.has(code.slice(0, 6));
  }

  /**
   * The code of a fraud type by whatever a source calls it: code, Chinese or English name, or a label of an older
   * list. An older label that several of today's types came from gives the most frequent of them.
   */
  fraudTypeByLabel(label: string): string | undefined {
    return this.labels.get(normalizeLabel(label));
  }

  private addArea({ agencyId, divisionCode }: Area): void {
    const agency = this.byId(agencyId);
    this.divisions.add(divisionCode.slice(0, 6));
    const own = this.areas.get(agencyId) ?? [];
    this.areas.set(agencyId, [...own, divisionCode].sort());
    if (!agency.active) return;
    const key = routeKey(agency.cityId, agency.tier);
    const covered = this.routes.get(key) ?? new Map<string, Agency>();
    this.routes.set(key, covered.set(divisionCode, agency));
  }

  private addLabels(sorted: readonly FraudType[]): void {
    const add = (label: string, code: string): void => {
      const key = normalizeLabel(label);
      if (!this.labels.has(key)) this.labels.set(key, code);
    };
    // Today's names first: an older label never takes the place of a current one.
    for (const type of sorted) for (const label of [type.code, type.nameZh, type.nameEn]) add(label, type.code);
    for (const type of sorted) for (const label of type.olderLabels) add(label, type.code);
  }
}

function routeKey(cityId: number, tier: Tier): string {
  return `${cityId}:${tier}`;
}
