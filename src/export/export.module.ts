import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { BriefingModule } from '../briefing/briefing.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { RankingModule } from '../ranking/ranking.module.js';
import { ReportModule } from '../report/report.module.js';
import { ExportCatalogue } from './export.catalogue.js';
import { ExportController } from './export.controller.js';
import { ExportService } from './export.service.js';
import { ExportStore } from './export.store.js';
import { ExportView } from './export.view.js';
import { ExportWorker } from './export.worker.js';

/** Files that are made in the background. */
@Module({
  imports: [OrganizationModule, AlertModule, ReportModule, RankingModule, BriefingModule],
  controllers: [ExportController],
  providers: [ExportCatalogue, ExportService, ExportStore, ExportView, ExportWorker],
})
export class ExportModule {}
