import { defineProblem, notFound, type Problem } from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';

export const stopLimitReached = defineProblem(
  'stop-limit-reached',
  409,
  'The account was stopped twice already',
  '该账户止付已达两次',
);
export const stopExpired = defineProblem('stop-expired', 409, 'The stop-payment has ended by itself', '止付已满期解除');
export const traceTooLarge = defineProblem(
  'trace-too-large',
  409,
  'The trace of the incident is as large as it may be',
  '资金追踪层级或账户数量已达上限',
);
export const stopTime = defineProblem('stop-time', 422, 'It cannot have been then', '止付时间有误');

mapConstraint(
  'stop_payment_ordinal_uq',
  stopLimitReached,
  'Another stop-payment of this account was asked for at this very moment. Read the list again.',
);

/** The same for what does not exist and for what lies outside the caller's jurisdiction. */
export function noSuchStop(): Problem {
  return notFound.with(
    'There is no such stop-payment in your jurisdiction. Check the id: GET /stop-payments lists them.',
  );
}
