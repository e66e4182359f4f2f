import {
  addDays,
  formatInstant,
  isLocalDate,
  localDateOf,
  localDayOf,
  localMinuteOf,
  localRange,
  parseInstant,
  startOfLocalDate,
} from '../../src/platform/clock/local-date.js';

const ZONES = ['Asia/Shanghai', 'UTC', 'America/New_York', 'Asia/Kathmandu', 'Australia/Lord_Howe', 'Africa/Monrovia'];

const intl = new Map(
  ZONES.map((timeZone) => [
    timeZone,
    new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }),
  ]),
);

/** What Intl says, without any offset remembered. */
function told(moment: Date, timeZone: string): string {
  return intl.get(timeZone)!.format(moment);
}

describe.each(ZONES)('local time in %s', (zone) => {
  test('is what the zone says, also around every change of its clocks', () => {
    const moments = [Date.UTC(1972, 0, 7, 0, 44, 0), Date.UTC(1991, 8, 14, 17, 0, 0), Date.UTC(2026, 10, 22, 3, 0, 0)];
    for (let quarter = 0; quarter < 366 * 96; quarter += 1) moments.push(Date.UTC(2024, 0, 1) + quarter * 900_000 - 1);
    for (const time of moments.filter((_, index) => index < 3 || index % 11 === 0)) {
      const moment = new Date(time);
      const [date, clock] = told(moment, zone).split(' ');
      expect(localDateOf(moment, zone)).toBe(date);
      expect(localDayOf(time, zone)).toBe(Date.parse(date!) / 86_400_000);
      expect(localMinuteOf(moment, zone)).toBe(`${date} ${clock!.slice(0, 5)}`);
    }
  });

  test('written with its offset it is the same moment', () => {
    for (let hour = 0; hour < 8_784; hour += 5) {
      const moment = new Date(Date.UTC(2024, 0, 1) + hour * 3_600_000 + 123);
      expect(parseInstant(formatInstant(moment, zone))).toEqual(moment);
    }
  });

  test('a day begins when the one before it ends', () => {
    for (let date = '2024-01-01'; date < '2025-01-02'; date = addDays(date, 1)) {
      const { start, end } = localRange(date, date, zone);
      expect(end).toEqual(startOfLocalDate(addDays(date, 1), zone));
      expect([localDateOf(start, zone), localDateOf(new Date(end.getTime() - 1), zone)]).toEqual([date, date]);
    }
  });
});

test.each(['2023-02-29', '2023-13-01', '2023-1-1', '20230101', '2023-00-10', 20230101, null])(
  '%p is no day',
  (text) => {
    expect(isLocalDate(text)).toBe(false);
  },
);

test.each(['2023-02-29T00:00:00Z', '2023-06-01T24:00:00Z', '2023-06-01T09:30:00', '2023-06-01 09:30:00+08:00'])(
  '%p is no moment',
  (text) => {
    expect(parseInstant(text)).toBeUndefined();
  },
);
