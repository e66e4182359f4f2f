import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { AssignmentController } from './assignment.controller.js';
import { AssignmentReader } from './assignment.reader.js';
import { AssignmentService } from './assignment.service.js';
import { AssignmentStore } from './assignment.store.js';
import { AssignmentView } from './assignment.view.js';

@Module({
  imports: [AlertModule],
  controllers: [AssignmentController],
  providers: [AssignmentReader, AssignmentService, AssignmentStore, AssignmentView],
  exports: [AssignmentService, AssignmentStore, AssignmentView],
})
export class AssignmentModule {}
