import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { DeadlineModule } from '../deadline/deadline.module.js';
import { IntakeModule } from '../intake/intake.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { TimelineModule } from '../timeline/timeline.module.js';
import { AlertLinker } from './alert.linker.js';
import { IncidentApi } from './incident.api.js';
import { IncidentController } from './incident.controller.js';
import { IncidentDesk } from './incident.desk.js';
import { IncidentImport } from './incident.import.js';
import { IncidentIntake } from './incident.intake.service.js';
import { IncidentPresenter } from './incident.presenter.js';
import { IncidentReader } from './incident.reader.js';
import { IncidentRegister } from './incident.register.js';
import { IncidentService } from './incident.service.js';
import { IncidentStarter } from './incident.starter.js';
import { IncidentStore } from './incident.store.js';
import { IncidentView } from './incident.view.js';
import { LinkableView } from './linkable.view.js';
import { ReportController } from './report.controller.js';
import { StopRequestClock } from './stop-request.clock.js';

@Module({
  imports: [OrganizationModule, TimelineModule, LedgerModule, DeadlineModule, AlertModule, IntakeModule],
  controllers: [ReportController, IncidentController],
  providers: [
    AlertLinker,
    IncidentApi,
    IncidentDesk,
    IncidentImport,
    IncidentIntake,
    IncidentPresenter,
    IncidentReader,
    IncidentRegister,
    IncidentService,
    IncidentStarter,
    IncidentStore,
    IncidentView,
    LinkableView,
    StopRequestClock,
  ],
  exports: [
    IncidentDesk,
    IncidentPresenter,
    IncidentService,
    IncidentStarter,
    IncidentStore,
    IncidentView,
    LinkableView,
  ],
})
export class IncidentModule {}
