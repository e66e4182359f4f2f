import { percentiles, rateOf, stillWatched } from '../../src/report/rate.rules.js';

describe('a rate', () => {
  test.each([
    [1, 8, 0.125],
    [2, 3, 0.6667],
    [1, 3, 0.3333],
    // Exactly half of the last place goes up, also where a binary fraction lies below it.
    [1, 32, 0.0313],
    [3, 32, 0.0938],
    [1, 20_000, 0.0001],
    [1, 20_001, 0],
    [6_669, 20_000, 0.3335],
    [10_005, 100_000, 0.1001],
    [1, 1, 1],
    [7, 3, 2.3333],
    [0, 5, 0],
    [333_333_333, 1_000_000_000, 0.3333],
    [9_007_199_254_740_990, 9_007_199_254_740_991, 1],
  ])('%d of %d is %d, rounded half up to 4 decimals', (numerator, denominator, rate) => {
    expect(rateOf(numerator, denominator)).toEqual({ rate, numerator, denominator });
  });

  test('over nothing is null and keeps its numerator', () => {
    expect(rateOf(0, 0)).toEqual({ rate: null, numerator: 0, denominator: 0 });
    expect(rateOf(2, 0)).toEqual({ rate: null, numerator: 2, denominator: 0 });
  });
});

describe('a percentile', () => {
  const of = (...values: number[]): Map<number, number> => {
    const histogram = new Map<number, number>();
    for (const value of values) histogram.set(value, (histogram.get(value) ?? 0) + 1);
    return histogram;
  };

  test('is the nearest rank: a value that occurred', () => {
    const ten = of(10, 20, 30, 40, 50, 60, 70, 80, 90, 100);
    expect(percentiles(ten, [50, 90, 91, 100])).toEqual([50, 90, 100, 100]);
    expect(percentiles(of(7, 1), [50, 90])).toEqual([1, 7]);
    expect(percentiles(of(5, 5, 5, 9), [50, 90])).toEqual([5, 9]);
  });

  test('of one value is that value, of nothing none', () => {
    expect(percentiles(of(3), [50, 90])).toEqual([3, 3]);
    expect(percentiles(of(), [50])).toBeUndefined();
  });
});

test('defraudedAfterRate is provisional until the watch period has passed after the last day', () => {
  const at = (moment: string): boolean => stillWatched('2023-06-30', 30, 'Asia/Shanghai', new Date(moment));
  expect(at('2023-06-30T23:00:00+08:00')).toBe(true);
  expect(at('2023-07-30T23:59:59.999+08:00')).toBe(true);
  expect(at('2023-07-31T00:00:00+08:00')).toBe(false);
});
