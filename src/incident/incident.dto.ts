import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsBoolean, IsIn, IsOptional, IsString, Matches, MaxLength, MinLength } from 'class-validator';
import { HolderAnswer, RevealBody } from '../alert/alert.dto.js';
import { RESULTS, STATUSES, type Result, type Status } from '../alert/alert.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsInstant, IsLocalDate } from '../platform/http/validators.js';
import { INCIDENT_STATUSES, VICTIM_KINDS, type IncidentStatus, type VictimKind } from './incident.js';

const flag = ({ value }: { value: unknown }): unknown => (value === 'true' ? true : value === 'false' ? false : value);

export const INCIDENT_COMMANDS = ['file', 'transfer', 'reveal'] as const;
export type IncidentCommand = (typeof INCIDENT_COMMANDS)[number];

export class ListIncidentsQuery extends PageQuery {
  @ApiPropertyOptional({ enum: INCIDENT_STATUSES })
  @IsOptional()
  @IsIn(INCIDENT_STATUSES)
  status?: IncidentStatus;

  @ApiPropertyOptional({ description: 'Code of the agency that holds it.', example: '411322' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiPropertyOptional({ example: 'brushing-rebate' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  fraudType?: string;

  @ApiPropertyOptional({ example: '110' })
  @IsOptional()
  @IsString()
  @MaxLength(64)
  source?: string;

  @ApiPropertyOptional({ description: 'First local date of the report, inclusive.', example: '2023-06-01' })
  @IsOptional()
  @IsLocalDate()
  reportedFrom?: string;

  @ApiPropertyOptional({ description: 'Last local date of the report, inclusive.', example: '2023-06-30' })
  @IsOptional()
  @IsLocalDate()
  reportedTo?: string;

  @ApiPropertyOptional({ example: '4113-20230601-000123' })
  @IsOptional()
  @IsString()
  @MaxLength(40)
  incidentNo?: string;

  @ApiPropertyOptional({ description: 'Exact phone number of the victim.' })
  @IsOptional()
  @Matches(/^[+\d][\d -]{4,24}$/, { message: 'is not a phone number' })
  phone?: string;

  @ApiPropertyOptional({ description: 'Exact identity number of the victim.' })
  @IsOptional()
  @Matches(/^[\dXx ]{15,24}$/, { message: 'is not an identity number' })
  idNumber?: string;

  @ApiPropertyOptional({ description: 'Exact unified social credit code of the victim.' })
  @IsOptional()
  @Matches(/^[\dA-Za-z ]{15,24}$/, { message: 'is not a unified social credit code' })
  creditCode?: string;

  @ApiPropertyOptional({ description: 'A first stop-payment should have been asked for, and was not.' })
  @IsOptional()
  @Transform(flag)
  @IsBoolean()
  stopOverdue?: boolean;
}

export class VictimAnswer {
  @ApiProperty({ enum: VICTIM_KINDS })
  kind!: VictimKind;
  @ApiProperty({ nullable: true, type: String, example: '王*某' })
  name!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '138****1234' })
  phone!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '411322********1234' })
  idNumber!: string | null;
  @ApiProperty({ nullable: true, type: String, description: 'Of an organisation.' })
  creditCode!: string | null;
}

export class IncidentTransferAnswer {
  @ApiProperty({ description: 'In the order of the report, from 1: how a claim names it.', example: 1 })
  no!: number;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ description: 'fen' })
  amountFen!: number;
  @ApiProperty({ nullable: true, type: String, example: '6222 **** **** 0123' })
  fromAccount!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '6217 **** **** 7788' })
  toAccount!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '中国建设银行' })
  toBank!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '李*' })
  toName!: string | null;
}

export class LinkedAlertAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: '4113-20230601-000123' })
  alertNo!: string;
  @ApiProperty({ enum: STATUSES })
  status!: Status;
  @ApiProperty({ type: HolderAnswer, nullable: true })
  holder!: HolderAnswer | null;
  @ApiProperty({ nullable: true, enum: RESULTS })
  result!: Result | null;
  @ApiProperty()
  defraudedAfterWarning!: boolean;
}

