import { Module } from '@nestjs/common';
import { DeadlineModule } from '../deadline/deadline.module.js';
import { IncidentModule } from '../incident/incident.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { StopModule } from '../stop/stop.module.js';
import { FreezeController } from './freeze.controller.js';
import { FreezeDeadlines } from './freeze.deadlines.js';
import { FreezeDesk } from './freeze.desk.js';
import { FreezeEndings } from './freeze.endings.js';
import { FreezeLine } from './freeze.line.js';
import { FreezePresenter } from './freeze.presenter.js';
import { FreezeReader } from './freeze.reader.js';
import { FreezeRequestController } from './freeze-request.controller.js';
import { FreezeRequests } from './freeze-request.service.js';
import { Freezes } from './freeze.service.js';
import { FreezeStore } from './freeze.store.js';
import { FreezeView } from './freeze.view.js';
import { RenewalController } from './renewal.controller.js';
import { Renewals } from './renewal.service.js';

@Module({
  imports: [OrganizationModule, LedgerModule, DeadlineModule, IncidentModule, StopModule],
  controllers: [FreezeRequestController, FreezeController, RenewalController],
  providers: [
    FreezeDeadlines,
    FreezeDesk,
    FreezeEndings,
    FreezeLine,
    FreezePresenter,
    FreezeReader,
    FreezeRequests,
    FreezeStore,
    FreezeView,
    Freezes,
    Renewals,
  ],
  exports: [FreezeEndings, FreezeStore, FreezeView],
})
export class FreezeModule {}
