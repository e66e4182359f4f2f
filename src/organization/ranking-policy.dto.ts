import { ApiProperty, type ApiPropertyOptions } from '@nestjs/swagger';
import { RANKING_INDICATORS, type RankingIndicator } from './ranking-policy.js';
import { CARD_RANGES, FULL_SCORE, MAX_SMALLEST_DENOMINATOR } from './ranking-policy.rules.js';

/** One number for each rate. */
const ofRates = (description: string, number: Record<string, unknown>): ApiPropertyOptions =>
  ({
    type: 'object',
    description,
    required: [...RANKING_INDICATORS],
    additionalProperties: false,
    properties: Object.fromEntries(RANKING_INDICATORS.map((indicator) => [indicator, number])),
  }) as ApiPropertyOptions;

const cardRange = (name: keyof typeof CARD_RANGES, description: string): ApiPropertyOptions => {
  const [minimum, maximum] = CARD_RANGES[name];
  return { type: 'integer', minimum, maximum, description };
};

export class CardRulesDocument {
  @ApiProperty(cardRange('noticePercent', '通报: the worst so many per cent of the month; 0: none.'))
  noticePercent!: number;
  @ApiProperty(cardRange('yellowWorst', '黄牌: among the worst so many …; 0: not by rank.'))
  yellowWorst!: number;
  @ApiProperty(cardRange('yellowMonths', '… so many months running, …'))
  yellowMonths!: number;
  @ApiProperty(
    cardRange('yellowTimes', '… or a defraudedAfterRate above so many times that of the whole city; 0: not by it.'),
  )
  yellowTimes!: number;
  @ApiProperty(cardRange('redYellows', '红牌: so many yellows …'))
  redYellows!: number;
  @ApiProperty(cardRange('redMonths', '… in so many months.'))
  redMonths!: number;
  @ApiProperty({ description: '约谈 with every red.' })
  talkWithRed!: boolean;
  @ApiProperty(cardRange('listedQuarters', '挂牌整治: a red in each of so many quarters running.'))
  listedQuarters!: number;
  @ApiProperty(cardRange('delistedQuarters', '摘牌: after so many quarters outside the worst third.'))
  delistedQuarters!: number;
}

export class RankingDocument {
  @ApiProperty(
    ofRates(`Points of each rate, ${FULL_SCORE} in all.`, { type: 'integer', minimum: 0, maximum: FULL_SCORE }),
  )
  weights!: Record<RankingIndicator, number>;
  @ApiProperty(
    ofRates('A rate (of those of which less is better: 1 − rate) under its floor gets no points. Up to 4 decimals.', {
      type: 'number',
      minimum: 0,
      maximum: 1,
    }),
  )
  floors!: Record<RankingIndicator, number>;
  @ApiProperty({
    type: 'integer',
    minimum: 1,
    maximum: MAX_SMALLEST_DENOMINATOR,
    description: 'Units that received fewer cases are shown without a rank.',
  })
  smallestDenominator!: number;
  @ApiProperty({ type: CardRulesDocument })
  cards!: CardRulesDocument;
}
