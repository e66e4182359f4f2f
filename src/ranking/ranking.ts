import type { RankingIndicator } from '../organization/ranking-policy.js';
import type { Rate } from '../report/rate.rules.js';

/** Tiers whose units are ranked among each other; there is one city. */
export const RANKED_TIERS = ['county', 'township'] as const;
export type RankedTier = (typeof RANKED_TIERS)[number];

/** What a rate is made of, in whole cases. */
export interface Counts {
  readonly numerator: number;
  readonly denominator: number;
}

/** A unit as the tier report gives it. */
export interface UnitFigures {
  readonly code: string;
  readonly received: number;
  readonly rates: Readonly<Record<RankingIndicator, Counts>>;
}

/** What one rate gave to a score. */
export interface ScoredIndicator extends Rate {
  /** Points that the policy gives for it. */
  weight: number;
  /** With the share of weights that had nothing to judge, rounded half up to 4 decimals. */
  appliedWeight: number;
  /** Rounded half up to 4 decimals. */
  points: number;
  belowFloor: boolean;
}

export const UNRANKED_REASONS = ['too-few-cases', 'nothing-to-score'] as const;
export type UnrankedReason = (typeof UNRANKED_REASONS)[number];

export interface RankedUnit {
  readonly code: string;
  readonly received: number;
  /** From 0 to 100, rounded half up to 4 decimals; null where nothing could be judged. */
  readonly score: number | null;
  /** From 1; null: not ranked. */
  readonly rank: number | null;
  readonly unranked: UnrankedReason | null;
  readonly indicators: Readonly<Partial<Record<RankingIndicator, ScoredIndicator>>>;
}
