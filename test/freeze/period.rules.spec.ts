import { addDays } from '../../src/platform/clock/local-date.js';
import {
  addMonths,
  fitsMonths,
  lapseOf,
  movedTo,
  renewalAlarmOf,
  verificationOf,
} from '../../src/freeze/period.rules.js';

const SHANGHAI = 'Asia/Shanghai';

describe('calendar months', () => {
  it.each([
    ['2023-06-15', 6, '2023-12-15'],
    ['2023-08-31', 6, '2024-02-29'],
    ['2023-08-30', 6, '2024-02-29'],
    ['2023-08-29', 6, '2024-02-29'],
    ['2023-08-28', 6, '2024-02-28'],
    ['2022-08-31', 6, '2023-02-28'],
    ['2022-08-29', 6, '2023-02-28'],
    ['2024-02-29', 6, '2024-08-29'],
    ['2024-02-29', 12, '2025-02-28'],
    ['2023-02-28', 12, '2024-02-28'],
    ['2023-12-31', 6, '2024-06-30'],
    ['2023-07-01', 6, '2024-01-01'],
    ['2023-01-31', 1, '2023-02-28'],
    ['2023-01-31', 3, '2023-04-30'],
    ['2023-10-31', 0, '2023-10-31'],
    ['2099-08-31', 6, '2100-02-28'],
  ])('%s and %i months are %s', (from, months, until) => {
    expect(addMonths(from, months)).toBe(until);
    expect(fitsMonths(from, until, months)).toBe(true);
    expect(fitsMonths(from, addDays(until, 1), months)).toBe(false);
  });
});

describe('a period that begins on another day', () => {
  it.each([
    // Whole months stay whole months.
    ['2023-06-15', '2023-12-15', '2023-08-31', '2024-02-29'],
    ['2023-08-31', '2024-02-29', '2024-03-10', '2024-09-10'],
    ['2023-06-15', '2024-06-15', '2024-02-29', '2025-02-28'],
    // Months and days.
    ['2023-06-01', '2023-08-11', '2023-12-05', '2024-02-15'],
    ['2023-06-01', '2023-06-01', '2023-07-20', '2023-07-20'],
    ['2023-06-01', '2023-06-20', '2023-07-20', '2023-08-08'],
    // Thirty days after five months of a short sixth would be more than six months.
    ['2023-03-01', '2023-08-31', '2023-09-28', '2024-03-28'],
  ])('%s to %s moved to %s ends on %s', (from, until, begin, end) => {
    expect(movedTo({ from, until }, begin)).toBe(end);
  });

  it('is never more calendar months than it was', () => {
    const longer: string[] = [];
    for (let length = 0; length <= 366; length += 1) {
      for (let day = 0; day < 400; day += 23) {
        const from = addDays('2023-05-17', length % 31);
        const until = addDays(from, length);
        const begin = addDays('2023-08-01', day);
        const end = movedTo({ from, until }, begin);
        for (const months of [1, 3, 6, 12]) {
          if (fitsMonths(from, until, months) && !fitsMonths(begin, end, months))
            longer.push(`${from} ${until} ${begin}`);
        }
      }
    }
    expect(longer).toEqual([]);
  });
});

describe('moments of a freeze', () => {
  it('are midnights of the place, whatever zone the server is in', () => {
    expect(lapseOf('2023-12-31', SHANGHAI).toISOString()).toBe('2023-12-31T16:00:00.000Z');
    expect(lapseOf('2024-02-29', SHANGHAI).toISOString()).toBe('2024-02-29T16:00:00.000Z');
    expect(lapseOf('2023-11-05', 'America/New_York').toISOString()).toBe('2023-11-06T05:00:00.000Z');
    expect(lapseOf('2023-11-04', 'America/New_York').toISOString()).toBe('2023-11-05T04:00:00.000Z');
  });

  it('verification counts months from the local day on which the money was frozen', () => {
    // 2023-08-30 17:00 UTC is the 31st in Shanghai already.
    const frozen = new Date('2023-08-30T17:00:00Z');
    expect(verificationOf(frozen, 1, SHANGHAI).toISOString()).toBe('2023-09-29T16:00:00.000Z');
    expect(verificationOf(frozen, 6, SHANGHAI).toISOString()).toBe('2024-02-28T16:00:00.000Z');
  });

  it('a renewal is called for ten days before the freeze is over', () => {
    expect(renewalAlarmOf('2023-12-31', 10, SHANGHAI).toISOString()).toBe('2023-12-21T16:00:00.000Z');
    expect(lapseOf('2023-12-31', SHANGHAI).getTime() - renewalAlarmOf('2023-12-31', 10, SHANGHAI).getTime()).toBe(
      10 * 86_400_000,
    );
  });
});
