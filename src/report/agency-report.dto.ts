import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { IsLocalDate } from '../platform/http/validators.js';
import { DefinitionAnswer, RowAgencyAnswer } from './tier-report.dto.js';
import { FormatOfAnswer, type Format } from '../platform/http/file.order.js';

/** What every report about one agency takes. */
export class AgencyReportQuery {
  @ApiPropertyOptional({ description: 'Code of the agency; default: the own agency.', example: '4113' })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  agency?: string;

  @ApiProperty({ description: 'First local date, inclusive.', example: '2023-06-01' })
  @IsLocalDate()
  from!: string;

  @ApiProperty({ description: 'Last local date, inclusive; at most three years after `from`.', example: '2023-06-30' })
  @IsLocalDate()
  to!: string;

  @FormatOfAnswer()
  format: Format = 'json';
}

/** What every such report says besides its figures. */
export class AgencyReportAnswer {
  @ApiProperty({ type: RowAgencyAnswer })
  agency!: RowAgencyAnswer;
  @ApiProperty({ example: '2023-06-01' })
  from!: string;
  @ApiProperty({ example: '2023-06-30' })
  to!: string;
  @ApiProperty({ format: 'date-time', description: 'When the figures were read.' })
  asOf!: string;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/DefinitionAnswer' },
    description: 'What each field counts, in Chinese and English.',
  })
  definitions!: Record<string, DefinitionAnswer>;
}
