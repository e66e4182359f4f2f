import {
  RANKING_INDICATORS,
  REVERSED_INDICATORS,
  type RankingIndicator,
  type RankingPolicy,
} from '../organization/ranking-policy.js';
import { rateOf } from '../report/rate.rules.js';
import type { Counts, RankedUnit, ScoredIndicator, UnitFigures } from './ranking.js';

/** A fraction in whole numbers: no binary fraction decides who stands before whom. */
interface Fraction {
  readonly n: bigint;
  readonly d: bigint;
}

const ZERO: Fraction = { n: 0n, d: 1n };
const UNIT = 10_000n;

/**
 * Scores the units of a tier and ranks them: the best first, those without a rank at the end by their codes. The score is
 * rounded before it is compared, so that what is printed equal is equal.
 */
export function rank(units: readonly UnitFigures[], policy: RankingPolicy): RankedUnit[] {
  const scored = units.map((unit) => ({ unit, ...scoreOf(unit, policy) }));
  const isRanked = ({ unit, score }: (typeof scored)[number]): boolean =>
    score !== null && unit.received >= policy.smallestDenominator;
  const scores = scored.filter(isRanked).map(({ score }) => score!);
  return scored
    .map((each): RankedUnit => {
      const { code, received } = each.unit;
      const { score, indicators } = each;
      if (isRanked(each)) {
        // Equal scores share a rank and the next is skipped: 1, 2, 2, 4.
        const better = scores.filter((other) => other > score!).length;
        return { code, received, score, rank: better + 1, unranked: null, indicators };
      }
      const few = received < policy.smallestDenominator;
      return { code, received, score, rank: null, unranked: few ? 'too-few-cases' : 'nothing-to-score', indicators };
    })
    .sort((a, b) => (a.rank ?? Infinity) - (b.rank ?? Infinity) || (a.code < b.code ? -1 : 1));
}

/**
 * The weighted sum. Where a rate has nothing to judge (denominator 0) its weight goes to the others in proportion to
 * theirs: nobody gains or loses by cases that never came.
 * @returns score null where no rate could be judged
 */
export function scoreOf(
  { rates }: Pick<UnitFigures, 'rates'>,
  { weights, floors }: RankingPolicy,
): { score: number | null; indicators: Partial<Record<RankingIndicator, ScoredIndicator>> } {
  const weighted = RANKING_INDICATORS.filter((indicator) => weights[indicator] > 0);
  const merits = new Map(weighted.map((indicator) => [indicator, meritOf(indicator, rates[indicator])]));
  const all = weighted.reduce((sum, indicator) => sum + weights[indicator], 0);
  const judged = weighted.reduce((sum, indicator) => sum + (merits.get(indicator) ? weights[indicator] : 0), 0);
  let score = ZERO;
  const indicators: Partial<Record<RankingIndicator, ScoredIndicator>> = {};
  for (const indicator of weighted) {
    const merit = merits.get(indicator);
    const applied = merit ? { n: BigInt(weights[indicator] * all), d: BigInt(judged) } : ZERO;
    const belowFloor = merit !== undefined && tenThousandths(merit) < BigInt(Math.round(floors[indicator] * 10_000));
    const points = merit && !belowFloor ? times(applied, merit) : ZERO;
    score = plus(score, points);
    const { numerator, denominator } = rates[indicator];
    indicators[indicator] = {
      ...rateOf(numerator, denominator),
      weight: weights[indicator],
      appliedWeight: rounded(applied),
      points: rounded(points),
      belowFloor,
    };
  }
  return { score: judged === 0 ? null : rounded(score), indicators };
}

/**
 * How much of its weight a rate earns, from 0 to 1; undefined: nothing to judge. Of a rate of which less is better 1 − rate,
 * never below 0. Where people were defrauded and nobody at all was reached there is no quotient, and nothing is earned:
 * not trying must not pay.
 */
function meritOf(indicator: RankingIndicator, { numerator, denominator }: Counts): Fraction | undefined {
  const reversed = REVERSED_INDICATORS.includes(indicator);
  if (denominator === 0) return reversed && numerator > 0 ? ZERO : undefined;
  const n = reversed ? Math.max(0, denominator - numerator) : numerator;
  return { n: BigInt(n), d: BigInt(denominator) };
}

/**
 * The worst units, at most so many. Units of one score stand or fall together: where they would be too many, none of them.
 * @param units as `rank` gives them
 */
export function worst(units: readonly RankedUnit[], most: number): RankedUnit[] {
  const ranked = units.filter(({ rank: place }) => place !== null);
  const from = ranked.findIndex(({ rank: place }) => place! > ranked.length - most);
  return from < 0 || most <= 0 ? [] : ranked.slice(from);
}

/** Units that have a rank. */
export function countRanked(units: readonly RankedUnit[]): number {
  return units.filter(({ rank: place }) => place !== null).length;
}

/** Whether a rate lies above so many times another, exactly. Without a denominator: where there is a numerator at all. */
export function exceeds(rate: Counts, factor: number, other: Counts): boolean {
  if (other.denominator === 0) return false;
  return (
    BigInt(rate.numerator) * BigInt(other.denominator) >
    BigInt(factor) * BigInt(other.numerator) * BigInt(rate.denominator)
  );
}

const plus = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.d + b.n * a.d, d: a.d * b.d });
const times = (a: Fraction, b: Fraction): Fraction => ({ n: a.n * b.n, d: a.d * b.d });
/** Rounded half up. */
const tenThousandths = ({ n, d }: Fraction): bigint => (n * 2n * UNIT + d) / (2n * d);
const rounded = (fraction: Fraction): number => Number(tenThousandths(fraction)) / Number(UNIT);
