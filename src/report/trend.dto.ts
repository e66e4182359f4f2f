import { ApiProperty, ApiPropertyOptional } from '@nestjs/swagger';
import { IsIn, IsOptional } from 'class-validator';
import { AgencyReportAnswer, AgencyReportQuery } from './agency-report.dto.js';
import { COMPARISONS, MOST_POINTS, TREND_INTERVALS, type Comparison, type TrendInterval } from './trend.rules.js';

export class TrendQuery extends AgencyReportQuery {
  @ApiPropertyOptional({
    enum: TREND_INTERVALS,
    default: 'day',
    description: `Weeks begin on Monday; the first and the last interval are cut to the period. At most ${MOST_POINTS} points.`,
  })
  @IsOptional()
  @IsIn(TREND_INTERVALS)
  interval: TrendInterval = 'day';

  @ApiPropertyOptional({ enum: COMPARISONS, description: 'yoy 同比: the year before; mom 环比: the interval before.' })
  @IsOptional()
  @IsIn(COMPARISONS)
  compare?: Comparison;
}

export class TrendFiguresAnswer {
  @ApiProperty()
  received!: number;
  @ApiProperty()
  signals!: number;
  @ApiProperty()
  attempts!: number;
  @ApiProperty()
  successes!: number;
  @ApiProperty({ description: 'fen' })
  interceptedFen!: number;
  @ApiProperty({ description: 'fen' })
  lossFen!: number;
  @ApiProperty()
  incidents!: number;
  @ApiProperty({ description: 'fen' })
  incidentLossFen!: number;
}

export class ComparedAnswer extends TrendFiguresAnswer {
  @ApiProperty({ example: '2022-06-01' })
  from!: string;
  @ApiProperty({ example: '2022-06-30' })
  to!: string;
}

export class TrendChangeAnswer {
  @ApiProperty({
    nullable: true,
    type: Number,
    description: '(value − base) ÷ base, rounded half up to 4 decimals; null where the base is 0.',
    example: -0.1204,
  })
  change!: number | null;
  @ApiProperty({ description: 'The value of the comparison period.' })
  base!: number;
}

export class TrendChangesAnswer {
  @ApiProperty({ type: TrendChangeAnswer })
  received!: TrendChangeAnswer;
  @ApiProperty({ type: TrendChangeAnswer })
  signals!: TrendChangeAnswer;
  @ApiProperty({ type: TrendChangeAnswer })
  attempts!: TrendChangeAnswer;
  @ApiProperty({ type: TrendChangeAnswer })
  successes!: TrendChangeAnswer;
  @ApiProperty({ type: TrendChangeAnswer })
  interceptedFen!: TrendChangeAnswer;
  @ApiProperty({ type: TrendChangeAnswer })
  lossFen!: TrendChangeAnswer;
  @ApiProperty({ type: TrendChangeAnswer })
  incidents!: TrendChangeAnswer;
  @ApiProperty({ type: TrendChangeAnswer })
  incidentLossFen!: TrendChangeAnswer;
}

export class TrendPointAnswer extends TrendFiguresAnswer {
  @ApiProperty({ example: '2023-06-01' })
  from!: string;
  @ApiProperty({ example: '2023-06-30' })
  to!: string;
  @ApiProperty({ description: 'false while the interval still runs or has not begun.' })
  complete!: boolean;
  @ApiProperty({
    type: ComparedAnswer,
    nullable: true,
    description:
      'The comparison period: of a running interval the same part. null without `compare`, and before the interval begins.',
  })
  compared!: ComparedAnswer | null;
  @ApiProperty({ type: TrendChangesAnswer, nullable: true, description: 'Against the comparison period.' })
  change!: TrendChangesAnswer | null;
}

export class TrendAnswer extends AgencyReportAnswer {
  @ApiProperty({ enum: TREND_INTERVALS })
  interval!: TrendInterval;
  @ApiProperty({ enum: COMPARISONS, nullable: true, type: String })
  compare!: Comparison | null;
  @ApiProperty({ type: [TrendPointAnswer], description: 'In order, without gaps.' })
  points!: TrendPointAnswer[];
}
