import { conflict, defineProblem } from '../platform/http/problem.js';
import { mapConstraint } from '../platform/http/problem.filter.js';

export const illegalTransition = defineProblem(
  'illegal-transition',
  409,
  'The state of the case does not allow this',
  '当前状态不允许此操作',
);
export const notTheHolder = defineProblem(
  'not-the-holder',
  403,
  'This is for another agency to do',
  '该操作应由其他单位执行',
);
export const revealLimited = defineProblem(
  'reveal-limited',
  429,
  'Too many personal records opened',
  '查看当事人信息过于频繁',
);
export const openAlertExists = defineProblem(
  'open-alert-exists',
  409,
  'The person has another open alert',
  '该人已有在办预警',
);

const second = 'The person has another open alert in this city. Work that one, or close it first.';
mapConstraint('alert_open_phone_uq', openAlertExists, second);
mapConstraint('alert_open_identity_uq', openAlertExists, second);
mapConstraint('assignment_one_open_uq', conflict, 'The alert was handed on at this very moment. Read it again.');
