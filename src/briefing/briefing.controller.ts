import { Controller, Get, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { AgencyReportQuery } from '../report/agency-report.dto.js';
import { ReportOperation } from '../report/breakdown.operation.js';
import { BriefingAnswer } from './briefing.dto.js';
import { BRIEFING_EXAMPLE } from './briefing.example.js';
import { BriefingService } from './briefing.service.js';

@ApiTags('Reports 报表')
@Controller('reports')
export class BriefingController {
  constructor(private readonly service: BriefingService) {}

  @Get('briefing')
  @ReportOperation({
    id: 'getBriefing',
    summary: 'The press text of a period in Chinese and English, with its figures and the reports that give them',
    answer: BriefingAnswer,
    example: BRIEFING_EXAMPLE,
  })
  briefing(@CurrentCaller() caller: Caller, @Query() query: AgencyReportQuery): Promise<BriefingAnswer | FileOrder> {
    return this.service.answer(caller, query);
  }
}
