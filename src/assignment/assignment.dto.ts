import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional, IsString, MaxLength, MinLength } from 'class-validator';
import { HolderAnswer } from '../alert/alert.dto.js';
import { RISK_LEVELS, type RiskLevel } from '../organization/risk.js';
import { RETURN_REASONS, type ReturnReason } from './assignment.js';

const LONG = 2_000;

export class NoteBody {
  @ApiPropertyOptional({ maxLength: LONG })
  @IsOptional()
  @IsString()
  @MaxLength(LONG)
  note?: string;
}

export class ToAgencyBody extends NoteBody {
  @ApiProperty({ description: 'Code of the agency that gets the case.', example: '411322' })
  @IsString()
  @MinLength(2)
  @MaxLength(20)
  agency!: string;
}

export class TransferBody extends ToAgencyBody {
  @ApiProperty({
    description: 'Why it belongs elsewhere.',
    minLength: 1,
    maxLength: 200,
    example: '当事人现住址在邻县',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason!: string;
}

export class ReturnBody {
  @ApiProperty({ enum: RETURN_REASONS })
  @IsIn(RETURN_REASONS)
  reason!: ReturnReason;

  @ApiProperty({
    description: 'What the tier above must know to place it better.',
    minLength: 1,
    maxLength: LONG,
    example: '当事人户籍在此,现居深圳',
  })
  @IsString()
  @MinLength(1)
  @MaxLength(LONG)
  note!: string;
}

export class ReasonBody {
  @ApiProperty({ minLength: 1, maxLength: 200, example: '情况紧急,由县局直接处置' })
  @IsString()
  @MinLength(1)
  @MaxLength(200)
  reason!: string;
}

export class EscalateBody extends ReasonBody {
  @ApiProperty({ enum: RISK_LEVELS, description: 'Higher than the present level.' })
  @IsIn(RISK_LEVELS)
  riskLevel!: RiskLevel;
}

export class AssignmentAnswer {
  @ApiProperty({ example: 1 })
  hop!: number;
  @ApiProperty({ type: HolderAnswer })
  agency!: HolderAnswer;
  @ApiProperty({ enum: ['intake', 'push', 'forward', 'return', 'transfer', 'recall', 'reopen', 'unmerge'] })
  how!: string;
  @ApiProperty({ nullable: true, type: String })
  reason!: string | null;
  @ApiProperty({ format: 'date-time' })
  assignedAt!: string;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  acceptDueAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  acceptedAt!: string | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  endedAt!: string | null;
  @ApiProperty({ nullable: true, enum: ['forward', 'return', 'transfer', 'recall', 'closed', 'withdraw', 'push'] })
  endedHow!: string | null;
}

export class AssignmentList {
  @ApiProperty({ type: [AssignmentAnswer] })
  items!: AssignmentAnswer[];
  @ApiProperty({ nullable: true, type: String, description: 'Always null: an alert has few hops.' })
  nextCursor!: null;
}
