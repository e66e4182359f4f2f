import { defineProblem, notFound, type Problem } from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';

export const alreadyProtected = defineProblem(
  'already-protected',
  409,
  'The account is protected already',
  '该账户已采取保护性止付',
);
export const protectionEnded = defineProblem(
  'protection-ended',
  409,
  'The protection of the account has ended',
  '保护性止付已解除',
);
export const protectionExtended = defineProblem(
  'protection-extended',
  409,
  'A protection is extended once',
  '保护性止付只能延长一次',
);
export const ownerRequestOpen = defineProblem(
  'owner-request-open',
  409,
  "The owner's request waits for its answer",
  '当事人的解除申请尚未答复',
);
export const noOwnerRequest = defineProblem(
  'no-owner-request',
  409,
  'The owner has not asked for a release',
  '当事人未申请解除',
);

mapConstraint(
  'protection_effective_uq',
  alreadyProtected,
  'The account was protected for this alert at this very moment. Read the list again.',
);

/** The same for what does not exist and for what lies outside the caller's jurisdiction. */
export function noSuchProtection(): Problem {
  return notFound.with(
    'There is no such protection in your jurisdiction. Check the id: GET /alerts/{id}/protections lists them.',
  );
}
