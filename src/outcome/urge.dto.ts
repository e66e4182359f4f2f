import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { PageQuery, PartOf } from '../platform/http/page.js';

/** `overdue` are open ones whose time to reply has passed. */
export const URGE_STATES = ['open', 'overdue', 'replied'] as const;
export type UrgeState = (typeof URGE_STATES)[number];

export class ListUrgesQuery extends PageQuery {
  @ApiPropertyOptional({
    enum: URGE_STATES,
    description: 'Default: all. `overdue`: open, and the time to reply has passed.',
  })
  @IsOptional()
  @IsIn(URGE_STATES)
  state?: UrgeState;
}

export class UrgeAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ format: 'uuid' })
  alertId!: string;
  @ApiProperty({ example: '4113-20230601-000123' })
  alertNo!: string;
  @ApiProperty({ type: HolderAnswer, description: 'Who urged; the city where the system did.' })
  by!: HolderAnswer;
  @ApiProperty({ type: HolderAnswer, description: 'The holder that was urged.' })
  agency!: HolderAnswer;
  @ApiProperty({ description: 'Made by the system, because a clock had run half as long again as it may.' })
  bySystem!: boolean;
  @ApiProperty({ format: 'date-time' })
  urgedAt!: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  replyBy!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  repliedAt!: string | null;
  @ApiProperty({ description: 'Open, and the time to reply has passed.' })
  overdue!: boolean;
}

export class UrgePage extends PartOf(UrgeAnswer) {}
