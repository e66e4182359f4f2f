import { CASE_STEP, funnelOf } from '../../src/report/funnel.rules.js';
import { changeAgainst, comparedMonth, firstOf, isMonth, rankedBy } from '../../src/report/hot-spots.rules.js';
import { sharesOf } from '../../src/report/share.rules.js';
import {
  changeOf,
  comparedDays,
  countOfIntervals,
  intervalsOf,
  segmentsOf,
  yearBefore,
  yearsLater,
  type Comparison,
  type TrendInterval,
} from '../../src/report/trend.rules.js';
import { Dice } from '../support/dice.js';

const FAR = '2099-01-01';

describe('shares', () => {
  test.each([
    ['thirds', [1, 1, 1], [0.3334, 0.3333, 0.3333]],
    ['the largest remainder first', [1, 2, 4], [0.1429, 0.2857, 0.5714]],
    ['of equal remainders the larger value', [1, 1, 6_666], [0.0002, 0.0001, 0.9997]],
    ['nothing beside something', [0, 5, 0], [0, 1, 0]],
    ['of nothing at all', [0, 0], [null, null]],
    ['of no rows', [], []],
  ])('%s', (_, values, shares) => {
    expect(sharesOf(values)).toEqual(shares);
  });

  test('of amounts beyond what a double carries are exact', () => {
    const most = BigInt(Number.MAX_SAFE_INTEGER) * 1000n;
    expect(sharesOf([most, most, 1n])).toEqual([0.5, 0.5, 0]);
  });

  test('of equal values and remainders the earlier one has the part that is left', () => {
    expect(sharesOf([1, 1, 1, 1, 1, 1])).toEqual([0.1667, 0.1667, 0.1667, 0.1667, 0.1666, 0.1666]);
    // Of losses in fen: two types share the whole, the others have 0, and 0 is no share of what is left.
    expect(sharesOf([0n, 200_000_001n, 0n, 400_000_002n])).toEqual([0, 0.3333, 0, 0.6667]);
  });

  test('add up to exactly 1 and lie within one part of the quotient, whatever the values', () => {
    const dice = new Dice(7);
    for (let round = 0; round < 300; round++) {
      const values = Array.from({ length: 1 + dice.below(14) }, () => dice.below(dice.pick([2, 10, 100_000])));
      const sum = values.reduce((total, value) => total + value, 0);
      const shares = sharesOf(values);
      if (sum === 0) expect(shares.every((share) => share === null)).toBe(true);
      else {
        expect(shares.reduce<number>((parts, share) => parts + Math.round(share! * 10_000), 0)).toBe(10_000);
        values.forEach((value, index) => expect(Math.abs(shares[index]! - value / sum)).toBeLessThan(0.0001));
      }
    }
  });
});

