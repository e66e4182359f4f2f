import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Clock } from '../platform/clock/clock.js';
import { Database } from '../platform/database/database.js';
import { Loop } from '../platform/jobs/loop.js';
import type { Logger } from '../platform/log/logger.js';
import { Metrics } from '../platform/ops/metrics.js';
import { ReadinessChecks } from '../platform/ops/readiness.js';
import { BACKGROUND, LOGGER } from '../platform/platform.module.js';
import { WebhookPlanner, webhookSession } from './webhook.planner.js';
import { WebhookSender } from './webhook.sender.js';
import { WebhookView } from './webhook.view.js';

const EVERY_MS = 1_000;
const TIDY_EVERY_MS = 600_000;
/** `/readyz` turns red where no round has come to a good end for so long. */
const SILENT_MS = 60_000;
const TIDY_SILENT_MS = 3 * TIDY_EVERY_MS;

/** Runs the planner and the sender in every instance, and shows that they run. */
@Injectable()
export class WebhookWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loops: readonly Loop[];

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly view: WebhookView,
    private readonly sender: WebhookSender,
    planner: WebhookPlanner,
    metrics: Metrics,
    readiness: ReadinessChecks,
    @Inject(LOGGER) logger: Logger,
    @Inject(BACKGROUND) private readonly background: boolean,
  ) {
    const sending = new Loop('webhooks: sending', EVERY_MS, async () => (await sender.round(), false), logger);
    const planning = new Loop(
      'webhooks: planning',
      EVERY_MS,
      async () => {
        const { events, deliveries } = await planner.round();
        if (deliveries > 0) sending.wake();
        return events > 0;
      },
      logger,
    );
    const tidying = new Loop('webhooks: housekeeping', TIDY_EVERY_MS, () => sender.tidy(), logger);
    this.loops = [planning, sending, tidying];
    const attempts = new Counter({
      name: 'sanji_webhook_attempts_total',
      help: 'Attempts to deliver to webhooks by result',
      labelNames: ['result'],
      registers: [metrics.registry],
    });
    sender.whenEnded((result) => {
      attempts.inc({ result });
      sending.wake();
    });
    metrics.gauge('sanji_webhook_deliveries_waiting', 'Deliveries that wait for active webhooks', async () =>
      this.backlog().then(({ waiting }) => waiting),
    );
    metrics.gauge('sanji_webhook_oldest_waiting_seconds', 'How long the oldest of them has been waiting', async () =>
      this.backlog().then(({ oldest }) =>
        oldest ? Math.max(0, (this.clock.now().getTime() - oldest.getTime()) / 1_000) : 0,
      ),
    );
    if (!background) return;
    readiness.add(planning.readiness(SILENT_MS), sending.readiness(SILENT_MS), tidying.readiness(TIDY_SILENT_MS));
  }

  onApplicationBootstrap(): void {
    if (this.background) for (const loop of this.loops) loop.start();
  }

  /** What is under way is answered or times out; then nothing more of it is written. */
  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.loops.map((loop) => loop.stop()));
    await this.sender.idle();
  }

  private backlog(): Promise<{ waiting: number; oldest: Date | null }> {
    return this.database.readAlone(webhookSession, (tx) => this.view.backlog(tx));
  }
}
