import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform } from 'class-transformer';
import { IsIn, IsOptional, IsString, IsUUID, Matches, MaxLength, Min, MinLength } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { IsAccount } from '../ledger/account.validator.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsFen, IsInstant, IsLocalDate, MAX_FEN } from '../platform/http/validators.js';
import {
  APPROVER_TIERS,
  FREEZE_STATUSES,
  RENEWAL_DECISIONS,
  type ApproverTier,
  type FreezeStatus,
  type RenewalDecision,
} from './freeze.js';
import { FREEZE_COMMANDS, type FreezeCommand } from './freeze.rules.js';

const list = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.split(',') : value);

class FreezePeriodBody {
  @ApiPropertyOptional({ description: 'First local day; default today.', example: '2023-06-01' })
  @IsOptional()
  @IsLocalDate()
  from?: string;

  @ApiProperty({
    description:
      'Last local day: at most so many calendar months from the first as policy gives (6; with the approval of the city 12).',
    example: '2023-12-01',
  })
  @IsLocalDate()
  until!: string;

  @ApiPropertyOptional({
    description: 'Username of the supervisor whom the request waits for. The name approves nothing.',
    maxLength: 64,
    example: 'supervisor-411322',
  })
  @IsOptional()
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  approvedBy?: string;
}

export class FreezeOfStopBody extends FreezePeriodBody {
  @ApiPropertyOptional({ description: 'Fen; default what the stop-payment holds.', minimum: 1, maximum: MAX_FEN })
  @IsOptional()
  @IsFen()
  @Min(1, { message: 'must be above 0' })
  amountFen?: number;
}

export class FreezeOfIncidentBody extends FreezePeriodBody {
  @ApiProperty({ description: 'Number of the account to freeze.', example: '6222021234560123', maxLength: 64 })
  @IsAccount()
  account!: string;

  @ApiProperty({ description: 'Bank or payment institution of the account.', example: '中国工商银行', maxLength: 100 })
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, { message: 'must not be empty' })
  bank!: string;

  @ApiPropertyOptional({ description: 'Name of its holder, as the bank has it.', example: '李某', maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, { message: 'must not be empty' })
  holderName?: string;

  @ApiProperty({ description: 'Fen.', minimum: 1, maximum: MAX_FEN })
  @IsFen()
  @Min(1, { message: 'must be above 0' })
  amountFen!: number;
}

export class FreezeEffectiveBody {
  @ApiPropertyOptional({
    format: 'date-time',
    description: 'When the bank froze the account, or put it in line; default now.',
  })
  @IsOptional()
  @IsInstant()
  effectiveAt?: string;

  @ApiProperty({
    description: 'What the bank really holds, fen: may be 0, may differ from what was asked for.',
    minimum: 0,
    maximum: MAX_FEN,
  })
  @IsFen()
  frozenFen!: number;
}

export class FreezeReasonBody {
  @ApiProperty({ minLength: 1, maxLength: 200, example: '材料不全' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason!: string;
}

export class FreezeCorrectBody extends FreezeReasonBody {
  @ApiProperty({ description: 'What the bank really holds, fen.', minimum: 0, maximum: MAX_FEN })
  @IsFen()
  frozenFen!: number;
}

export class RenewalBody extends FreezeReasonBody {
  @ApiProperty({
    description: 'New last local day: as many months from the day after the present one as a freeze may have.',
    example: '2024-06-01',
  })
  @IsLocalDate()
  until!: string;
}

export const FREEZE_QUEUES = ['approval', 'expiring'] as const;
export type FreezeQueue = (typeof FREEZE_QUEUES)[number];

export class ListFreezesQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'One status or several with commas.', enum: FREEZE_STATUSES, isArray: true })
  @IsOptional()
  @Transform(list)
  @IsIn(FREEZE_STATUSES, { each: true })
  status?: FreezeStatus[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of an incident.' })
  @IsOptional()
  @IsUUID()
  incident?: string;

  @ApiPropertyOptional({
    enum: FREEZE_QUEUES,
    description:
      '`approval`: freezes and renewals that the caller can approve now, the longest waiting first. `expiring`: those that end within the days of the renewal alarm, the first to end first.',
  })
  @IsOptional()
  @IsIn(FREEZE_QUEUES)
  queue?: FreezeQueue;
}

