import { setTimeout } from 'node:timers/promises';
import type { DataSource, DataSourceOptions } from 'typeorm';
import type { Clock } from '../clock/clock.js';
import { describeError, type Logger } from '../log/logger.js';
import { createDataSource } from './data-source.js';
import { Database, isOutOfTurns, session, statement } from './database.js';

export interface StandbySettings {
  url: string;
  poolSize: number;
  entities?: DataSourceOptions['entities'];
  /** Further behind than so many seconds it is not read. */
  mostLagSeconds: number;
}

/** How a standby stands to its primary. */
export interface StandbyState {
  /** How far its data lies back, in seconds; NaN where that is not known. */
  lag: number;
  /** Up to which moment of the program's clock it has everything. */
  asOf: Date;
  /** Why it is not to be read now; undefined: it is. */
  fault: string | undefined;
}

interface Replayed {
  standby: boolean;
  caughtUp: boolean;
  /** Since the last commit that was replayed; null before the first. */
  seconds: number | null;
}

const observer = session({ actor: 'platform', agency_path: '', roles: 'system' });
// Of what is inserted, because a commit need not be written when it is answered (synchronous_commit off).
const WRITTEN = statement('standby.written', 'SELECT pg_current_wal_insert_lsn()::text AS lsn');
// The time of the last replayed commit stands still while nobody writes: alone it would make every idle night a lag. What
// tells is whether that which the primary had written when we asked is there.
const REPLAYED = statement(
  'standby.replayed',
  `SELECT pg_is_in_recovery() AS standby, coalesce(pg_last_wal_replay_lsn() >= $1::pg_lsn, false) AS "caughtUp",
     date_part('epoch', clock_timestamp() - pg_last_xact_replay_timestamp()) AS seconds`,
);

const CONNECT_TIMEOUT_MS = 2_000;
/** After a failure it is left alone for so long: nobody waits for it again and again. */
const REST_MS = 5_000;
/** What was written a moment ago is waited for, so long at most: PostgreSQL may keep it for 200 ms before it sends it. */
const PATIENCE_MS = 300;
const POLL_MS = 10;
const AWAY = 'does not answer';

/** A server that follows the primary (a streaming standby; another copy is taken to be up to date), for reading only. */
export class Standby {
  private source: DataSource | undefined;
  private opened: Database | undefined;
  private opening: Promise<Database> | undefined;
  private restsUntil = 0;
  private fault: string | undefined;

  constructor(
    private readonly primary: Database,
    private readonly clock: Clock,
    private readonly logger: Logger,
    private readonly settings: StandbySettings,
  ) {}

  /**
   * The standby where it can be read now. What changes about that is logged once.
   * @throws Problem `unavailable` while the primary is away
   */
  async near(): Promise<{ database: Database; asOf: Date } | undefined> {
    const { fault, asOf } = await this.state();
    return fault === undefined && this.opened ? { database: this.opened, asOf } : undefined;
  }

  /** @throws Problem `unavailable` while the primary is away */
  async state(): Promise<StandbyState> {
    if (this.rests) return this.unread(AWAY);
    const asked = this.clock.now();
    const written = await this.primary.read(observer, (tx) => tx.row<{ lsn: string }>(WRITTEN));
    let replayed: Replayed;
    try {
      replayed = await this.replayed(written!.lsn);
    } catch (error) {
      if (isOutOfTurns(error)) return this.unread('is busy');
      this.rest(error);
      return this.unread(AWAY);
    }
    // Somebody else found it away meanwhile: this answer is older than that.
    if (this.rests) return this.unread(AWAY);
    const lag = replayed.caughtUp || !replayed.standby ? 0 : Math.max(0, replayed.seconds ?? NaN);
    const { mostLagSeconds } = this.settings;
    this.tell(
      lag <= mostLagSeconds
        ? undefined
        : Number.isNaN(lag)
          ? 'has replayed nothing yet'
          : `lags behind more than ${mostLagSeconds} s`,
    );
    return { lag, asOf: lag > 0 ? new Date(this.clock.now().getTime() - lag * 1_000) : asked, fault: this.fault };
  }

  /** Leaves it alone for a while, because it did not answer. */
  rest(error: unknown): void {
    this.restsUntil = performance.now() + REST_MS;
    this.tell(AWAY, error);
  }

  async close(): Promise<void> {
    await this.opening?.catch(() => undefined);
    await this.source?.destroy();
  }

  private get rests(): boolean {
    return performance.now() < this.restsUntil;
  }

  private unread(fault: string): StandbyState {
    return { lag: NaN, asOf: this.clock.now(), fault };
  }

  /** How far it is, after a moment's patience where the last of it is still under way. */
  private async replayed(lsn: string): Promise<Replayed> {
    const database = await this.open();
    for (const enough = performance.now() + PATIENCE_MS; ; await setTimeout(POLL_MS)) {
      const found = (await database.read(observer, (tx) => tx.row<Replayed>(REPLAYED, [lsn])))!;
      if (found.caughtUp || !found.standby || performance.now() >= enough) return found;
    }
  }

  /** Connected when it is first needed: a standby that is away keeps no server from starting. */
  private open(): Promise<Database> {
    return (this.opening ??= this.connect().catch((error: unknown) => {
      this.opening = undefined;
      throw error;
    }));
  }

  private async connect(): Promise<Database> {
    const { url, poolSize, entities } = this.settings;
    const source = createDataSource({ url, poolSize, entities, connectTimeoutMs: CONNECT_TIMEOUT_MS });
    this.source = await source.initialize();
    return (this.opened = new Database(this.source, this.clock));
  }

  private tell(fault: string | undefined, error?: unknown): void {
    if (fault === this.fault) return;
    this.fault = fault;
    if (fault === undefined) this.logger.info('reports are read from the standby again');
    else
      this.logger.warn(
        { ...(error === undefined ? {} : { err: describeError(error) }), standby: fault },
        'reports are read from the primary',
      );
  }
}
