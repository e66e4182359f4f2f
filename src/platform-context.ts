import 'reflect-metadata';
import { entities } from './entities.js';
import type { Clock } from './platform/clock/clock.js';
import type { Config } from './platform/config/config.js';
import { BlindIndex, type Keyring } from './platform/crypto/keyring.js';
import { purposeKey } from './platform/crypto/key-store.js';
import { createDataSource } from './platform/database/data-source.js';
import { Database } from './platform/database/database.js';
import { CacheBus } from './platform/database/shared-cache.js';
import { Snapshots } from './platform/database/snapshots.js';
import { Standby } from './platform/database/standby.js';
import { Cursors } from './platform/http/page.js';
import type { Logger } from './platform/log/logger.js';
import { Metrics } from './platform/ops/metrics.js';
import { ReadinessChecks } from './platform/ops/readiness.js';
import type { Platform } from './platform/platform.module.js';

export interface PlatformOptions {
  config: Config;
  /** A migrated database. */
  url: string;
  keyring: Keyring;
  clock: Clock;
  logger: Logger;
  /** Whether clocks and deliveries run in this process. */
  background?: boolean;
}

/** Everything below the domain, connected: what the server and the command line's services both stand on. */
export async function openPlatform({
  config,
  url,
  keyring,
  clock,
  logger,
  background = false,
}: PlatformOptions): Promise<{ platform: Platform; release(): Promise<void> }> {
  const source = await createDataSource({ url, poolSize: config.poolSize, entities }).initialize();
  const database = new Database(source, clock);
  const cacheBus = new CacheBus(url, logger);
  const { databaseReadUrl, readLagSeconds, poolSize } = config;
  const snapshots = new Snapshots(
    database,
    databaseReadUrl === undefined
      ? undefined
      : new Standby(database, clock, logger, {
          url: databaseReadUrl,
          poolSize,
          entities,
          mostLagSeconds: readLagSeconds,
        }),
  );
  const release = async (): Promise<void> => {
    await cacheBus.onModuleDestroy();
    await snapshots.close();
    await source.destroy();
  };
  try {
    const [index, token, cursor] = await Promise.all(
      ['blind-index', 'access-token', 'cursor'].map((purpose) => purposeKey(database, keyring, purpose)),
    );
    await cacheBus.start();
    return {
      platform: {
        config,
        clock,
        logger,
        database,
        snapshots,
        keyring,
        blindIndex: new BlindIndex(index!),
        cursors: new Cursors(cursor!),
        cacheBus,
        tokenKey: token!,
        metrics: new Metrics(() => poolOf(database)),
        readiness: new ReadinessChecks(),
        background,
      },
      release,
    };
  } catch (error) {
    await release();
    throw error;
  }
}

function poolOf(database: Database): { total: number; idle: number; waiting: number } {
  const pool = (
    database.source.driver as unknown as { master?: { totalCount: number; idleCount: number; waitingCount: number } }
  ).master;
  return {
    total: pool?.totalCount ?? 0,
    idle: pool?.idleCount ?? 0,
    waiting: (pool?.waitingCount ?? 0) + database.waiting,
  };
}
