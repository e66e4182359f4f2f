import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { Operation } from '../platform/http/operation.js';
import { PageQuery, type Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import { FraudTypePage, type FraudTypeAnswer } from './fraud-type.dto.js';
import { FraudTypeService } from './fraud-type.service.js';

@ApiTags('Organization 机构')
@Controller('fraud-types')
export class FraudTypeController {
  constructor(private readonly fraudTypes: FraudTypeService) {}

  @Get()
  @Operation({
    id: 'listFraudTypes',
    summary: 'List the types of fraud',
    description: 'The most frequent first.',
    answer: FraudTypePage,
    example: {
      items: [
        {
          code: 'brushing-rebate',
          nameZh: '刷单返利',
          nameEn: 'Fake-order rebate',
          listYear: 2023,
          mpsRank: 1,
          olderLabels: ['兼职刷单', '网络刷单返利'],
        },
      ],
      nextCursor: null,
    },
    errors: [invalid, invalidCursor],
  })
  list(@Query() query: PageQuery): Promise<Page<FraudTypeAnswer>> {
    return this.fraudTypes.list(query);
  }
}
