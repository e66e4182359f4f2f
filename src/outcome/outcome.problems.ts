import { defineProblem } from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';

export const ladderIncomplete = defineProblem(
  'ladder-incomplete',
  409,
  'A step of the ladder is missing',
  '劝阻措施未到位',
);
export const mustEscalate = defineProblem('must-escalate-first', 409, 'Escalate before giving up', '拒不配合须先升级');
export const moneyMismatch = defineProblem(
  'money-does-not-fit',
  422,
  'The amounts do not fit the result',
  '金额与处置结果不符',
);
export const ownOutcome = defineProblem(
  'own-outcome',
  403,
  'Nobody reviews what they submitted',
  '不得审核本人提交的反馈',
);
export const attemptTime = defineProblem('attempt-time', 422, 'The attempt cannot have been then', '劝阻时间有误');

mapConstraint(
  'outcome_four_eyes_ck',
  ownOutcome,
  'An outcome is reviewed by another person than the one who submitted it.',
);
mapConstraint('outcome_basis_given_ck', moneyMismatch, 'Money that was intercepted needs its basis.');
mapConstraint('outcome_money_ck', moneyMismatch, 'The amounts do not fit the result.');
