import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsOptional, IsString, MaxLength } from 'class-validator';
import { TIERS, type Tier } from '../organization/agency.js';
import { IsLocalDate } from '../platform/http/validators.js';
import { RateAnswer } from './figures.dto.js';
import { RowAgencyAnswer, type DefinitionAnswer } from './tier-report.dto.js';
import { FormatOfAnswer, type Format } from '../platform/http/file.order.js';

export class FundsReportQuery {
  @ApiProperty({ description: 'First local date, inclusive.', example: '2023-06-01' })
  @IsLocalDate()
  from!: string;

  @ApiProperty({ description: 'Last local date, inclusive.', example: '2023-06-30' })
  @IsLocalDate()
  to!: string;

  @ApiPropertyOptional({
    description: 'Code of the agency whose next tier is reported; default: the own agency.',
    example: '4113',
  })
  @IsOptional()
  @IsString()
  @MaxLength(20)
  parent?: string;

  @FormatOfAnswer()
  format: Format = 'json';
}

const fen = (description?: string): PropertyDecorator =>
  ApiProperty({ type: Number, description: description === undefined ? 'fen' : `${description}, fen` });

export class StopReleasedAnswer {
  @fen()
  expired!: number;
  @fen()
  toPayer!: number;
  @fen()
  toHolder!: number;
  @fen()
  toFreeze!: number;
  @fen()
  total!: number;
}

export class FreezeReleasedAnswer {
  @fen()
  lapsed!: number;
  @fen()
  released!: number;
  @fen()
  total!: number;
}

export class FundsInterceptedAnswer {
  @fen()
  dissuasion!: number;
  @fen()
  stopPayment!: number;
  @fen()
  bank!: number;
  @fen()
  total!: number;
}

export class LostAnswer {
  @fen()
  outcomes!: number;
  @fen()
  incidents!: number;
}

export class FundsBalanceAnswer {
  @fen('Stopped as of asOf')
  stopped!: number;
  @fen('Frozen as of asOf')
  frozen!: number;
}

export class StopCountsAnswer {
  @ApiProperty()
  requested!: number;
  @ApiProperty()
  effective!: number;
  @ApiProperty()
  refused!: number;
}

export class FreezeCountsAnswer {
  @ApiProperty()
  requested!: number;
  @ApiProperty()
  effective!: number;
  @ApiProperty({ description: 'As of asOf.' })
  waiting!: number;
  @ApiProperty()
  lapsed!: number;
}

export class ReturnCountsAnswer {
  @ApiProperty({ description: 'As of asOf.' })
  open!: number;
  @ApiProperty()
  paid!: number;
}

/** What each field counts stands in `definitions` of every report. */
export class FundsFiguresAnswer {
  @fen()
  stoppedFen!: number;
  @ApiProperty({ type: StopReleasedAnswer })
  stopReleasedFen!: StopReleasedAnswer;
  @fen()
  frozenFen!: number;
  @ApiProperty({ type: FreezeReleasedAnswer })
  freezeReleasedFen!: FreezeReleasedAnswer;
  @fen()
  returnedFen!: number;
  @ApiProperty({ type: FundsInterceptedAnswer })
  interceptedFen!: FundsInterceptedAnswer;
  @ApiProperty({ type: LostAnswer })
  lostFen!: LostAnswer;
  @ApiProperty({ type: FundsBalanceAnswer })
  balanceFen!: FundsBalanceAnswer;
  @ApiProperty({ type: StopCountsAnswer })
  stops!: StopCountsAnswer;
  @ApiProperty({ type: RateAnswer })
  stopOnTimeRate!: RateAnswer;
  @ApiProperty({ type: FreezeCountsAnswer })
  freezes!: FreezeCountsAnswer;
  @ApiProperty({ type: ReturnCountsAnswer })
  returns!: ReturnCountsAnswer;
}

export class FundsReportRow extends FundsFiguresAnswer {
  @ApiProperty({ type: RowAgencyAnswer })
  agency!: RowAgencyAnswer;
}

export class BankAnswer {
  @ApiProperty({ example: '中国建设银行' })
  bank!: string;
  @fen()
  stoppedFen!: number;
  @fen()
  frozenFen!: number;
  @ApiProperty()
  stops!: number;
  @ApiProperty()
  freezes!: number;
}

export class OtherBanksAnswer {
  @ApiProperty({ description: 'How many.' })
  banks!: number;
  @fen()
  stoppedFen!: number;
  @fen()
  frozenFen!: number;
}

export class BanksAnswer {
  @ApiProperty({ type: [BankAnswer], description: 'At most 20.' })
  top!: BankAnswer[];
  @ApiProperty({ type: OtherBanksAnswer })
  others!: OtherBanksAnswer;
}

export class FundsReportAnswer {
  @ApiProperty({ enum: TIERS, description: 'Of the rows.' })
  tier!: Tier;
  @ApiProperty({ example: '2023-06-01' })
  from!: string;
  @ApiProperty({ example: '2023-06-30' })
  to!: string;
  @ApiProperty({ description: 'Code of the agency whose next tier is reported.', example: '4113' })
  parent!: string;
  @ApiProperty({ format: 'date-time', description: 'When the figures were read.' })
  asOf!: string;
  @ApiProperty({ type: [FundsReportRow] })
  rows!: FundsReportRow[];
  @ApiProperty({ type: FundsFiguresAnswer, description: 'What the parent did itself: in no row.' })
  own!: FundsFiguresAnswer;
  @ApiProperty({ type: FundsFiguresAnswer, description: 'All rows and own.' })
  total!: FundsFiguresAnswer;
  @ApiProperty({ type: BanksAnswer })
  banks!: BanksAnswer;
  @ApiProperty({
    type: 'object',
    additionalProperties: { $ref: '#/components/schemas/DefinitionAnswer' },
    description: 'What each field counts, in Chinese and English.',
  })
  definitions!: Record<string, DefinitionAnswer>;
}
