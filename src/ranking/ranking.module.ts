import { Module } from '@nestjs/common';
import { OrganizationModule } from '../organization/organization.module.js';
import { ReportModule } from '../report/report.module.js';
import { CardController } from './card.controller.js';
import { CardPresenter } from './card.presenter.js';
import { CardProposer } from './card.proposer.js';
import { CardService } from './card.service.js';
import { CardStore } from './card.store.js';
import { CardView } from './card.view.js';
import { EditionController } from './edition.controller.js';
import { EditionStore } from './edition.store.js';
import { EditionView } from './edition.view.js';
import { InstitutionNoticeController } from './institution-notice.controller.js';
import { InstitutionNoticeService } from './institution-notice.service.js';
import { InstitutionNoticeStore } from './institution-notice.store.js';
import { InstitutionNoticeView } from './institution-notice.view.js';
import { PublishService } from './publish.service.js';
import { RankingController } from './ranking.controller.js';
import { RankingMaker } from './ranking.maker.js';
import { RankingService } from './ranking.service.js';

/** What supervisors make of the reports: rankings, cards, and what is published. */
@Module({
  imports: [OrganizationModule, ReportModule],
  controllers: [RankingController, CardController, EditionController, InstitutionNoticeController],
  providers: [
    RankingMaker,
    RankingService,
    CardStore,
    CardView,
    CardPresenter,
    CardProposer,
    CardService,
    EditionStore,
    EditionView,
    PublishService,
    InstitutionNoticeStore,
    InstitutionNoticeView,
    InstitutionNoticeService,
  ],
  exports: [RankingService],
})
export class RankingModule {}
