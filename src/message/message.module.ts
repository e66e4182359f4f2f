import { Module } from '@nestjs/common';
import { AlertModule } from '../alert/alert.module.js';
import { FeedModule } from '../feed/feed.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { OutcomeModule } from '../outcome/outcome.module.js';
import { Clock } from '../platform/clock/clock.js';
import { CONFIG, LOGGER } from '../platform/platform.module.js';
import { TimelineModule } from '../timeline/timeline.module.js';
import { ContactController } from './contact.controller.js';
import { ContactService } from './contact.service.js';
import { ContactStore } from './contact.store.js';
import { FirstSmsSender } from './first-sms.sender.js';
import { FirstSmsStore } from './first-sms.store.js';
import { MessageGateway } from './gateway.js';
import { makeGateway } from './gateway.provider.js';
import { MessageCounts } from './message.counts.js';
import { MessagePlanner } from './message.planner.js';
import { MessageSender } from './message.sender.js';
import { MessageStore } from './message.store.js';
import { MessageView } from './message.view.js';
import { MessageWorker } from './message.worker.js';

/** Messages to people: reminders to officers, and the first SMS to the warned person. */
@Module({
  imports: [OrganizationModule, TimelineModule, AlertModule, OutcomeModule, FeedModule],
  controllers: [ContactController],
  providers: [
    { provide: MessageGateway, useFactory: makeGateway, inject: [CONFIG, Clock, LOGGER] },
    ContactService,
    ContactStore,
    FirstSmsSender,
    FirstSmsStore,
    MessageCounts,
    MessagePlanner,
    MessageSender,
    MessageStore,
    MessageView,
    MessageWorker,
  ],
  exports: [MessageWorker],
})
export class MessageModule {}
