import fc from 'fast-check';
import { DEFAULT_RANKING, RANKING_INDICATORS, type RankingPolicy } from '../../src/organization/ranking-policy.js';
import { RATE_FIELDS } from '../../src/report/indicators.js';
import type { Counts, RankedUnit, UnitFigures } from '../../src/ranking/ranking.js';
import { exceeds, rank, scoreOf, worst } from '../../src/ranking/ranking.rules.js';
import { figures, of, policy } from './support.js';

const none = { numerator: 0, denominator: 0 };

test('every rate of the cases may be weighed', () => {
  for (const field of RATE_FIELDS) expect(RANKING_INDICATORS).toContain(field);
});

describe('the score', () => {
  test('is the weighted sum; of what should be rare the rest counts', () => {
    const { score, indicators } = scoreOf(
      figures({
        successRate: of(9, 10),
        visitOnTimeRate: of(1, 2),
        acceptOnTimeRate: of(1, 1),
        feedbackOnTimeRate: of(2, 3),
        defraudedAfterRate: of(1, 10),
      }),
      DEFAULT_RANKING,
    );
    expect(score).toBe(27 + 10 + 15 + 10 + 18);
    expect(indicators.defraudedAfterRate).toEqual({
      rate: 0.1,
      numerator: 1,
      denominator: 10,
      weight: 20,
      appliedWeight: 20,
      points: 18,
      belowFloor: false,
    });
    expect(Object.keys(indicators)).toHaveLength(5);
  });

  test('of nothing but the best is 100, of nothing but the worst 0', () => {
    const all = (good: Counts, bad: Counts): UnitFigures =>
      figures({
        successRate: good,
        visitOnTimeRate: good,
        acceptOnTimeRate: good,
        feedbackOnTimeRate: good,
        defraudedAfterRate: bad,
      });
    expect(scoreOf(all(of(7, 7), of(0, 7)), DEFAULT_RANKING).score).toBe(100);
    expect(scoreOf(all(of(0, 7), of(7, 7)), DEFAULT_RANKING).score).toBe(0);
    // More defrauded than were reached: never below nothing.
    expect(scoreOf(all(of(0, 7), of(9, 7)), DEFAULT_RANKING).score).toBe(0);
  });

  test('a rate with nothing to judge gives its weight to the others in proportion', () => {
    const { score, indicators } = scoreOf(
      figures({ successRate: of(1, 1), acceptOnTimeRate: of(1, 2), defraudedAfterRate: of(0, 1) }),
      DEFAULT_RANKING,
    );
    // 30 and 20 in full and 15 by half, of 65.
    expect(score).toBe(88.4615);
    expect(indicators.successRate).toMatchObject({ weight: 30, appliedWeight: 46.1538, points: 46.1538 });
    expect(indicators.visitOnTimeRate).toMatchObject({ rate: null, weight: 20, appliedWeight: 0, points: 0 });
  });

  test('people defrauded and nobody reached is the worst, not nothing to judge', () => {
    const reached = { successRate: of(1, 1), acceptOnTimeRate: of(1, 1) };
    const nobody = scoreOf(figures({ ...reached, defraudedAfterRate: of(1, 0) }), DEFAULT_RANKING);
    expect(nobody.score).toBe(69.2308);
    expect(nobody.indicators.defraudedAfterRate).toMatchObject({ rate: null, points: 0 });
    expect(scoreOf(figures({ ...reached, defraudedAfterRate: none }), DEFAULT_RANKING).score).toBe(100);
  });

  test('a unit of which nothing can be judged has none', () => {
    expect(scoreOf(figures({}), DEFAULT_RANKING).score).toBeNull();
  });

  test('a rate under its floor gives nothing; at it, as printed, it counts', () => {
    const floors = { ...DEFAULT_RANKING.floors, successRate: 0.85, defraudedAfterRate: 0.9 };
    const score = (successRate: Counts, defraudedAfterRate: Counts): Partial<Record<string, unknown>> => {
      const { indicators } = scoreOf(figures({ successRate, defraudedAfterRate }), policy({ floors }));
      return { success: indicators.successRate!.belowFloor, defrauded: indicators.defraudedAfterRate!.belowFloor };
    };
    expect(score(of(85, 100), of(10, 100))).toEqual({ success: false, defrauded: false });
    // 0.84995 is printed 0.8500.
    expect(score(of(84_995, 100_000), of(1, 9))).toEqual({ success: false, defrauded: true });
    expect(score(of(84_994, 100_000), none)).toEqual({ success: true, defrauded: false });
  });

  test('is exact: thirds of weights add up to the whole', () => {
    const weights = { ...DEFAULT_RANKING.floors, successRate: 33, visitOnTimeRate: 33, acceptOnTimeRate: 34 };
    const thirds = figures({ successRate: of(1, 3), visitOnTimeRate: of(1, 3), acceptOnTimeRate: of(1, 3) });
    expect(scoreOf(thirds, policy({ weights })).score).toBe(33.3333);
    const twoThirds = figures({ successRate: of(2, 3), visitOnTimeRate: of(2, 3), acceptOnTimeRate: of(2, 3) });
    expect(scoreOf(twoThirds, policy({ weights })).score).toBe(66.6667);
    // 1 / 16 of 100 is 6.25; half a ten-thousandth is rounded up: 1 / 2,000,000 of 100 is 0.00005.
    const one = policy({ weights: { ...DEFAULT_RANKING.floors, successRate: 100 } });
    expect(scoreOf(figures({ successRate: of(1, 2_000_000) }), one).score).toBe(0.0001);
    expect(scoreOf(figures({ successRate: of(1, 2_000_001) }), one).score).toBe(0);
  });

  test('lies between 0 and 100, and more successes never lower it', () => {
    const counts = fc.tuple(fc.nat(1_000_000), fc.nat(1_000_000)).map(([a, b]) => of(Math.min(a, b), Math.max(a, b)));
    const unit = fc.record(Object.fromEntries(RANKING_INDICATORS.map((indicator) => [indicator, counts])));
    fc.assert(
      fc.property(unit, (rates) => {
        const all = rates as unknown as UnitFigures['rates'];
        const { score } = scoreOf({ rates: all }, DEFAULT_RANKING);
        if (score === null) return;
        expect(score).toBeGreaterThanOrEqual(0);
        expect(score).toBeLessThanOrEqual(100);
        const { numerator, denominator } = all.successRate;
        if (numerator === denominator) return;
        const better = { ...all, successRate: of(numerator + 1, denominator) };
        expect(scoreOf({ rates: better }, DEFAULT_RANKING).score!).toBeGreaterThanOrEqual(score);
      }),
      { numRuns: 200 },
    );
  });
});

