import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { IncidentModule } from '../incident/incident.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { BreakdownController } from './breakdown.controller.js';
import { BREAKDOWN_PROVIDERS } from './breakdown.providers.js';
import { CountedPresenter } from './counted.presenter.js';
import { FundsReportController } from './funds-report.controller.js';
import { FundsReportService } from './funds-report.service.js';
import { FundsReportView } from './funds-report.view.js';
import { MoneyView } from './money.view.js';
import { TierReportCasesView } from './tier-report.cases.view.js';
import { TierReportController } from './tier-report.controller.js';
import { TierReportService } from './tier-report.service.js';
import { TierReportView } from './tier-report.view.js';

/** Read models; writes nothing of the other modules. */
@Module({
  imports: [OrganizationModule, AlertModule, IncidentModule],
  controllers: [BreakdownController, FundsReportController, TierReportController],
  providers: [
    ...BREAKDOWN_PROVIDERS,
    CountedPresenter,
    FundsReportView,
    FundsReportService,
    MoneyView,
    TierReportView,
    TierReportCasesView,
    TierReportService,
  ],
  exports: [TierReportService, FundsReportService],
})
export class ReportModule {}
