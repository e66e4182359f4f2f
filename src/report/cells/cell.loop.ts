import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { Clock } from '../../platform/clock/clock.js';
import type { Config } from '../../platform/config/config.js';
import { Database } from '../../platform/database/database.js';
import { Loop } from '../../platform/jobs/loop.js';
import type { Logger } from '../../platform/log/logger.js';
import { Metrics } from '../../platform/ops/metrics.js';
import { ReadinessChecks } from '../../platform/ops/readiness.js';
import { BACKGROUND, CONFIG, LOGGER } from '../../platform/platform.module.js';
import { CellKeeper, keeperSession } from './cell.keeper.js';
import { CellView } from './cell.view.js';

const EVERY_MS = 1_000;
/** `/readyz` turns red where no round has come to a good end for so long. */
const SILENT_MS = 60_000;

/** Keeps the prepared figures in every server, one at a time, and shows how old they are. */
@Injectable()
export class CellLoop implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: Loop;
  private readonly keeps: boolean;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly view: CellView,
    keeper: CellKeeper,
    metrics: Metrics,
    readiness: ReadinessChecks,
    @Inject(LOGGER) logger: Logger,
    @Inject(BACKGROUND) background: boolean,
    @Inject(CONFIG) config: Config,
  ) {
    this.keeps = background && config.keepReports;
    this.loop = new Loop('reports', EVERY_MS, () => keeper.round(), logger);
    metrics.gauge(
      'sanji_report_lag_seconds',
      'How old the prepared figures of reports are; NaN while there are none',
      () => this.lag(),
    );
    if (this.keeps) readiness.add(this.loop.readiness(SILENT_MS));
  }

  onApplicationBootstrap(): void {
    if (this.keeps) this.loop.start();
  }

  async onModuleDestroy(): Promise<void> {
    await this.loop.stop();
  }

  private async lag(): Promise<number> {
    const standing = await this.database.readAlone(keeperSession, (tx) => this.view.standing(tx));
    return standing ? Math.max(0, (this.clock.now().getTime() - standing.asOf.getTime()) / 1_000) : Number.NaN;
  }
}
