import { Module } from '@nestjs/common';
import { FeedModule } from '../feed/feed.module.js';
import { AlertModule } from '../alert/alert.module.js';
import { IncidentModule } from '../incident/incident.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { AgencyReportDesk } from './agency-report.desk.js';
import { BreakdownController } from './breakdown.controller.js';
import { BREAKDOWN_PROVIDERS } from './breakdown.providers.js';
import { BreakdownService } from './breakdown.service.js';
import { CellKeeper } from './cells/cell.keeper.js';
import { CellLoop } from './cells/cell.loop.js';
import { CellStore } from './cells/cell.store.js';
import { CellView } from './cells/cell.view.js';
import { ChangeView } from './cells/change.view.js';
import { ImageView } from './cells/image.view.js';
import { PendingView } from './cells/pending.view.js';
import { CountedPresenter } from './counted.presenter.js';
import { CountedView } from './counted.view.js';
import { FundsReportController } from './funds-report.controller.js';
import { FundsReportService } from './funds-report.service.js';
import { FundsReportView } from './funds-report.view.js';
import { FunnelService } from './funnel.service.js';
import { HotSpotsController } from './hot-spots.controller.js';
import { HotSpotsService } from './hot-spots.service.js';
import { MoneyView } from './money.view.js';
import { OfficersService } from './officers.service.js';
import { OpeningFiles } from './opening.files.js';
import { OpeningService } from './opening.service.js';
import { ReportCasesController } from './report-cases.controller.js';
import { ReportCasesService } from './report-cases.service.js';
import { TierReportController } from './tier-report.controller.js';
import { TierReportService } from './tier-report.service.js';
import { TierReportView } from './tier-report.view.js';
import { TrendService } from './trend.service.js';

/** Read models, and the prepared figures that they read; writes nothing of the other modules. */
@Module({
  imports: [OrganizationModule, AlertModule, IncidentModule, FeedModule],
  controllers: [
    BreakdownController,
    FundsReportController,
    HotSpotsController,
    ReportCasesController,
    TierReportController,
  ],
  providers: [
    ...BREAKDOWN_PROVIDERS,
    CellKeeper,
    CellLoop,
    CellStore,
    CellView,
    ChangeView,
    ImageView,
    PendingView,
    CountedPresenter,
    CountedView,
    FundsReportView,
    FundsReportService,
    HotSpotsService,
    MoneyView,
    OpeningFiles,
    OpeningService,
    ReportCasesService,
    TierReportView,
    TierReportService,
  ],
  exports: [
    AgencyReportDesk,
    BreakdownService,
    CellKeeper,
    CellView,
    FundsReportService,
    FunnelService,
    HotSpotsService,
    OfficersService,
    PendingView,
    ReportCasesService,
    TierReportService,
    TierReportView,
    TrendService,
  ],
})
export class ReportModule {}
