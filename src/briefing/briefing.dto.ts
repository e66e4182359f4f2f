import { ApiProperty } from '@nestjs/swagger';
import { AgencyReportAnswer } from '../report/agency-report.dto.js';

export const BRIEFING_KEYS = [
  'signals',
  'dailySignals',
  'attempts',
  'successes',
  'interceptedFen',
  'controlledFen',
  'returnedFen',
  'fundSuccessRate',
  'incidents',
  'incidentLossFen',
] as const;
export type BriefingKey = (typeof BRIEFING_KEYS)[number];

export const BRIEFING_UNITS = ['条', '条/日', '人次', '起', 'fen', 'rate'] as const;
export type BriefingUnit = (typeof BRIEFING_UNITS)[number];

export class PrintedAnswer {
  @ApiProperty({ example: '33万人次' })
  zh!: string;
  @ApiProperty({ example: '330,000' })
  en!: string;
}

export class BriefingBaseAnswer {
  @ApiProperty({ description: 'First and last day of the year before, inclusive.', example: '2022-01-01' })
  from!: string;
  @ApiProperty({ example: '2022-07-06' })
  to!: string;
  @ApiProperty({ example: 280_000 })
  value!: number;
  @ApiProperty({ description: '(value − base) ÷ base, rounded half up to 4 decimals.', example: 0.1786 })
  change!: number;
  @ApiProperty({ type: PrintedAnswer })
  printed!: PrintedAnswer;
}

export class BriefingFigureAnswer {
  @ApiProperty({ enum: BRIEFING_KEYS, enumName: 'BriefingKey' })
  key!: BriefingKey;
  @ApiProperty({ example: '预警劝阻' })
  zh!: string;
  @ApiProperty({ example: 'Acts of dissuasion' })
  en!: string;
  @ApiProperty({
    nullable: true,
    type: Number,
    description: 'Exact; null where there is nothing to divide by.',
    example: 330_000,
  })
  value!: number | null;
  @ApiProperty({ enum: BRIEFING_UNITS, description: 'Of `value`; the text tells money in yuan.', example: '人次' })
  unit!: BriefingUnit;
  @ApiProperty({
    nullable: true,
    type: PrintedAnswer,
    description: 'As the text has it: cut off, never rounded up. null where the text leaves it out.',
  })
  printed!: PrintedAnswer | null;
  @ApiProperty({ nullable: true, type: BriefingBaseAnswer, description: 'null where the year before had none.' })
  yearBefore!: BriefingBaseAnswer | null;
  @ApiProperty({
    description: 'The report that gives this figure.',
    example: '/api/v1/reports/tiers/city?parent=4113&from=2023-01-01&to=2023-07-06',
  })
  report!: string;
  @ApiProperty({ description: 'Where it stands in that report.', example: 'rows[0].attempts' })
  field!: string;
}

export class BriefingTypeAnswer {
  @ApiProperty({ example: 'brushing-rebate' })
  code!: string;
  @ApiProperty({ example: '刷单返利' })
  nameZh!: string;
  @ApiProperty({ example: 'Fake-order rebate' })
  nameEn!: string;
  @ApiProperty({ type: PrintedAnswer, description: 'Of the incidents, in whole percent.' })
  incidentShare!: PrintedAnswer;
  @ApiProperty({ type: PrintedAnswer, nullable: true, description: 'Of the losses; null where nothing was lost.' })
  lossShare!: PrintedAnswer | null;
}

export class BriefingTypesAnswer {
  @ApiProperty({ type: [BriefingTypeAnswer], description: 'The five with the most incidents, at most.' })
  top!: BriefingTypeAnswer[];
  @ApiProperty({
    type: PrintedAnswer,
    nullable: true,
    description: 'Of their incidents together: taken of the exact figures, not of the rounded shares.',
  })
  incidentShare!: PrintedAnswer | null;
  @ApiProperty({ type: PrintedAnswer, nullable: true })
  lossShare!: PrintedAnswer | null;
  @ApiProperty({ example: '/api/v1/reports/fraud-types?agency=4113&from=2023-01-01&to=2023-07-06' })
  report!: string;
}

export class BriefingTextAnswer {
  @ApiProperty({ example: '2023年1月1日至7月6日,南阳市反诈中心日均产出预警信息1.1万条……' })
  zh!: string;
  @ApiProperty({ example: 'From 1 January 2023 to 6 July 2023 …' })
  en!: string;
}

export class BriefingAnswer extends AgencyReportAnswer {
  @ApiProperty({ type: BriefingTextAnswer })
  text!: BriefingTextAnswer;
  @ApiProperty({ type: [BriefingFigureAnswer], description: 'Every figure, also those that the text leaves out.' })
  figures!: BriefingFigureAnswer[];
  @ApiProperty({ type: BriefingTypesAnswer })
  fraudTypes!: BriefingTypesAnswer;
}
