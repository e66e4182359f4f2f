import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import { invalid, notFound } from '../platform/http/problem.js';
import { FundsReportAnswer, FundsReportQuery } from './funds-report.dto.js';
import { FUNDS_REPORT_EXAMPLE } from './funds-report.example.js';
import { FundsReportService } from './funds-report.service.js';
import { amountTooLarge } from './report.problems.js';

@ApiTags('Reports 报表')
@ApiExtraModels(FundsReportAnswer)
@Controller('reports/funds')
export class FundsReportController {
  constructor(private readonly service: FundsReportService) {}

  @Get()
  @ApiResponse({
    status: 200,
    description: 'The report; with format=csv a file (UTF-8 with BOM, Chinese headers, banks and definitions below).',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(FundsReportAnswer) }, example: FUNDS_REPORT_EXAMPLE },
      'text/csv': { schema: { type: 'string', format: 'binary' } },
    },
  })
  @Operation({
    id: 'getFundsReport',
    summary: 'What was stopped, frozen, returned and lost by every agency of the next tier, as the ledger has it',
    errors: [invalid, notFound, amountTooLarge],
  })
  report(
    @CurrentCaller() caller: Caller,
    @Query() query: FundsReportQuery,
  ): Promise<FundsReportAnswer | StreamableFile> {
    return this.service.answer(caller, query);
  }
}
