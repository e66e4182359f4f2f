import { isLocalDate, type LocalDate } from '../platform/clock/local-date.js';
import { comparedDays, intervalsOf, lastDayOf, type Days } from './trend.rules.js';
import { changeOf, type Change } from './money.rules.js';

/** By what townships are put in order. */
export const HOT_BY = ['incidents', 'received'] as const;
export type HotBy = (typeof HOT_BY)[number];

/** With fewer a township is no hot spot: one case more or less would move it past half the others. */
export const LEAST_RANKED = 3;
/** Against fewer no change is told: of 2 cases that become 4 nobody learns anything. The base is told always. */
export const LEAST_BASE = 10;

/** `YYYY-MM` of a month that dates can be of. */
export function isMonth(value: unknown): boolean {
  return typeof value === 'string' && isLocalDate(`${value}-01`) && value >= '1990-01' && value <= '2099-12';
}

/** A month, and the days that it is compared with: those of a running month up to today. */
export interface ComparedMonth {
  days: Days;
  monthBefore: Days;
  yearBefore: Days;
}

/** @returns undefined where the month has not begun */
export function comparedMonth(month: string, today: LocalDate): ComparedMonth | undefined {
  const from = `${month}-01`;
  const days = { from, to: lastDayOf(from, 'month') };
  const [interval] = intervalsOf(days, 'month', today);
  const [monthBefore, yearBefore] = (['mom', 'yoy'] as const).map((kind) =>
    comparedDays(interval!, kind, 'month', today),
  );
  return monthBefore && yearBefore ? { days, monthBefore, yearBefore } : undefined;
}

/** A change that is told only against enough. */
export function changeAgainst(count: number, base: number): Change {
  return base < LEAST_BASE ? { change: null, count, base } : changeOf(count, base);
}

type Measured = Record<HotBy, number> & { agency: { code: string } };

/**
 * Those with enough, the most first, each with its rank: equal numbers share one and the next are skipped (1, 2, 2, 4). Of
 * equal numbers the one with more of the other comes first, then by code; that decides nothing about the rank.
 */
export function rankedBy<Row extends Measured>(rows: readonly Row[], by: HotBy): (Row & { rank: number })[] {
  const other = by === 'incidents' ? 'received' : 'incidents';
  const hot = rows.filter((row) => row[by] >= LEAST_RANKED);
  hot.sort((a, b) => b[by] - a[by] || b[other] - a[other] || (a.agency.code < b.agency.code ? -1 : 1));
  let rank = 0;
  return hot.map((row, index) => {
    if (index === 0 || row[by] !== hot[index - 1]![by]) rank = index + 1;
    return { ...row, rank };
  });
}

/** The first of them, with all who share the rank of the last. */
export function firstOf<Row extends { rank: number }>(ranked: readonly Row[], limit: number): Row[] {
  const last = ranked[limit - 1]?.rank ?? Infinity;
  return ranked.filter(({ rank }) => rank <= last);
}
