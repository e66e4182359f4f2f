import { addDays, type LocalDate } from '../platform/clock/local-date.js';

export const TREND_INTERVALS = ['day', 'week', 'month'] as const;
export type TrendInterval = (typeof TREND_INTERVALS)[number];

/** 同比 with the year before, 环比 with the interval before. */
export const COMPARISONS = ['yoy', 'mom'] as const;
export type Comparison = (typeof COMPARISONS)[number];

/** Inclusive local dates. */
export interface Days {
  from: LocalDate;
  to: LocalDate;
}

/** One interval of a series. */
export interface Interval extends Days {
  /** It is over: what it counts by the time of the act grows no more. */
  complete: boolean;
}

/** A value against that of the comparison period. */
export interface Change {
  /** (value − base) ÷ base, rounded half up to 4 decimals; null where the base is 0. */
  change: number | null;
  base: number;
}

/** The most points that a series may have. */
export const MOST_POINTS = 400;

/**
 * A period cut into calendar intervals, weeks from Monday; the first and the last are cut to the period.
 * @param today the local day on which the figures are read: intervals that it has not left behind are not complete
 */
export function intervalsOf({ from, to }: Days, unit: TrendInterval, today: LocalDate): Interval[] {
  const intervals: Interval[] = [];
  for (let first = from; first <= to;) {
    const end = lastDayOf(first, unit);
    const last = end < to ? end : to;
    intervals.push({ from: first, to: last, complete: last < today });
    first = addDays(last, 1);
  }
  return intervals;
}

/** How many intervals a period has, without making them. */
export function countOfIntervals({ from, to }: Days, unit: TrendInterval): number {
  if (from > to) return 0;
  const days = daysBetween(from, to);
  if (unit === 'day') return days + 1;
  if (unit === 'week') return Math.floor((weekday(from) + days) / 7) + 1;
  return monthNumber(to) - monthNumber(from) + 1;
}

/**
 * The days that an interval is compared with; of one that is not complete only the part that has begun is compared.
 * yoy: the same dates a year before, 29 February with the 28th. mom: the day before; the same days of the week before; a
 * whole month with the whole month before, a part of a month with the same days of the month before, which end with
 * that month.
 * @returns null where nothing of the interval has begun
 */
export function comparedDays(
  interval: Interval,
  compare: Comparison,
  unit: TrendInterval,
  today: LocalDate,
): Days | null {
  if (interval.from > today) return null;
  const from = interval.from;
  const to = interval.to < today ? interval.to : today;
  if (compare === 'yoy') return { from: yearBefore(from), to: yearBefore(to) };
  if (unit !== 'month') {
    const days = unit === 'day' ? -1 : -7;
    return { from: addDays(from, days), to: addDays(to, days) };
  }
  const whole = interval.complete && from.endsWith('-01') && to === lastDayOf(to, 'month');
  const before = addDays(`${from.slice(0, 7)}-01`, -1);
  return whole
    ? { from: `${before.slice(0, 7)}-01`, to: before }
    : { from: dayOfMonth(before, from), to: dayOfMonth(before, to) };
}

/** The same date a year before; 28 February for the 29th. */
export function yearBefore(date: LocalDate): LocalDate {
  return yearsLater(date, -1);
}

/** The same date some years later (earlier where negative); 28 February where there is no 29th. */
export function yearsLater(date: LocalDate, years: number): LocalDate {
  const year = String(Number(date.slice(0, 4)) + years).padStart(4, '0');
  return dayOfMonth(lastDayOf(`${year}-${date.slice(5, 7)}-01`, 'month'), date);
}

/** In whole numbers, so that no binary fraction decides how a half is rounded. */
export function changeOf(value: number, base: number): Change {
  if (base === 0) return { change: null, base };
  const [doubled, divisor] = [(BigInt(value) - BigInt(base)) * 20_000n + BigInt(base), 2n * BigInt(base)];
  // Division of bigints cuts towards zero; half up rounds towards more.
  const floor = doubled / divisor - (doubled < 0n && doubled % divisor !== 0n ? 1n : 0n);
  return { change: Number(floor) / 10_000, base };
}

/** Half-open stretches of time between neighbouring bounds: whatever is asked for is a sum of some of them. */
export interface Segments {
  /** Moments in ascending order, each once; one more than there are segments. */
  bounds: readonly Date[];
  /** The segments, counted from 0, that a stretch consists of. */
  within(start: Date, end: Date): { first: number; after: number };
}

/** @param stretches half-open; they may overlap, touch, or leave gaps */
export function segmentsOf(stretches: readonly { start: Date; end: Date }[]): Segments {
  const moments = stretches.flatMap(({ start, end }) => [start.getTime(), end.getTime()]);
  const bounds = [...new Set(moments)].sort((a, b) => a - b);
  const index = new Map(bounds.map((bound, at) => [bound, at]));
  return {
    bounds: bounds.map((bound) => new Date(bound)),
    within: (start, end) => ({ first: index.get(start.getTime())!, after: index.get(end.getTime())! }),
  };
}

/** The last day of the week or month that a day lies in. */
export function lastDayOf(date: LocalDate, unit: TrendInterval): LocalDate {
  if (unit === 'day') return date;
  if (unit === 'week') return addDays(date, 6 - weekday(date));
  // The 28th and four more lie in the next month, whatever the month.
  return addDays(`${addDays(`${date.slice(0, 7)}-28`, 4).slice(0, 7)}-01`, -1);
}

/** The day of the month that another date has, in the month that ends on `last`; at most that day. */
function dayOfMonth(last: LocalDate, date: LocalDate): LocalDate {
  const same = `${last.slice(0, 7)}-${date.slice(8)}`;
  return same < last ? same : last;
}

/** 0 is Monday. 1970-01-01 was a Thursday. */
function weekday(date: LocalDate): number {
  return (daysBetween('1970-01-01', date) + 3) % 7;
}

function daysBetween(from: LocalDate, to: LocalDate): number {
  return (Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000;
}

function monthNumber(date: LocalDate): number {
  return Number(date.slice(0, 4)) * 12 + Number(date.slice(5, 7));
}
