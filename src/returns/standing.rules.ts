import { sees } from '../alert/transitions.js';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { givenBy, type ReturnCommand } from './return.rules.js';
import type { ShownClaim, ShownReturn } from './return.view.js';

/** How the caller's agency stands to a return. */
export interface Standing {
  /** It holds the freeze's incident, or stands above the agency that does. */
  freezing: boolean;
  /** The same of an incident that claims. */
  claiming: boolean;
  /** It is the city. */
  city: boolean;
}

/** Whether a return may be seen: its freeze's incident, or one that claims, lies or lay in the caller's subtree. */
export function seesReturn(
  caller: Caller,
  row: Pick<ShownReturn, 'cityId' | 'heldBy' | 'incidentHeldBy'>,
  claims: readonly Pick<ShownClaim, 'incidentHeldBy'>[],
  organization: OrganizationSnapshot,
): boolean {
  const heldBy = [...row.heldBy, ...row.incidentHeldBy, ...claims.flatMap((claim) => claim.incidentHeldBy)];
  return sees(caller.agency, { cityId: row.cityId, heldBy }, organization);
}

export function standingOf(
  caller: Caller,
  row: Pick<ShownReturn, 'cityId' | 'holderId'>,
  claims: readonly Pick<ShownClaim, 'incidentHolderId'>[],
  organization: OrganizationSnapshot,
): Standing {
  const over = (agencyId: number): boolean => organization.within(organization.byId(agencyId), caller.agency);
  return {
    freezing: over(row.holderId),
    claiming: claims.some(({ incidentHolderId }) => over(incidentHolderId)),
    city: caller.agency.id === row.cityId,
  };
}

export function mayGive(command: ReturnCommand, standing: Standing): boolean {
  switch (givenBy(command)) {
    case 'freezing':
      return standing.freezing;
    case 'applicant':
      return standing.freezing || standing.claiming;
    case 'city':
      return standing.city;
  }
}
