import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsOptional,
  IsString,
  IsUUID,
  Max,
  MaxLength,
  Min,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsFen, IsInstant, IsLocalDate } from '../platform/http/validators.js';
import { RETURN_METHODS, type ReturnMethod } from './allocation.rules.js';
import { OBJECTION_DECISIONS, RETURN_STATUSES, type ObjectionDecision, type ReturnStatus } from './return.js';
import { RETURN_COMMANDS, type ReturnCommand } from './return.rules.js';

const LONG = 2_000;
const MOST_CLAIMS = 500;
const MOST_TRANSFERS = 1_000;

export class ClaimBody {
  @ApiProperty({ format: 'uuid', description: "The victim's incident." })
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.toLowerCase() : value))
  @IsUUID()
  incidentId!: string;

  @ApiPropertyOptional({
    type: [Number],
    description:
      "Numbers of the incident's transfers that it rests on; default: all that went into the frozen account.",
    example: [1],
  })
  @IsOptional()
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_TRANSFERS)
  @ArrayUnique()
  @IsInt({ each: true })
  @Min(1, { each: true })
  @Max(32_767, { each: true })
  transferIds?: number[];

  @ApiProperty({ description: 'fen; what was lost into the account, at most the sum of the transfers.', minimum: 1 })
  @IsFen()
  @Min(1)
  claimFen!: number;

  @ApiPropertyOptional({ description: 'fen; what of it was given back already, less than claimFen.', default: 0 })
  @IsOptional()
  @IsFen()
  refundedFen?: number;

  @ApiProperty({
    description: 'The account that is paid to: the one that the money came from, else another of the victim.',
    example: '6228480402564890018',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  account!: string;

  @ApiProperty({ minLength: 1, maxLength: 100, example: '农业银行' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  bank!: string;
}

export class ApplyBody {
  @ApiPropertyOptional({
    description:
      'fen; all inflow of the traced window, identified or not. Default: the sum of the claims, as always where policy counts identified inflow only.',
    minimum: 1,
  })
  @IsOptional()
  @IsFen()
  @Min(1)
  inflowFen?: number;

  @ApiProperty({ type: [ClaimBody], minItems: 1, maxItems: MOST_CLAIMS })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(MOST_CLAIMS)
  @ValidateNested({ each: true })
  @Type(() => ClaimBody)
  claims!: ClaimBody[];
}

export class ApplyQuery {
  @ApiPropertyOptional({ description: 'true computes the allocation and stores nothing.', default: false })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (value === 'true' ? true : value === 'false' ? false : value))
  @IsBoolean()
  preview: boolean = false;
}

export class ReturnReasonBody {
  @ApiProperty({ minLength: 1, maxLength: LONG, example: '资金流水不清,请补充银行流水' })
  @IsString()
  @MinLength(1)
  @MaxLength(LONG)
  reason!: string;
}

export class ProposeBody extends ReturnReasonBody {
  @ApiProperty({ enum: RETURN_METHODS })
  @IsIn(RETURN_METHODS)
  method!: ReturnMethod;
}

export class PublishReturnBody {
  @ApiPropertyOptional({
    format: 'date',
    description: 'Local date on which the notice was published; default today, at most 7 days back.',
    example: '2023-06-10',
  })
  @IsOptional()
  @IsLocalDate()
  publishedOn?: string;
}

export class ObjectionBody extends ReturnReasonBody {
  @ApiProperty({ description: 'Who objects; kept sealed.', minLength: 1, maxLength: 100, example: '李某' })
  @IsString()
  @MinLength(1)
  @MaxLength(100)
  name!: string;
}

export class DecideObjectionBody extends ReturnReasonBody {
  @ApiProperty({
    enum: OBJECTION_DECISIONS,
    description: '`upheld`: the return is computed, approved and published anew.',
  })
  @IsIn(OBJECTION_DECISIONS)
  decision!: ObjectionDecision;
}

export class BankNoticeBody {
  @ApiProperty({
    type: [String],
    minItems: 2,
    maxItems: 2,
    description: 'Usernames of the two officers who take the notice to the bank.',
    example: ['zhang-411322', 'wang-411322'],
  })
  @IsArray()
  @ArrayMinSize(2)
  @ArrayMaxSize(2)
  @IsString({ each: true })
  @MaxLength(100, { each: true })
  officers!: string[];

  @ApiPropertyOptional({ format: 'date-time', description: 'When the bank got it; default now.' })
  @IsOptional()
  @IsInstant()
  deliveredAt?: string;
}

export class PaidBody {
  @ApiProperty({ format: 'date-time', description: 'When the bank paid; not before it got the notice.' })
  @IsInstant()
  paidAt!: string;

  @ApiProperty({
    description: "Number of the bank's receipt.",
    minLength: 1,
    maxLength: 64,
    example: 'ABC-20230714-0031',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(64)
  receiptNo!: string;
}

export const RETURN_QUEUES = ['approval', 'payable'] as const;
export type ReturnQueue = (typeof RETURN_QUEUES)[number];

export class ListReturnsQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: RETURN_QUEUES,
    description: '`approval`: waits for your approval. `payable`: may be taken to the bank today.',
  })
  @IsOptional()
  @IsIn(RETURN_QUEUES)
  queue?: ReturnQueue;

  @ApiPropertyOptional({ enum: RETURN_STATUSES, isArray: true, description: 'One or several, with commas.' })
  @IsOptional()
  @Transform(({ value }: { value: unknown }) => (typeof value === 'string' ? value.split(',') : value))
  @IsIn(RETURN_STATUSES, { each: true })
  status?: ReturnStatus[];

  @ApiPropertyOptional({ format: 'uuid' })
  @IsOptional()
  @IsUUID()
  freeze?: string;

  @ApiPropertyOptional({ format: 'uuid', description: "The freeze's incident, or one that claims." })
  @IsOptional()
  @IsUUID()
  incident?: string;
}

export class PurposeQuery {
  @ApiProperty({
    description: 'Why names and accounts are opened; goes on the timeline.',
    minLength: 2,
    maxLength: 200,
  })
  @IsString()
  @MinLength(2)
  @MaxLength(200)
  purpose!: string;
}

export class AllocationAnswer {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'null in a preview.' })
  claimId!: string | null;
  @ApiProperty({ example: 1 })
  no!: number;
  @ApiProperty({ format: 'uuid' })
  incidentId!: string;
  @ApiProperty({ type: [Number], description: 'Empty where no transfer is known.' })
  transferIds!: number[];
  @ApiProperty({ description: 'fen' })
  claimFen!: number;
  @ApiProperty({ description: 'fen' })
  refundedFen!: number;
  @ApiProperty({ description: 'fen; what the claim gets.' })
  returnFen!: number;
  @ApiProperty({ description: 'Masked.', example: '6228 **** **** 0018' })
  account!: string;
  @ApiProperty()
  bank!: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  paidAt!: string | null;
  @ApiProperty({ nullable: true, type: String })
  receiptNo!: string | null;
}