describe('a period is cut into intervals', () => {
  const cut = (from: string, to: string, unit: TrendInterval, today = FAR): string[] =>
    intervalsOf({ from, to }, unit, today).map(
      (each) => `${each.from.slice(5)}…${each.to.slice(5)}${each.complete ? '' : ' runs'}`,
    );

  test('by day, over the end of February in leap years and others', () => {
    expect(cut('2024-02-28', '2024-03-01', 'day')).toEqual(['02-28…02-28', '02-29…02-29', '03-01…03-01']);
    expect(cut('2023-02-28', '2023-03-01', 'day')).toEqual(['02-28…02-28', '03-01…03-01']);
  });

  test('by weeks from Monday, the first and the last cut', () => {
    // 2023-06-01 was a Thursday.
    expect(cut('2023-06-01', '2023-06-13', 'week')).toEqual(['06-01…06-04', '06-05…06-11', '06-12…06-13']);
    expect(cut('2023-06-05', '2023-06-11', 'week')).toEqual(['06-05…06-11']);
    expect(cut('2023-06-11', '2023-06-12', 'week')).toEqual(['06-11…06-11', '06-12…06-12']);
    expect(cut('2024-12-30', '2025-01-06', 'week')).toEqual(['12-30…01-05', '01-06…01-06']);
  });

  test('by months of every length', () => {
    expect(cut('2023-12-15', '2024-03-10', 'month')).toEqual([
      '12-15…12-31',
      '01-01…01-31',
      '02-01…02-29',
      '03-01…03-10',
    ]);
    expect(cut('2100-02-01', '2100-02-28', 'month', '2101-01-01')).toEqual(['02-01…02-28']);
    expect(cut('2000-02-10', '2000-03-01', 'month')).toEqual(['02-10…02-29', '03-01…03-01']);
  });

  test('an interval is complete once its last day is over', () => {
    expect(cut('2023-06-01', '2023-06-03', 'day', '2023-06-02')).toEqual([
      '06-01…06-01',
      '06-02…06-02 runs',
      '06-03…06-03 runs',
    ]);
    expect(cut('2023-05-01', '2023-06-30', 'month', '2023-06-30')).toEqual(['05-01…05-31', '06-01…06-30 runs']);
  });

  test('and counted without being cut', () => {
    const dice = new Dice(11);
    for (let round = 0; round < 200; round++) {
      const from = new Date(Date.UTC(2019, 11, 1) + dice.below(900) * 86_400_000).toISOString().slice(0, 10);
      const to = new Date(Date.parse(from) + dice.below(500) * 86_400_000).toISOString().slice(0, 10);
      for (const unit of ['day', 'week', 'month'] as const)
        expect([from, to, unit, countOfIntervals({ from, to }, unit)]).toEqual([
          from,
          to,
          unit,
          cut(from, to, unit).length,
        ]);
    }
    expect(countOfIntervals({ from: '2023-06-02', to: '2023-06-01' }, 'day')).toBe(0);
  });
});

describe('an interval is compared', () => {
  /** The interval that a period of one interval gives. */
  const compared = (from: string, to: string, compare: Comparison, unit: TrendInterval, today = FAR): string | null => {
    const intervals = intervalsOf({ from, to }, unit, today);
    expect(intervals).toHaveLength(1);
    const days = comparedDays(intervals[0]!, compare, unit, today);
    return days && `${days.from}…${days.to}`;
  };

  test.each<[string, string, Comparison, TrendInterval, string]>([
    // 同比: the same dates a year before
    ['2023-06-10', '2023-06-10', 'yoy', 'day', '2022-06-10…2022-06-10'],
    ['2024-02-29', '2024-02-29', 'yoy', 'day', '2023-02-28…2023-02-28'],
    ['2024-02-28', '2024-02-28', 'yoy', 'day', '2023-02-28…2023-02-28'],
    ['2024-02-01', '2024-02-29', 'yoy', 'month', '2023-02-01…2023-02-28'],
    ['2025-02-01', '2025-02-28', 'yoy', 'month', '2024-02-01…2024-02-28'],
    ['2024-01-01', '2024-01-07', 'yoy', 'week', '2023-01-01…2023-01-07'],
    // A week over the new year keeps its dates, and is one interval though it lies in two years.
    ['2024-12-30', '2025-01-05', 'yoy', 'week', '2023-12-30…2024-01-05'],
    ['2024-02-26', '2024-03-03', 'yoy', 'week', '2023-02-26…2023-03-03'],
    // 环比: the interval before
    ['2024-03-01', '2024-03-01', 'mom', 'day', '2024-02-29…2024-02-29'],
    ['2023-06-05', '2023-06-11', 'mom', 'week', '2023-05-29…2023-06-04'],
    ['2023-06-08', '2023-06-11', 'mom', 'week', '2023-06-01…2023-06-04'],
    ['2024-12-30', '2025-01-05', 'mom', 'week', '2024-12-23…2024-12-29'],
    ['2025-01-06', '2025-01-12', 'mom', 'week', '2024-12-30…2025-01-05'],
    ['2024-03-01', '2024-03-31', 'mom', 'month', '2024-02-01…2024-02-29'],
    ['2023-03-01', '2023-03-31', 'mom', 'month', '2023-02-01…2023-02-28'],
    ['2023-02-01', '2023-02-28', 'mom', 'month', '2023-01-01…2023-01-31'],
    ['2024-01-01', '2024-01-31', 'mom', 'month', '2023-12-01…2023-12-31'],
    // A part of a month with the same part of the one before, at most to its end
    ['2023-03-10', '2023-03-31', 'mom', 'month', '2023-02-10…2023-02-28'],
    ['2023-03-01', '2023-03-15', 'mom', 'month', '2023-02-01…2023-02-15'],
    ['2024-03-30', '2024-03-31', 'mom', 'month', '2024-02-29…2024-02-29'],
    ['2023-06-10', '2023-06-30', 'mom', 'month', '2023-05-10…2023-05-30'],
  ])('%s…%s %s by %s with %s', (from, to, compare, unit, expected) => {
    expect(compared(from, to, compare, unit)).toBe(expected);
  });

  test.each<[string, string, string, Comparison, TrendInterval, string | null]>([
    ['2023-06-14', '2023-06-01', '2023-06-30', 'mom', 'month', '2023-05-01…2023-05-14'],
    // The last day of the month still runs: its days, not the whole month before.
    ['2023-02-28', '2023-02-01', '2023-02-28', 'mom', 'month', '2023-01-01…2023-01-28'],
    ['2023-03-30', '2023-03-01', '2023-03-31', 'mom', 'month', '2023-02-01…2023-02-28'],
    ['2023-06-14', '2023-06-12', '2023-06-18', 'mom', 'week', '2023-06-05…2023-06-07'],
    ['2023-06-14', '2023-06-01', '2023-06-30', 'yoy', 'month', '2022-06-01…2022-06-14'],
    ['2024-02-29', '2024-02-01', '2024-02-29', 'yoy', 'month', '2023-02-01…2023-02-28'],
    ['2025-02-28', '2025-02-01', '2025-02-28', 'yoy', 'month', '2024-02-01…2024-02-28'],
    ['2024-03-30', '2024-03-01', '2024-03-31', 'mom', 'month', '2024-02-01…2024-02-29'],
    ['2025-01-02', '2024-12-30', '2025-01-05', 'mom', 'week', '2024-12-23…2024-12-26'],
    ['2023-06-14', '2023-06-14', '2023-06-14', 'mom', 'day', '2023-06-13…2023-06-13'],
    ['2023-06-14', '2023-06-15', '2023-06-15', 'mom', 'day', null],
  ])('on %s, while %s…%s runs: %s by %s with %s', (today, from, to, compare, unit, expected) => {
    expect(compared(from, to, compare, unit, today)).toBe(expected);
  });

  test('a year before and three years after keep the date where it exists', () => {
    expect([yearBefore('2024-02-29'), yearBefore('2001-02-28'), yearBefore('2023-12-31')]).toEqual([
      '2023-02-28',
      '2000-02-28',
      '2022-12-31',
    ]);
    expect([yearsLater('2024-02-29', 3), yearsLater('2024-02-29', 4)]).toEqual(['2027-02-28', '2028-02-29']);
  });
});

