import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import type { ImportStatus } from './import.job.js';
import type { SubjectName } from './import.subject.js';

export class ImportQuery {
  @ApiPropertyOptional({
    enum: ['true', 'false'],
    default: 'false',
    description: 'true checks the file and changes nothing. May come as a field of the form instead.',
  })
  @IsOptional()
  @IsIn(['true', 'false'])
  dryRun?: 'true' | 'false';
}

export class ImportAccepted {
  @ApiProperty({ format: 'uuid', description: 'GET /imports/{id} tells how far it is.' })
  id!: string;
}

export class ImportAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ enum: ['alerts', 'incidents'], description: 'What it is a file of.' })
  subject!: SubjectName;
  @ApiProperty({ enum: ['queued', 'running', 'completed', 'failed'] })
  status!: ImportStatus;
  @ApiProperty({ description: 'Nothing is taken in: the counts say what would become of the rows.' })
  dryRun!: boolean;
  @ApiProperty({ example: '6月1日预警.xlsx' })
  fileName!: string;
  @ApiProperty({ description: 'Rows of the file.' })
  total!: number;
  @ApiProperty()
  processed!: number;
  @ApiProperty()
  created!: number;
  @ApiProperty()
  duplicates!: number;
  @ApiProperty({ description: 'Of incidents: rows that add a transfer to the incident of the row before.' })
  merged!: number;
  @ApiProperty({ description: 'Rows that GET /imports/{id}/rejects.csv gives.' })
  rejected!: number;
  @ApiProperty({ type: String, nullable: true, description: 'Why it failed; null otherwise.' })
  failure!: string | null;
  @ApiProperty({ format: 'date-time', example: '2023-06-01T09:30:00.000+08:00' })
  createdAt!: string;
  @ApiProperty({ type: String, format: 'date-time', nullable: true })
  finishedAt!: string | null;
}
