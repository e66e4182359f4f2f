import { Controller, Get, Param, Query } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { FileOperation, type FileOrder } from '../platform/http/file.order.js';
import type { Page } from '../platform/http/page.js';
import { invalid, invalidCursor, notFound } from '../platform/http/problem.js';
import type { CountedAnswer } from './counted.presenter.js';
import { FundsCasesQuery, OfficerCasesQuery, ReportCasesQuery, ReportNameParam } from './report-cases.dto.js';
import { ReportCasesService } from './report-cases.service.js';
import { TierReportCasePage } from './tier-report.dto.js';
import { TIER_REPORT_CASE_EXAMPLE } from './tier-report.example.js';

const PAGE = {
  what: 'A page; files have them all, whatever `limit` says',
  answer: TierReportCasePage,
  example: { items: [TIER_REPORT_CASE_EXAMPLE], nextCursor: null },
  errors: [invalid, invalidCursor, notFound],
};

@ApiTags('Reports 报表')
@Controller('reports')
export class ReportCasesController {
  constructor(private readonly service: ReportCasesService) {}

  @Get('officers/cases')
  @FileOperation({
    id: 'getOfficerReportCases',
    summary: 'Open a number of the report of people: the signatures, attempts, outcomes or follow-ups of a person',
    ...PAGE,
  })
  ofOfficers(
    @CurrentCaller() caller: Caller,
    @Query() query: OfficerCasesQuery,
  ): Promise<Page<CountedAnswer> | FileOrder> {
    return this.service.ofOfficers(caller, query);
  }

  @Get('funds/cases')
  @FileOperation({
    id: 'getFundsReportCases',
    summary: 'Open a number of the funds report: the movements of money, stops, freezes or returns behind it',
    ...PAGE,
  })
  ofFunds(@CurrentCaller() caller: Caller, @Query() query: FundsCasesQuery): Promise<Page<CountedAnswer> | FileOrder> {
    return this.service.ofFunds(caller, query);
  }

  @Get(':report/cases')
  @FileOperation({
    id: 'getReportCases',
    summary: 'Open a number of a report about one agency: the cases, acts or incidents behind it, newest first',
    ...PAGE,
  })
  cases(
    @CurrentCaller() caller: Caller,
    @Param() { report }: ReportNameParam,
    @Query() query: ReportCasesQuery,
  ): Promise<Page<CountedAnswer> | FileOrder> {
    return this.service.cases(caller, report, query);
  }
}
