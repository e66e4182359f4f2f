import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { readHolidays, yearsOf } from '../../src/returns/holiday.file.rules.js';
import { WorkingDays } from '../../src/returns/working-day.rules.js';

const SEED = join(import.meta.dirname, '../../seeds/holidays-cn.csv');
const rows = parse(readFileSync(SEED), { columns: true }) as Record<string, string>[];
const { days, faults } = readHolidays(rows);
const calendar = new WorkingDays(days);

describe('working days', () => {
  it.each([
    // An ordinary week, and one with a weekend in between.
    ['2023-06-12', 3, '2023-06-15'],
    ['2023-06-15', 3, '2023-06-20'],
    // New Year's Day is a Monday, and ends a weekend.
    ['2023-12-28', 3, '2024-01-03'],
    ['2025-12-30', 3, '2026-01-05'],
    // Spring Festival: eight days in 2024, with two Sundays worked; nine in 2026.
    ['2024-02-02', 3, '2024-02-06'],
    ['2024-02-08', 3, '2024-02-19'],
    ['2025-01-26', 3, '2025-02-06'],
    ['2026-02-13', 3, '2026-02-25'],
    // Labour Day, and the Sunday worked before it.
    ['2023-04-21', 3, '2023-04-25'],
    ['2023-04-28', 1, '2023-05-04'],
    // National Day with Mid-Autumn, a weekend worked behind it.
    ['2023-09-28', 3, '2023-10-09'],
    // What is delivered on a day off counts from the next that is worked.
    ['2023-10-01', 1, '2023-10-07'],
  ])('%s and %i of them end on %s', (from, count, end) => {
    expect(calendar.after(from, count)).toBe(end);
  });

  it('of a year that nobody knows leave out weekends alone, and say so', () => {
    expect(calendar.after('2030-02-01', 3)).toBe('2030-02-06');
    expect(calendar.covers('2030-02-01', '2030-02-06')).toBe(false);
    expect(calendar.covers('2026-12-30', '2027-01-05')).toBe(false);
    expect(calendar.covers('2023-12-28', '2024-01-03')).toBe(true);
  });
});

describe('the table of holidays', () => {
  it('is that of four notices: days off, and weekends worked instead', () => {
    expect(faults).toEqual([]);
    expect(yearsOf(days)).toEqual([2023, 2024, 2025, 2026]);
    const count = (year: number, working: boolean): number =>
      days.filter((each) => each.day.startsWith(String(year)) && each.working === working).length;
    expect([2023, 2024, 2025, 2026].map((year) => [count(year, false), count(year, true)])).toEqual([
      [26, 7],
      [28, 8],
      [28, 5],
      [33, 6],
    ]);
    // Only a weekend can be worked instead.
    const weekday = (day: string): number => new Date(`${day}T00:00:00Z`).getUTCDay();
    expect(days.filter(({ day, working }) => working && ![0, 6].includes(weekday(day)))).toEqual([]);
    expect(new Set(rows.map(({ notice }) => notice)).size).toBe(4);
  });

  it('refuses rows that are none, each with its line', () => {
    const { faults: found } = readHolidays([
      { day: '2027-02-30', working: 'false', name: '春节' },
      { day: '2027-02-06', working: 'no', name: '春节' },
      { day: '2027-02-07', working: 'false', name: ' ' },
      { day: '2027-02-08', working: 'false', name: '春节' },
      { day: '2027-02-08', working: 'false', name: '春节' },
    ]);
    expect(found.map((fault) => fault.slice(0, 6))).toEqual(['line 2', 'line 3', 'line 4', 'line 6']);
    expect(readHolidays([]).faults).toEqual(['the file has no rows']);
  });
});
