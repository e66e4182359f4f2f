import { ApiProperty } from '@nestjs/swagger';
import type { FraudType } from './fraud-type.js';
import { PageOf } from '../platform/http/page.js';

export class FraudTypeAnswer {
  @ApiProperty({ example: 'brushing-rebate' })
  code!: string;
  @ApiProperty({ example: '刷单返利' })
  nameZh!: string;
  @ApiProperty({ example: 'Fake-order rebate' })
  nameEn!: string;
  @ApiProperty({ type: 'integer', description: 'Year of the list.', example: 2023 })
  listYear!: number;
  @ApiProperty({
    type: 'integer',
    nullable: true,
    description: "Rank among the ministry's ten most frequent.",
    example: 1,
  })
  mpsRank!: number | null;
  @ApiProperty({
    type: [String],
    description: 'What older lists called it; imports take these too.',
    example: ['兼职刷单'],
  })
  olderLabels!: string[];
}

export class FraudTypePage extends PageOf(FraudTypeAnswer) {}

export function fraudTypeAnswer({ olderLabels, ...type }: FraudType): FraudTypeAnswer {
  return { ...type, olderLabels: [...olderLabels] };
}