describe('a change', () => {
  test.each([
    [150, 100, 0.5],
    [50, 100, -0.5],
    [0, 7, -1],
    [2, 3, -0.3333],
    [4, 3, 0.3333],
    [20_001, 20_000, 0.0001],
    // Exactly half of the last place goes up, also below zero.
    [19_999, 20_000, 0],
    [19_997, 20_000, -0.0001],
    [Number.MAX_SAFE_INTEGER, Number.MAX_SAFE_INTEGER, 0],
  ])('of %d against %d is %d', (value, base, change) => {
    expect(changeOf(value, base)).toEqual({ change, base });
  });

  test('against nothing is null', () => {
    expect([changeOf(5, 0), changeOf(0, 0)]).toEqual([
      { change: null, base: 0 },
      { change: null, base: 0 },
    ]);
  });
});

test('stretches that overlap, touch or leave gaps are sums of segments', () => {
  const at = (hour: number): Date => new Date(hour * 3_600_000);
  const { bounds, within } = segmentsOf([
    { start: at(0), end: at(2) },
    { start: at(1), end: at(3) },
    { start: at(5), end: at(6) },
    { start: at(5), end: at(6) },
  ]);
  expect(bounds.map((bound) => bound.getTime() / 3_600_000)).toEqual([0, 1, 2, 3, 5, 6]);
  expect([within(at(0), at(2)), within(at(1), at(3)), within(at(5), at(6))]).toEqual([
    { first: 0, after: 2 },
    { first: 1, after: 3 },
    { first: 4, after: 5 },
  ]);
});

