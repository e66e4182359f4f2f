import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import type { FastifyInstance, LightMyRequestResponse } from 'fastify';
import pg from 'pg';
import { pino } from 'pino';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller, type Caller } from '../../src/identity/caller.js';
import { IdentityModule, identityEntities } from '../../src/identity/identity.module.js';
import type { IdentitySettings } from '../../src/identity/identity.settings.js';
import type { Role } from '../../src/identity/role.js';
import type { CreateUserBody, UserWithPasswordAnswer } from '../../src/identity/user.dto.js';
import { UserService } from '../../src/identity/user.service.js';
import { AgencyAreaEntity, AgencyEntity } from '../../src/organization/agency.entity.js';
import { OrganizationModule } from '../../src/organization/organization.module.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { readConfig, type Config } from '../../src/platform/config/config.js';
import { BlindIndex, Keyring } from '../../src/platform/crypto/keyring.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database } from '../../src/platform/database/database.js';
import { CacheBus } from '../../src/platform/database/shared-cache.js';
import { Snapshots } from '../../src/platform/database/snapshots.js';
import { EdgeInterceptor } from '../../src/platform/http/edge.interceptor.js';
import { Cursors } from '../../src/platform/http/page.js';
import { ProblemFilter } from '../../src/platform/http/problem.filter.js';
import { prepareServer, serverOptions } from '../../src/platform/http/server.js';
import { createValidationPipe } from '../../src/platform/http/validation.js';
import { ReadinessChecks } from '../../src/platform/ops/readiness.js';
import { Metrics } from '../../src/platform/ops/metrics.js';
import { PlatformModule } from '../../src/platform/platform.module.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

export const PASSWORD = 'Qiu-7-shan-Xue';
export const START = '2023-06-01T09:30:00+08:00';

const logger = pino({ level: 'silent' });
const keys = Keyring.generate('k1');

export interface Answer {
  status: number;
  // Answers are compared as they came over the wire.
  body: Record<string, unknown> & { code?: string };
  headers: LightMyRequestResponse['headers'];
}

export interface Ask {
  token?: string;
  key?: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One server's worth of organisation and identity, on a database that others may share. */
export class Instance {
  private constructor(
    readonly app: NestFastifyApplication,
    readonly database: Database,
    readonly clock: MovableClock,
    private readonly close: () => Promise<void>,
  ) {}

  static async on(
    url: string,
    clock: MovableClock,
    config: Partial<Config> = {},
    settings: Partial<IdentitySettings> = {},
    keyText = keys,
  ): Promise<Instance> {
    const entities = [AgencyEntity, AgencyAreaEntity, ...identityEntities];
    const source = await createDataSource({ url, poolSize: 5, entities }).initialize();
    const database = new Database(source, clock);
    const cacheBus = new CacheBus(url, logger);
    await cacheBus.start();
    const platform = {
      config: { ...readConfig({ SANJI_LOG_LEVEL: 'silent' }), ...config },
      clock,
      logger,
      database,
      keyring: Keyring.parse(keyText),
      blindIndex: new BlindIndex(Buffer.alloc(32, 1)),
      snapshots: new Snapshots(database),
      cursors: new Cursors(Buffer.alloc(32, 2)),
      cacheBus,
      tokenKey: Buffer.alloc(32, 3),
      metrics: new Metrics(() => ({ total: 0, idle: 0, waiting: 0 })),
      readiness: new ReadinessChecks(),
      background: false,
    };
    const adapter = new FastifyAdapter(serverOptions(platform.config));
    const root = {
      module: class TestModule {},
      imports: [PlatformModule.of(platform), OrganizationModule, IdentityModule.with(settings)],
    };
    const app = await NestFactory.create<NestFastifyApplication>(root, adapter, {
      bodyParser: false,
      logger: false,
      abortOnError: false,
    });
    prepareServer(adapter.getInstance() as unknown as FastifyInstance, logger, platform.metrics);
    app.useGlobalPipes(createValidationPipe());
    app.useGlobalFilters(new ProblemFilter(logger));
    app.useGlobalInterceptors(new EdgeInterceptor(platform.keyring));
    await app.init();
    return new Instance(app, database, clock, async () => {
      await app.close();
      await cacheBus.onModuleDestroy();
      await source.destroy();
    });
  }

