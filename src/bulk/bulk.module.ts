import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { AssignmentModule } from '../assignment/assignment.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { OutcomeModule } from '../outcome/outcome.module.js';
import { BulkController } from './bulk.controller.js';
import { BulkService } from './bulk.service.js';

@Module({
  imports: [AlertModule, AssignmentModule, IntakeModule, OutcomeModule],
  controllers: [BulkController],
  providers: [BulkService],
})
export class BulkModule {}
