/** The three tiers that an alert goes through: 市级, 县级, 乡镇. */
export const TIERS = ['city', 'county', 'township'] as const;
export type Tier = (typeof TIERS)[number];

/** 公安局 · 公安分局 · 派出所 · 乡镇政府/街道 · 反诈中心. */
export const AGENCY_KINDS = ['bureau', 'branch', 'station', 'government', 'centre'] as const;
export type AgencyKind = (typeof AGENCY_KINDS)[number];

/** A unit (单位) that can hold alerts. What it covers is in the snapshot: `OrganizationSnapshot.areasOf`. */
export interface Agency {
  readonly id: number;
  readonly code: string;
  readonly name: string;
  readonly tier: Tier;
  readonly kind: AgencyKind;
  /** null for a city. */
  readonly parentId: number | null;
  /** The city of the agency; its own id for a city. */
  readonly cityId: number;
  /** The codes from the city down to the agency itself, joined by '/': `4113/411322/411322100`. Never changes. */
  readonly path: string;
  readonly active: boolean;
  readonly version: number;
}

/** The tier that hands down to this one; undefined above the city. */
export function tierAbove(tier: Tier): Tier | undefined {
  return TIERS[TIERS.indexOf(tier) - 1];
}

/** The tier that this one hands down to; undefined below the township. */
export function tierBelow(tier: Tier): Tier | undefined {
  return TIERS[TIERS.indexOf(tier) + 1];
}

/** Whether a path is that of the ancestor or lies below it: the whole meaning of jurisdiction. */
export function pathWithin(path: string, ancestorPath: string): boolean {
  return path === ancestorPath || path.startsWith(`${ancestorPath}/`);
}

/** Codes from the city down to the agency itself. */
export function codesOfPath(path: string): string[] {
  return path.split('/');
}
