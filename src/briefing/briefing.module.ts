import { Module } from '@nestjs/common';
import { ReportModule } from '../report/report.module.js';
import { BriefingController } from './briefing.controller.js';
import { BriefingService } from './briefing.service.js';

/** What is told to the press: made of the reports. */
@Module({
  imports: [ReportModule],
  controllers: [BriefingController],
  providers: [BriefingService],
  exports: [BriefingService],
})
export class BriefingModule {}
