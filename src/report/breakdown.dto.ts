import { ApiProperty } from '@nestjs/swagger';
import { GROUPS, type Group } from '../alert/alert.js';
import { AgencyReportAnswer } from './agency-report.dto.js';
import { ProvisionalRateAnswer, RateAnswer } from './figures.dto.js';

const METHODS = ['sms', 'call', 'visit'] as const;
export type Channel = (typeof METHODS)[number];
export const CHANNELS: readonly Channel[] = METHODS;

export class TypeNameAnswer {
  @ApiProperty({ example: 'brushing-rebate' })
  code!: string;
  @ApiProperty({ example: '刷单返利' })
  nameZh!: string;
  @ApiProperty({ example: 'Fake-order rebate' })
  nameEn!: string;
}

export class FraudTypeFigures {
  @ApiProperty()
  incidents!: number;
  @ApiProperty({
    nullable: true,
    type: Number,
    description: 'The shares of all types add up to exactly 1; null where there is no incident at all.',
    example: 0.2601,
  })
  incidentShare!: number | null;
  @ApiProperty({ description: 'fen' })
  incidentLossFen!: number;
  @ApiProperty({ nullable: true, type: Number, description: 'As incidentShare, of the losses.', example: 0.1602 })
  lossShare!: number | null;
  @ApiProperty()
  alerts!: number;
  @ApiProperty()
  closed!: number;
  @ApiProperty({ type: RateAnswer })
  successRate!: RateAnswer;
}

export class FraudTypeRow extends FraudTypeFigures {
  @ApiProperty({ type: TypeNameAnswer })
  fraudType!: TypeNameAnswer;
}

export class FraudTypesAnswer extends AgencyReportAnswer {
  @ApiProperty({ type: [FraudTypeRow], description: 'Every type of the current list, in the ministry’s order.' })
  rows!: FraudTypeRow[];
  @ApiProperty({ type: FraudTypeFigures })
  total!: FraudTypeFigures;
}

export class GroupFigures {
  @ApiProperty()
  received!: number;
  @ApiProperty({ type: RateAnswer })
  visitRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  dissuasionRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  successRate!: RateAnswer;
  @ApiProperty({ type: ProvisionalRateAnswer })
  defraudedAfterRate!: ProvisionalRateAnswer;
  @ApiProperty({ description: 'fen' })
  interceptedFen!: number;
  @ApiProperty({ description: 'fen' })
  lossFen!: number;
}

export class GroupRow extends GroupFigures {
  @ApiProperty({ enum: GROUPS })
  group!: Group;
}

export class GroupsAnswer extends AgencyReportAnswer {
  @ApiProperty({ type: [GroupRow], description: 'Every group.' })
  rows!: GroupRow[];
  @ApiProperty({ type: GroupFigures })
  total!: GroupFigures;
}

export class SourceFigures {
  @ApiProperty()
  signals!: number;
  @ApiProperty()
  alerts!: number;
  @ApiProperty()
  merged!: number;
  @ApiProperty()
  returnedWrongInfo!: number;
  @ApiProperty()
  withdrawn!: number;
  @ApiProperty({ type: RateAnswer })
  provedTrueRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  successRate!: RateAnswer;
}

export class SourceRow extends SourceFigures {
  @ApiProperty({ example: 'national-platform' })
  source!: string;
}

export class SourcesAnswer extends AgencyReportAnswer {
  @ApiProperty({ type: [SourceRow], description: 'Every source that sent a signal, most signals first.' })
  rows!: SourceRow[];
  @ApiProperty({ type: SourceFigures })
  total!: SourceFigures;
}

export class ChannelRow {
  @ApiProperty({ enum: CHANNELS })
  channel!: Channel;
  @ApiProperty()
  attempts!: number;
  @ApiProperty()
  reached!: number;
  @ApiProperty({ type: RateAnswer })
  reachRate!: RateAnswer;
  @ApiProperty()
  cases!: number;
  @ApiProperty()
  dissuaded!: number;
  @ApiProperty({
    nullable: true,
    type: Number,
    description: 'Median; told as precisely as the times of the tier report.',
    example: 6.1,
  })
  firstAttemptMinutes!: number | null;
}

export class ChannelsAnswer extends AgencyReportAnswer {
  @ApiProperty({ type: [ChannelRow], description: 'Every channel, in the order of the ladder.' })
  rows!: ChannelRow[];
}
