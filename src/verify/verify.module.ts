import { Module } from '@nestjs/common';
import { ReportModule } from '../report/report.module.js';
import { TimelineModule } from '../timeline/timeline.module.js';
import { StoredView } from './stored.view.js';
import { VerifyService } from './verify.service.js';

@Module({ imports: [TimelineModule, ReportModule], providers: [StoredView, VerifyService], exports: [VerifyService] })
export class VerifyModule {}