/** Units a, b, c … with these success rates in per cent, ranked by them alone. */
function ranked(rates: readonly number[], received = 10, change: Partial<RankingPolicy> = {}): RankedUnit[] {
  const weights = { ...DEFAULT_RANKING.floors, successRate: 100 };
  return rank(
    rates.map((rate, index) => ({
      ...figures({ successRate: of(rate, 100) }),
      code: String.fromCharCode(97 + index),
      received,
    })),
    policy({ weights, ...change }),
  );
}
const places = (units: readonly RankedUnit[]): string => units.map(({ code, rank: at }) => `${code}${at}`).join(' ');

describe('the rank', () => {
  test('equal scores share one and the next is skipped', () => {
    expect(places(ranked([70, 90, 80, 80]))).toBe('b1 c2 d2 a4');
    expect(places(ranked([80, 80, 80]))).toBe('a1 b1 c1');
  });

  test('what is printed equal is equal, however it came about', () => {
    const weights = { ...DEFAULT_RANKING.floors, successRate: 100 };
    const units = [of(1, 3), of(333_333, 1_000_000)].map((successRate, index) => ({
      ...figures({ successRate }),
      code: String(index),
      received: 10,
    }));
    expect(rank(units, policy({ weights })).map(({ score, rank: at }) => [score, at])).toEqual([
      [33.3333, 1],
      [33.3333, 1],
    ]);
  });

  test('units with too few cases, or nothing to judge, stand at the end without one, and say why', () => {
    const [few] = ranked([100], 9);
    expect(few).toMatchObject({ rank: null, score: 100, unranked: 'too-few-cases' });
    expect(ranked([100], 9, { smallestDenominator: 9 })[0]).toMatchObject({ rank: 1, unranked: null });
    const units = [
      { ...figures({}), code: 'a', received: 50 },
      { ...figures({ successRate: of(0, 5) }), code: 'b', received: 50 },
    ];
    expect(rank(units, DEFAULT_RANKING).map(({ code, rank: at, unranked }) => [code, at, unranked])).toEqual([
      ['b', 1, null],
      ['a', null, 'nothing-to-score'],
    ]);
  });
});

describe('the worst', () => {
  const codes = (units: readonly RankedUnit[], most: number): string =>
    worst(units, most)
      .map(({ code }) => code)
      .join('');

  test('are taken from the end of those with a rank', () => {
    expect(codes(ranked([90, 80, 70, 60]), 2)).toBe('cd');
    expect(codes(ranked([90, 80]), 0)).toBe('');
    expect(codes(ranked([90, 80]), 5)).toBe('ab');
    expect(codes(ranked([90, 80], 3), 1)).toBe('');
  });

  test('of units with one score at the boundary none is taken', () => {
    expect(codes(ranked([90, 70, 70, 60]), 2)).toBe('d');
    expect(codes(ranked([90, 70, 70, 60]), 3)).toBe('bcd');
    expect(codes(ranked([70, 70, 70]), 2)).toBe('');
  });
});

test('a rate lies above so many times another exactly, or not', () => {
  expect(exceeds(of(2, 100), 2, of(1, 100))).toBe(false);
  expect(exceeds(of(20_001, 1_000_000), 2, of(1, 100))).toBe(true);
  expect(exceeds(of(1, 0), 2, of(1, 100))).toBe(true);
  expect(exceeds(none, 2, of(1, 100))).toBe(false);
  expect(exceeds(of(0, 5), 2, of(0, 100))).toBe(false);
  expect(exceeds(of(1, 5), 2, none)).toBe(false);
});
