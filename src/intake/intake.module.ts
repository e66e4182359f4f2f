import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { AssignmentModule } from '../assignment/assignment.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { TimelineModule } from '../timeline/timeline.module.js';
import { AlertNumbers } from './alert-number.js';
import { IntakeApi } from './intake.api.js';
import { IntakeController } from './intake.controller.js';
import { IntakeService } from './intake.service.js';

@Module({
  imports: [OrganizationModule, TimelineModule, AlertModule, AssignmentModule],
  controllers: [IntakeController],
  providers: [AlertNumbers, IntakeApi, IntakeService],
  exports: [IntakeApi],
})
export class IntakeModule {}
