import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { RISK_LEVELS, type RiskLevel } from '../organization/risk.js';
import { IsLocalDate } from '../platform/http/validators.js';
import { FormatOfAnswer, type Format } from '../platform/http/file.order.js';
import { PageOf, PageQuery, PartOf } from '../platform/http/page.js';
import { KINDS, RESULTS, STATUSES, type Kind, type Result, type Status } from './alert.js';
import { COMMANDS, type Command } from './transitions.js';

const flag = ({ value }: { value: unknown }): unknown => (value === 'true' ? true : value === 'false' ? false : value);
const list = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.split(',') : value);

export class ListAlertsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'One status or several with commas.', enum: STATUSES, isArray: true })
  @IsOptional()
  @Transform(list)
  @IsIn(STATUSES, { each: true })
  status?: Status[];

  @ApiPropertyOptional({ description: 'Tier of the holder.', enum: ['city', 'county', 'township'] })
  @IsOptional()
  @IsIn(['city', 'county', 'township'])
  tier?: 'city' | 'county' | 'township';

  @ApiPropertyOptional({ description: 'Code of the holder.', example: '411322' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiPropertyOptional({ enum: KINDS })
  @IsOptional()
  @IsIn(KINDS)
  kind?: Kind;

  @ApiPropertyOptional({ enum: RISK_LEVELS })
  @IsOptional()
  @IsIn(RISK_LEVELS)
  riskLevel?: RiskLevel;

  @ApiPropertyOptional({ example: 'brushing-rebate' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  fraudType?: string;

  @ApiPropertyOptional({ example: 'national-platform' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  source?: string;

  @ApiPropertyOptional({ description: 'Some clock has run out unmet.' })
  @IsOptional()
  @Transform(flag)
  @IsBoolean()
  overdue?: boolean;

  @ApiPropertyOptional({ description: 'An urge waits for its reply.' })
  @IsOptional()
  @Transform(flag)
  @IsBoolean()
  urged?: boolean;

  @ApiPropertyOptional()
  @IsOptional()
  @Transform(flag)
  @IsBoolean()
  visitRequired?: boolean;

  @ApiPropertyOptional({ description: 'First local date of receipt, inclusive.', example: '2023-06-01' })
  @IsOptional()
  @IsLocalDate()
  receivedFrom?: string;

  @ApiPropertyOptional({ description: 'Last local date of receipt, inclusive.', example: '2023-06-30' })
  @IsOptional()
  @IsLocalDate()
  receivedTo?: string;

  @ApiPropertyOptional({ description: '`mine`: open cases that the own agency holds.', enum: ['mine'] })
  @IsOptional()
  @IsIn(['mine'])
  queue?: 'mine';

  @ApiPropertyOptional({ example: '4113-20230601-000123' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  alertNo?: string;

  @ApiPropertyOptional({ description: 'Exact phone number of the warned person.' })
  @IsOptional()
  @Matches(/^[+\d][\d -]{4,24}$/, { message: 'is not a phone number' })
  phone?: string;

  @ApiPropertyOptional({
    description:
      '`dueAt`: open cases held in the own subtree, most pressing first. `-receivedAt`: newest first (the default; `dueAt` with queue=mine).',
    enum: ['dueAt', '-receivedAt'],
  })
  @IsOptional()
  @IsIn(['dueAt', '-receivedAt'])
  sort?: 'dueAt' | '-receivedAt';

  @FormatOfAnswer('`csv`, `xlsx`: every case of the list as a file, masked as the answers are.')
  format: Format = 'json';
}

export class TimelineQuery extends PageQuery {}

export class HolderAnswer {
  @ApiProperty({ example: '411322' })
  code!: string;
  @ApiProperty({ example: '方城县公安局' })
  name!: string;
  @ApiProperty({ enum: ['city', 'county', 'township'] })
  tier!: string;
}

export class SubjectAnswer {
  @ApiProperty({ nullable: true, type: String, example: '王*某' })
  name!: string | null;
  @ApiProperty({ example: '138****1234' })
  phone!: string;
  @ApiProperty({ nullable: true, type: String, example: '411322********1234' })
  idNumber!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '方城县独树镇***' })
  address!: string | null;
  @ApiProperty({ enum: ['elderly', 'student', 'minor', 'finance-staff', 'none'] })
  group!: string;
}

export class SuspectAnswer {
  @ApiProperty({ nullable: true, type: String, example: '170****5678' })
  phone!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '6222 **** **** 0123' })
  account!: string | null;
  @ApiProperty({ nullable: true, type: String })
  app!: string | null;
  @ApiProperty({ nullable: true, type: String })
  url!: string | null;
}

export class AlertAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: '4113-20230601-000123' })
  alertNo!: string;
  @ApiProperty({ example: 'national-platform' })
  source!: string;
  @ApiProperty({ example: 'NP-20230601-000001' })
  sourceRef!: string;
  @ApiProperty({ enum: KINDS })
  kind!: Kind;
  @ApiProperty({ enum: RISK_LEVELS })
  riskLevel!: RiskLevel;
  @ApiProperty({ example: 'brushing-rebate' })
  fraudType!: string;
  @ApiProperty({ nullable: true, type: String, example: '411322100' })
  divisionCode!: string | null;
  @ApiProperty({ enum: STATUSES })
  status!: Status;
  @ApiProperty({
    type: HolderAnswer,
    nullable: true,
    description: 'Where the case is; the last holder once it ended; null for a merged signal.',
  })
  holder!: HolderAnswer | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'Earliest clock not yet met.' })
  nextDueAt!: string | null;
  @ApiProperty()
  overdue!: boolean;
  @ApiProperty()
  urged!: boolean;
  @ApiProperty()
  visitRequired!: boolean;
  @ApiPropertyOptional({ type: SubjectAnswer, nullable: true, description: 'Masked; absent for feeds.' })
  subject?: SubjectAnswer;
  @ApiPropertyOptional({ type: SuspectAnswer, nullable: true, description: 'Masked; absent for feeds.' })
  suspect?: SuspectAnswer | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen' })
  amountAtRiskFen!: number | null;
  @ApiPropertyOptional({ nullable: true, type: String, description: 'Numbers in it are masked; absent for feeds.' })
  summary?: string | null;
  @ApiProperty({ format: 'date-time' })
  detectedAt!: string;
  @ApiProperty({ format: 'date-time' })
  receivedAt!: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  closedAt!: string | null;
  @ApiProperty({ nullable: true, enum: RESULTS })
  result!: Result | null;
  @ApiProperty({ nullable: true, type: String, format: 'uuid', description: 'The alert that this signal joined.' })
  mergedInto!: string | null;
  @ApiProperty({ description: 'Alerts of the same person that were closed within the watch period before this one.' })
  previousAlerts!: number;
  @ApiProperty()
  defraudedAfterWarning!: boolean;
  @ApiProperty()
  version!: number;
  @ApiPropertyOptional({
    enum: COMMANDS,
    isArray: true,
    description: 'Commands open to the caller now; only on single alerts.',
  })
  allowed?: Command[];
}

