import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import request from 'supertest';
import { createApp } from '../../src/app.js';
import { ClockService } from '../../src/clock/clock.service.js';
import { UserService } from '../../src/identity/user.service.js';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import type { Role } from '../../src/identity/role.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { createLogger, type Logger } from '../../src/platform/log/logger.js';
import { filledDatabase, testDatabase, type TestDatabase } from './database.js';

export const START = '2023-06-01T09:30:00+08:00';
export const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

async function seededDatabase(cities: readonly string[]): Promise<TestDatabase> {
  return filledDatabase(cities.join(''), async (url) => {
    const made = await TestApp.on({ url, drop: async () => undefined }, new MovableClock(START));
    for (const city of cities) await made.app.get(SeedService).seedCity(city);
    await made.stop();
  });
}

/** The served application over a database of its own, with a clock that is moved. */
export class TestApp {
  private serial = 0;
  private readonly tokens = new Map<string, string>();

  private constructor(
    readonly app: NestFastifyApplication,
    readonly clock: MovableClock,
    readonly database: TestDatabase,
    private readonly closeApp: () => Promise<void>,
  ) {}

  /** @param cities seeded at once */
  static async start(
    cities: string[] = ['4113'],
    existing?: TestDatabase,
    clock = new MovableClock(START),
    logger?: Logger,
    env: Record<string, string> = {},
  ): Promise<TestApp> {
    // At the usual moment cities come out of a template, seeded once for all test files.
    const usual = !existing && cities.length > 0 && clock.now().getTime() === Date.parse(START);
    const database = existing ?? (usual ? await seededDatabase(cities) : await testDatabase());
    const made = await TestApp.on(database, clock, logger, env);
    if (!usual) for (const city of cities) await made.app.get(SeedService).seedCity(city);
    return made;
  }

  /** Serves a database as it is. */
  static async on(
    database: TestDatabase,
    clock: MovableClock,
    logger?: Logger,
    env: Record<string, string> = {},
  ): Promise<TestApp> {
    const config = readConfig({ SANJI_KEYS: KEYS, SANJI_LOG_LEVEL: process.env['TEST_LOG'] ?? 'silent', ...env });
    const { app, close } = await createApp({
      config,
      url: database.url,
      keyring: Keyring.parse(KEYS),
      clock,
      logger: logger ?? createLogger(config.logLevel),
      identity: { accessMinutes: 60 * 24 * 400, idleMinutes: 60 * 24 * 400 },
      background: false,
    });
    return new TestApp(app, clock, database, close);
  }

  /** What the clock loop would do by now. */
  async clocks(): Promise<void> {
    await this.app.get(ClockService).catchUp();
  }

  async stop(drop = true): Promise<void> {
    await this.closeApp();
    if (drop) await this.database.drop();
  }

  get http(): ReturnType<typeof request> {
    return request(this.app.getHttpServer());
  }

  /** A new user of an agency, signed in. */
  async user(agencyCode: string, ...roles: Role[]): Promise<Officer> {
    const username = `${roles.join('-')}-${agencyCode}-${++this.serial}`.toLowerCase();
    const password = 'Wan-Zhuan-8848!';
    const agency = (await this.app.get(OrganizationRegistry).current()).byCode(agencyCode);
    if (!agency) throw new Error(`no agency ${agencyCode}`);
    await this.app
      .get(UserService)
      .create(systemCaller(agency), { username, displayName: username, agency: agencyCode, roles, password });
    const answer = await this.http.post('/api/v1/auth/login').send({ username, password });
    if (answer.status !== 200) throw new Error(`login: ${answer.status} ${answer.text}`);
    return new Officer(this, { authorization: `Bearer ${answer.body.accessToken as string}` }, username);
  }

  /** A feed of a city. */
  async feed(agencyCode = '4113', sources = ['national-platform']): Promise<Officer> {
    const agency = (await this.app.get(OrganizationRegistry).current()).byCode(agencyCode)!;
    const issued = await this.app
      .get(ApiKeyService)
      .issue(systemCaller(agency), { name: 'feed', agency: agencyCode, roles: ['feed'], sources });
    return new Officer(this, { 'x-api-key': issued.key }, 'feed');
  }
}

/** Somebody who calls the API. */
export class Officer {
  constructor(
    private readonly test: TestApp,
    readonly headers: Record<string, string>,
    readonly name: string,
  ) {}

  get(path: string): request.Test {
    return this.test.http.get(`/api/v1${path}`).set(this.headers);
  }

  post(path: string, body: object = {}, headers: Record<string, string> = {}): request.Test {
    return this.test.http
      .post(`/api/v1${path}`)
      .set({ ...this.headers, ...headers })
      .send(body);
  }

  /** A file as a browser's form sends it. */
  upload(path: string, content: string | Buffer, fileName = 'signals.csv'): request.Test {
    return this.test.http.post(`/api/v1${path}`).set(this.headers).attach('file', Buffer.from(content), fileName);
  }

  put(path: string, body: object): request.Test {
    return this.test.http.put(`/api/v1${path}`).set(this.headers).send(body);
  }

  patch(path: string, body: object, headers: Record<string, string> = {}): request.Test {
    return this.test.http
      .patch(`/api/v1${path}`)
      .set({ ...this.headers, ...headers })
      .send(body);
  }

  delete(path: string): request.Test {
    return this.test.http.delete(`/api/v1${path}`).set(this.headers);
  }
}

let counter = 0;

/** A valid signal; every one is of another person unless told. */
export function signal(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  counter += 1;
  return {
    source: 'national-platform',
    sourceRef: `NP-${counter}`,
    detectedAt: START,
    kind: 'fund',
    riskLevel: 'medium',
    fraudType: 'brushing-rebate',
    divisionCode: '411322100',
    subject: { name: '王某某', phone: `138${String(10_000_000 + counter)}` },
    ...overrides,
  };
}