test('a funnel loses those of a step who did not take the next, and counts each step by itself', () => {
  const { pushed, accepted, reached, visited, closed, dissuaded } = CASE_STEP;
  const steps = funnelOf({
    joined: 2,
    cases: new Map([
      [0, 1],
      [pushed, 1],
      [pushed | accepted | reached | visited, 1],
      // Closed without a visit: not lost on the way, and no part of what follows the visits.
      [pushed | accepted | reached | closed | dissuaded, 5],
    ]),
  });
  expect(
    steps.map(({ step, count, shareOfBefore, dropOff }) =>
      [
        step,
        count,
        shareOfBefore && `${shareOfBefore.numerator}/${shareOfBefore.denominator}`,
        dropOff?.numerator,
      ].join(' '),
    ),
  ).toEqual([
    'signals 10  ',
    'alerts 8 8/10 2',
    'pushed 7 7/8 1',
    'accepted 6 6/7 1',
    'reached 6 6/6 0',
    'visited 1 1/6 5',
    'closed 5 0/1 1',
    'dissuaded 5 5/5 0',
  ]);
});

describe('hot spots', () => {
  const row = (code: string, incidents: number, received = 0): Parameters<typeof rankedBy>[0][number] => ({
    agency: { code },
    incidents,
    received,
  });
  const shown = (rows: readonly { rank: number; agency: { code: string } }[]): string[] =>
    rows.map(({ rank, agency }) => `${rank} ${agency.code}`);

  test('share a rank where they are equal, the next is skipped, and few of anything are none', () => {
    const ranked = rankedBy(
      [row('e', 2, 90), row('b', 5, 1), row('a', 5, 7), row('d', 3), row('c', 9), row('f', 3)],
      'incidents',
    );
    expect(shown(ranked)).toEqual(['1 c', '2 a', '2 b', '4 d', '4 f']);
    expect(shown(rankedBy([row('b', 9, 3), row('a', 9, 2), row('c', 1, 3)], 'received'))).toEqual(['1 b', '1 c']);
    expect(shown(firstOf(ranked, 2))).toEqual(['1 c', '2 a', '2 b']);
    expect(shown(firstOf(ranked, 4))).toEqual(['1 c', '2 a', '2 b', '4 d', '4 f']);
    expect(firstOf(ranked, 9)).toHaveLength(5);
    expect(rankedBy([row('a', 2), row('b', 0)], 'incidents')).toEqual([]);
  });

  test('tell a change against enough only, the base always', () => {
    expect(changeAgainst(4, 2)).toEqual({ change: null, count: 4, base: 2 });
    expect(changeAgainst(0, 9)).toEqual({ change: null, count: 0, base: 9 });
    expect(changeAgainst(15, 10)).toEqual({ change: 0.5, count: 15, base: 10 });
  });

  test.each<[string, string, string | undefined]>([
    ['2024-02', FAR, '2024-02-01…2024-02-29 2024-01-01…2024-01-31 2023-02-01…2023-02-28'],
    ['2025-02', FAR, '2025-02-01…2025-02-28 2025-01-01…2025-01-31 2024-02-01…2024-02-28'],
    ['2023-01', FAR, '2023-01-01…2023-01-31 2022-12-01…2022-12-31 2022-01-01…2022-01-31'],
    ['2023-03', '2023-03-30', '2023-03-01…2023-03-31 2023-02-01…2023-02-28 2022-03-01…2022-03-30'],
    ['2023-03', '2023-03-01', '2023-03-01…2023-03-31 2023-02-01…2023-02-01 2022-03-01…2022-03-01'],
    ['2023-04', '2023-03-31', undefined],
  ])('of %s on %s are of and compared with %s', (month, today, expected) => {
    const found = comparedMonth(month, today);
    const text =
      found && [found.days, found.monthBefore, found.yearBefore].map(({ from, to }) => `${from}…${to}`).join(' ');
    expect(text).toBe(expected);
  });

  test('are of months that exist', () => {
    expect(['2023-06', '2023-13', '2023-6', '1989-12', '2023-06-01', 202306].map(isMonth)).toEqual([
      true,
      ...new Array<boolean>(5).fill(false),
    ]);
  });
});
