import { ApiProperty } from '@nestjs/swagger';

export class RateAnswer {
  @ApiProperty({
    nullable: true,
    type: Number,
    description: 'Rounded half up to 4 decimals; null (shown —) where the denominator is 0.',
    example: 0.9375,
  })
  rate!: number | null;
  @ApiProperty({ example: 15 })
  numerator!: number;
  @ApiProperty({ example: 16 })
  denominator!: number;
}

export class ProvisionalRateAnswer extends RateAnswer {
  @ApiProperty({ description: 'true until `to` + the watch period has passed.' })
  provisional!: boolean;
}

export class MinutesAnswer {
  @ApiProperty({ nullable: true, type: Number, example: 3.2 })
  p50!: number | null;
  @ApiProperty({ nullable: true, type: Number, example: 14.8 })
  p90!: number | null;
}

export class ResultsAnswer {
  @ApiProperty()
  dissuaded!: number;
  @ApiProperty()
  'partial-loss'!: number;
  @ApiProperty()
  'already-defrauded'!: number;
  @ApiProperty()
  'defrauded-after-warning'!: number;
  @ApiProperty()
  'false-alarm'!: number;
  @ApiProperty()
  unreachable!: number;
  @ApiProperty()
  refused!: number;
}

export class AttemptCountsAnswer {
  @ApiProperty()
  sms!: number;
  @ApiProperty()
  call!: number;
  @ApiProperty()
  visit!: number;
  @ApiProperty()
  visitReached!: number;
}

export class InterceptedAnswer {
  @ApiProperty({ description: 'fen' })
  dissuasion!: number;
  @ApiProperty({ nullable: true, type: Number, description: 'fen; null with the filters riskLevel and kind.' })
  stopPayment!: number | null;
  @ApiProperty({ description: 'fen' })
  bank!: number;
  @ApiProperty({ description: 'fen; the sum of those told.' })
  total!: number;
}

export class FollowUpCountsAnswer {
  @ApiProperty()
  due!: number;
  @ApiProperty()
  done!: number;
  @ApiProperty()
  overdue!: number;
}

export class ChangeAnswer {
  @ApiProperty({
    nullable: true,
    type: Number,
    description: '(count − base) ÷ base, rounded half up to 4 decimals; null (shown —) where the base is 0.',
    example: -0.125,
  })
  change!: number | null;
  @ApiProperty({ description: 'Of the period.', example: 35 })
  count!: number;
  @ApiProperty({ description: 'Of the days that it is compared with.', example: 40 })
  base!: number;
}

export class PerTenThousandAnswer {
  @ApiProperty({
    nullable: true,
    type: Number,
    description: 'Rounded half up to 4 decimals; null (shown —) where no population is loaded.',
    example: 0.4,
  })
  rate!: number | null;
  @ApiProperty({ description: 'Incidents.', example: 35 })
  numerator!: number;
  @ApiProperty({ description: 'Population in units of 10,000; 0 where none is loaded.', example: 87.5 })
  denominator!: number;
  @ApiProperty({ nullable: true, type: Number, description: 'Year of the population.', example: 2022 })
  year!: number | null;
}

export class ReturnShareAnswer {
  @ApiProperty({ type: RateAnswer, description: 'Returned ÷ frozen in the period, fen.' })
  flow!: RateAnswer;
  @ApiProperty({ type: RateAnswer, description: 'All ever returned ÷ all ever frozen, fen.' })
  stock!: RateAnswer;
}

/** Incidents and their money: null with the filters riskLevel and kind, which are of warnings only. */
export class MoneyFiguresAnswer {
  @ApiProperty({ nullable: true, type: Number })
  incidents!: number | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen' })
  incidentLossFen!: number | null;
  @ApiProperty({ nullable: true, type: ChangeAnswer })
  incidentsYoY!: ChangeAnswer | null;
  @ApiProperty({ nullable: true, type: ChangeAnswer })
  incidentsMoM!: ChangeAnswer | null;
  @ApiProperty({ nullable: true, type: PerTenThousandAnswer })
  per10k!: PerTenThousandAnswer | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen' })
  stoppedFen!: number | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen' })
  frozenFen!: number | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen' })
  controlledFen!: number | null;
  @ApiProperty({ nullable: true, type: RateAnswer, description: 'Numerator and denominator in fen.' })
  stopRate!: RateAnswer | null;
  @ApiProperty({ nullable: true, type: Number, description: 'fen' })
  returnedFen!: number | null;
  @ApiProperty({ nullable: true, type: Number, description: 'Distinct persons and organisations.' })
  victimsReturned!: number | null;
  @ApiProperty({ nullable: true, type: ReturnShareAnswer })
  returnShare!: ReturnShareAnswer | null;
}

/** What each field counts stands in `definitions` of every report. */
export class FiguresAnswer extends MoneyFiguresAnswer {
  @ApiProperty()
  received!: number;
  @ApiProperty()
  signals!: number;
  @ApiProperty({ type: RateAnswer })
  acceptOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  contactOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  visitRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  visitOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  feedbackOnTimeRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  dissuasionRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  successRate!: RateAnswer;
  @ApiProperty({ type: ProvisionalRateAnswer })
  defraudedAfterRate!: ProvisionalRateAnswer;
  @ApiProperty({ type: RateAnswer })
  fundSuccessRate!: RateAnswer;
  @ApiProperty({ type: RateAnswer })
  returnRate!: RateAnswer;
  @ApiProperty({ type: ResultsAnswer })
  results!: ResultsAnswer;
  @ApiProperty({ type: AttemptCountsAnswer })
  attempts!: AttemptCountsAnswer;
  @ApiProperty({ type: InterceptedAnswer })
  interceptedFen!: InterceptedAnswer;
  @ApiProperty({ description: 'fen' })
  lossFen!: number;
  @ApiProperty()
  urges!: number;
  @ApiProperty({ type: RateAnswer })
  urgeReplyOnTimeRate!: RateAnswer;
  @ApiProperty({ type: FollowUpCountsAnswer })
  followUps!: FollowUpCountsAnswer;
  @ApiProperty({ type: RateAnswer })
  followUpOnTimeRate!: RateAnswer;
  @ApiProperty({ type: MinutesAnswer })
  acceptMinutes!: MinutesAnswer;
  @ApiProperty({ type: MinutesAnswer })
  contactMinutes!: MinutesAnswer;
  @ApiProperty({ type: MinutesAnswer })
  visitMinutes!: MinutesAnswer;
  @ApiProperty({ type: MinutesAnswer })
  feedbackMinutes!: MinutesAnswer;
  @ApiProperty()
  open!: number;
  @ApiProperty()
  overdue!: number;
  @ApiProperty()
  urged!: number;
}
