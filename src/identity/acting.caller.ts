import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { statement, type Tx } from '../platform/database/database.js';
import { mayCall } from './access.policy.js';
import { callerFor, systemCaller, type Caller } from './caller.js';
import type { Role } from './role.js';

/** Who handed in work that goes on when the request is long over. */
export interface Principal {
  readonly kind: Caller['kind'];
  readonly id: string | null;
  /** The agency that it was handed in for. */
  readonly agencyId: number;
}

interface ActingFacts {
  name: string;
  agencyId: number;
  roles: Role[];
  sources: string[] | null;
  /** Closed for good: a lock that ends by itself after failed sign-ins says nothing of what was handed in before. */
  closed: boolean;
}

const USER = statement(
  'acting.user',
  `SELECT username AS name, agency_id AS "agencyId", roles, NULL AS sources, disabled_at IS NOT NULL AS closed
   FROM user_account WHERE id = $1`,
);
const KEY = statement(
  'acting.key',
  `SELECT name, agency_id AS "agencyId", roles, CASE WHEN 'feed' = ANY(roles) THEN sources END AS sources,
     revoked_at IS NOT NULL OR coalesce(expires_at <= $2, false) AS closed
   FROM api_key WHERE id = $1`,
);

/**
 * The caller in whose name work goes on in the background, with the rights of now, not of then.
 * @returns why nobody may act any more, as the end of a sentence, where the account or key has been closed, moved, or
 *   may not do `operationId` any more
 */
export async function actingCaller(
  tx: Tx,
  organization: OrganizationSnapshot,
  principal: Principal,
  operationId: string,
): Promise<{ caller: Caller } | { gone: string }> {
  const agency = organization.byId(principal.agencyId);
  if (!agency.active) return { gone: 'the agency has been closed' };
  if (principal.kind === 'system' || principal.id === null) return { caller: systemCaller(agency) };
  const who = principal.kind === 'user' ? 'account' : 'API key';
  const facts =
    principal.kind === 'user'
      ? await tx.row<ActingFacts>(USER, [principal.id])
      : await tx.row<ActingFacts>(KEY, [principal.id, tx.now]);
  if (!facts) return { gone: `the ${who} is not there any more` };
  if (facts.closed)
    return { gone: `the ${who} has been ${principal.kind === 'user' ? 'locked' : 'revoked or has expired'}` };
  if (facts.agencyId !== agency.id) return { gone: `the ${who} has moved to another agency` };
  const caller = callerFor({
    kind: principal.kind,
    id: principal.id,
    name: facts.name,
    agency,
    roles: facts.roles,
    sources: facts.sources,
  });
  return mayCall(caller, operationId) ? { caller } : { gone: `the ${who} may not do this any more` };
}
