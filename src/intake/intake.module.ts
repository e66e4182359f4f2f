import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { AssignmentModule } from '../assignment/assignment.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { TimelineModule } from '../timeline/timeline.module.js';
import { CaseNumbers } from './case-number.js';
import { ImportController } from './import.controller.js';
import { ImportPreview } from './import.preview.js';
import { ImportReader } from './import.reader.js';
import { ImportService } from './import.service.js';
import { ImportStaging } from './import.staging.js';
import { ImportStore } from './import.store.js';
import { ImportSubjects } from './import.subjects.js';
import { ImportView } from './import.view.js';
import { ImportWorker } from './import.worker.js';
import { IntakeApi } from './intake.api.js';
import { IntakeController } from './intake.controller.js';
import { IntakeService } from './intake.service.js';
import { SignalImport } from './signal.import.js';

@Module({
  imports: [OrganizationModule, TimelineModule, AlertModule, AssignmentModule],
  controllers: [ImportController, IntakeController],
  providers: [
    CaseNumbers,
    ImportPreview,
    ImportReader,
    ImportService,
    ImportStaging,
    ImportStore,
    ImportSubjects,
    ImportView,
    ImportWorker,
    IntakeApi,
    IntakeService,
    SignalImport,
  ],
  exports: [CaseNumbers, ImportService, ImportStore, ImportSubjects, ImportView, ImportWorker, IntakeApi],
})
export class IntakeModule {}
