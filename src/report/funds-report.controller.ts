import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { FileOperation } from '../platform/http/file.order.js';
import { invalid, notFound } from '../platform/http/problem.js';
import { FundsReportAnswer, FundsReportQuery } from './funds-report.dto.js';
import { FUNDS_REPORT_EXAMPLE } from './funds-report.example.js';
import { FundsReportService } from './funds-report.service.js';
import { amountTooLarge } from './report.problems.js';

@ApiTags('Reports 报表')
@Controller('reports/funds')
export class FundsReportController {
  constructor(private readonly service: FundsReportService) {}

  @Get()
  @FileOperation({
    id: 'getFundsReport',
    summary: 'What was stopped, frozen, returned and lost by every agency of the next tier, as the ledger has it',
    answer: FundsReportAnswer,
    example: FUNDS_REPORT_EXAMPLE,
    errors: [invalid, notFound, amountTooLarge],
  })
  report(
    @CurrentCaller() caller: Caller,
    @Query() query: FundsReportQuery,
  ): Promise<FundsReportAnswer | StreamableFile> {
    return this.service.answer(caller, query);
  }
}
