import { defineProblem } from '../platform/http/problem.js';

export const amountTooLarge = defineProblem(
  'amount-too-large',
  422,
  'The amounts add up to more than can be told exactly',
  '金额合计超出可准确表示的范围',
);
export const figuresBehind = defineProblem(
  'figures-behind',
  409,
  'The figures are just being brought up to date',
  '统计数据正在更新',
);
export const otherTimeZone = defineProblem(
  'other-time-zone',
  409,
  'The prepared figures are of the days of another time zone',
  '统计数据属于另一时区',
);
