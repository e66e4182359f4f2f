/** What a user or an API key may be; what each may do stands in access.policy.ts. */
export const ROLES = ['feed', 'officer', 'supervisor', 'auditor', 'admin', 'security'] as const;
export type Role = (typeof ROLES)[number];

/** Roles that people hold; `feed` is a machine's. */
export const USER_ROLES: readonly Role[] = ['officer', 'supervisor', 'auditor', 'admin', 'security'];
/** Roles that API keys hold. The administrators' work is done by people, who can be held to account. */
export const KEY_ROLES: readonly Role[] = ['feed', 'officer', 'supervisor'];

const ADMINISTRATORS: readonly Role[] = ['admin', 'security', 'auditor'];
const CASE_WORKERS: readonly Role[] = ['officer', 'supervisor'];

export function isRole(text: unknown): text is Role {
  return (ROLES as readonly unknown[]).includes(text);
}

/** What is wrong with a set of roles for a person; empty where nothing is. The database holds the same rules. */
export function userRoleFaults(roles: readonly Role[]): string[] {
  const faults: string[] = [];
  if (roles.length === 0) faults.push('name at least one role');
  const unknown = roles.filter((role) => !isRole(role));
  if (unknown.length > 0) faults.push(`${unknown.join(', ')}: there is no such role; use ${USER_ROLES.join(', ')}`);
  if (roles.includes('feed')) faults.push('feed is for API keys only');
  const administrators = roles.filter((role) => ADMINISTRATORS.includes(role));
  if (administrators.length > 1) {
    faults.push(`nobody is two of admin, security and auditor at once (${administrators.join(', ')})`);
  }
  if (administrators.length > 0 && roles.some((role) => CASE_WORKERS.includes(role))) {
    faults.push(`${administrators[0]} works no cases: it does not go with officer or supervisor`);
  }
  return faults;
}

/** What is wrong with the roles and sources of an API key; empty where nothing is. */
export function keyRoleFaults(
  roles: readonly Role[],
  sources: readonly string[],
): { roles: string[]; sources: string[] } {
  const faults = { roles: [] as string[], sources: [] as string[] };
  if (roles.length === 0) faults.roles.push('name at least one role');
  const foreign = roles.filter((role) => !KEY_ROLES.includes(role));
  if (foreign.length > 0) faults.roles.push(`an API key cannot be ${foreign.join(', ')}: use ${KEY_ROLES.join(', ')}`);
  // A feed sees less of a case than an officer: a key that is both would leave open which.
  if (roles.includes('feed') && roles.length > 1)
    faults.roles.push('feed stands alone: issue a second key for the other roles');
  if (roles.includes('feed') && sources.length === 0) faults.sources.push('name the sources that this feed hands in');
  if (!roles.includes('feed') && sources.length > 0) faults.sources.push('only a feed has sources');
  return faults;
}
