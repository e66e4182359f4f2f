import { Module } from '@nestjs/common';
import { DeadlineModule } from '../deadline/deadline.module.js';
import { IncidentModule } from '../incident/incident.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { StopController } from './stop.controller.js';
import { StopPresenter } from './stop.presenter.js';
import { StopReader } from './stop.reader.js';
import { StopRequests } from './stop-request.service.js';
import { StopPayments } from './stop.service.js';
import { StopStore } from './stop.store.js';
import { StopView } from './stop.view.js';
import { TraceController } from './trace.controller.js';
import { TraceReader } from './trace.reader.js';
import { TraceView } from './trace.view.js';

@Module({
  imports: [OrganizationModule, LedgerModule, DeadlineModule, IncidentModule],
  controllers: [StopController, TraceController],
  providers: [StopPayments, StopPresenter, StopReader, StopRequests, StopStore, StopView, TraceReader, TraceView],
  exports: [StopPayments, StopStore, StopView],
})
export class StopModule {}
