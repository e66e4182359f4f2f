import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { createApp, type App } from '../../src/app.js';
import { Clock } from '../../src/platform/clock/clock.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { until } from '../realtime/listener.js';
import { KEYS } from '../support/app.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

interface Ready {
  status: number;
  checks: Record<string, string>;
}

/** Loops, what they read in every round, and after how many seconds without a good one the server is not ready. */
const LOOPS: [names: string[], tables: string[], limit: number][] = [
  [['webhooks: planning'], ['webhook_cursor'], 60],
  [['webhooks: sending'], ['webhook_delivery'], 60],
  [['messages: plan', 'messages: send', 'messages: first sms'], ['message_cursor', 'message', 'first_sms'], 300],
];
const NAMES = LOOPS.flatMap(([names]) => names);

let database: TestDatabase;
let folder: string;
let served: App;
let client: pg.Client;

beforeAll(async () => {
  // Rounds are judged by the machine's own time, which is moved here; timers and all else go on as they are.
  jest.useFakeTimers({
    advanceTimers: true,
    doNotFake: [
      ...(['hrtime', 'nextTick', 'performance', 'queueMicrotask', 'setImmediate', 'clearImmediate'] as const),
      ...(['setInterval', 'clearInterval', 'setTimeout', 'clearTimeout'] as const),
    ],
  });
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sanji-ready-'));
  served = await createApp({
    config: readConfig({
      SANJI_KEYS: KEYS,
      SANJI_LOG_LEVEL: 'silent',
      SANJI_MESSAGES: 'file',
      SANJI_DATA_DIR: folder,
    }),
    url: database.url,
    keyring: Keyring.parse(KEYS),
    clock: new Clock(),
    logger: createLogger('silent'),
  });
  client = new pg.Client({ connectionString: database.url });
  await client.connect();
});
afterAll(async () => {
  await client.end();
  await served.close();
  await database.drop();
  await rm(folder, { recursive: true, force: true });
  jest.useRealTimers();
});
afterEach(async () => {
  await until(async () => (await ready()).status === 200, 'the server is ready again');
});

async function ready(): Promise<Ready> {
  const answer = await served.app.inject({ method: 'GET', url: '/readyz' });
  return { status: answer.statusCode, checks: (JSON.parse(answer.payload) as Ready).checks };
}

/** Names of the loops above that are not well. */
async function red(): Promise<string[]> {
  const { status, checks } = await ready();
  const bad = NAMES.filter((name) => checks[name] !== 'ok');
  for (const name of bad) expect(checks[name]).toMatch(/^no good round for \d+ s$/);
  expect(status).toBe(Object.values(checks).every((check) => check === 'ok') ? 200 : 503);
  return bad;
}

const later = (seconds: number): void => void jest.setSystemTime(Date.now() + seconds * 1_000);

test('a server whose loops all run is ready', async () => {
  expect((await ready()).status).toBe(200);
  expect(await red()).toEqual([]);
});

/** Moves the time so far that only loops with a round since then are well, and waits until all are. */
async function anew(limit: number): Promise<void> {
  later(limit + 5);
  await until(async () => (await red()).length === 0, 'every loop has had a round');
}

test.each(LOOPS)(
  '%j, whose rounds do not come to an end, make the server unready in time, and no other',
  async (names, tables, limit) => {
    await anew(limit);
    await client.query('BEGIN');
    try {
      await client.query(`LOCK TABLE ${tables.join(', ')} IN ACCESS EXCLUSIVE MODE`);
      await until(async () => {
        const { rows } = await client.query(
          `SELECT DISTINCT relation FROM pg_locks WHERE relation = ANY ($1::regclass[]) AND NOT granted`,
          [tables],
        );
        return rows.length === tables.length;
      }, 'the rounds wait');
      later(limit - 40);
      await until(async () => (await red()).length === 0, 'the others have had their rounds, and these have time');
      later(45);
      await until(async () => (await red()).join() === names.join(), `${names.join(' and ')} alone are red`);
    } finally {
      await client.query('ROLLBACK');
    }
  },
);

test('planning that fails again and again makes the server unready, until it works', async () => {
  await anew(60);
  await client.query('ALTER TABLE webhook_cursor RENAME TO webhook_cursor_away');
  try {
    // Twice: between the two it had its turn.
    for (let time = 0; time < 2; time++) {
      later(65);
      await until(async () => (await red()).join() === 'webhooks: planning', 'planning alone is red');
    }
  } finally {
    await client.query('ALTER TABLE webhook_cursor_away RENAME TO webhook_cursor');
  }
});
