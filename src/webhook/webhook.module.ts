import { Module } from '@nestjs/common';
import { FeedModule } from '../feed/feed.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { DeliveryService } from './delivery.service.js';
import { HostResolver } from './host.resolver.js';
import { HttpPoster } from './http.poster.js';
import { WebhookController } from './webhook.controller.js';
import { WebhookPlanner } from './webhook.planner.js';
import { WebhookSender } from './webhook.sender.js';
import { WebhookService } from './webhook.service.js';
import { WebhookStore } from './webhook.store.js';
import { WebhookView } from './webhook.view.js';
import { WebhookWorker } from './webhook.worker.js';

@Module({
  imports: [OrganizationModule, FeedModule],
  controllers: [WebhookController],
  providers: [
    DeliveryService,
    HostResolver,
    HttpPoster,
    WebhookPlanner,
    WebhookSender,
    WebhookService,
    WebhookStore,
    WebhookView,
    WebhookWorker,
  ],
})
export class WebhookModule {}
