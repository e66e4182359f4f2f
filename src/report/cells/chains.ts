import type { Agency } from '../../organization/agency.js';
import type { OrganizationSnapshot } from '../../organization/organization.snapshot.js';
import type { Chain } from './cell.rules.js';

/** Of whom an agency's work counts: itself and those above it, which never change. */
export function chainsOf(organization: OrganizationSnapshot): Chain {
  const chains = new Map<number, readonly number[]>();
  return (agencyId) => {
    let chain = chains.get(agencyId);
    if (!chain) {
      const found: number[] = [];
      for (let agency: Agency | undefined = organization.byId(agencyId); agency; agency = organization.parentOf(agency))
        found.push(agency.id);
      chains.set(agencyId, (chain = found));
    }
    return chain;
  };
}
