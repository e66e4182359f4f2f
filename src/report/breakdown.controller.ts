import { Controller, Get, Query, type StreamableFile } from '@nestjs/common';
import { ApiTags } from '@nestjs/swagger';
import { CurrentCaller, type Caller } from '../identity/caller.js';
import { AgencyReportQuery } from './agency-report.dto.js';
import { ChannelsAnswer, FraudTypesAnswer, GroupsAnswer, SourcesAnswer } from './breakdown.dto.js';
import {
  CHANNELS_EXAMPLE,
  FRAUD_TYPES_EXAMPLE,
  FUNNEL_EXAMPLE,
  GROUPS_EXAMPLE,
  OFFICERS_EXAMPLE,
  SOURCES_EXAMPLE,
  TREND_EXAMPLE,
} from './breakdown.example.js';
import { ReportOperation } from './breakdown.operation.js';
import { BreakdownService } from './breakdown.service.js';
import { FunnelAnswer } from './funnel.dto.js';
import { FunnelService } from './funnel.service.js';
import { OfficersAnswer } from './officers.dto.js';
import { OfficersService } from './officers.service.js';
import { TrendAnswer, TrendQuery } from './trend.dto.js';
import { TrendService } from './trend.service.js';

@ApiTags('Reports 报表')
@Controller('reports')
export class BreakdownController {
  constructor(
    private readonly breakdowns: BreakdownService,
    private readonly funnels: FunnelService,
    private readonly people: OfficersService,
    private readonly trends: TrendService,
  ) {}

  @Get('fraud-types')
  @ReportOperation({
    id: 'getFraudTypeReport',
    summary: 'Incidents, losses and alerts of an agency by type of fraud, with shares that add up to exactly 1',
    answer: FraudTypesAnswer,
    example: FRAUD_TYPES_EXAMPLE,
  })
  fraudTypes(
    @CurrentCaller() caller: Caller,
    @Query() query: AgencyReportQuery,
  ): Promise<FraudTypesAnswer | StreamableFile> {
    return this.breakdowns.fraudTypes(caller, query);
  }

  @Get('groups')
  @ReportOperation({
    id: 'getGroupReport',
    summary: 'What became of the warned people of an agency by special group',
    answer: GroupsAnswer,
    example: GROUPS_EXAMPLE,
  })
  groups(@CurrentCaller() caller: Caller, @Query() query: AgencyReportQuery): Promise<GroupsAnswer | StreamableFile> {
    return this.breakdowns.groups(caller, query);
  }

  @Get('sources')
  @ReportOperation({
    id: 'getSourceReport',
    summary: 'The sources of an agency’s signals: how many, and which source’s warnings prove true',
    answer: SourcesAnswer,
    example: SOURCES_EXAMPLE,
  })
  sources(@CurrentCaller() caller: Caller, @Query() query: AgencyReportQuery): Promise<SourcesAnswer | StreamableFile> {
    return this.breakdowns.sources(caller, query);
  }

  @Get('channels')
  @ReportOperation({
    id: 'getChannelReport',
    summary: 'The channels of the ladder: how often each reached the person, how soon, and what it ended well',
    answer: ChannelsAnswer,
    example: CHANNELS_EXAMPLE,
  })
  channels(
    @CurrentCaller() caller: Caller,
    @Query() query: AgencyReportQuery,
  ): Promise<ChannelsAnswer | StreamableFile> {
    return this.breakdowns.channels(caller, query);
  }

  @Get('funnel')
  @ReportOperation({
    id: 'getFunnel',
    summary: 'How far an agency’s cases come, and at which step they are lost; with each agency of the tier below',
    answer: FunnelAnswer,
    example: FUNNEL_EXAMPLE,
  })
  funnel(@CurrentCaller() caller: Caller, @Query() query: AgencyReportQuery): Promise<FunnelAnswer | StreamableFile> {
    return this.funnels.answer(caller, query);
  }

  @Get('officers')
  @ReportOperation({
    id: 'getOfficerReport',
    summary: 'Load and timeliness of each person who works, or worked, for an agency itself',
    answer: OfficersAnswer,
    example: OFFICERS_EXAMPLE,
  })
  officers(
    @CurrentCaller() caller: Caller,
    @Query() query: AgencyReportQuery,
  ): Promise<OfficersAnswer | StreamableFile> {
    return this.people.answer(caller, query);
  }

  @Get('trend')
  @ReportOperation({
    id: 'getTrend',
    summary: 'An agency’s figures by day, week or month, and how they compare with a year or an interval before',
    answer: TrendAnswer,
    example: TREND_EXAMPLE,
  })
  trend(@CurrentCaller() caller: Caller, @Query() query: TrendQuery): Promise<TrendAnswer | StreamableFile> {
    return this.trends.answer(caller, query);
  }
}
