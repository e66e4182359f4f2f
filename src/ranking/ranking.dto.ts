import { ApiProperty, ApiPropertyOptional, OmitType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, Matches, MaxLength } from 'class-validator';
import { RankingDocument } from '../organization/ranking-policy.dto.js';
import { RateAnswer } from '../report/figures.dto.js';
import { DefinitionAnswer, RowAgencyAnswer } from '../report/tier-report.dto.js';
import { CARD_KINDS, CARD_STATUSES, type CardKind, type CardStatus } from './card.js';
import { MONTH } from './month.rules.js';
import { RANKED_TIERS, UNRANKED_REASONS, type RankedTier, type UnrankedReason } from './ranking.js';
import { FormatOfAnswer, type Format } from '../platform/http/file.order.js';

export class MonthParam {
  @ApiProperty({ description: 'A month of the local calendar.', example: '2023-06', pattern: MONTH.source })
  @Matches(MONTH, { message: 'must be a month such as 2023-06' })
  month!: string;
}

export class RankedTierQuery {
  @ApiProperty({ enum: RANKED_TIERS, enumName: 'RankedTier', description: 'Whose units are ranked.' })
  @IsIn(RANKED_TIERS)
  tier!: RankedTier;
}

export class RankingQuery extends RankedTierQuery {
  @ApiProperty({ description: 'A month of the local calendar.', example: '2023-06', pattern: MONTH.source })
  @Matches(MONTH, { message: 'must be a month such as 2023-06' })
  month!: string;

  @ApiPropertyOptional({
    description: 'Code of the agency whose units are ranked among each other; default: the own agency.',
    example: '4113',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  parent?: string;

  @FormatOfAnswer()
  format: Format = 'json';
}

export class ScoredIndicatorAnswer extends RateAnswer {
  @ApiProperty({ description: 'Points that the policy gives for it.', example: 30 })
  weight!: number;
  @ApiProperty({
    description: 'With its share of the weights of rates that had nothing to judge; 0: this is one of those.',
    example: 37.5,
  })
  appliedWeight!: number;
  @ApiProperty({ description: 'What it gave to the score, rounded half up to 4 decimals.', example: 28.125 })
  points!: number;
  @ApiProperty({ description: 'It lies under its floor and gives nothing.' })
  belowFloor!: boolean;
}

export class RankedUnitAnswer {
  @ApiProperty({ type: RowAgencyAnswer })
  agency!: RowAgencyAnswer;
  @ApiProperty({ nullable: true, type: 'integer', description: 'From 1; equal scores share it. null: not ranked.' })
  rank!: number | null;
  @ApiProperty({
    nullable: true,
    type: Number,
    description: '0 to 100, rounded half up to 4 decimals; null: no indicator could be judged.',
  })
  score!: number | null;
  @ApiProperty({ nullable: true, enum: UNRANKED_REASONS, description: 'Why it has no rank.' })
  unranked!: UnrankedReason | null;
  @ApiProperty({ description: 'Cases received in the period.' })
  received!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/ScoredIndicatorAnswer' },
    description: 'By the name of the rate: those that have a weight.',
  })
  indicators!: Record<string, ScoredIndicatorAnswer>;
}

export class RankedCardAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ enum: CARD_KINDS, enumName: 'CardKind' })
  kind!: CardKind;
  @ApiProperty({ enum: CARD_STATUSES, enumName: 'CardStatus' })
  status!: CardStatus;
}

export class RankingTotalAnswer {
  @ApiProperty()
  received!: number;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/RateAnswer' },
    description: 'Over distinct alerts: rates that have a weight, and defraudedAfterRate.',
  })
  rates!: Record<string, RateAnswer>;
}

export class RankingPolicyAnswer {
  @ApiProperty({ type: String, nullable: true, format: 'date-time', description: "null: the product's default." })
  effectiveFrom!: string | null;
  @ApiProperty({ type: RankingDocument })
  document!: RankingDocument;
}

/** What is published of a ranking. */
export class RankingContent {
  @ApiProperty({ enum: RANKED_TIERS, enumName: 'RankedTier' })
  tier!: RankedTier;
  @ApiProperty({ description: 'The month.', example: '2023-06' })
  period!: string;
  @ApiProperty({ example: '2023-06-01' })
  from!: string;
  @ApiProperty({ example: '2023-06-30' })
  to!: string;
  @ApiProperty({ description: 'Code of the agency whose units these are.', example: '4113' })
  parent!: string;
  @ApiProperty({ format: 'date-time', description: 'When the figures were read.' })
  asOf!: string;
  @ApiProperty({ description: 'The month had ended by then.' })
  closed!: boolean;
  @ApiProperty({ description: 'People warned in the period are still watched: defraudedAfterRate may rise.' })
  provisional!: boolean;
  @ApiProperty({ type: RankingPolicyAnswer, description: 'The version in force when the month began.' })
  policy!: RankingPolicyAnswer;
  @ApiProperty({ type: 'integer', description: 'Units with a rank.' })
  ranked!: number;
  @ApiProperty({ type: [RankedUnitAnswer], description: 'The best first; units without a rank at the end.' })
  rows!: RankedUnitAnswer[];
  @ApiProperty({ type: RankingTotalAnswer })
  total!: RankingTotalAnswer;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/DefinitionAnswer' },
    description: 'How it is scored and what each rate counts, in Chinese and English.',
  })
  definitions!: Record<string, DefinitionAnswer>;
}

export class RankedUnitWithCardsAnswer extends RankedUnitAnswer {
  @ApiProperty({ type: [RankedCardAnswer], description: 'Cards of the unit for the month, GET /cards/{id}.' })
  cards!: RankedCardAnswer[];
}

export class RankingAnswer extends OmitType(RankingContent, ['rows'] as const) {
  @ApiProperty({ type: [RankedUnitWithCardsAnswer], description: 'The best first; units without a rank at the end.' })
  rows!: RankedUnitWithCardsAnswer[];
}
