import { RESULTS, type Result } from '../alert/alert.js';
import { DURATIONS, RESULT_BIT, type Duration } from './case.facts.js';
import { passes, RATE_FIELDS, RATES, RECEIVED, type CaseTest, type RateField } from './indicators.js';
import { percentile, rateOf, type Rate } from './rate.rules.js';
import { amountTooLarge } from './report.problems.js';
import type { Tally } from './tier-report.view.js';

export interface Percentiles {
  /** Minutes, to a tenth. */
  p50: number | null;
  p90: number | null;
}

/** Everything that a row, or the total, says. */
export type Figures = {
  received: number;
  signals: number;
} & Record<Exclude<RateField, 'defraudedAfterRate'>, Rate> & {
    defraudedAfterRate: Rate & { provisional: boolean };
    results: Record<Result, number>;
    attempts: { sms: number; call: number; visit: number; visitReached: number };
    interceptedFen: { dissuasion: number; stopPayment: number; bank: number; total: number };
    lossFen: number;
  } & Record<`${Duration}Minutes`, Percentiles> & { open: number; overdue: number; urged: number };

/**
 * Divides what was counted.
 * @param provisional people warned in the period are still watched
 * @throws Problem `amount-too-large`
 */
export function figuresOf(tally: Tally, provisional: boolean): Figures {
  const count = (test: CaseTest): number => {
    let sum = 0;
    for (const [flags, times] of tally.flags) if (passes(flags, test)) sum += times;
    return sum;
  };
  const rate = (field: RateField): Rate => rateOf(count(RATES[field].numerator), count(RATES[field].denominator));
  const received = count(RECEIVED);
  const { dissuasion, bank, loss } = tally.fen;
  return {
    received,
    signals: received + tally.joined,
    ...(Object.fromEntries(RATE_FIELDS.map((field) => [field, rate(field)])) as Record<RateField, Rate>),
    defraudedAfterRate: { ...rate('defraudedAfterRate'), provisional },
    results: Object.fromEntries(RESULTS.map((result) => [result, count({ any: RESULT_BIT[result] })])) as Record<
      Result,
      number
    >,
    attempts: { ...tally.attempts },
    interceptedFen: {
      dissuasion: fen(dissuasion),
      // The sum over stop-payments that went back; none can be recorded yet.
      stopPayment: 0,
      bank: fen(bank),
      total: fen(dissuasion + bank),
    },
    lossFen: fen(loss),
    ...(Object.fromEntries(
      DURATIONS.map((duration) => [`${duration}Minutes`, percentilesOf(tally, duration)]),
    ) as Record<`${Duration}Minutes`, Percentiles>),
    ...tally.held,
  };
}

function percentilesOf(tally: Tally, duration: Duration): Percentiles {
  const minutes = (percent: number): number | null => {
    const tenths = percentile(tally.durations[duration], percent);
    return tenths === undefined ? null : tenths / 10;
  };
  return { p50: minutes(50), p90: minutes(90) };
}

/** A sum of money as the JSON number that the contract has. */
function fen(sum: bigint): number {
  if (sum <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(sum);
  throw amountTooLarge.with(
    'The amounts of this period add up to more than 9,007,199,254,740,991 fen. Ask for a shorter period, or open interceptedFen.total and lossFen to find the outcome that is wrong.',
  );
}
