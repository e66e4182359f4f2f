import { defineProblem } from '../platform/http/problem.js';

export const amountTooLarge = defineProblem(
  'amount-too-large',
  422,
  'The amounts add up to more than can be told exactly',
  '金额合计超出可准确表示的范围',
);
