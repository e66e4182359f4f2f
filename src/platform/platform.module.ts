import { Global, Module, type DynamicModule } from '@nestjs/common';
import { Clock } from './clock/clock.js';
import type { Config } from './config/config.js';
import { BlindIndex, Keyring } from './crypto/keyring.js';
import { Database } from './database/database.js';
import { CacheBus } from './database/shared-cache.js';
import { Snapshots } from './database/snapshots.js';
import { Cursors } from './http/page.js';
import type { Logger } from './log/logger.js';
import { Metrics } from './ops/metrics.js';
import { ReadinessChecks } from './ops/readiness.js';

/** Injection tokens of what is not a class. */
export const CONFIG = Symbol('Config');
export const LOGGER = Symbol('Logger');
/** 32 bytes that sign this product's own access tokens. */
export const TOKEN_KEY = Symbol('TokenKey');
/** Whether this process does background work: a server does; tests and the command line call the rounds themselves. */
export const BACKGROUND = Symbol('Background');

export interface Platform {
  config: Config;
  clock: Clock;
  logger: Logger;
  database: Database;
  /** Where reports read. */
  snapshots: Snapshots;
  keyring: Keyring;
  blindIndex: BlindIndex;
  cursors: Cursors;
  cacheBus: CacheBus;
  tokenKey: Buffer;
  /** Gauges of everybody's: `metrics.gauge(name, help, read)`. */
  metrics: Metrics;
  /** Checks of everybody's: `readiness.add(loop.readiness(…))`. */
  readiness: ReadinessChecks;
  background: boolean;
}

/** Everything below the domain, made before the modules and handed in whole. */
@Global()
@Module({})
export class PlatformModule {
  static of(platform: Platform): DynamicModule {
    const providers = [
      { provide: CONFIG, useValue: platform.config },
      { provide: LOGGER, useValue: platform.logger },
      { provide: TOKEN_KEY, useValue: platform.tokenKey },
      { provide: BACKGROUND, useValue: platform.background },
      { provide: Clock, useValue: platform.clock },
      { provide: Database, useValue: platform.database },
      { provide: Snapshots, useValue: platform.snapshots },
      { provide: Keyring, useValue: platform.keyring },
      { provide: BlindIndex, useValue: platform.blindIndex },
      { provide: Cursors, useValue: platform.cursors },
      { provide: CacheBus, useValue: platform.cacheBus },
      { provide: Metrics, useValue: platform.metrics },
      { provide: ReadinessChecks, useValue: platform.readiness },
    ];
    return { module: PlatformModule, providers, exports: providers.map(({ provide }) => provide) };
  }
}
