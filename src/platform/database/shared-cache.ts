import { Injectable, type OnModuleDestroy } from '@nestjs/common';
import pg from 'pg';
import type { Logger } from '../log/logger.js';
import { APPLICATION_ROLE } from './data-source.js';
import { statement, type Tx } from './database.js';

const CHANNEL = 'sanji_cache';
const HEARTBEAT_MS = 10_000;
const NOTIFY = statement('cache.notify', `SELECT pg_notify('${CHANNEL}', $1)`);

/**
 * Tells every instance to forget what it remembers of a topic as soon as a change of it is committed (LISTEN/NOTIFY).
 * While the listening connection is away nothing is remembered at all: a stale permission is worse than a slow answer.
 */
@Injectable()
export class CacheBus implements OnModuleDestroy {
  private readonly forget = new Map<string, Set<() => void>>();
  private client: pg.Client | undefined;
  private retry: NodeJS.Timeout | undefined;
  private stopped = false;
  private heartbeat: NodeJS.Timeout | undefined;
  private listening = false;

  constructor(
    private readonly url: string,
    private readonly logger: Logger,
  ) {}

  /** Whether remembered values may be used. */
  get live(): boolean {
    return this.listening;
  }

  async start(): Promise<void> {
    if (this.stopped) return;
    const client = new pg.Client({
      connectionString: this.url,
      application_name: 'sanji cache',
      keepAlive: true,
      keepAliveInitialDelayMillis: 10_000,
      // A connection that died without a word is found out by the heartbeat.
      query_timeout: HEARTBEAT_MS / 2,
      options: `-c role=${APPLICATION_ROLE}`,
    });
    this.client = client;
    client.on('notification', ({ payload }) => this.dropped(payload ?? ''));
    client.on('error', () => this.lost(client));
    client.on('end', () => this.lost(client));
    try {
      await client.connect();
      await client.query(`LISTEN ${CHANNEL}`);
      this.dropAll();
      this.listening = true;
      this.beat(client);
    } catch {
      this.lost(client);
    }
  }

  /** Registers what to do when a topic changes. */
  onChange(topic: string, forget: () => void): void {
    const known = this.forget.get(topic) ?? new Set();
    known.add(forget);
    this.forget.set(topic, known);
  }

  /** Says, inside the transaction that changes it, that a topic is no longer what others remember. */
  async invalidate(tx: Tx, topic: string): Promise<void> {
    tx.afterCommit(() => this.dropped(topic));
    await tx.run(NOTIFY, [topic]);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopped = true;
    clearTimeout(this.retry);
    clearTimeout(this.heartbeat);
    await this.client?.end().catch(() => undefined);
  }

  private beat(client: pg.Client): void {
    this.heartbeat = setTimeout(() => {
      client.query('SELECT 1').then(
        () => this.client === client && !this.stopped && this.beat(client),
        () => this.lost(client),
      );
    }, HEARTBEAT_MS);
    this.heartbeat.unref();
  }

  private dropped(topic: string): void {
    for (const forget of this.forget.get(topic) ?? []) forget();
  }

  private dropAll(): void {
    for (const topic of this.forget.keys()) this.dropped(topic);
  }

  private lost(client: pg.Client): void {
    if (client !== this.client || this.stopped) return;
    this.client = undefined;
    this.listening = false;
    this.dropAll();
    client.end().catch(() => undefined);
    this.logger.warn('the cache listener lost the database; nothing is remembered until it is back');
    this.retry = setTimeout(() => void this.start(), 1_000);
    this.retry.unref();
  }
}

/** One value per process, loaded when first asked for and again after its topic changed. */
export class SharedCache<T> {
  private value: Promise<T> | undefined;
  private loading: Promise<T> | undefined;

  constructor(
    private readonly bus: CacheBus,
    topic: string,
    private readonly load: () => Promise<T>,
  ) {
    bus.onChange(topic, () => {
      this.value = undefined;
      this.loading = undefined;
    });
  }

  get(): Promise<T> {
    if (this.value && this.bus.live) return this.value;
    if (this.loading) return this.loading;
    const loading = this.load();
    // Whoever asks while it is being loaded shares it; while changes cannot be heard of, nobody after that.
    this.loading = loading;
    if (this.bus.live) this.value = loading;
    loading
      .catch(() => {
        if (this.value === loading) this.value = undefined;
      })
      .finally(() => {
        if (this.loading === loading) this.loading = undefined;
      });
    return loading;
  }
}
