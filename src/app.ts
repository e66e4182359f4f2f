import 'reflect-metadata';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import multipart from '@fastify/multipart';
import type { FastifyInstance } from 'fastify';
import { migrations } from '../migrations/index.js';
import { AppModule } from './app.module.js';
import type { IdentitySettings } from './identity/identity.settings.js';
import { SessionService } from './identity/session.service.js';
import { describeApi } from './openapi.js';
import type { Clock } from './platform/clock/clock.js';
import type { Config } from './platform/config/config.js';
import type { Keyring } from './platform/crypto/keyring.js';
import { session, statement } from './platform/database/database.js';
import { pendingMigrationsOf } from './platform/database/migrate.js';
import { EdgeInterceptor } from './platform/http/edge.interceptor.js';
import { prepareServer, serverOptions } from './platform/http/server.js';
import { purgeIdempotency } from './platform/http/idempotency.js';
import { ProblemFilter } from './platform/http/problem.filter.js';
import { createValidationPipe } from './platform/http/validation.js';
import { Loop } from './platform/jobs/loop.js';
import type { Logger } from './platform/log/logger.js';
import { nestLogger } from './platform/log/nest.logger.js';
import { addOpsRoutes, addProblemPages, serveMetrics } from './platform/ops/ops.routes.js';
import type { ReadinessCheck } from './platform/ops/readiness.js';
import { EventStreamService } from './realtime/event-stream.service.js';
import { openPlatform } from './platform-context.js';
import type { Platform } from './platform/platform.module.js';

export interface AppOptions {
  config: Config;
  /** The database to serve, migrated. */
  url: string;
  keyring: Keyring;
  clock: Clock;
  logger: Logger;
  /** Other times of signing in than the product's own: the demo moves the clock. */
  identity?: Partial<IdentitySettings>;
  /** Whether clocks and deliveries run in this process, by themselves: in tests they are called. */
  background?: boolean;
}

export interface App {
  app: NestFastifyApplication;
  /** Takes no more requests, ends those under way, and lets go of the database. */
  close(): Promise<void>;
}

const PING = statement('platform.ping', 'SELECT 1');
const platformSession = session({ actor: 'platform', agency_path: '', roles: 'system' });
const HOUR_MS = 3_600_000;
/** How long a stop waits for what is still being written. */
const LAST_TRANSACTIONS_MS = 15_000;

/** The application as it is served and as tests call it: one way to make it. Listening is the caller's. */
export async function createApp(options: AppOptions): Promise<App> {
  const { config, logger, clock } = options;
  const { platform, release } = await openPlatform({ background: true, ...options });
  const adapter = new FastifyAdapter(serverOptions(config));
  const app = await NestFactory.create<NestFastifyApplication>(AppModule.of(platform, options.identity), adapter, {
    bodyParser: false,
    logger: nestLogger(logger),
    abortOnError: false,
  }).catch(async (error: unknown) => {
    await release();
    throw error;
  });
  const { metrics, readiness } = platform;
  app.get(EventStreamService).measure(metrics);
  platform.snapshots.measure(metrics);
  const server = adapter.getInstance() as unknown as FastifyInstance;
  prepareServer(server, logger, metrics);
  await app.register(multipart, {
    limits: { fileSize: config.importMaxBytes, files: 1, fields: 5, fieldSize: 100, parts: 6 },
  });
  app.setGlobalPrefix('api/v1');
  app.useGlobalPipes(createValidationPipe());
  app.useGlobalFilters(new ProblemFilter(logger));
  app.useGlobalInterceptors(new EdgeInterceptor(platform.keyring));

  const housekeeping = new Loop(
    'housekeeping',
    HOUR_MS,
    async () => {
      await purgeIdempotency(platform.database, clock);
      await app.get(SessionService).purge();
      return false;
    },
    logger,
  );
  readiness.add(...checksOf(platform, housekeeping));
  addOpsRoutes(server, readiness, metrics, config.metricsPublic);
  addProblemPages(server);
  // Made when somebody first asks: it takes longer than the rest of the start.
  let described: OpenAPIObject | undefined;
  const document = (): OpenAPIObject => (described ??= describeApi(app));
  server.get('/api/openapi.json', async () => document());
  SwaggerModule.setup('api/docs', app, document, { raw: false, customSiteTitle: 'Sanji API' });

  await app.init();
  await server.ready();
  housekeeping.start();
  const metricsServer =
    config.metricsPort === undefined ? undefined : serveMetrics(metrics, config.metricsPort, config.host);
  return {
    app,
    close: async () => {
      metricsServer?.close();
      await housekeeping.stop();
      await app.close();
      await platform.database.quiet(LAST_TRANSACTIONS_MS);
      await release();
    },
  };
}

function checksOf({ database, snapshots }: Platform, housekeeping: Loop): ReadinessCheck[] {
  return [
    {
      name: 'database',
      check: async () => {
        await database.readAlone(platformSession, (tx) => tx.run(PING));
        return undefined;
      },
    },
    {
      name: 'migrations',
      check: async () => {
        const pending = await pendingMigrationsOf(database.source, migrations);
        return pending.length > 0 ? `${pending.length} not applied` : undefined;
      },
    },
    housekeeping.readiness(3 * HOUR_MS),
    ...snapshots.checks(),
  ];
}
