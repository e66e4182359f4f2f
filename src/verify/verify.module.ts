import { Module } from '@nestjs/common';
import { CellChecks } from './cell.checks.js';
import { EditionChecks } from './edition.checks.js';
import { MoneyChecks } from './money.checks.js';
import { ReportChecks } from './report.checks.js';
import { StoredMoneyView } from './stored.money.js';
import { ReportModule } from '../report/report.module.js';
import { TimelineModule } from '../timeline/timeline.module.js';
import { StoredView } from './stored.view.js';
import { VerifyService } from './verify.service.js';

@Module({
  imports: [TimelineModule, ReportModule],
  providers: [CellChecks, EditionChecks, MoneyChecks, ReportChecks, StoredMoneyView, StoredView, VerifyService],
  exports: [VerifyService],
})
export class VerifyModule {}
