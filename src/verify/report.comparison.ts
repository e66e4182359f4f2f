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
  'urgeReplyOnTimeRate',
  'followUpOnTimeRate',
] as const;
const MINUTES = ['acceptMinutes', 'contactMinutes', 'visitMinutes', 'feedbackMinutes'] as const;

/**
 * Compares a row of the tier report with its recount, field by field; its incidents and money are compared elsewhere.
 * @param stopPayment the recount of what stop-payments intercepted, fen
 * @returns how many values were compared
 */
export function compareRow(
  where: string,
  reported: FiguresAnswer,
  recounted: Cell,
  stopPayment: bigint,
  findings: Findings,
): number {
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
  const { dissuasion, bank, stopPayment: stopped, total } = reported.interceptedFen;
  same('interceptedFen.dissuasion', recounted.sum('interceptedFen.dissuasion'), dissuasion);
  same('interceptedFen.bank', recounted.sum('interceptedFen.bank'), bank);
  same('interceptedFen.stopPayment', stopPayment, stopped);
  same('interceptedFen.total', recounted.sum('interceptedFen.total') + stopPayment, total);
  same('lossFen', recounted.sum('lossFen'), reported.lossFen);
  count('urges', reported.urges);
  for (const [state, found] of Object.entries(reported.followUps)) count(`followUps.${state}`, found as number);
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
export function quotient(numerator: number | bigint, denominator: number | bigint): number | null {
  const divisor = BigInt(denominator);
  if (divisor === 0n) return null;
  let rest = BigInt(numerator) % divisor;
  let digits = String(BigInt(numerator) / divisor);
  for (let place = 0; place < 4; place++) {
    digits += String((rest * 10n) / divisor);
    rest = (rest * 10n) % divisor;
  }
  return (Number(digits) + (rest * 2n >= divisor ? 1 : 0)) / 10_000;
}
