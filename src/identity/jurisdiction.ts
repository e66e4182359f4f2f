import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Fault } from '../platform/http/problem.js';
import { mayReach } from './access.policy.js';
import type { Caller } from './caller.js';

/** The agency that a caller names in a body; a stranger's is told like one that does not exist. */
export function reachableAgency(
  snapshot: OrganizationSnapshot,
  caller: Caller,
  code: string,
  faults: Fault[],
): Agency | undefined {
  const agency = snapshot.byCode(code);
  if (agency && mayReach(caller, agency.path) && agency.active) return agency;
  faults.push({ pointer: '/agency', message: 'is not the code of an active agency in your subtree' });
  return undefined;
}

/** Ids of the agencies whose records a caller sees, cut to one where a code is given; undefined for all. */
export function reachableIds(
  snapshot: OrganizationSnapshot,
  caller: Caller,
  code: string | undefined,
): number[] | undefined {
  if (code !== undefined) {
    const agency = snapshot.byCode(code);
    return agency && mayReach(caller, agency.path) ? [agency.id] : [];
  }
  return caller.kind === 'system' ? undefined : snapshot.subtree(caller.agency).map(({ id }) => id);
}
