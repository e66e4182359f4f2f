import { Module } from '@nestjs/common';
import { FeedModule } from '../feed/feed.module.js';
import { OrganizationModule } from '../organization/organization.module.js';
import { CatchUp } from './catch-up.js';
import { EventStreamController } from './event-stream.controller.js';
import { EventStreamService } from './event-stream.service.js';
import { LiveReader } from './live.reader.js';
import { RealtimeSettings } from './realtime.settings.js';
import { SettledView } from './settled.view.js';
import { StreamWatch } from './stream.watch.js';

/** Events of cases to whoever listens, over server-sent events. */
@Module({
  imports: [FeedModule, OrganizationModule],
  controllers: [EventStreamController],
  providers: [CatchUp, EventStreamService, LiveReader, RealtimeSettings, SettledView, StreamWatch],
})
export class RealtimeModule {}
