import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiResponse, ApiTags, getSchemaPath } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { Operation } from '../platform/http/operation.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor } from '../platform/http/problem.js';
import type { CountedAnswer } from './counted.presenter.js';
import { amountTooLarge } from './report.problems.js';
import {
  DefinitionAnswer,
  TierParam,
  TierReportAnswer,
  TierReportCasePage,
  TierReportCasesQuery,
  TierReportQuery,
  TierReportCaseAnswer,
  TierReportIncidentAnswer,
} from './tier-report.dto.js';
import { TIER_REPORT_CASE_EXAMPLE, TIER_REPORT_EXAMPLE } from './tier-report.example.js';
import { TierReportService } from './tier-report.service.js';

@ApiTags('Reports 报表')
@ApiExtraModels(TierReportAnswer, DefinitionAnswer, TierReportCaseAnswer, TierReportIncidentAnswer)
@Controller('reports/tiers/:tier')
export class TierReportController {
  constructor(private readonly service: TierReportService) {}

  @Get()
  @ApiResponse({
    status: 200,
    description:
      'The report; with format=csv a file (UTF-8 with BOM, Chinese headers, the definitions after the rows).',
    content: {
      'application/json': { schema: { $ref: getSchemaPath(TierReportAnswer) }, example: TIER_REPORT_EXAMPLE },
      'text/csv': { schema: { type: 'string', format: 'binary' } },
    },
  })
  @Operation({
    id: 'getTierReport',
    summary: 'The figures of every agency of a tier under a parent, with what each counts',
    errors: [invalid, amountTooLarge],
  })
  report(
    @CurrentCaller() caller: Caller,
    @Param() { tier }: TierParam,
    @Query() query: TierReportQuery,
  ): Promise<TierReportAnswer | StreamableFile> {
    return this.service.answer(caller, tier, query);
  }

  @Get('cases')
  @Operation({
    id: 'getTierReportCases',
    summary:
      'Open a number of the tier report: the cases (attempts, outcomes, incidents, movements of money) behind it, newest first',
    answer: TierReportCasePage,
    example: { items: [TIER_REPORT_CASE_EXAMPLE], nextCursor: null },
    errors: [invalid, invalidCursor],
  })
  cases(
    @CurrentCaller() caller: Caller,
    @Param() { tier }: TierParam,
    @Query() query: TierReportCasesQuery,
  ): Promise<Page<CountedAnswer>> {
    return this.service.cases(caller, tier, query);
  }
}
