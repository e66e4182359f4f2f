import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { ReportOperation } from './breakdown.operation.js';
import { HotSpotsAnswer, HotSpotsQuery } from './hot-spots.dto.js';
import { HOT_SPOTS_EXAMPLE } from './hot-spots.example.js';
import { HotSpotsService } from './hot-spots.service.js';

@ApiTags('Reports 报表')
@Controller('reports/hot-spots')
export class HotSpotsController {
  constructor(private readonly service: HotSpotsService) {}

  @Get()
  @ReportOperation({
    id: 'getHotSpots',
    summary: 'The townships of a month with the most incidents or warnings, and how that changed',
    answer: HotSpotsAnswer,
    example: HOT_SPOTS_EXAMPLE,
  })
  hotSpots(@CurrentCaller() caller: Caller, @Query() query: HotSpotsQuery): Promise<HotSpotsAnswer | FileOrder> {
    return this.service.answer(caller, query);
  }
}