export class AlertPage extends PageOf(AlertAnswer) {}

export class TimelineEventAnswer {
  @ApiProperty({ example: 3 })
  seq!: number;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ example: 'forwarded' })
  type!: string;
  @ApiProperty({
    example: '下发至独树镇,应于 06-01 09:46 前签收',
    description: 'What happened, worded for an officer.',
  })
  text!: string;
  @ApiProperty({ nullable: true, type: String, example: '李警官' })
  actor!: string | null;
  @ApiProperty({ type: HolderAnswer, nullable: true })
  agency!: HolderAnswer | null;
  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The facts, with `before` and `after` of what changed.',
  })
  data!: Record<string, unknown>;
  @ApiProperty({ nullable: true, type: String, description: 'What the actor wrote; numbers in it are masked.' })
  note!: string | null;
  @ApiProperty({ description: 'SHA-256 of this event and all before it, hexadecimal.' })
  hash!: string;
}

export class TimelinePage extends PartOf(TimelineEventAnswer) {}

export class RevealBody {
  @ApiProperty({
    description: 'Why the person has to be seen in clear; goes on the timeline and into the audit log.',
    minLength: 2,
    maxLength: 200,
    example: '上门劝阻前核对住址',
  })
  @IsString()
  @MinLength(2)
  @MaxLength(200)
  purpose!: string;
}

export class RevealAnswer {
  @ApiProperty({ type: SubjectAnswer, description: 'In clear.' })
  subject!: SubjectAnswer;
  @ApiProperty({ type: SuspectAnswer, nullable: true, description: 'In clear.' })
  suspect!: SuspectAnswer | null;
  @ApiProperty({ nullable: true, type: String })
  summary!: string | null;
}
