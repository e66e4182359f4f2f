import { AgencyReportDesk } from './agency-report.desk.js';
import { BreakdownService } from './breakdown.service.js';
import { BreakdownView } from './breakdown.view.js';
import { ChannelView } from './channel.view.js';
import { FunnelService } from './funnel.service.js';
import { FunnelView } from './funnel.view.js';
import { OfficersService } from './officers.service.js';
import { OfficersView } from './officers.view.js';
import { TrendService } from './trend.service.js';
import { TrendView } from './trend.view.js';

/** What the reports about one agency are made by. */
export const BREAKDOWN_PROVIDERS = [
  AgencyReportDesk,
  BreakdownView,
  BreakdownService,
  ChannelView,
  FunnelView,
  FunnelService,
  OfficersView,
  OfficersService,
  TrendView,
  TrendService,
];
