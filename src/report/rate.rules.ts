import { addDays, startOfLocalDate, type LocalDate } from '../platform/clock/local-date.js';

export interface Rate {
  /** Rounded half up to 4 decimals; null where there is nothing to divide by. */
  rate: number | null;
  numerator: number;
  denominator: number;
}

/** Numerator ÷ denominator in whole numbers, so that no binary fraction decides which way 0.00005 is rounded. */
export function rateOf(numerator: number, denominator: number): Rate {
  if (denominator === 0) return { rate: null, numerator, denominator };
  return { rate: tenThousandths(numerator, denominator) / 10_000, numerator, denominator };
}

function tenThousandths(numerator: number, denominator: number): number {
  const [above, below] = [numerator * 20_000 + denominator, 2 * denominator];
  // What a double holds exactly is divided without a remainder: nothing is rounded on the way.
  if (Number.isSafeInteger(above)) return (above - (above % below)) / below;
  const [n, d] = [BigInt(numerator), BigInt(denominator)];
  return Number((n * 20_000n + d) / (2n * d));
}

/** Values and how often each occurs. */
export type Histogram = ReadonlyMap<number, number>;

/**
 * Nearest-rank percentiles: of each the smallest value that at least so many per cent of all do not exceed. Exact, and
 * always values that occurred.
 * @param percents ascending
 * @returns one for each of `percents`; undefined of nothing
 */
export function percentiles(values: Histogram, percents: readonly number[]): number[] | undefined {
  let count = 0;
  for (const times of values.values()) count += times;
  if (count === 0) return undefined;
  const ascending = [...values.keys()].sort((a, b) => a - b);
  let [at, passed] = [-1, 0];
  return percents.map((percent) => {
    const rank = Math.ceil((count * percent) / 100);
    while (passed < rank) passed += values.get(ascending[++at]!)!;
    return ascending[at]!;
  });
}

/** Whether people warned in a period may still turn out to have been defrauded: until `to` + the watch period has passed. */
export function stillWatched(to: LocalDate, watchDays: number, timeZone: string, asOf: Date): boolean {
  return asOf.getTime() < startOfLocalDate(addDays(to, 1 + watchDays), timeZone).getTime();
}

/** From so many tenths of a minute on, times are told in steps of so many: the longer, the coarser. */
const STEPS: readonly (readonly [from: number, step: number])[] = [
  [7 * 24 * 600, 1_200],
  [24 * 600, 300],
  [4 * 600, 50],
  [200, 10],
];

/**
 * How precisely a time is told: to a tenth of a minute below 20 minutes, to the minute below 4 hours, to 5 minutes below a
 * day, to half an hour below a week, then to 2 hours; half up, so never off by more than 2.5 %. Whoever rounds before he
 * takes a percentile gets the same as whoever rounds the percentile: the order is kept.
 */
export function toldTenths(tenths: number): number {
  for (const [from, step] of STEPS) if (tenths >= from) return Math.floor(tenths / step + 0.5) * step;
  return tenths;
}
