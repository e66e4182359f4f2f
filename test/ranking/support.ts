import {
  DEFAULT_RANKING,
  RANKING_INDICATORS,
  type RankingIndicator,
  type RankingPolicy,
} from '../../src/organization/ranking-policy.js';
import type { Counts, UnitFigures } from '../../src/ranking/ranking.js';

export const of = (numerator: number, denominator: number): Counts => ({ numerator, denominator });

/** A unit with these rates; the others have nothing to judge. */
export function figures(
  rates: Partial<Record<RankingIndicator, Counts>>,
  code = '411322',
  received = 100,
): UnitFigures {
  const all = Object.fromEntries(RANKING_INDICATORS.map((indicator) => [indicator, of(0, 0)])) as UnitFigures['rates'];
  return { code, received, rates: { ...all, ...rates } };
}

export function policy(change: Partial<RankingPolicy>): RankingPolicy {
  return { ...DEFAULT_RANKING, ...change };
}
