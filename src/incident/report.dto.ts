import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { FaultAnswer } from '../intake/intake.dto.js';
import { VICTIM_KINDS } from './incident.js';
import { MOST_TRANSFERS } from './report.rules.js';

/** Bodies of intake, for the API document: report.rules.ts checks them. */
export class VictimBody {
  @ApiProperty({ enum: VICTIM_KINDS })
  kind!: string;
  @ApiPropertyOptional({ maxLength: 100, description: 'Required of an organisation.', example: '王某某' })
  name?: string;
  @ApiPropertyOptional({
    description: 'Mainland mobile number, or landline with its area code. Required of a person.',
    example: '13800001234',
  })
  phone?: string;
  @ApiPropertyOptional({ description: '18-digit identity number of a person.', example: '411322196501011234' })
  idNumber?: string;
  @ApiPropertyOptional({ description: 'Unified social credit code; required of an organisation.' })
  creditCode?: string;
}

export class ReportedTransferBody {
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty({ description: 'fen', minimum: 1 })
  amountFen!: number;
  @ApiPropertyOptional({ maxLength: 64 })
  fromAccount?: string;
  @ApiPropertyOptional({ maxLength: 64 })
  toAccount?: string;
  @ApiPropertyOptional({ maxLength: 100 })
  toBank?: string;
  @ApiPropertyOptional({ maxLength: 100 })
  toName?: string;
}

export class IncidentBody {
  @ApiProperty({ maxLength: 64, example: '110' })
  source!: string;
  @ApiProperty({ maxLength: 128, example: 'J4113220230601000123' })
  sourceRef!: string;
  @ApiProperty({ format: 'date-time' })
  reportedAt!: string;
  @ApiPropertyOptional({
    description:
      '4, 6 or 9 digits. Where the agency it is reported to does not cover it, the county that does gets it.',
    example: '411322100',
  })
  divisionCode?: string;
  @ApiProperty({ type: VictimBody })
  victim!: VictimBody;
  @ApiProperty({ description: 'Code, name or older label of a fraud type.', example: 'brushing-rebate' })
  fraudType!: string;
  @ApiProperty({ description: 'fen; 0 where nothing was lost.', minimum: 0 })
  lossFen!: number;
  @ApiPropertyOptional({ type: [ReportedTransferBody], maxItems: MOST_TRANSFERS })
  transfers?: ReportedTransferBody[];
  @ApiPropertyOptional({ maxLength: 2_000 })
  summary?: string;
}

export class IncidentBatchBody {
  @ApiProperty({ type: [IncidentBody], minItems: 1, maxItems: 1_000 })
  incidents!: IncidentBody[];
}

export class IncidentItemAnswer {
  @ApiProperty({ description: 'Position in the request, from 0.' })
  index!: number;
  @ApiProperty({ enum: ['created', 'duplicate', 'rejected'] })
  outcome!: 'created' | 'duplicate' | 'rejected';
  @ApiPropertyOptional({ format: 'uuid' })
  id?: string;
  @ApiPropertyOptional({ example: '4113-20230601-000123' })
  incidentNo?: string;
  @ApiPropertyOptional({ type: [FaultAnswer] })
  errors?: FaultAnswer[];
}

export class IncidentBatchAnswer {
  @ApiProperty()
  created!: number;
  @ApiProperty()
  duplicates!: number;
  @ApiProperty()
  rejected!: number;
  @ApiProperty({ type: [IncidentItemAnswer] })
  results!: IncidentItemAnswer[];
}
