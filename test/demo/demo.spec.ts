import type { AddressInfo } from 'node:net';
import { createApp, type App } from '../../src/app.js';
import { makeAccounts, type DemoAccounts } from '../../src/demo/accounts.js';
import { playDay, type DayOptions, type DayTally } from '../../src/demo/day.js';
import { PlayedClock } from '../../src/simulation/played.clock.js';
import { Random } from '../../src/simulation/random.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { Database, session } from '../../src/platform/database/database.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { ClockService } from '../../src/clock/clock.service.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const DAY = '2023-06-01';
const START = Date.parse(`${DAY}T00:00:00+08:00`);
const END = START + 24 * 3_600_000;
const SIGNALS = 300;
const KEYS = `k1:${Buffer.alloc(32, 7).toString('base64')}`;

describe('a played day', () => {
  let database: TestDatabase;
  let app: App;
  let accounts: DemoAccounts;
  let clock: PlayedClock;
  let base: string;
  let tally: DayTally;
  const told: number[] = [];

  const day = (overrides: Partial<DayOptions> = {}): Promise<DayTally> =>
    playDay({
      base,
      city: '4113',
      password: accounts.password,
      feedKey: accounts.feedKey,
      signals: SIGNALS,
      seed: 'test',
      start: START,
      end: END,
      date: '20230601',
      moveTo: (moment) => clock.moveTo(moment),
      onProgress: (signals) => told.push(signals),
      ...overrides,
    });

  beforeAll(async () => {
    database = await testDatabase();
    clock = new PlayedClock(new Date(START - 3_600_000));
    app = await createApp({
      config: readConfig({ SANJI_KEYS: KEYS, SANJI_LOG_LEVEL: 'silent' }),
      url: database.url,
      keyring: Keyring.parse(KEYS),
      clock,
      logger: createLogger('silent'),
      identity: { accessMinutes: 4_320, idleMinutes: 4_320, touchSeconds: 259_200 },
    });
    await app.app.listen(0, '127.0.0.1');
    base = `http://127.0.0.1:${(app.app.getHttpServer().address() as AddressInfo).port}`;
    accounts = await makeAccounts(app.app, '4113', '411322101', new Random('test'));
    tally = await day();
  }, 180_000);

  afterAll(async () => {
    await app.close();
    await database.drop();
  });

  const counts = async (column: string, table: string, where = 'true'): Promise<Record<string, number>> => {
    const rows = await app.app
      .get(Database)
      .read(session({}), (tx) =>
        tx.adHoc<{ name: string; count: number }>(
          `SELECT ${column} AS name, count(*) AS count FROM ${table} WHERE ${where} GROUP BY 1`,
        ),
      );
    return Object.fromEntries(rows.map(({ name, count }) => [name, count]));
  };

  it('has an account of every role at each tier', () => {
    const places = new Set(accounts.shown.map(({ agency, role }) => `${agency.tier} ${role}`));
    expect(places.size).toBe(15);
  });

  it('hands every signal in, and tells how far it is', async () => {
    const { created, merged, duplicates, rejected } = tally.intake;
    expect(created + merged + duplicates + rejected).toBe(SIGNALS);
    expect(told.at(-1)).toBe(SIGNALS);
    const stored = await counts(`CASE WHEN status = 'merged' OR split THEN 'merged' ELSE 'created' END`, 'alert');
    expect(stored).toEqual({ created, merged });
    expect(duplicates).toBeGreaterThan(0);
  });

  it('is worked in three tiers until most cases are closed', async () => {
    const statuses = await counts('status', 'alert');
    expect(statuses['closed']! / SIGNALS).toBeGreaterThan(0.75);
    expect(statuses['in_progress']).toBeGreaterThan(0);
    const tiers = await counts('g.tier', 'event e JOIN agency g ON g.id = e.agency_id', `e.type = 'accepted'`);
    expect(tiers['county']).toBeGreaterThan(tiers['township']!);
    expect(tiers['township']).toBeGreaterThan(0);
    expect(Object.keys(await counts('how', 'assignment'))).toEqual(
      expect.arrayContaining(['forward', 'intake', 'push']),
    );
    expect(Object.keys(await counts('ended_how', 'assignment'))).toEqual(
      expect.arrayContaining(['closed', 'forward', 'return']),
    );
    expect(Object.keys(await counts('method', 'attempt')).sort()).toEqual(['call', 'sms', 'visit']);
  });

  it('ends cases as they end in life, with what was told of them', async () => {
    const results = await counts('result', 'outcome', `decision = 'approve'`);
    expect(results).toEqual(tally.results);
    expect(Object.keys(results)).toEqual(expect.arrayContaining(['dissuaded', 'false-alarm', 'already-defrauded']));
    expect(results['dissuaded']).toBeGreaterThan(tally.intake.created / 2);
    const decisions = await counts('decision', 'outcome', 'decided_by IS NOT NULL');
    expect(decisions['approve']).toBeGreaterThan(0);
  });

  it('counts the commands as the history has them', async () => {
    const events = await counts('type', 'event');
    expect(tally.commands['accept']).toBe(events['accepted']);
    expect(tally.commands['attempts']).toBe(events['attempted']);
    expect(tally.commands['forward']).toBe(events['forwarded']);
    expect(tally.commands['outcome']).toBe(events['outcome-submitted']);
  });

  it('leaves nothing that a recount finds wrong', async () => {
    await app.app.get(ClockService, { strict: false }).catchUp();
    const { differences, alerts } = await app.app.get(VerifyService, { strict: false }).verify({ months: ['2023-06'] });
    expect(differences).toEqual([]);
    expect(alerts).toBe(tally.intake.created + tally.intake.merged);
  });

  it('stops between two commands where it is asked to', async () => {
    const stopping = new AbortController();
    const stopped = day({
      seed: 'another',
      start: END,
      end: END + 24 * 3_600_000,
      date: '20230602',
      onProgress: () => stopping.abort(new Error('stopped')),
      signal: stopping.signal,
    });
    await expect(stopped).rejects.toThrow('stopped');
  });
});
