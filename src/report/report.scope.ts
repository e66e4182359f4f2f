import type { Agency, Tier } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { localRange, type LocalDate } from '../platform/clock/local-date.js';

/** Filters on the alert, as it is now. */
export interface ReportFilters {
  readonly riskLevel?: string;
  readonly fraudType?: string;
  readonly kind?: string;
  readonly source?: string;
}

export function isFiltered(filters: ReportFilters): boolean {
  return Object.values(filters).some((value) => value !== undefined);
}

/** What a report is about, with every name resolved. */
export interface ReportScope {
  readonly tier: Tier;
  /** Inclusive local dates. */
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly parent: Agency;
  /** One row each, in the order of their codes. */
  readonly rows: readonly Agency[];
  readonly city: Agency;
  /** The counties of the city: whose signatures the city's row tells of. */
  readonly counties: readonly Agency[];
  /** Every agency of the city, by id. */
  readonly agencyIds: readonly number[];
  /** Every agency whose work counts in a row: the row's own and all below it. */
  readonly members: readonly { readonly agencyId: number; readonly rowId: number }[];
  /** The first moment of the period, and the first after it. */
  readonly start: Date;
  readonly end: Date;
  /** Clocks that have not run out by then, and are not met, count nowhere. */
  readonly asOf: Date;
  /** The zone whose days are meant. */
  readonly timeZone: string;
  readonly filters: ReportFilters;
}

export interface ScopeRequest {
  tier: Tier;
  parent: Agency;
  from: LocalDate;
  to: LocalDate;
  filters: ReportFilters;
}

/** @param only one row instead of every agency of the tier */
export function scopeOf(
  request: ScopeRequest,
  organization: OrganizationSnapshot,
  timeZone: string,
  asOf: Date,
  only?: Agency,
): ReportScope {
  const rows = only ? [only] : organization.subtree(request.parent).filter(({ tier }) => tier === request.tier);
  rows.sort((a, b) => (a.code < b.code ? -1 : 1));
  const members = rows.flatMap((row) => organization.subtree(row).map(({ id }) => ({ agencyId: id, rowId: row.id })));
  const city = organization.cityOf(request.parent);
  const counties = organization.childrenOf(city);
  const agencyIds = organization.subtree(city).map(({ id }) => id);
  return {
    ...request,
    city,
    counties,
    agencyIds,
    ...localRange(request.from, request.to, timeZone),
    rows,
    members,
    asOf,
    timeZone,
  };
}
