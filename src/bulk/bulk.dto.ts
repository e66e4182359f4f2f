import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import {
  ArrayMaxSize,
  ArrayMinSize,
  ArrayUnique,
  IsArray,
  IsIn,
  IsObject,
  IsOptional,
  IsString,
  MaxLength,
} from 'class-validator';
import { AlertAnswer } from '../alert/alert.dto.js';
import { COMMANDS, type Command } from '../alert/transitions.js';

/** Commands that can be given to many alerts at once: all but opening personal data, and what is about one person's account. */
export const BULK_COMMANDS = COMMANDS.filter((command) => command !== 'reveal' && command !== 'protections');

export class BulkBody {
  @ApiProperty({ type: [String], minItems: 1, maxItems: 200, description: 'Ids of alerts, each once.' })
  @IsArray()
  @ArrayMinSize(1)
  @ArrayMaxSize(200)
  @ArrayUnique()
  @IsString({ each: true })
  @MaxLength(64, { each: true })
  ids!: string[];

  @ApiProperty({ enum: BULK_COMMANDS })
  @IsIn(BULK_COMMANDS)
  command!: Command;

  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'The body that the command takes, the same for all.',
  })
  @IsOptional()
  @IsObject()
  body?: Record<string, unknown>;
}

export class BulkItemAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 200, description: 'The status that the command alone would have answered.' })
  status!: number;
  @ApiPropertyOptional({ type: AlertAnswer })
  alert?: AlertAnswer;
  @ApiPropertyOptional({
    type: 'object',
    additionalProperties: true,
    description: 'Why not: code, detail and, where given, allowed.',
  })
  problem?: Record<string, unknown>;
}

export class BulkAnswer {
  @ApiProperty({ description: 'How many were done.' })
  done!: number;
  @ApiProperty()
  failed!: number;
  @ApiProperty({ type: [BulkItemAnswer] })
  results!: BulkItemAnswer[];
}