export class OtherClaimsAnswer {
  @ApiProperty()
  count!: number;
  @ApiProperty({ description: 'fen' })
  claimFen!: number;
  @ApiProperty({ description: 'fen' })
  returnFen!: number;
}

export class ObjectionAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ description: 'Masked.' })
  name!: string;
  @ApiProperty({ description: 'With names and long numbers hidden.' })
  reason!: string;
  @ApiProperty({ description: 'Which round of the return it is about.' })
  round!: number;
  @ApiProperty({ format: 'date-time' })
  raisedAt!: string;
  @ApiProperty({ nullable: true, enum: OBJECTION_DECISIONS })
  decision!: ObjectionDecision | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  decidedAt!: string | null;
}

export class ReturnAnswer {
  @ApiProperty({ type: String, format: 'uuid', nullable: true, description: 'null in a preview.' })
  id!: string | null;
  @ApiProperty({ format: 'uuid' })
  freezeId!: string;
  @ApiProperty({ format: 'uuid', description: "The freeze's incident." })
  incidentId!: string;
  @ApiProperty({ enum: [...RETURN_STATUSES, 'preview'] })
  status!: ReturnStatus | 'preview';
  @ApiProperty({ enum: RETURN_METHODS, description: 'What the system finds from the traced transfers.' })
  proposedMethod!: ReturnMethod;
  @ApiProperty({ enum: RETURN_METHODS, nullable: true, description: 'What an officer has confirmed or chosen.' })
  method!: ReturnMethod | null;
  @ApiProperty({ description: 'F, fen: what was frozen and not allotted to others when the shares were computed.' })
  frozenFen!: number;
  @ApiProperty({ description: 'T, fen' })
  inflowFen!: number;
  @ApiProperty({ type: [AllocationAnswer], description: 'In the order of the claims; those that you may see.' })
  allocations!: AllocationAnswer[];
  @ApiProperty({
    type: OtherClaimsAnswer,
    nullable: true,
    description: 'Claims of incidents outside your jurisdiction.',
  })
  otherClaims!: OtherClaimsAnswer | null;
  @ApiProperty({ description: 'fen; stays frozen.' })
  residualFen!: number;
  @ApiProperty({ description: 'How often it has been computed for approval.' })
  round!: number;
  @ApiProperty({ type: HolderAnswer, description: 'The freezing agency.' })
  agency!: HolderAnswer;
  @ApiProperty({ format: 'date-time' })
  appliedAt!: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  proposedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'When it was approved or refused.' })
  decidedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date' })
  publishedOn!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'Not paid before this moment.' })
  payableFrom!: string | null;
  @ApiProperty({ type: [ObjectionAnswer] })
  objections!: ObjectionAnswer[];
  @ApiProperty({ type: [String], description: 'The two who took the notice to the bank.' })
  officers!: string[];
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  deliveredAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'The bank pays before this moment.' })
  paymentDueAt!: string | null;
  @ApiPropertyOptional({
    description:
      'With the answer to the notice to the bank: false where the holidays of the days up to paymentDueAt are not known, and only weekends were left out.',
  })
  calendarComplete?: boolean;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  endedAt!: string | null;
  @ApiProperty()
  version!: number;
  @ApiPropertyOptional({ enum: RETURN_COMMANDS, isArray: true, description: 'What you can do now.' })
  allowed?: ReturnCommand[];
}

export class ReturnPage extends PageOf(ReturnAnswer) {}
