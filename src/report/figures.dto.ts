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
  @ApiProperty({ description: 'fen' })
  stopPayment!: number;
  @ApiProperty({ description: 'fen' })
  bank!: number;
  @ApiProperty({ description: 'fen' })
  total!: number;
}

/** What each field counts stands in `definitions` of every report. */
export class FiguresAnswer {
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
