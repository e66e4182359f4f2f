import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { AssignmentModule } from '../assignment/assignment.module.js';
import { IncidentModule } from '../incident/incident.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { CaseCloser } from './case.closer.js';
import { FollowUpController } from './follow-up.controller.js';
import { FollowUpService } from './follow-up.service.js';
import { FollowUpStore } from './follow-up.store.js';
import { FollowUpView } from './follow-up.view.js';
import { OutcomeController } from './outcome.controller.js';
import { OutcomeService } from './outcome.service.js';
import { OutcomeStore } from './outcome.store.js';
import { UrgeController } from './urge.controller.js';
import { UrgeService } from './urge.service.js';
import { UrgeView } from './urge.view.js';

@Module({
  imports: [OrganizationModule, LedgerModule, AlertModule, AssignmentModule, IncidentModule],
  controllers: [OutcomeController, FollowUpController, UrgeController],
  providers: [
    CaseCloser,
    FollowUpService,
    FollowUpStore,
    FollowUpView,
    OutcomeService,
    OutcomeStore,
    UrgeService,
    UrgeView,
  ],
  exports: [OutcomeService, OutcomeStore, FollowUpService, FollowUpStore, UrgeService],
})
export class OutcomeModule {}
