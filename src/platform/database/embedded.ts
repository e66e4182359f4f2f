import { readFile } from 'node:fs/promises';
import { resolve } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { EmbeddedDatabaseError } from './postgres-binaries.js';
import {
  clusterIn,
  ensureCluster,
  isPostmasterOf,
  OWNER,
  readPostmaster,
  startPostmaster,
  stopPostmaster,
  type Cluster,
  type Postmaster,
} from './postmaster.js';

/**
 * Every process that uses an embedded cluster holds this advisory lock, shared, on one connection. The lock goes with
 * the connection, however the process ends; so whoever leaves and can have it alone knows that nobody else is there.
 */
const IN_USE = 7_362_154;
const JOIN_TIMEOUT_MS = 180_000;
const RETRY_MS = 50;
/** Starting up, shutting down, cut off, not listening yet: it is coming or going, and trying again will tell. */
const PASSING = new Set(['57P01', '57P02', '57P03', '53300', 'ECONNREFUSED', 'ECONNRESET', 'EPIPE']);

export interface EmbeddedDatabase {
  readonly url: string;
  /** Leaves the cluster; the last process to leave stops it. */
  stop(): Promise<void>;
}

export interface EmbeddedOptions {
  /** The cluster lives under `<dataDir>/postgres`. */
  readonly dataDir: string;
  readonly database?: string;
  /** Told when PostgreSQL went away under us and when it is back. */
  readonly notice?: (message: string) => void;
}

/**
 * Uses the embedded PostgreSQL of a data folder: makes it at the first time, starts it where it does not run, shares it
 * where another process (or one that was killed) has it running. While in use it is started again should it die.
 * @throws EmbeddedDatabaseError with a sentence for the user
 */
export async function startEmbedded(options: EmbeddedOptions): Promise<EmbeddedDatabase> {
  const cluster = clusterIn(resolve(options.dataDir));
  const member = await Member.join(cluster, options.notice ?? (() => undefined));
  const database = options.database ?? 'sanji';
  await member.ensureDatabase(database);
  return { url: member.urlOf(database), stop: () => member.leave() };
}

/** A connection to a running cluster. */
export interface Entry {
  readonly client: pg.Client;
  readonly postmaster: Postmaster;
  readonly password: string;
}

/**
 * Connects to the cluster's maintenance database, starting the cluster where it does not run.
 * @param options port: insisted on where the cluster has to be started
 */
export async function enter(cluster: Cluster, options: { port?: number; durable: boolean }): Promise<Entry> {
  for (const until = Date.now() + JOIN_TIMEOUT_MS; Date.now() < until; await delay(RETRY_MS)) {
    await ensureCluster(cluster);
    const running = await readPostmaster(cluster);
    if (!running || !(await isPostmasterOf(cluster, running.pid))) {
      await startPostmaster(cluster, options);
      continue;
    }
    const password = await readFile(cluster.passwordFile, 'utf8').catch((error: Error) => {
      throw new EmbeddedDatabaseError(`The password of the embedded database cannot be read: ${error.message}`);
    });
    const client = new pg.Client({
      host: '127.0.0.1',
      port: running.port,
      user: OWNER,
      password,
      database: 'postgres',
      application_name: 'sanji member',
      keepAlive: true,
    });
    client.on('error', () => undefined);
    try {
      await client.connect();
      return { client, postmaster: running, password };
    } catch (error) {
      await client.end().catch(() => undefined);
      if (!isPassing(error)) throw error;
    }
  }
  throw new EmbeddedDatabaseError(`The embedded PostgreSQL did not answer. Its log is ${cluster.logFile}.`);
}

function isPassing(error: unknown): boolean {
  const { code, message } = error as { code?: string; message?: string };
  return PASSING.has(code ?? '') || /Connection terminated|Connection ended|not queryable/.test(message ?? '');
}

/** One process's use of a cluster. */
class Member {
  private leaving = false;
  private coming: Promise<void> | undefined;
  private readonly onExit = (): void => this.abandon();

  private constructor(
    private readonly cluster: Cluster,
    private readonly notice: (message: string) => void,
    private entry: Entry,
    /** Nobody else used the cluster when we came: it is for us to stop even in haste. */
    private alone: boolean,
  ) {
    this.watch();
    process.once('exit', this.onExit);
  }

  static async join(cluster: Cluster, notice: (message: string) => void): Promise<Member> {
    const { entry, alone } = await Member.enrol(cluster, {});
    return new Member(cluster, notice, entry, alone);
  }

  private static async enrol(cluster: Cluster, options: { port?: number }): Promise<{ entry: Entry; alone: boolean }> {
    for (;;) {
      const entry = await enter(cluster, { ...options, durable: true });
      try {
        // Waits where the last one is just leaving, and then fails, as the server goes down.
        await entry.client.query('SELECT pg_advisory_lock_shared($1)', [IN_USE]);
        const { rows } = await entry.client.query<{ members: string }>(
          `SELECT count(*) AS members FROM pg_locks WHERE locktype = 'advisory' AND objid = $1 AND granted`,
          [IN_USE],
        );
        return { entry, alone: Number(rows[0]!.members) === 1 };
      } catch (error) {
        await entry.client.end().catch(() => undefined);
        if (!isPassing(error)) throw error;
      }
    }
  }

  urlOf(database: string): string {
    const { postmaster, password } = this.entry;
    return `postgresql://${OWNER}:${encodeURIComponent(password)}@127.0.0.1:${postmaster.port}/${encodeURIComponent(database)}`;
  }

  async ensureDatabase(name: string): Promise<void> {
    const { client } = this.entry;
    const { rowCount } = await client.query('SELECT FROM pg_database WHERE datname = $1', [name]);
    if (rowCount) return;
    await client.query(`CREATE DATABASE ${pg.escapeIdentifier(name)}`).catch((error: { code?: string }) => {
      // Made by another process at this moment.
      if (error.code !== '42P04' && error.code !== '23505') throw error;
    });
  }

  private watch(): void {
    this.entry.client.once('end', () => {
      if (this.leaving) return;
      this.notice('the embedded PostgreSQL went away; starting it again');
      this.coming = this.comeBack().finally(() => (this.coming = undefined));
    });
  }

  /** On the same port: the address is in use all over the program. */
  private async comeBack(): Promise<void> {
    const port = this.entry.postmaster.port;
    while (!this.leaving) {
      try {
        ({ entry: this.entry, alone: this.alone } = await Member.enrol(this.cluster, { port }));
        this.watch();
        this.notice('the embedded PostgreSQL is back');
        return;
      } catch (error) {
        this.notice((error as Error).message);
        await delay(1_000);
      }
    }
  }

  async leave(): Promise<void> {
    if (this.leaving) return;
    this.leaving = true;
    await this.coming;
    process.removeListener('exit', this.onExit);
    const { client, postmaster } = this.entry;
    try {
      await client.query('SELECT pg_advisory_unlock_shared($1)', [IN_USE]);
      const { rows } = await client.query<{ last: boolean }>('SELECT pg_try_advisory_lock($1) AS last', [IN_USE]);
      if (rows[0]?.last) await stopPostmaster(this.cluster, postmaster);
    } catch (error) {
      if (!isPassing(error)) throw error;
    } finally {
      await client.end().catch(() => undefined);
    }
  }

  /** The process ends without having left: no time to ask who else is there. Members that remain start it again. */
  private abandon(): void {
    if (this.leaving || !this.alone) return;
    try {
      process.kill(this.entry.postmaster.pid, 'SIGINT');
    } catch {
      // It is gone already.
    }
  }
}
