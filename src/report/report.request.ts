import { mayReach } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import { TIERS, type Agency, type Tier } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { forbidden, invalid, notFound, type Fault } from '../platform/http/problem.js';
import type { ScopeRequest } from './report.scope.js';
import type { ReportPeriodQuery } from './tier-report.dto.js';

/**
 * @throws Problem `forbidden` for a tier above the caller's, `not-found` for a parent outside the caller's jurisdiction,
 * `invalid` for a period or filter that is none
 */
export function requestOf(
  caller: Caller,
  tier: Tier,
  query: ReportPeriodQuery,
  organization: OrganizationSnapshot,
): ScopeRequest {
  const { from, to, riskLevel, fraudType, kind, source } = query;
  if (isAbove(tier, caller.agency.tier)) {
    throw forbidden.with(
      `The figures of the tier ${tier} are for that tier and those above it; yours is ${caller.agency.tier}.`,
    );
  }
  const parent = parentOf(caller, query.parent, organization);
  const errors: Fault[] = [];
  if (isAbove(tier, parent.tier))
    errors.push({ pointer: '/parent', message: `is of the tier ${parent.tier}: no ${tier} lies below it` });
  if (from > to) errors.push({ pointer: '/to', message: `must not lie before from (${from})` });
  if (fraudType !== undefined && !organization.fraudTypes.has(fraudType)) {
    errors.push({ pointer: '/fraudType', message: 'is not the code of a fraud type; GET /fraud-types lists them' });
  }
  if (errors.length > 0) throw invalid.with('The report cannot be made so: see errors.', { errors });
  const filters = Object.fromEntries(
    Object.entries({ riskLevel, fraudType, kind, source }).filter(([, value]) => value !== undefined),
  );
  return { tier, parent, from, to, filters };
}

/**
 * The agency that is reported about.
 * @param code default: the caller's own
 * @throws Problem `not-found` outside the caller's jurisdiction
 */
export function parentOf(caller: Caller, code: string | undefined, organization: OrganizationSnapshot): Agency {
  const parent = code === undefined ? caller.agency : organization.byCode(code);
  if (parent && mayReach(caller, parent.path)) return parent;
  throw noSuchAgency();
}

/** The agency of a row. @throws Problem `not-found` where the report has no such row for the caller, `invalid` for another tier's */
export function rowOf(code: string, { tier, parent }: ScopeRequest, organization: OrganizationSnapshot): Agency {
  const agency = organization.byCode(code);
  if (!agency || !organization.within(agency, parent)) throw noSuchAgency();
  if (agency.tier === tier) return agency;
  throw invalid.with(`${agency.name} is no row of this report.`, {
    errors: [{ pointer: '/agency', message: `is of the tier ${agency.tier}, not ${tier}` }],
  });
}

const isAbove = (tier: Tier, other: Tier): boolean => TIERS.indexOf(tier) < TIERS.indexOf(other);

function noSuchAgency(): ReturnType<typeof notFound.with> {
  return notFound.with('No agency of that code lies in your jurisdiction. GET /agencies lists those that do.');
}
