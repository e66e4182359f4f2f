import { ApiProperty, ApiPropertyOptional, getSchemaPath, IntersectionType } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { KINDS, type Kind } from '../alert/alert.js';
import { AlertAnswer, HolderAnswer } from '../alert/alert.dto.js';
import { IncidentAnswer } from '../incident/incident.dto.js';
import { ENTRY_KINDS, type EntryKind } from '../ledger/ledger.js';
import { TIERS, type Tier } from '../organization/agency.js';
import { RISK_LEVELS, type RiskLevel } from '../organization/risk.js';
import { PageQuery } from '../platform/http/page.js';
import { IsLocalDate } from '../platform/http/validators.js';
import { FiguresAnswer } from './figures.dto.js';
import { INDICATOR_NAMES } from './indicators.js';
import { FormatOfAnswer, type Format } from '../platform/http/file.order.js';

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
  @FormatOfAnswer()
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

  @FormatOfAnswer('`csv`, `xlsx`: everything behind the number as a file, masked as the answers are.')
  format: Format = 'json';
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

/** A movement of money that counted. */
export class CountedEntryAnswer {
  @ApiProperty({ format: 'uuid', description: 'Id in the ledger.' })
  id!: string;
  @ApiProperty({ enum: ENTRY_KINDS, enumName: 'EntryKind' })
  kind!: EntryKind;
  @ApiProperty({ nullable: true, type: String, description: 'Masked.', example: '6222 **** **** 0123' })
  account!: string | null;
}

/** What made a case count, where that is an act or a duration. */
export class CountedFactAnswer {
  @ApiProperty({ type: HolderAnswer, nullable: true, description: 'Who did it, or had to.' })
  agency!: HolderAnswer | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description:
      'When the attempt or the urge was made, the outcome approved, the follow-up due, the incident reported, or the money moved.',
  })
  at!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'Until when the urge asked for a reply, or the follow-up was to be made so as not to be overdue.',
  })
  dueAt!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'When the urge was replied to, or the follow-up made.',
  })
  doneAt!: string | null;
  @ApiProperty({ nullable: true, enum: ['sms', 'call', 'visit'] })
  method!: string | null;
  @ApiProperty({ nullable: true, type: Boolean })
  reached!: boolean | null;
  @ApiProperty({ nullable: true, type: String, description: 'Result of the outcome or the follow-up.' })
  result!: string | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen; these add up to the number.' })
  amountFen!: number | null;
  @ApiProperty({ nullable: true, type: Number, description: 'Minutes, to a tenth; the percentiles are of these.' })
  minutes!: number | null;
  @ApiProperty({ type: CountedEntryAnswer, nullable: true })
  entry!: CountedEntryAnswer | null;
}

export class TierReportCaseAnswer extends AlertAnswer {
  @ApiProperty({ type: CountedFactAnswer, nullable: true, description: 'null where the case itself is counted.' })
  counted!: CountedFactAnswer | null;
}

export class TierReportIncidentAnswer {
  @ApiProperty({ nullable: true, type: String, format: 'uuid', description: 'null where it lies elsewhere.' })
  incidentId!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '4113-20230601-000045' })
  incidentNo!: string | null;
  @ApiProperty({ type: IncidentAnswer, nullable: true, description: 'Masked, as in lists of incidents.' })
  incident!: IncidentAnswer | null;
  @ApiProperty({ type: CountedFactAnswer })
  counted!: CountedFactAnswer;
}

/** Of alerts, or, for numbers of incidents and their money, of incidents. */
export class TierReportCasePage {
  @ApiProperty({
    type: 'array',
    items: {
      oneOf: [{ $ref: getSchemaPath(TierReportCaseAnswer) }, { $ref: getSchemaPath(TierReportIncidentAnswer) }],
    },
  })
  items!: (TierReportCaseAnswer | TierReportIncidentAnswer)[];
  @ApiProperty({
    type: String,
    nullable: true,
    description: 'Send it as `cursor` for the next page; null on the last.',
  })
  nextCursor!: string | null;
  @ApiPropertyOptional({
    type: 'integer',
    description: 'With count=true: the number, or of a sum or a percentile how many went into it.',
  })
  total?: number;
}
