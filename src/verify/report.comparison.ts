import type { FiguresAnswer, RateAnswer } from '../report/figures.dto.js';
import type { Cell } from './recount.cell.js';
import type { Findings } from './verify.result.js';

const RATES = [
  'acceptOnTimeRate',
  'contactOnTimeRate',
  'visitRate',
  'visitOnTimeRate',
  'feedbackOnTimeRate',
  'dissuasionRate',
  'successRate',
  'defraudedAfterRate',
  'fundSuccessRate',
  'returnRate',
] as const;
const MINUTES = ['acceptMinutes', 'contactMinutes', 'visitMinutes', 'feedbackMinutes'] as const;

/**
 * Compares a row of the tier report with its recount, field by field.
 * @returns how many values were compared
 */
export function compareRow(where: string, reported: FiguresAnswer, recounted: Cell, findings: Findings): number {
  let compared = 0;
  const same = (field: string, expected: unknown, found: unknown): void => {
    compared += 1;
    findings.compare(where, field, expected, found);
  };
  const count = (field: string, found: number): void => same(field, recounted.count(field), found);
  count('received', reported.received);
  count('signals', reported.signals);
  for (const field of RATES) {
    const rate: RateAnswer = reported[field];
    count(`${field}.numerator`, rate.numerator);
    count(`${field}.denominator`, rate.denominator);
    same(
      `${field}.rate`,
      quotient(recounted.count(`${field}.numerator`), recounted.count(`${field}.denominator`)),
      rate.rate,
    );
  }
  for (const [result, found] of Object.entries(reported.results)) count(`results.${result}`, found as number);
  for (const [method, found] of Object.entries(reported.attempts)) count(`attempts.${method}`, found as number);
  for (const [part, found] of Object.entries(reported.interceptedFen))
    same(`interceptedFen.${part}`, recounted.sum(`interceptedFen.${part}`), found);
  same('lossFen', recounted.sum('lossFen'), reported.lossFen);
  for (const field of MINUTES) {
    same(`${field}.p50`, recounted.percentile(field, 50), reported[field].p50);
    same(`${field}.p90`, recounted.percentile(field, 90), reported[field].p90);
  }
  count('open', reported.open);
  count('overdue', reported.overdue);
  count('urged', reported.urged);
  return compared;
}

/** Four decimals, half up, by long division. */
function quotient(numerator: number, denominator: number): number | null {
  if (denominator === 0) return null;
  let [whole, rest] = [Math.floor(numerator / denominator), numerator % denominator];
  let digits = String(whole);
  for (let place = 0; place < 4; place++) {
    [whole, rest] = [Math.floor((rest * 10) / denominator), (rest * 10) % denominator];
    digits += (place === 0 ? '.' : '') + String(whole);
  }
  const cut = Number(digits.replace('.', ''));
  return (rest * 2 >= denominator ? cut + 1 : cut) / 10_000;
}
