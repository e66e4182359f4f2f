import { defineProblem } from '../platform/http/problem.js';

export const wrongTarget = defineProblem(
  'wrong-target-agency',
  422,
  'That agency cannot get this case',
  '目标单位不能接收此预警',
);
export const alreadyThere = defineProblem(
  'already-there',
  409,
  'The case is with that agency already',
  '预警已在该单位',
);
export const tooManyReturns = defineProblem(
  'too-many-returns',
  409,
  'The case has been returned as often as policy allows',
  '退回次数已达上限,由市级裁定',
);
export const notHigher = defineProblem('risk-not-higher', 422, 'The level can only rise', '风险等级只能上调');
