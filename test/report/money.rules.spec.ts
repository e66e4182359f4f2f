import { changeOf, daysBefore, per10kOf, sameDaysYearBefore, together } from '../../src/report/money.rules.js';

describe('the days that a period is compared with', () => {
  test.each([
    ['2023-06-01', '2023-06-30', '2022-06-01', '2022-06-30'],
    ['2024-02-29', '2024-02-29', '2023-02-28', '2023-02-28'],
    ['2024-02-01', '2024-02-29', '2023-02-01', '2023-02-28'],
    ['2025-02-01', '2025-02-28', '2024-02-01', '2024-02-28'],
    ['2024-02-29', '2024-03-01', '2023-02-28', '2023-03-01'],
    ['2023-01-01', '2023-12-31', '2022-01-01', '2022-12-31'],
  ])('%s to %s: a year before from %s to %s', (from, to, first, last) => {
    expect(sameDaysYearBefore({ from, to })).toEqual({ from: first, to: last });
  });

  test.each([
    ['2023-06-01', '2023-06-30', '2023-05-02', '2023-05-31'],
    ['2023-06-01', '2023-06-01', '2023-05-31', '2023-05-31'],
    ['2024-03-01', '2024-03-31', '2024-01-30', '2024-02-29'],
    ['2023-03-01', '2023-03-01', '2023-02-28', '2023-02-28'],
    ['2024-01-01', '2024-12-31', '2022-12-31', '2023-12-31'],
    ['1990-01-01', '2100-12-31', '1879-01-01', '1989-12-31'],
  ])('%s to %s: as many days directly before from %s to %s', (from, to, first, last) => {
    expect(daysBefore({ from, to })).toEqual({ from: first, to: last });
  });
});

test.each([
  [35, 40, -0.125],
  [40, 35, 0.1429],
  [0, 3, -1],
  [3, 3, 0],
  [2, 3, -0.3333],
  [1, 3, -0.6667],
  // Exactly half of the last place goes up, below zero as above.
  [19_999, 20_000, 0],
  [20_001, 20_000, 0.0001],
  [5, 0, null],
  [0, 0, null],
])('%d after %d is a change of %d', (count, base, change) => {
  expect(changeOf(count, base)).toEqual({ change, count, base });
});

describe('per 10,000 people', () => {
  test('counts by the population in units of 10,000', () => {
    expect(per10kOf(35, { population: 875_000, year: 2022 })).toEqual({
      rate: 0.4,
      numerator: 35,
      denominator: 87.5,
      year: 2022,
    });
    expect(per10kOf(1, { population: 30_000, year: 2022 }).rate).toBe(0.3333);
    expect(per10kOf(2, { population: 123_456, year: 2022 }).denominator).toBe(12.3456);
  });

  test('is null where nobody knows how many people there are', () => {
    expect(per10kOf(3, undefined)).toEqual({ rate: null, numerator: 3, denominator: 0, year: null });
  });

  test('of several rows needs the figure of each, and tells the oldest year', () => {
    const [one, two] = [
      { population: 10, year: 2022 },
      { population: 5, year: 2020 },
    ];
    expect(together([one, two])).toEqual({ population: 15, year: 2020 });
    expect([together([one, undefined]), together([undefined, one]), together([])]).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
  });
});
