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
  const [n, d] = [BigInt(numerator), BigInt(denominator)];
  const tenThousandths = (n * 20_000n + d) / (2n * d);
  return { rate: Number(tenThousandths) / 10_000, numerator, denominator };
}

/** Values and how often each occurs. */
export type Histogram = ReadonlyMap<number, number>;

/**
 * The nearest-rank percentile: the smallest value that at least so many per cent of all do not exceed. Exact, and always
 * a value that occurred.
 * @returns undefined of nothing
 */
export function percentile(values: Histogram, percent: number): number | undefined {
  const count = [...values.values()].reduce((sum, times) => sum + times, 0);
  if (count === 0) return undefined;
  let left = Math.ceil((count * percent) / 100);
  for (const value of [...values.keys()].sort((a, b) => a - b)) {
    left -= values.get(value)!;
    if (left <= 0) return value;
  }
  throw new Error('a percentile lies beyond its values');
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
