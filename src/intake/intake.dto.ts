import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { GROUPS, KINDS } from '../alert/alert.js';
import { RISK_LEVELS } from '../organization/risk.js';

/** Bodies of intake, for the API document: signal.rules.ts checks them. */
export class SubjectBody {
  @ApiPropertyOptional({ maxLength: 100, example: '王某某' })
  name?: string;
  @ApiProperty({ description: 'Mainland mobile number, or landline with its area code.', example: '13800001234' })
  phone!: string;
  @ApiPropertyOptional({ description: '18-digit identity number.', example: '411322196501011234' })
  idNumber?: string;
  @ApiPropertyOptional({ maxLength: 200 })
  address?: string;
  @ApiPropertyOptional({ enum: GROUPS, default: 'none' })
  group?: string;
}

export class SuspectBody {
  @ApiPropertyOptional({ maxLength: 40 })
  phone?: string;
  @ApiPropertyOptional({ maxLength: 64 })
  account?: string;
  @ApiPropertyOptional({ maxLength: 100 })
  app?: string;
  @ApiPropertyOptional({ maxLength: 2_000 })
  url?: string;
}

export class SignalBody {
  @ApiProperty({ maxLength: 64, example: 'national-platform' })
  source!: string;
  @ApiProperty({ maxLength: 128, example: 'NP-20230601-000001' })
  sourceRef!: string;
  @ApiProperty({ format: 'date-time' })
  detectedAt!: string;
  @ApiPropertyOptional({ enum: KINDS, default: 'telecom' })
  kind?: string;
  @ApiProperty({ enum: RISK_LEVELS })
  riskLevel!: string;
  @ApiProperty({ description: 'Code, name or older label of a fraud type.', example: 'brushing-rebate' })
  fraudType!: string;
  @ApiPropertyOptional({ description: '4, 6 or 9 digits; absent: the city decides.', example: '411322100' })
  divisionCode?: string;
  @ApiProperty({ type: SubjectBody })
  subject!: SubjectBody;
  @ApiPropertyOptional({ type: SuspectBody })
  suspect?: SuspectBody;
  @ApiPropertyOptional({ description: 'fen', minimum: 0 })
  amountAtRiskFen?: number;
  @ApiPropertyOptional({ maxLength: 2_000 })
  summary?: string;
}

export class BatchBody {
  @ApiProperty({ type: [SignalBody], minItems: 1, maxItems: 1_000 })
  alerts!: SignalBody[];
}

export class FaultAnswer {
  @ApiProperty({ example: '/subject/phone' })
  pointer!: string;
  @ApiProperty({ example: 'is required' })
  message!: string;
}

export class BatchItemAnswer {
  @ApiProperty({ description: 'Position in the request, from 0.' })
  index!: number;
  @ApiProperty({ enum: ['created', 'duplicate', 'merged', 'rejected'] })
  outcome!: 'created' | 'duplicate' | 'merged' | 'rejected';
  @ApiPropertyOptional({ format: 'uuid' })
  id?: string;
  @ApiPropertyOptional({ example: '4113-20230601-000123' })
  alertNo?: string;
  @ApiPropertyOptional({ type: [FaultAnswer] })
  errors?: FaultAnswer[];
}

export class BatchAnswer {
  @ApiProperty()
  created!: number;
  @ApiProperty()
  duplicates!: number;
  @ApiProperty()
  merged!: number;
  @ApiProperty()
  rejected!: number;
  @ApiProperty({ type: [BatchItemAnswer] })
  results!: BatchItemAnswer[];
}