export class RenewalAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ description: 'First day that it adds.', example: '2023-12-02' })
  from!: string;
  @ApiProperty({ example: '2024-06-01' })
  until!: string;
  @ApiProperty({ format: 'date-time' })
  askedAt!: string;
  @ApiProperty({ nullable: true, type: String, example: '李警官' })
  askedBy!: string | null;
  @ApiProperty({ enum: APPROVER_TIERS, description: 'Who has to approve, at least.' })
  approverTier!: ApproverTier;
  @ApiProperty({
    nullable: true,
    type: String,
    enum: RENEWAL_DECISIONS,
    description: '`late`: the freeze ended before anybody had decided.',
  })
  decision!: RenewalDecision | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  decidedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '王支队长' })
  decidedBy!: string | null;
}

export class FreezeAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  incidentId!: string;
  @ApiProperty({ example: '4113-20230601-000045' })
  incidentNo!: string;
  @ApiProperty({ nullable: true, type: String, format: 'uuid', description: 'The stop-payment that it follows.' })
  stopPaymentId!: string | null;
  @ApiProperty({ example: '6222 **** **** 0123' })
  account!: string;
  @ApiProperty({ example: '中国工商银行' })
  bank!: string;
  @ApiProperty({ nullable: true, type: String, example: '李*' })
  holderName!: string | null;
  @ApiProperty({ description: 'What was asked for, fen.' })
  amountFen!: number;
  @ApiProperty({ nullable: true, type: 'integer', description: 'What the bank froze, fen.' })
  frozenFen!: number | null;
  @ApiProperty({ description: 'What is left of it now, by the ledger; 0 where it holds nothing.' })
  remainingFen!: number;
  @ApiProperty({ description: 'First local day.', example: '2023-06-01' })
  from!: string;
  @ApiProperty({ description: 'Last local day.', example: '2023-12-01' })
  until!: string;
  @ApiProperty({ type: HolderAnswer, description: 'The freezing agency: it counts in its figures.' })
  agency!: HolderAnswer;
  @ApiProperty({
    enum: FREEZE_STATUSES,
    description: '`lapsed` from 00:00 of the day after the last, also where the clock has not told so yet.',
  })
  status!: FreezeStatus;
  @ApiProperty({ format: 'date-time' })
  requestedAt!: string;
  @ApiProperty({ nullable: true, type: String, example: '李警官' })
  requestedBy!: string | null;
  @ApiProperty({ enum: APPROVER_TIERS, description: 'Who has to approve, at least; then the tier that did.' })
  approverTier!: ApproverTier;
  @ApiProperty({ nullable: true, type: String, example: '王支队长', description: 'Whom the request waits for.' })
  namedApprover!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  approvedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '王支队长' })
  approvedBy!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'In the line of the account (轮候).' })
  waitingSince!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  effectiveAt!: string | null;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'When it is to be verified next that the money belongs to the case.',
  })
  verificationDueAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'When its renewal is called for.' })
  renewalDueAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'When it ends by itself.' })
  lapsesAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'Shown to be unrelated.' })
  unrelatedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'By when it is to be released then.' })
  releaseDueAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  endedAt!: string | null;
  @ApiProperty({ type: [RenewalAnswer], description: 'The oldest first.' })
  renewals!: RenewalAnswer[];
  @ApiProperty()
  version!: number;
  @ApiPropertyOptional({
    enum: FREEZE_COMMANDS,
    isArray: true,
    description: 'What the caller can do now; only for single ones.',
  })
  allowed?: FreezeCommand[];
}

export class FreezePage extends PageOf(FreezeAnswer) {}
