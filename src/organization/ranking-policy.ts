/** Rates of the tier report that a score may be made of, by their names there. */
export const RANKING_INDICATORS = [
  'successRate',
  'visitOnTimeRate',
  'acceptOnTimeRate',
  'feedbackOnTimeRate',
  'defraudedAfterRate',
  'contactOnTimeRate',
  'visitRate',
  'dissuasionRate',
  'fundSuccessRate',
  'returnRate',
  'urgeReplyOnTimeRate',
  'followUpOnTimeRate',
] as const;
export type RankingIndicator = (typeof RANKING_INDICATORS)[number];

/** Those of which less is better: 1 − rate counts. */
export const REVERSED_INDICATORS: readonly RankingIndicator[] = ['defraudedAfterRate', 'returnRate'];

/** When a card (牌) is proposed. A number of 0 switches the rule off. */
export interface CardRules {
  /** 通报: the worst so many per cent of the month's ranked units. */
  readonly noticePercent: number;
  /** 黄牌: among the worst so many … */
  readonly yellowWorst: number;
  /** … so many months running, … */
  readonly yellowMonths: number;
  /** … or a defraudedAfterRate above so many times that of the whole city. */
  readonly yellowTimes: number;
  /** 红牌: so many yellows … */
  readonly redYellows: number;
  /** … in so many months. */
  readonly redMonths: number;
  /** 约谈: with every red. */
  readonly talkWithRed: boolean;
  /** 挂牌整治: a red in each of so many quarters running. */
  readonly listedQuarters: number;
  /** 摘牌: after so many quarters outside the worst third. */
  readonly delistedQuarters: number;
}

/** How units are scored and ranked (spec page 3). */
export interface RankingPolicy {
  /** Points of each rate, 100 in all; 0: it does not count. */
  readonly weights: Readonly<Record<RankingIndicator, number>>;
  /** A rate (reversed: 1 − rate) under its floor gets no points. Fractions with up to 4 decimals. */
  readonly floors: Readonly<Record<RankingIndicator, number>>;
  /** Units that received fewer cases are not ranked. */
  readonly smallestDenominator: number;
  readonly cards: CardRules;
}

const none = Object.fromEntries(RANKING_INDICATORS.map((indicator) => [indicator, 0])) as Record<
  RankingIndicator,
  number
>;

export const DEFAULT_RANKING: RankingPolicy = {
  weights: {
    ...none,
    successRate: 30,
    visitOnTimeRate: 20,
    acceptOnTimeRate: 15,
    feedbackOnTimeRate: 15,
    defraudedAfterRate: 20,
  },
  floors: none,
  smallestDenominator: 10,
  cards: {
    noticePercent: 10,
    yellowWorst: 3,
    yellowMonths: 2,
    yellowTimes: 2,
    redYellows: 2,
    redMonths: 6,
    talkWithRed: true,
    listedQuarters: 2,
    delistedQuarters: 2,
  },
};
