import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { TierReportCasesView } from './tier-report.cases.view.js';
import { TierReportController } from './tier-report.controller.js';
import { TierReportService } from './tier-report.service.js';
import { TierReportView } from './tier-report.view.js';

/** Read models; writes nothing of the other modules. */
@Module({
  imports: [OrganizationModule, AlertModule],
  controllers: [TierReportController],
  providers: [TierReportView, TierReportCasesView, TierReportService],
  exports: [TierReportService],
})
export class ReportModule {}
