import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Transform, Type } from 'class-transformer';
import { IsIn, IsInt, IsOptional, IsString, IsUUID, Matches, Max, MaxLength, Min, MinLength } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsFen, IsInstant, MAX_FEN } from '../platform/http/validators.js';
import { IsAccount } from '../ledger/account.validator.js';
import { RELEASED_TO, STOP_STATUSES, type ReleasedTo, type StopStatus } from './stop.js';
import { STOP_COMMANDS, type StopCommand } from './stop.rules.js';

const list = ({ value }: { value: unknown }): unknown => (typeof value === 'string' ? value.split(',') : value);

export class StopBody {
  @ApiProperty({ description: 'Number of the account to stop.', example: '6222021234560123', maxLength: 64 })
  @IsAccount()
  account!: string;

  @ApiProperty({ description: 'Bank or payment institution of the account.', example: '中国工商银行', maxLength: 100 })
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, { message: 'must not be empty' })
  bank!: string;

  @ApiProperty({ description: 'Name of its holder, as the bank has it.', example: '李某', maxLength: 100 })
  @IsString()
  @MaxLength(100)
  @Matches(/\S/, { message: 'must not be empty' })
  holderName!: string;

  @ApiProperty({ description: 'What was paid into it, fen.', minimum: 1, maximum: MAX_FEN })
  @IsFen()
  @Min(1, { message: 'must be above 0' })
  transferFen!: number;

  @ApiProperty({ format: 'date-time', description: 'When it was paid in; not in the future.' })
  @IsInstant()
  transferAt!: string;

  @ApiPropertyOptional({
    format: 'uuid',
    description: 'Id of the stop-payment of the account that the money moved on from, of the same incident.',
  })
  @IsOptional()
  @IsUUID()
  parent?: string;
}

export class StopEffectiveBody {
  @ApiProperty({ format: 'date-time', description: 'When the bank stopped the account: its hours run from here.' })
  @IsInstant()
  stoppedAt!: string;

  @ApiProperty({ description: 'What the bank holds, fen; 0 where nothing was left.', minimum: 0, maximum: MAX_FEN })
  @IsFen()
  stoppedFen!: number;
}

export class StopReasonBody {
  @ApiProperty({ minLength: 1, maxLength: 200, example: '户名与账号不符' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason!: string;
}

export class StopReleaseBody extends StopReasonBody {
  @ApiProperty({ enum: RELEASED_TO, description: '`payer`: the money goes back to whoever paid it.' })
  @IsIn(RELEASED_TO)
  to!: ReleasedTo;
}

export class StopCorrectBody extends StopReasonBody {
  @ApiProperty({ description: 'What the bank really holds, fen.', minimum: 0, maximum: MAX_FEN })
  @IsFen()
  stoppedFen!: number;
}

export class ListStopsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'One status or several with commas.', enum: STOP_STATUSES, isArray: true })
  @IsOptional()
  @Transform(list)
  @IsIn(STOP_STATUSES, { each: true })
  status?: StopStatus[];

  @ApiPropertyOptional({ format: 'uuid', description: 'Id of an incident.' })
  @IsOptional()
  @IsUUID()
  incident?: string;

  @ApiPropertyOptional({
    description: 'Only those that hold and end within so many hours, the first to end first.',
    minimum: 1,
    maximum: 48,
  })
  @IsOptional()
  @Type(() => Number)
  @IsInt()
  @Min(1)
  @Max(48)
  expiresWithinHours?: number;
}

export class StopAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  incidentId!: string;
  @ApiProperty({ example: '4113-20230601-000045' })
  incidentNo!: string;
  @ApiProperty({ nullable: true, type: String, format: 'uuid', description: 'Of the account the money came from.' })
  parent!: string | null;
  @ApiProperty({ description: '1: the victim paid into it; 2: the money moved on to it; …', example: 1 })
  level!: number;
  @ApiProperty({
    nullable: true,
    type: 'integer',
    description: 'The first or second of its account; null: refused, not counted.',
    example: 1,
  })
  ordinal!: number | null;
  @ApiProperty({ example: '6222 **** **** 0123' })
  account!: string;
  @ApiProperty({ example: '中国工商银行' })
  bank!: string;
  @ApiProperty({ example: '李*' })
  holderName!: string;
  @ApiProperty()
  transferFen!: number;
  @ApiProperty({ format: 'date-time' })
  transferAt!: string;
  @ApiProperty({ type: HolderAnswer, description: 'Who asked for it: it counts in its figures.' })
  agency!: HolderAnswer;
  @ApiProperty({ format: 'date-time' })
  requestedAt!: string;
  @ApiProperty({ enum: STOP_STATUSES })
  status!: StopStatus;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  stoppedAt!: string | null;
  @ApiProperty({ nullable: true, type: 'integer', description: 'What the bank held, fen.' })
  stoppedFen!: number | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time', description: 'From then on it holds no more.' })
  expiresAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  endedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, enum: RELEASED_TO })
  releasedTo!: ReleasedTo | null;
  @ApiProperty()
  version!: number;
  @ApiPropertyOptional({
    enum: STOP_COMMANDS,
    isArray: true,
    description: 'What the caller can do now; only for single ones.',
  })
  allowed?: StopCommand[];
}

export class StopPage extends PageOf(StopAnswer) {}
