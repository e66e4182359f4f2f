import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { DeadlineModule } from '../deadline/deadline.module.js';
import { FreezeModule } from '../freeze/freeze.module.js';
import { IncidentModule } from '../incident/incident.module.js';
import { LedgerModule } from '../ledger/ledger.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { ApplicationController } from './application.controller.js';
import { ApplicationService } from './application.service.js';
import { ClaimReader } from './claim.reader.js';
import { DecisionService } from './decision.service.js';
import { DocumentController } from './document.controller.js';
import { DocumentService } from './document.service.js';
import { DocumentView } from './document.view.js';
import { HolidayController } from './holiday.controller.js';
import { HolidayService } from './holiday.service.js';
import { HolidayStore } from './holiday.store.js';
import { HolidayView } from './holiday.view.js';
import { NoticeService } from './notice.service.js';
import { PaymentService } from './payment.service.js';
import { ReturnController } from './return.controller.js';
import { ReturnDesk } from './return.desk.js';
import { ReturnEndings } from './return.endings.js';
import { ReturnPresenter } from './return.presenter.js';
import { ReturnReader } from './return.reader.js';
import { ReturnStore } from './return.store.js';
import { ReturnView } from './return.view.js';

@Module({
  imports: [OrganizationModule, LedgerModule, DeadlineModule, AlertModule, IncidentModule, FreezeModule],
  controllers: [ApplicationController, ReturnController, DocumentController, HolidayController],
  providers: [
    ApplicationService,
    ClaimReader,
    DecisionService,
    DocumentService,
    DocumentView,
    HolidayService,
    HolidayStore,
    HolidayView,
    NoticeService,
    PaymentService,
    ReturnDesk,
    ReturnEndings,
    ReturnPresenter,
    ReturnReader,
    ReturnStore,
    ReturnView,
  ],
  exports: [HolidayService, ReturnView],
})
export class ReturnsModule {}