  get users(): UserService {
    return this.app.get(UserService);
  }

  get keys(): ApiKeyService {
    return this.app.get(ApiKeyService);
  }

  /** The system at an agency, as the command line calls. */
  async system(code: string): Promise<Caller> {
    return systemCaller((await this.app.get(OrganizationRegistry).current()).byCode(code)!);
  }

  async seed(...cities: string[]): Promise<void> {
    for (const city of cities) await this.app.get(SeedService).seedCity(city);
  }

  async addUser(
    username: string,
    agency: string,
    roles: Role[],
    more: Partial<CreateUserBody> = {},
  ): Promise<UserWithPasswordAnswer> {
    return this.users.create(await this.system(agency), { username, agency, roles, password: PASSWORD, ...more });
  }

  /** Calls the API without a network between. */
  async ask(
    method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
    url: string,
    { token, key, body, headers }: Ask = {},
  ): Promise<Answer> {
    const response = await this.app.inject({
      method,
      url,
      headers: {
        ...(token === undefined ? {} : { authorization: `Bearer ${token}` }),
        ...(key === undefined ? {} : { 'x-api-key': key }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      payload: body === undefined ? undefined : JSON.stringify(body),
    });
    return {
      status: response.statusCode,
      body: response.body === '' ? {} : (JSON.parse(response.body) as Answer['body']),
      headers: response.headers,
    };
  }

  login(username: string, password = PASSWORD, totp?: string): Promise<Answer> {
    return this.ask('POST', '/auth/login', { body: { username, password, totp } });
  }

  /** @throws where the sign-in fails */
  async signIn(username: string, password = PASSWORD): Promise<{ accessToken: string; refreshToken: string }> {
    const { status, body } = await this.login(username, password);
    if (status !== 200) throw new Error(`${username} could not sign in: ${JSON.stringify(body)}`);
    return body as unknown as { accessToken: string; refreshToken: string };
  }

  async token(username: string): Promise<string> {
    return (await this.signIn(username)).accessToken;
  }

  /** [status, code] of a request with a token: what the caller is told. */
  async me(token: string): Promise<[number, string?]> {
    const { status, body } = await this.ask('GET', '/auth/me', { token });
    return body.code === undefined ? [status] : [status, body.code];
  }

  async stop(): Promise<void> {
    await this.close();
  }
}

export class World {
  private readonly instances: Instance[] = [];

  private constructor(
    private readonly testDatabase: TestDatabase,
    readonly clock: MovableClock,
  ) {}

  static async create(): Promise<World> {
    return new World(await testDatabase(), new MovableClock(START));
  }

  get url(): string {
    return this.testDatabase.url;
  }

  async instance(
    config: Partial<Config> = {},
    settings: Partial<IdentitySettings> = {},
    keyText?: string,
  ): Promise<Instance> {
    const instance = await Instance.on(this.url, this.clock, config, settings, keyText);
    this.instances.push(instance);
    return instance;
  }

  /** Runs a statement as whoever migrates, not as the application. */
  async asOwner(sql: string): Promise<Record<string, unknown>[]> {
    const client = new pg.Client({ connectionString: this.url });
    await client.connect();
    try {
      return (await client.query<Record<string, unknown>>(sql)).rows;
    } finally {
      await client.end();
    }
  }

  async drop(): Promise<void> {
    for (const instance of this.instances) await instance.stop();
    await this.testDatabase.drop();
  }
}

/** [status, code] of an answer. */
export function told({ status, body }: Answer): [number, string | undefined] {
  return [status, body.code];
}

/** Asks again until it is so: another instance learns of a change in its own time. */
export async function until(so: () => Promise<boolean>): Promise<void> {
  const end = Date.now() + 10_000;
  while (!(await so())) {
    if (Date.now() > end) throw new Error('it did not come about');
    await new Promise((resolve) => setImmediate(resolve));
  }
}
