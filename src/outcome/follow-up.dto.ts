import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { PageOf, PageQuery } from '../platform/http/page.js';
import { IsFen, IsInstant, IsLocalDate } from '../platform/http/validators.js';

const FOLLOW_UP_RESULTS = ['safe', 'defrauded', 'unreachable'] as const;
type FollowUpResult = (typeof FOLLOW_UP_RESULTS)[number];

export class FollowUpBody {
  @ApiProperty({
    format: 'date-time',
    description: 'When the person was asked; after the case was closed, not in the future.',
  })
  @IsInstant()
  at!: string;

  @ApiProperty({ enum: FOLLOW_UP_RESULTS })
  @IsIn(FOLLOW_UP_RESULTS)
  result!: FollowUpResult;

  @ApiPropertyOptional({ description: 'fen; only with `defrauded`.' })
  @IsOptional()
  @IsFen()
  lossFen?: number;

  @ApiPropertyOptional({ maxLength: 2_000 })
  @IsOptional()
  @IsString()
  @MaxLength(2_000)
  note?: string;
}

export class ListFollowUpsQuery extends PageQuery {
  @ApiPropertyOptional({ description: 'Due up to the end of this local date; default today.', example: '2023-06-08' })
  @IsOptional()
  @IsLocalDate()
  due?: string;
}

export class FollowUpAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  alertId!: string;
  @ApiProperty({ type: HolderAnswer, description: 'The agency that closed the case, or made the follow-up unplanned.' })
  agency!: HolderAnswer;
  @ApiProperty({
    nullable: true,
    type: String,
    format: 'date-time',
    description: 'null: made without having been planned.',
  })
  dueAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  doneAt!: string | null;
  @ApiProperty({ nullable: true, enum: FOLLOW_UP_RESULTS })
  result!: FollowUpResult | null;
  @ApiProperty({ nullable: true, type: Number })
  lossFen!: number | null;
}

export class DueFollowUpAnswer extends FollowUpAnswer {
  @ApiProperty({ example: '4113-20230601-000123' })
  alertNo!: string;
  @ApiProperty({ example: 'high' })
  riskLevel!: string;
  @ApiProperty()
  overdue!: boolean;
}

export class FollowUpPage extends PageOf(DueFollowUpAnswer) {}
