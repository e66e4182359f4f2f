import { Controller, Get, Param, Query, type StreamableFile } from '@nestjs/common';
import { ApiExtraModels, ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { FileOperation } from '../platform/http/file.order.js';
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
@ApiExtraModels(DefinitionAnswer, TierReportCaseAnswer, TierReportIncidentAnswer)
@Controller('reports/tiers/:tier')
export class TierReportController {
  constructor(private readonly service: TierReportService) {}

  @Get()
  @FileOperation({
    id: 'getTierReport',
    summary: 'The figures of every agency of a tier under a parent, with what each counts',
    answer: TierReportAnswer,
    example: TIER_REPORT_EXAMPLE,
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
  @FileOperation({
    id: 'getTierReportCases',
    summary:
      'Open a number of the tier report: the cases (attempts, outcomes, incidents, movements of money) behind it, newest first',
    answer: TierReportCasePage,
    example: { items: [TIER_REPORT_CASE_EXAMPLE], nextCursor: null },
    what: 'A page; files have them all, whatever `limit` says',
    errors: [invalid, invalidCursor],
  })
  cases(
    @CurrentCaller() caller: Caller,
    @Param() { tier }: TierParam,
    @Query() query: TierReportCasesQuery,
  ): Promise<Page<CountedAnswer> | StreamableFile> {
    return this.service.cases(caller, tier, query);
  }
}
