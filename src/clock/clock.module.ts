import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { DeadlineModule } from '../deadline/deadline.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { OutcomeModule } from '../outcome/outcome.module.js';
import { TimelineModule } from '../timeline/timeline.module.js';
import { ClockLoop } from './clock.loop.js';
import { ClockService } from './clock.service.js';
import { ClockView } from './clock.view.js';

@Module({
  imports: [OrganizationModule, TimelineModule, DeadlineModule, AlertModule, OutcomeModule],
  providers: [ClockLoop, ClockService, ClockView],
  exports: [ClockService, ClockView],
})
export class ClockModule {}
