import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsOptional,
  IsString,
  MaxLength,
  MinLength,
  ValidateNested,
} from 'class-validator';
import { RESULTS, type Result } from '../alert/alert.js';
import { IsFen, IsInstant, MAX_FEN } from '../platform/http/validators.js';

const LONG = 2_000;
export const METHODS = ['sms', 'call', 'visit'] as const;
export type Method = (typeof METHODS)[number];
export const PARTICIPANTS = ['police', 'grid-worker', 'village-cadre', 'volunteer', 'bank-staff'] as const;
export type ParticipantKind = (typeof PARTICIPANTS)[number];
export const BASES = [
  'transfer-cancelled',
  'transfer-recalled',
  'balance-protected',
  'bank-blocked',
  'victim-statement',
] as const;
export type Basis = (typeof BASES)[number];

export class Participant {
  @ApiProperty({ enum: PARTICIPANTS })
  @IsIn(PARTICIPANTS)
  kind!: ParticipantKind;

  @ApiPropertyOptional({ maxLength: 100 })
  @IsOptional()
  @IsString()
  @MaxLength(100)
  name?: string;
}

export class AttemptBody {
  @ApiProperty({ enum: METHODS })
  @IsIn(METHODS)
  method!: Method;

  @ApiProperty({
    format: 'date-time',
    description: 'When it was made; not before the signal was detected, not in the future.',
  })
  @IsInstant()
  at!: string;

  @ApiProperty({ description: 'The person was spoken to (a visit: seen).' })
  @IsBoolean()
  reached!: boolean;

  @ApiProperty({ type: [Participant], description: 'Who took part, at most 20.', maxItems: 20 })
  @IsArray()
  @ArrayMaxSize(20)
  @ValidateNested({ each: true })
  @Type(() => Participant)
  participants!: Participant[];

  @ApiPropertyOptional({ maxLength: LONG })
  @IsOptional()
  @IsString()
  @MaxLength(LONG)
  note?: string;
}

export class AttemptAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  alertId!: string;
  @ApiProperty({ enum: METHODS })
  method!: Method;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty()
  reached!: boolean;
  @ApiProperty({ enum: PARTICIPANTS, isArray: true })
  participants!: ParticipantKind[];
  @ApiProperty({ description: 'Code of the agency that made it.', example: '411322' })
  agency!: string;
  @ApiProperty({ format: 'date-time' })
  recordedAt!: string;
}

export class OutcomeBody {
  @ApiProperty({ enum: RESULTS })
  @IsIn(RESULTS)
  result!: Result;

  @ApiProperty({ description: 'Money that stayed with its owner, fen.', minimum: 0, maximum: MAX_FEN })
  @IsFen()
  interceptedFen!: number;

  @ApiPropertyOptional({ enum: BASES, description: 'Needed where interceptedFen > 0.' })
  @IsOptional()
  @IsIn(BASES)
  interceptedBasis?: Basis;

  @ApiProperty({ description: 'Money lost, fen.', minimum: 0, maximum: MAX_FEN })
  @IsFen()
  lossFen!: number;

  @ApiPropertyOptional({ description: 'A transfer under way was stopped.' })
  @IsOptional()
  @IsBoolean()
  stoppedTransfer?: boolean;

  @ApiProperty({ minLength: 1, maxLength: LONG })
  @IsString()
  @MinLength(1)
  @MaxLength(LONG)
  note!: string;
}

export class ReviewBody {
  @ApiProperty({ enum: ['approve', 'reject'] })
  @IsIn(['approve', 'reject'])
  decision!: 'approve' | 'reject';

  @ApiPropertyOptional({ maxLength: LONG })
  @IsOptional()
  @IsString()
  @MaxLength(LONG)
  note?: string;
}

export class UrgeBody {
  @ApiProperty({ minLength: 1, maxLength: LONG, example: '请立即上门' })
  @IsString()
  @MinLength(1)
  @MaxLength(LONG)
  note!: string;

  @ApiPropertyOptional({ format: 'date-time', description: 'In the future.' })
  @IsOptional()
  @IsInstant()
  replyBy?: string;
}

export class ReplyBody {
  @ApiProperty({ minLength: 1, maxLength: LONG })
  @IsString()
  @MinLength(1)
  @MaxLength(LONG)
  note!: string;
}
