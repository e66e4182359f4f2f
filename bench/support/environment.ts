import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { startEmbedded, type EmbeddedDatabase } from '../../src/platform/database/embedded.js';
import { migrateUp } from '../../src/platform/database/migrate.js';
import { Child } from './child.js';

export interface Settings {
  /** How often each contender is measured, after a round that does not count. */
  repeats: number;
  /** How long each measurement takes, seconds. */
  seconds: number;
  /** Alerts that `explain` and `files` make. */
  alerts: number;
  /** Where CPU profiles of the server go. */
  profileTo: string | undefined;
}

/** A durable PostgreSQL of our own in a temporary folder, and the processes that work against it. */
export class Environment {
  private constructor(
    private readonly folder: string,
    private readonly embedded: EmbeddedDatabase,
    readonly settings: Settings,
    readonly version: string,
  ) {}

  static async open(settings: Settings): Promise<Environment> {
    const folder = await mkdtemp(join(tmpdir(), 'sanji-bench-'));
    try {
      // Where this runs as root, PostgreSQL runs under another user, who has to get in.
      await chmod(folder, 0o755);
      const embedded = await startEmbedded({ dataDir: folder });
      const facts = await query(embedded.url, `SELECT name, setting FROM pg_settings WHERE name = ANY($1)`, [
        ['fsync', 'synchronous_commit', 'full_page_writes', 'server_version'],
      ]);
      const { server_version: version, ...durable } = Object.fromEntries(
        facts.map(({ name, setting }) => [name, setting]),
      );
      if (Object.values(durable).some((setting) => setting !== 'on')) throw new Error('PostgreSQL is not durable here');
      return new Environment(folder, embedded, settings, String(version));
    } catch (error) {
      await rm(folder, { recursive: true, force: true });
      throw error;
    }
  }

  async close(): Promise<void> {
    await Child.stopAll();
    await this.embedded.stop();
    await rm(this.folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
  }

  /** A new database, without tables unless they are asked for. @returns its URL */
  async database(name: string, options: { migrated: boolean }): Promise<string> {
    await query(this.embedded.url, `CREATE DATABASE ${pg.escapeIdentifier(name)}`);
    const url = new URL(this.embedded.url);
    url.pathname = `/${name}`;
    if (options.migrated) await migrateUp(url.href, migrations);
    return url.href;
  }

  /** Removes a database once nobody uses it: the next line has the memory and the disk for itself. */
  async drop(url: string): Promise<void> {
    await query(this.embedded.url, `DROP DATABASE ${pg.escapeIdentifier(new URL(url).pathname.slice(1))} WITH (FORCE)`);
    await this.checkpoint();
  }

  /** Writes what is dirty, so that the contenders' rounds do not pay for what came before. */
  async checkpoint(): Promise<void> {
    await query(this.embedded.url, 'CHECKPOINT');
  }
}

export async function query(url: string, text: string, values: unknown[] = []): Promise<Record<string, unknown>[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query<Record<string, unknown>>(text, values)).rows;
  } finally {
    await client.end();
  }
}