export class IncidentAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: '4113-20230601-000123' })
  incidentNo!: string;
  @ApiProperty({ example: '110', description: '`sanji`: it came of what became of an alert.' })
  source!: string;
  @ApiProperty({ example: 'J4113220230601000123' })
  sourceRef!: string;
  @ApiProperty({ format: 'date-time' })
  reportedAt!: string;
  @ApiProperty({ format: 'date-time' })
  receivedAt!: string;
  @ApiProperty({ nullable: true, type: String, example: '411322100' })
  divisionCode!: string | null;
  @ApiProperty({ example: 'brushing-rebate' })
  fraudType!: string;
  @ApiPropertyOptional({ type: VictimAnswer, description: 'Masked; absent for feeds.' })
  victim?: VictimAnswer;
  @ApiProperty({ description: 'What the victim says to have lost, fen.' })
  lossFen!: number;
  @ApiProperty({ description: 'What the reported transfers add up to, fen; need not be the loss.' })
  transferredFen!: number;
  @ApiPropertyOptional({
    type: [IncidentTransferAnswer],
    description: 'Masked; only on single incidents, and not for feeds.',
  })
  transfers?: IncidentTransferAnswer[];
  @ApiPropertyOptional({ nullable: true, type: String, description: 'Numbers in it are masked; absent for feeds.' })
  summary?: string | null;
  @ApiProperty({ enum: INCIDENT_STATUSES, description: '`filed`: 立案.' })
  status!: IncidentStatus;
  @ApiProperty({ nullable: true, type: String, example: '方公(刑)立字〔2023〕0123号' })
  caseNo!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  filedAt!: string | null;
  @ApiProperty({ type: HolderAnswer })
  holder!: HolderAnswer;
  @ApiProperty({ format: 'date-time', description: 'By when a first stop-payment is to be asked for.' })
  stopDueAt!: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'When the first one was asked for.' })
  stopMetAt!: string | null;
  @ApiProperty({ description: 'It should have been asked for by now, and was not.' })
  stopOverdue!: boolean;
  @ApiPropertyOptional({
    type: [LinkedAlertAnswer],
    description: 'Warnings of the same person that the caller may see; only on single incidents, and not for feeds.',
  })
  linkedAlerts?: LinkedAlertAnswer[];
  @ApiProperty()
  version!: number;
  @ApiPropertyOptional({
    enum: INCIDENT_COMMANDS,
    isArray: true,
    description: 'Commands on the incident itself open to the caller now; only on single incidents.',
  })
  allowed?: IncidentCommand[];
}

export class IncidentPage extends PageOf(IncidentAnswer) {}

export class FileIncidentBody {
  @ApiProperty({ description: '案号', minLength: 1, maxLength: 64, example: '方公(刑)立字〔2023〕0123号' })
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  @Matches(/^\S(?:.*\S)?$/u, { message: 'must not be blank, nor have blanks around it' })
  caseNo!: string;

  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When it was filed; not before it was reported, not in the future. Absent: now.',
  })
  @IsOptional()
  @IsInstant()
  filedAt?: string;
}

export class TransferIncidentBody {
  @ApiProperty({ description: 'Code of the agency that gets it.', example: '411325' })
  @IsString()
  @MinLength(2)
  @MaxLength(20)
  agency!: string;

  @ApiProperty({ description: 'Why it belongs elsewhere.', minLength: 1, maxLength: 200, example: '案发地在邻县' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason!: string;
}

export class RevealIncidentBody extends RevealBody {}

export class RevealedIncidentAnswer {
  @ApiProperty({ type: VictimAnswer, description: 'In clear.' })
  victim!: VictimAnswer;
  @ApiProperty({ type: [IncidentTransferAnswer], description: 'In clear.' })
  transfers!: IncidentTransferAnswer[];
  @ApiProperty({ nullable: true, type: String })
  summary!: string | null;
}
