import { isLocalDate } from '../platform/clock/local-date.js';
import type { Holiday } from './working-day.rules.js';

const LONGEST_NAME = 100;

/**
 * Rows of a holiday table: `day` (YYYY-MM-DD), `working` (true: a weekend that is worked; false: a public holiday), `name`.
 * Other columns, such as the notice they come from, are for people.
 * @returns the days in order, or every fault with its line
 */
export function readHolidays(rows: readonly Readonly<Record<string, string>>[]): { days: Holiday[]; faults: string[] } {
  const faults: string[] = [];
  const days = new Map<string, Holiday>();
  if (rows.length === 0) faults.push('the file has no rows');
  rows.forEach((row, index) => {
    const line = `line ${index + 2}`;
    const day = row['day']?.trim() ?? '';
    const working = row['working']?.trim().toLowerCase() ?? '';
    const name = row['name']?.trim() ?? '';
    if (!isLocalDate(day)) return void faults.push(`${line}: day "${day}" is no date, as YYYY-MM-DD`);
    if (working !== 'true' && working !== 'false') {
      return void faults.push(`${line}: working is true (a weekend that is worked) or false (a holiday)`);
    }
    if (name === '' || name.length > LONGEST_NAME) return void faults.push(`${line}: name is empty or too long`);
    if (days.has(day)) return void faults.push(`${line}: ${day} stands twice in the file`);
    days.set(day, { day, working: working === 'true', name });
  });
  return { days: [...days.values()].sort((a, b) => (a.day < b.day ? -1 : 1)), faults };
}

/** The years of days, in order. */
export function yearsOf(days: readonly Holiday[]): number[] {
  return [...new Set(days.map(({ day }) => Number(day.slice(0, 4))))].sort((a, b) => a - b);
}
