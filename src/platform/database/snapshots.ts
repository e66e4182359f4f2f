import type { Metrics } from '../ops/metrics.js';
import type { ReadinessCheck } from '../ops/readiness.js';
import { Problem, unavailable } from '../http/problem.js';
import { isOutOfTurns, type Database, type Session } from './database.js';
import type { Standby } from './standby.js';
import type { Tx } from './tx.js';

/** Of a read on a standby: it gave way to what came from the primary, or has not got a table yet. */
const ON_STANDBY_ONLY = /^(40|42)/;

/** Where figures are read: on the standby where there is one that is near enough, otherwise on the primary. */
export class Snapshots {
  constructor(
    private readonly primary: Database,
    private readonly standby?: Standby,
  ) {}

  /**
   * A read-only transaction all of whose statements see one and the same state; `tx.now` is the moment that the state is
   * of. `work` must bear being done again: what the standby cannot answer is asked of the primary.
   */
  async read<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.on(who, work, true);
  }

  /** The same for work that hands on what it reads while it reads: a failure in the middle is told, not done again. */
  async readOnce<T>(who: Session, work: (tx: Tx) => Promise<T>): Promise<T> {
    return this.on(who, work, false);
  }

  private async on<T>(who: Session, work: (tx: Tx) => Promise<T>, again: boolean): Promise<T> {
    const near = await this.standby?.near();
    if (!this.standby || !near) return this.primary.readSnapshot(who, work);
    try {
      return await near.database.readSnapshot(who, (tx) => {
        tx.stamp(near.asOf);
        return work(tx);
      });
    } catch (error) {
      // What is handed on while it is read may have been cut off because nobody took it, for all that the standby is well.
      if (!again) throw error;
      if (!isAway(error) && !ON_STANDBY_ONLY.test((error as { code?: string }).code ?? '')) throw error;
      if (isAway(error) && !isOutOfTurns(error)) this.standby.rest(error);
      return this.primary.readSnapshot(who, work);
    }
  }

  /** Told to whoever watches; nothing where there is no standby. */
  measure(metrics: Metrics): void {
    const { standby } = this;
    if (!standby) return;
    metrics.gauge('sanji_standby_lag_seconds', 'How far the standby for reports lies back; NaN: not known', async () =>
      standby.state().then(
        ({ lag }) => lag,
        () => NaN,
      ),
    );
    metrics.gauge(
      'sanji_standby_used',
      '1 while reports are read from the standby, 0 while from the primary',
      async () =>
        standby.state().then(
          ({ fault }) => (fault === undefined ? 1 : 0),
          () => 0,
        ),
    );
  }

  /** What is wrong with the standby is told, but keeps nobody from working: the primary answers. */
  checks(): ReadinessCheck[] {
    const { standby } = this;
    if (!standby) return [];
    const check = async (): Promise<string | undefined> => {
      const { fault } = await standby.state();
      return fault === undefined ? undefined : `${fault}; reports are read from the primary`;
    };
    return [{ name: 'standby', advisory: true, check }];
  }

  async close(): Promise<void> {
    await this.standby?.close();
  }
}

function isAway(error: unknown): boolean {
  return error instanceof Problem && error.kind === unavailable;
}
