import { defineProblem } from '../platform/http/problem.js';

/** Of freezes, their renewals, and returns alike. */
export const fourEyes = defineProblem(
  'four-eyes',
  409,
  'Nobody approves what they asked for',
  '不得审批本人提出的申请',
);
export const wrongTier = defineProblem('wrong-tier', 403, 'This is for a higher tier to approve', '应由上级单位审批');
