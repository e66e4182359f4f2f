import { conflict, defineProblem, notFound, type Problem } from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';
import { fourEyes } from './approval.problems.js';

export const notFiled = defineProblem('not-filed', 409, 'The incident has not been filed', '尚未立案');
export const freezeLapsed = defineProblem('freeze-lapsed', 409, 'The freeze is over', '冻结期限已届满');
export const cityApprovalNeeded = defineProblem(
  'city-approval-needed',
  409,
  'Only the city can have so much frozen',
  '冻结金额超过县级权限,须报市级批准',
);
export const returnedMore = defineProblem(
  'returned-more',
  409,
  'More than that has been returned already',
  '更正金额低于已返还金额',
);
export const freezeUnrelated = defineProblem(
  'freeze-unrelated',
  409,
  'The freeze is shown to be unrelated',
  '已查明与案件无关,应解除冻结',
);
export const freezeTime = defineProblem('freeze-time', 422, 'It cannot have been then', '冻结时间有误');
export const stopHasFreeze = defineProblem(
  'stop-has-freeze',
  409,
  'A freeze has been asked for this stop-payment',
  '该止付已申请冻结',
);
export const renewalWaiting = defineProblem(
  'renewal-waiting',
  409,
  'Another renewal waits for its approval',
  '已有续冻申请待审批',
);

mapConstraint(
  'fund_freeze_stop_uq',
  stopHasFreeze,
  'A stop-payment is followed by one freeze. Read the one that there is.',
);
mapConstraint(
  'freeze_renewal_waiting_uq',
  renewalWaiting,
  'A freeze has one open renewal at a time. Have that one decided first.',
);
mapConstraint(
  'fund_freeze_effective_uq',
  conflict,
  'Another freeze of the account took effect at this very moment. Read it again.',
);
const another = 'Nobody approves what they asked for: another person of sufficient tier does.';
mapConstraint('fund_freeze_four_eyes_ck', fourEyes, another);
mapConstraint('freeze_renewal_four_eyes_ck', fourEyes, another);

/** The same for what does not exist and for what lies outside the caller's jurisdiction. */
export function noSuchFreeze(): Problem {
  return notFound.with('There is no such freeze in your jurisdiction. Check the id: GET /freezes lists them.');
}

export function noSuchRenewal(): Problem {
  return notFound.with('The freeze has no such renewal. GET /freezes/{id} lists them.');
}
