import type { Caller } from '../identity/caller.js';
import { TIERS, type Tier } from '../organization/agency.js';
import { fourEyes, wrongTier } from './approval.problems.js';

/** Whether a tier is the one needed, or above it. */
export function reaches(tier: Tier, needed: Tier): boolean {
  return TIERS.indexOf(tier) <= TIERS.indexOf(needed);
}

/**
 * A second pair of eyes: compared by the account, so that no other role of the same person counts as one.
 * @param asker user who asked for it
 * @throws Problem `four-eyes`
 */
export function requireOther(caller: Caller, asker: string | null): void {
  if (caller.id !== null && caller.id !== asker) return;
  throw fourEyes.with('You asked for it yourself: another person of sufficient tier has to decide.');
}

/** @throws Problem `wrong-tier` where the caller's agency stands below the tier that has to approve */
export function requireTier(caller: Caller, needed: Tier): void {
  if (reaches(caller.agency.tier, needed)) return;
  throw wrongTier.with(
    needed === 'city'
      ? 'This needs the approval of a supervisor of the city.'
      : 'This needs the approval of a supervisor of the county, or of the city.',
    { members: { approverTier: needed } },
  );
}
