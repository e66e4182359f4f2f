import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Loop } from '../platform/jobs/loop.js';
import type { Logger } from '../platform/log/logger.js';
import { ReadinessChecks } from '../platform/ops/readiness.js';
import { BACKGROUND, LOGGER } from '../platform/platform.module.js';
import { FirstSmsSender } from './first-sms.sender.js';
import { FirstSmsStore } from './first-sms.store.js';
import { MessageGateway } from './gateway.js';
import { messageSession } from './message.js';
import { MessagePlanner } from './message.planner.js';
import { MessageSender } from './message.sender.js';
import { MessageStore } from './message.store.js';

const EVERY_MS = 2_000;
const HOUR_MS = 3_600_000;
/** A loop without a good round for so long makes the server unready. */
const DEAD_MS = 300_000;
/** What became of messages can be looked up for so long; the timelines keep it for good. */
const KEPT_MS = 30 * 24 * HOUR_MS;

/** The loops behind the gateway. Where it is switched off none runs, and nothing is planned. */
@Injectable()
export class MessageWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loops: readonly Loop[];
  private readonly housekeeping: Loop;

  constructor(
    planner: MessagePlanner,
    sender: MessageSender,
    firstSms: FirstSmsSender,
    private readonly database: Database,
    private readonly store: MessageStore,
    private readonly firstSmsStore: FirstSmsStore,
    private readonly gateway: MessageGateway,
    private readonly clock: Clock,
    private readonly readiness: ReadinessChecks,
    @Inject(BACKGROUND) private readonly background: boolean,
    @Inject(LOGGER) logger: Logger,
  ) {
    // Apart, so that a slow provider holds up neither the reading nor the other kind of message.
    this.loops = [
      new Loop('messages: plan', EVERY_MS, () => planner.round(), logger),
      new Loop('messages: send', EVERY_MS, () => sender.round(), logger),
      new Loop('messages: first sms', EVERY_MS, () => firstSms.round(), logger),
    ];
    this.housekeeping = new Loop('messages: housekeeping', HOUR_MS, () => this.purge(), logger);
  }

  /** Only in a server, and where there is a way out. */
  onApplicationBootstrap(): void {
    if (!this.background || !this.gateway.on) return;
    for (const loop of [...this.loops, this.housekeeping]) loop.start();
    this.readiness.add(...this.loops.map((loop) => loop.readiness(DEAD_MS)));
  }

  /** Waits for what is being sent: what was claimed is recorded by whoever claimed it. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all([...this.loops, this.housekeeping].map((loop) => loop.stop()));
  }

  /** Forgets messages that ended long ago. */
  async purge(): Promise<boolean> {
    const before = new Date(this.clock.now().getTime() - KEPT_MS);
    await this.database.transaction(messageSession, async (tx) => {
      await this.store.purge(tx, before);
      await this.firstSmsStore.purge(tx, before);
    });
    return false;
  }
}
