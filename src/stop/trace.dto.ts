import { ApiProperty } from '@nestjs/swagger';
import { STOP_STATUSES, type StopStatus } from './stop.js';

export class TraceSums {
  @ApiProperty({ description: 'What went in, as far as it is known, fen.' })
  transferFen!: number;
  @ApiProperty({ description: 'What stop-payments stopped, by the ledger, fen.' })
  stoppedFen!: number;
  @ApiProperty({ description: 'What freezes froze, by the ledger, fen.' })
  frozenFen!: number;
  @ApiProperty({ description: 'What was returned out of the freezes, fen.' })
  returnedFen!: number;
  @ApiProperty({ description: 'What is held now, stopped or frozen, fen.' })
  heldFen!: number;
}

export class TraceLevel extends TraceSums {
  @ApiProperty({ example: 1 })
  level!: number;
  @ApiProperty({ description: 'How many accounts stand at this level.' })
  accounts!: number;
}

export class TraceTotals extends TraceSums {
  @ApiProperty({ description: 'What the victim paid to accounts that nothing was done about, fen.' })
  unplacedFen!: number;
}

export class TraceTransferAnswer {
  @ApiProperty({ description: 'As it was reported, from 1.', example: 1 })
  no!: number;
  @ApiProperty({ format: 'date-time' })
  at!: string;
  @ApiProperty()
  amountFen!: number;
  @ApiProperty({ nullable: true, type: String, example: '6222 **** **** 0123' })
  toAccount!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '中国工商银行' })
  toBank!: string | null;
  @ApiProperty({ nullable: true, type: String, example: '李*' })
  toName!: string | null;
  @ApiProperty({ description: 'The account is among `accounts`: it was stopped or frozen, or that was asked for.' })
  placed!: boolean;
}

export class TraceStopAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ nullable: true, type: 'integer', example: 1 })
  ordinal!: number | null;
  @ApiProperty({ enum: STOP_STATUSES })
  status!: StopStatus;
  @ApiProperty()
  transferFen!: number;
  @ApiProperty({ format: 'date-time' })
  transferAt!: string;
  @ApiProperty({ nullable: true, type: 'integer' })
  stoppedFen!: number | null;
  @ApiProperty({ nullable: true, type: String, format: 'date-time' })
  expiresAt!: string | null;
}

export class TraceFreezeAnswer {
  @ApiProperty({ format: 'uuid' })
  id!: string;
  @ApiProperty({ example: 'effective' })
  status!: string;
  @ApiProperty()
  frozenFen!: number;
  @ApiProperty()
  returnedFen!: number;
}

export class TraceAccountAnswer extends TraceSums {
  @ApiProperty({ example: '6222 **** **** 0123' })
  account!: string;
  @ApiProperty({ example: '中国工商银行' })
  bank!: string;
  @ApiProperty({ nullable: true, type: String, example: '李*' })
  holderName!: string | null;
  @ApiProperty({ description: '1: the victim paid into it; 2: the money moved on to it; …', example: 1 })
  level!: number;
  @ApiProperty({
    enum: STOP_STATUSES,
    description: '`frozen` while a freeze holds it; else as its last stop-payment, or the freeze that ended.',
  })
  status!: StopStatus;
  @ApiProperty({ type: [TraceStopAnswer] })
  stops!: TraceStopAnswer[];
  @ApiProperty({ type: [TraceFreezeAnswer] })
  freezes!: TraceFreezeAnswer[];
  @ApiProperty({ type: () => [TraceAccountAnswer], description: 'Accounts that the money moved on to.' })
  children!: TraceAccountAnswer[];
}

export class TraceAnswer {
  @ApiProperty({ format: 'uuid' })
  incidentId!: string;
  @ApiProperty({ example: '4113-20230601-000045' })
  incidentNo!: string;
  @ApiProperty({ description: 'What was reported as lost, fen.' })
  lossFen!: number;
  @ApiProperty({ type: [TraceTransferAnswer], description: 'What the victim paid.' })
  transfers!: TraceTransferAnswer[];
  @ApiProperty({ type: [TraceAccountAnswer], description: 'Accounts of the first level, each with those behind it.' })
  accounts!: TraceAccountAnswer[];
  @ApiProperty({ type: [TraceLevel], description: 'Sums of each level, the first first.' })
  levels!: TraceLevel[];
  @ApiProperty({
    type: TraceTotals,
    description: 'Of all levels; `transferFen` is what the victim paid: the same money moves on from level to level.',
  })
  totals!: TraceTotals;
}
