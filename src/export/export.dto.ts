import { ApiProperty } from '@nestjs/swagger';
import { IsIn, IsObject, IsUUID } from 'class-validator';
import { PageOf } from '../platform/http/page.js';
import { FILE_FORMATS, type FileFormat } from '../platform/tabular/file.format.js';
import { EXPORT_STATES, type ExportState } from './export.js';
import { EXPORTED_REPORTS } from './exported.reports.js';

export class CreateExportBody {
  @ApiProperty({
    enum: EXPORTED_REPORTS,
    description: 'What GET has under `/reports/` (and `alerts`), with its path.',
    example: 'tiers/county/cases',
  })
  @IsIn(EXPORTED_REPORTS, { message: 'is no report that can be exported; see its enum in the API document' })
  report!: string;

  @ApiProperty({
    type: 'object',
    additionalProperties: true,
    description: 'The parameters of that GET, by the same names; without `format`, `cursor` and `count`.',
    example: { from: '2023-06-01', to: '2023-06-30', indicator: 'received' },
  })
  @IsObject()
  query!: Record<string, unknown>;

  @ApiProperty({ enum: FILE_FORMATS })
  @IsIn(FILE_FORMATS)
  format!: FileFormat;
}

export class ExportPath {
  @ApiProperty({ format: 'uuid' })
  @IsUUID()
  id!: string;
}

export class ExportProgressAnswer {
  @ApiProperty({ type: 'integer', description: 'Rows that are written.', example: 120_000 })
  rows!: number;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: 'How many there will be; null where that shows only when it is made.',
    example: 500_000,
  })
  of!: number | null;
}

export class ExportAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ enum: EXPORTED_REPORTS })
  report!: string;
  @ApiProperty({ enum: FILE_FORMATS })
  format!: FileFormat;
  @ApiProperty({ enum: EXPORT_STATES, enumName: 'ExportState' })
  state!: ExportState;
  @ApiProperty({ type: ExportProgressAnswer })
  progress!: ExportProgressAnswer;
  @ApiProperty({ format: 'date-time' })
  createdAt!: string;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  startedAt!: string | null;
  @ApiProperty({ type: String, nullable: true, format: 'date-time' })
  finishedAt!: string | null;
  @ApiProperty({
    type: String,
    nullable: true,
    format: 'date-time',
    description: 'Until when the file can be fetched.',
  })
  expiresAt!: string | null;
  @ApiProperty({ type: String, nullable: true, example: 'sanji-4113-county-cases-received-2023-06-01-2023-06-30.xlsx' })
  fileName!: string | null;
  @ApiProperty({ type: 'integer', nullable: true, example: 31_457_280 })
  bytes!: number | null;
  @ApiProperty({ type: String, nullable: true, description: 'Of the file, hexadecimal.' })
  sha256!: string | null;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed, in a sentence.' })
  error!: string | null;
}

export class ExportPage extends PageOf(ExportAnswer) {}
