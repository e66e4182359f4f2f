import { addDays, type LocalDate } from '../../platform/clock/local-date.js';
import type { Grain } from './cell.js';

/** 20230601 */
export function dayNumber(date: LocalDate): number {
  return Number(date.replaceAll('-', ''));
}

export function dateOfNumber(day: number): LocalDate {
  const text = String(day);
  return `${text.slice(0, 4)}-${text.slice(4, 6)}-${text.slice(6)}`;
}

/** The unit that a day lies in, by its first and last possible day (the 31st, whether there is one or not). */
export function cellOf(day: number, grain: Grain): { first: number; last: number } {
  if (grain === 'day') return { first: day, last: day };
  const year = Math.floor(day / 10_000) * 10_000;
  if (grain === 'year') return { first: year + 101, last: year + 1231 };
  const month = Math.floor(day / 100) * 100;
  if (grain === 'month') return { first: month + 1, last: month + 31 };
  const begun = Math.min(2, Math.floor((day - month - 1) / 10)) * 10;
  return { first: month + begun + 1, last: month + (begun === 20 ? 31 : begun + 10) };
}

/** Cells of one grain whose first day lies in a range, both ends included. */
export interface CellRange {
  grain: Grain;
  from: number;
  to: number;
}

/**
 * The fewest cells that make up a period: whole years, months and thirds of months, then days.
 * @returns ranges that do not overlap
 */
export function rangesOf(from: LocalDate, to: LocalDate): CellRange[] {
  const ranges: CellRange[] = [];
  for (let day = from; day <= to;) {
    const grain = largest(day, to);
    const first = dayNumber(day);
    const before = ranges.at(-1);
    if (before?.grain === grain) before.to = first;
    else ranges.push({ grain, from: first, to: first });
    day = addDays(endOf(day, grain), 1);
  }
  return ranges;
}

/** The largest unit that begins on a day and ends within the period. */
function largest(day: LocalDate, to: LocalDate): Grain {
  if (day.endsWith('-01-01') && endOf(day, 'year') <= to) return 'year';
  if (day.endsWith('-01') && endOf(day, 'month') <= to) return 'month';
  if (/-[012]1$/.test(day) && endOf(day, 'third') <= to) return 'third';
  return 'day';
}

/** The last day of the unit that begins on a day. */
function endOf(day: LocalDate, grain: Grain): LocalDate {
  if (grain === 'day') return day;
  if (grain === 'third' && !day.endsWith('-21')) return addDays(day, 9);
  const [year, month] = day.split('-').map(Number) as [number, number];
  if (grain === 'year' || month === 12) return `${day.slice(0, 4)}-12-31`;
  return addDays(`${year}-${String(month + 1).padStart(2, '0')}-01`, -1);
}
