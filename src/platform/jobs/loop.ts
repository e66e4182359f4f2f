import type { Clock } from '../clock/clock.js';
import type { Logger } from '../log/logger.js';
import type { ReadinessCheck } from '../ops/readiness.js';

/**
 * Work that is done again and again in the background of a server. A round that finds nothing to do sleeps; one that
 * did something goes on at once; one that failed waits longer. `stop` waits for the round under way.
 */
export class Loop {
  private timer: NodeJS.Timeout | undefined;
  private round: Promise<void> | undefined;
  private stopped = true;
  /** Woken while a round was running: the next one follows at once. */
  private again = false;
  /** When the last good round ended, milliseconds. */
  lastEnd: number;
  private failures = 0;

  /** @param work one round; true: there may be more to do at once */
  constructor(
    readonly name: string,
    private readonly everyMs: number,
    private readonly work: () => Promise<boolean>,
    private readonly logger: Logger,
    private readonly clock: Pick<Clock, 'now'> = { now: () => new Date() },
  ) {
    this.lastEnd = this.clock.now().getTime();
  }

  start(): void {
    this.stopped = false;
    this.lastEnd = this.clock.now().getTime();
    this.wake();
  }

  /** Runs the next round now, e.g. because work has just arrived. */
  wake(): void {
    if (this.stopped) return;
    clearTimeout(this.timer);
    if (this.round) {
      this.again = true;
      return;
    }
    this.round = this.once().finally(() => (this.round = undefined));
  }

  async stop(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.timer);
    await this.round;
  }

  /** Red where rounds have not come to a good end for a while: a dead loop must not look healthy. */
  readiness(limitMs: number): ReadinessCheck {
    return {
      name: this.name,
      check: async () => {
        const silent = this.clock.now().getTime() - this.lastEnd;
        return silent > limitMs ? `no good round for ${Math.round(silent / 1000)} s` : undefined;
      },
    };
  }

  private async once(): Promise<void> {
    this.again = false;
    let more = false;
    try {
      more = await this.work();
      this.failures = 0;
      this.lastEnd = this.clock.now().getTime();
    } catch (error) {
      this.failures += 1;
      this.logger.error({ err: error, loop: this.name }, 'a background round failed');
    }
    if (this.stopped) return;
    const wait =
      this.failures > 0 ? Math.min(this.everyMs * 2 ** this.failures, 30_000) : more || this.again ? 0 : this.everyMs;
    this.timer = setTimeout(() => {
      this.round = undefined;
      this.wake();
    }, wait);
    this.timer.unref();
  }
}
