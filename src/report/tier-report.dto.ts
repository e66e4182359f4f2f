import { ApiProperty, ApiPropertyOptional, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { KINDS, type Kind } from '../alert/alert.js';
import { AlertAnswer, HolderAnswer } from '../alert/alert.dto.js';
import { TIERS, type Tier } from '../organization/agency.js';
import { RISK_LEVELS, type RiskLevel } from '../organization/risk.js';
import { PageQuery } from '../platform/http/page.js';
import { IsLocalDate } from '../platform/http/validators.js';
import { INDICATOR_NAMES } from './indicators.js';

export const FORMATS = ['json', 'csv'] as const;
export type Format = (typeof FORMATS)[number];

export class TierParam {
  @ApiProperty({ enum: TIERS })
  @IsIn(TIERS)
  tier!: Tier;
}

/** The period and the filters that every report takes. */
export class ReportPeriodQuery {
  @ApiProperty({ description: 'First local date, inclusive.', example: '2023-06-01' })
  @IsLocalDate()
  from!: string;

  @ApiProperty({ description: 'Last local date, inclusive.', example: '2023-06-30' })
  @IsLocalDate()
  to!: string;

  @ApiPropertyOptional({
    description: 'Code of the agency whose tier is reported; default: the own agency.',
    example: '4113',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  parent?: string;

  @ApiPropertyOptional({ enum: RISK_LEVELS })
  @IsOptional()
  @IsIn(RISK_LEVELS)
  riskLevel?: RiskLevel;

  @ApiPropertyOptional({ description: 'Code of a fraud type.', example: 'brushing-rebate' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  fraudType?: string;

  @ApiPropertyOptional({ enum: KINDS })
  @IsOptional()
  @IsIn(KINDS)
  kind?: Kind;

  @ApiPropertyOptional({ example: 'national-platform' })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  source?: string;
}

export class TierReportQuery extends ReportPeriodQuery {
  @ApiPropertyOptional({
    enum: FORMATS,
    default: 'json',
    description: '`csv`: a file for spreadsheets, with the definitions.',
  })
  @IsOptional()
  @IsIn(FORMATS)
  format: Format = 'json';
}

export class TierReportCasesQuery extends IntersectionType(PageQuery, ReportPeriodQuery) {
  @ApiPropertyOptional({ description: 'Code of the row; absent: what stands behind `total`.', example: '411322' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiProperty({
    enum: INDICATOR_NAMES,
    description: 'The number to open. A rate by itself opens its denominator, a group all that is in it.',
    example: 'acceptOnTimeRate.numerator',
  })
  @IsIn(INDICATOR_NAMES, { message: 'is no number of this report; see its enum in the API document' })
  indicator!: string;
}

export class RateAnswer {
  @ApiProperty({
    nullable: true,
    type: Number,
    description: 'Rounded half up to 4 decimals; null (shown —) where the denominator is 0.',
    example: 0.9375,
  })
  rate!: number | null;
  @ApiProperty({ example: 15 })
  numerator!: number;
  @ApiProperty({ example: 16 })
  denominator!: number;
}

export class ProvisionalRateAnswer extends RateAnswer {
  @ApiProperty({ description: 'true until `to` + the watch period has passed.' })
  provisional!: boolean;
}

export class MinutesAnswer {
  @ApiProperty({ nullable: true, type: Number, example: 3.2 })
  p50!: number | null;
  @ApiProperty({ nullable: true, type: Number, example: 14.8 })
  p90!: number | null;
}

export class ResultsAnswer {
  @ApiProperty()
  dissuaded!: number;
  @ApiProperty()
  'partial-loss'!: number;
  @ApiProperty()
  'already-defrauded'!: number;
  @ApiProperty()
  'defrauded-after-warning'!: number;
  @ApiProperty()
  'false-alarm'!: number;
  @ApiProperty()
  unreachable!: number;
  @ApiProperty()
  refused!: number;
}

export class AttemptCountsAnswer {
  @ApiProperty()
  sms!: number;
  @ApiProperty()
  call!: number;
  @ApiProperty()
  visit!: number;
  @ApiProperty()
  visitReached!: number;
}

export class InterceptedAnswer {
  @ApiProperty({ description: 'fen' })
  dissuasion!: number;
  @ApiProperty({ description: 'fen' })
  stopPayment!: number;
  @ApiProperty({ description: 'fen' })
  bank!: number;
  @ApiProperty({ description: 'fen' })
  total!: number;
}

/** What each field counts stands in `definitions` of every report. */
export class FiguresAnswer {
  @ApiProperty()
  received!: number;
  @ApiProperty()
  signals!: number;
  @ApiProperty({ type: RateAnswer })
  acceptOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  contactOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  visitRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  visitOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  feedbackOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  dissuasionRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  successRate!: RateAnswer;
  @ApiProperty({ type: ProvisionalRateAnswer })
  defraudedAfterRate!: ProvisionalRateAnswer;
  @ApiProperty({ type: RateAnswer })
  fundSuccessRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  returnRate!: RateAnswer;
  @ApiProperty({ type: ResultsAnswer })
  results!: ResultsAnswer;
  @ApiProperty({ type: AttemptCountsAnswer })
  attempts!: AttemptCountsAnswer;
  @ApiProperty({ type: InterceptedAnswer })
  interceptedFen!: InterceptedAnswer;
  @ApiProperty({ description: 'fen' })
  lossFen!: number;
  @ApiProperty({ type: MinutesAnswer })
  acceptMinutes!: MinutesAnswer;
  @ApiProperty({ type: MinutesAnswer })
  contactMinutes!: MinutesAnswer;
  @ApiProperty({ type: MinutesAnswer })
  visitMinutes!: MinutesAnswer;
  @ApiProperty({ type: MinutesAnswer })
  feedbackMinutes!: MinutesAnswer;
  @ApiProperty()
  open!: number;
  @ApiProperty()
  overdue!: number;
  @ApiProperty()
  urged!: number;
}

export class RowAgencyAnswer {
  @ApiProperty({ example: '411322' })
  code!: string;
  @ApiProperty({ example: '方城县公安局' })
  name!: string;
}

export class TierReportRow extends FiguresAnswer {
  @ApiProperty({ type: RowAgencyAnswer })
  agency!: RowAgencyAnswer;
}

export class DefinitionAnswer {
  @ApiProperty({ example: '接收' })
  name!: string;
  @ApiProperty({ example: '范围内的预警数。' })
  zh!: string;
  @ApiProperty({ example: 'Size of the cohort.' })
  en!: string;
}

export class ReportFiltersAnswer {
  @ApiPropertyOptional({ enum: RISK_LEVELS })
  riskLevel?: RiskLevel;
  @ApiPropertyOptional()
  fraudType?: string;
  @ApiPropertyOptional({ enum: KINDS })
  kind?: Kind;
  @ApiPropertyOptional()
  source?: string;
}

export class TierReportAnswer {
  @ApiProperty({ enum: TIERS })
  tier!: Tier;
  @ApiProperty({ example: '2023-06-01' })
  from!: string;
  @ApiProperty({ example: '2023-06-30' })
  to!: string;
  @ApiProperty({ description: 'Code of the agency whose tier is reported.', example: '4113' })
  parent!: string;
  @ApiProperty({ type: ReportFiltersAnswer, description: 'The filters asked for.' })
  filters!: ReportFiltersAnswer;
  @ApiProperty({
    format: 'date-time',
    description: 'When the figures were read: a clock that had not run out then, and was not met, counts nowhere.',
  })
  asOf!: string;
  @ApiProperty({ type: [TierReportRow] })
  rows!: TierReportRow[];
  @ApiProperty({ type: FiguresAnswer, description: 'Over distinct alerts.' })
  total!: FiguresAnswer;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/DefinitionAnswer' },
    description: 'What each field counts, in Chinese and English.',
  })
  definitions!: Record<string, DefinitionAnswer>;
}

/** What made a case count, where that is an act or a duration. */
export class CountedFactAnswer {
  @ApiProperty({ type: HolderAnswer, nullable: true, description: 'Who did it.' })
  agency!: HolderAnswer | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'When the attempt was made or the outcome approved.',
  })
  at!: string | null;
  @ApiProperty({ nullable: true, enum: ['sms', 'call', 'visit'] })
  method!: string | null;
  @ApiProperty({ nullable: true, type: Boolean })
  reached!: boolean | null;
  @ApiProperty({ nullable: true, type: String, description: 'Result of the outcome.' })
  result!: string | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen; these add up to the number.' })
  amountFen!: number | null;
  @ApiProperty({ nullable: true, type: Number, description: 'Minutes, to a tenth; the percentiles are of these.' })
  minutes!: number | null;
}

export class TierReportCaseAnswer extends AlertAnswer {
  @ApiProperty({ type: CountedFactAnswer, nullable: true, description: 'null where the case itself is counted.' })
  counted!: CountedFactAnswer | null;
}

export class TierReportCasePage {
  @ApiProperty({ type: [TierReportCaseAnswer] })
  items!: TierReportCaseAnswer[];
  @ApiProperty({ nullable: true, type: String })
  nextCursor!: string | null;
  @ApiPropertyOptional({
    description: 'With count=true: the number, or of a sum or a percentile how many went into it.',
  })
  total?: number;
}
