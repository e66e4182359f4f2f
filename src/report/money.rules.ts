import { addDays } from '../platform/clock/local-date.js';
import { rateOf, type Rate } from './rate.rules.js';
import type { ReportFilters } from './report.scope.js';
import { changeOf as ratioOf, yearBefore, type Days } from './trend.rules.js';

/** The same days a year before (同比): 29 February becomes 28 February. */
export function sameDaysYearBefore({ from, to }: Days): Days {
  return { from: yearBefore(from), to: yearBefore(to) };
}

/** As many days as a period has, directly before it (环比). */
export function daysBefore({ from, to }: Days): Days {
  const days = Math.round((Date.parse(`${to}T00:00:00Z`) - Date.parse(`${from}T00:00:00Z`)) / 86_400_000) + 1;
  return { from: addDays(from, -days), to: addDays(from, -1) };
}

/** How a count compares with an earlier one. */
export interface Change {
  /** (count − base) ÷ base, rounded half up to 4 decimals; null where the base is 0. */
  change: number | null;
  count: number;
  base: number;
}

/** Half up also below zero, so that 1 + change is the quotient rounded half up. */
export function changeOf(count: number, base: number): Change {
  return { ...ratioOf(count, base), count };
}

/** How many people live somewhere, and by the figure of which year. */
export interface Inhabitants {
  readonly population: number;
  readonly year: number;
}

export interface PerTenThousand extends Rate {
  /** Year of the figure; null where none is loaded. */
  year: number | null;
}

/** 万人发案率: the denominator is the population in units of 10,000. */
export function per10kOf(count: number, inhabitants: Inhabitants | undefined): PerTenThousand {
  if (!inhabitants) return { rate: null, numerator: count, denominator: 0, year: null };
  const { population, year } = inhabitants;
  return { ...rateOf(count * 10_000, population), numerator: count, denominator: population / 10_000, year };
}

/** Those of several rows together; of different years the oldest. undefined where a row has none, or there is no row. */
export function together(rows: readonly (Inhabitants | undefined)[]): Inhabitants | undefined {
  const known = rows.filter((row) => row !== undefined);
  if (known.length === 0 || known.length < rows.length) return undefined;
  return {
    population: known.reduce((sum, { population }) => sum + population, 0),
    year: Math.min(...known.map(({ year }) => year)),
  };
}

/** Filters that say nothing about an incident or its money. */
export const ALERT_FILTERS = ['riskLevel', 'kind'] as const satisfies readonly (keyof ReportFilters)[];

/** Whether figures of incidents and their money can be told under these filters: a risk level is of warnings only. */
export function moneyApplies(filters: ReportFilters): boolean {
  return ALERT_FILTERS.every((filter) => filters[filter] === undefined);
}
