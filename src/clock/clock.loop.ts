import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Database, session } from '../platform/database/database.js';
import { Loop } from '../platform/jobs/loop.js';
import type { Logger } from '../platform/log/logger.js';
import { Metrics } from '../platform/ops/metrics.js';
import { ReadinessChecks } from '../platform/ops/readiness.js';
import { BACKGROUND, LOGGER } from '../platform/platform.module.js';
import { ClockService } from './clock.service.js';
import { ClockView } from './clock.view.js';

const loopSession = session({ actor: 'clock', agency_path: '', roles: 'system' });

const EVERY_MS = 1_000;
/** `/readyz` turns red where no round has come to a good end for so long … */
const SILENT_MS = 30_000;
/** … or where something has been due for so long and nobody was told. */
const MOST_LAG_MS = 120_000;

/** Runs the rounds of the clocks in every instance, and shows that they run. */
@Injectable()
export class ClockLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: Loop;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly view: ClockView,
    service: ClockService,
    metrics: Metrics,
    readiness: ReadinessChecks,
    @Inject(LOGGER) logger: Logger,
    @Inject(BACKGROUND) private readonly background: boolean,
  ) {
    this.loop = new Loop('clocks', EVERY_MS, () => service.round(), logger);
    metrics.gauge('sanji_clock_lag_seconds', 'How long the oldest due and untold clock has been waiting', async () =>
      this.lagMs().then((lag) => lag / 1_000),
    );
    metrics.gauge(
      'sanji_clock_last_round_timestamp_seconds',
      'When the last good round of the clocks ended',
      () => this.loop.lastEnd / 1_000,
    );
    metrics.gauge(
      'sanji_clock_failures',
      'Cases whose clocks could not be told of, since the start',
      () => service.failures,
    );
    if (!background) return;
    readiness.add(this.loop.readiness(SILENT_MS), {
      name: 'clock lag',
      check: async () => {
        const lag = await this.lagMs();
        return lag > MOST_LAG_MS ? `the oldest clock has been waiting for ${Math.round(lag / 1_000)} s` : undefined;
      },
    });
  }

  onApplicationBootstrap(): void {
    if (this.background) this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  /** How long the oldest thing that is due has been waiting, milliseconds. */
  private async lagMs(): Promise<number> {
    const oldest = await this.database.readAlone(loopSession, (tx) => this.view.oldest(tx));
    return oldest ? Math.max(0, this.clock.now().getTime() - oldest.getTime()) : 0;
  }
}
