import { session } from '../platform/database/database.js';
import type { Problem } from '../platform/http/problem.js';

/** How the database knows this module where nobody has been recognised yet: sign-ins and look-ups of tokens. */
export const identitySession = session({ actor: 'identity', agency_path: '', roles: 'system' });

/** What a transaction decided: it is committed also where the answer is a refusal, e.g. a counted failure. */
export type Decision<T> = { granted: T } | { refused: Problem };
