import { Module } from '@nestjs/common';
import { TimelineModule } from '../timeline/timeline.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { AlertController } from './alert.controller.js';
import { AlertDesk } from './alert.desk.js';
import { AlertPresenter } from './alert.presenter.js';
import { AlertReader } from './alert.reader.js';
import { AlertStore } from './alert.store.js';
import { AlertView } from './alert.view.js';
import { EventPresenter } from './event.presenter.js';
import { RevealLimit } from './reveal.limit.js';
import { StageTeller } from './stage.teller.js';
import { UrgeStore } from './urge.store.js';

@Module({
  imports: [OrganizationModule, TimelineModule],
  controllers: [AlertController],
  providers: [
    AlertDesk,
    AlertPresenter,
    AlertReader,
    AlertStore,
    AlertView,
    EventPresenter,
    RevealLimit,
    StageTeller,
    UrgeStore,
  ],
  exports: [
    AlertDesk,
    AlertPresenter,
    AlertReader,
    AlertStore,
    AlertView,
    EventPresenter,
    RevealLimit,
    StageTeller,
    UrgeStore,
  ],
})
export class AlertModule {}
