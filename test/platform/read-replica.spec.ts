import { execFile } from 'node:child_process';
import { appendFile, chmod, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database, session } from '../../src/platform/database/database.js';
import { enter } from '../../src/platform/database/embedded.js';
import { GateTimeout } from '../../src/platform/database/gate.js';
import { migrateUp } from '../../src/platform/database/migrate.js';
import {
  clusterIn,
  readPostmaster,
  startPostmaster,
  stopPostmaster,
  type Cluster,
} from '../../src/platform/database/postmaster.js';
import { Snapshots } from '../../src/platform/database/snapshots.js';
import { Standby } from '../../src/platform/database/standby.js';
import { createLogger } from '../../src/platform/log/logger.js';
import { report as incidentReport } from '../incident/support.js';
import { KEYS, START, TestApp, type Officer } from '../support/app.js';

const DAY = '2023-06-01';
const REPORT = `/reports/fraud-types?agency=4113&from=${DAY}&to=${DAY}`;
const somebody = session({ actor: 'li', agency_path: '4113', roles: 'supervisor' });
const clock = new MovableClock(START);
const logged: string[] = [];
const logger = createLogger('info', { write: (line: string) => void logged.push(line) });

let folder: string;
let primary: Cluster;
let standby: Cluster;
let primaryUrl: string;
let standbyUrl: string;
let password: string;
let onStandby: pg.Client;
let app: TestApp;
let city: Officer;
let database: Database;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'sanji-replica-'));
  await chmod(folder, 0o755);
  [primary, standby] = [clusterIn(join(folder, 'primary')), clusterIn(join(folder, 'standby'))];
  // A server that was stopped is copied, and the copy follows it from there.
  const made = await enter(primary, { durable: false });
  await made.client.end();
  await stopPostmaster(primary, made.postmaster);
  await promisify(execFile)('cp', ['-Rp', join(folder, 'primary'), join(folder, 'standby')]);
  const { client, postmaster } = await enter(primary, { durable: false });
  ({ password } = made);
  const settings = `host=127.0.0.1 port=${postmaster.port} user=sanji password=${password}`;
  await writeFile(join(standby.data, 'standby.signal'), '');
  await appendFile(join(standby.data, 'postgresql.auto.conf'), `primary_conninfo = '${settings}'\n`);
  const follower = (await startPostmaster(standby, { durable: false }))!;
  const urlOf = (port: number): string => `postgresql://sanji:${password}@127.0.0.1:${port}/sanji`;
  [primaryUrl, standbyUrl] = [urlOf(postmaster.port), urlOf(follower.port)];
  await client.query('CREATE DATABASE sanji');
  // Tests' servers answer before they have written: then there would be nothing to send.
  await client.query('ALTER DATABASE sanji SET synchronous_commit = on');
  await client.end();
  await migrateUp(primaryUrl, migrations);
  app = await TestApp.on({ url: primaryUrl, drop: async () => undefined }, clock, logger, {
    DATABASE_URL: primaryUrl,
    DATABASE_READ_URL: standbyUrl,
    SANJI_KEYS: KEYS,
    SANJI_METRICS_PUBLIC: 'true',
  });
  await app.app.get(SeedService).seedCity('4113');
  city = await app.user('4113', 'officer', 'supervisor');
  database = new Database(await createDataSource({ url: primaryUrl, poolSize: 4, entities: [] }).initialize(), clock);
  onStandby = new pg.Client({ connectionString: standbyUrl });
  onStandby.on('error', () => undefined);
  await until(async () => {
    await onStandby.connect().catch(() => (onStandby = new pg.Client({ connectionString: standbyUrl })));
    return (await onStandby.query('SELECT 1').catch(() => undefined)) !== undefined;
  });
});

afterAll(async () => {
  await onStandby?.end().catch(() => undefined);
  await database?.source.destroy();
  await app?.stop(false);
  for (const cluster of [standby, primary]) {
    const running = await readPostmaster(cluster);
    if (running) await stopPostmaster(cluster, running);
  }
  await rm(folder, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

async function until(done: () => Promise<boolean>): Promise<void> {
  for (const enough = Date.now() + 60_000; Date.now() < enough; await delay(10)) if (await done()) return;
  throw new Error('it did not come to pass');
}

const reported = async (): Promise<void> => {
  const { status, text } = await city.post('/incidents', incidentReport({ divisionCode: undefined }));
  if (status !== 201) throw new Error(text);
};

/** How many incidents the report has, and how far back it says that it lies, in seconds. */
async function told(): Promise<{ incidents: number; back: number }> {
  const { status, body, text } = await city.get(REPORT);
  if (status !== 200) throw new Error(text);
  return {
    incidents: body.total.incidents as number,
    back: (clock.now().getTime() - Date.parse(body.asOf as string)) / 1_000,
  };
}

const warnings = (): string[] => logged.filter((line) => line.includes('reports are read from'));

/** Reads through a standby of the test's own. */
async function reading<T>(
  url: string,
  mostLagSeconds: number,
  work: (snapshots: Snapshots, standby: Standby) => Promise<T>,
): Promise<T> {
  const own = new Standby(database, clock, logger, { url, poolSize: 3, entities: [], mostLagSeconds });
  try {
    return await work(new Snapshots(database, own), own);
  } finally {
    await own.close();
  }
}

const whereAmI = `SELECT pg_is_in_recovery() AS standby, current_user::text AS "user",
  current_setting('transaction_read_only') AS "readOnly", current_setting('transaction_isolation') AS isolation,
  current_setting('sanji.actor') AS actor, current_setting('sanji.agency_path') AS path`;

test('reads are made on the standby, read-only, in one state, with the session that a read on the primary has', async () => {
  await until(() => reading(standbyUrl, 60, async (_, own) => (await own.state()).lag === 0));
  const found = await reading(standbyUrl, 60, (snapshots) =>
    snapshots.read(somebody, async (tx) => ({ ...(await tx.adHoc<object>(whereAmI))[0], now: tx.now })),
  );
  const same = { user: 'sanji_app', readOnly: 'on', isolation: 'repeatable read', actor: 'li', path: '4113' };
  expect(found).toEqual({ standby: true, ...same, now: expect.any(Date) });
  const plain = await new Snapshots(database).read(somebody, (tx) => tx.adHoc<object>(whereAmI));
  expect(plain).toEqual([{ standby: false, ...same }]);
});

test('a report has what was written before it was asked for, and says so', async () => {
  await reported();
  await until(async () => (await told()).incidents === 1);
  await until(async () => (await told()).back === 0);
  const { rowCount } = await onStandby.query(
    `SELECT FROM pg_stat_activity WHERE application_name = 'sanji' AND datname = 'sanji'`,
  );
  expect(rowCount).toBeGreaterThan(0);
  // The last commit is some time ago, but nothing is missing.
  await until(() => reading(standbyUrl, 0.001, async (_, own) => (await own.state()).lag === 0));
});

test('a standby that lies back is read as of then; one that lies back too far is not read at all', async () => {
  await onStandby.query('SELECT pg_wal_replay_pause()');
  await until(async () => {
    const { rows } = await onStandby.query<{ state: string }>('SELECT pg_get_wal_replay_pause_state() AS state');
    return rows[0]!.state === 'paused';
  });
  const before = (await told()).incidents;
  await reported();
  const behind = await told();
  expect(behind.incidents).toBe(before);
  expect(behind.back).toBeGreaterThan(0);
  const metrics = await app.http.get('/metrics');
  expect(Number(/^sanji_standby_lag_seconds (.+)$/m.exec(metrics.text)![1])).toBeGreaterThan(0);
  expect(metrics.text).toMatch(/^sanji_standby_used 1$/m);
  await reading(standbyUrl, 0.001, async (snapshots, own) => {
    const { fault } = await own.state();
    expect(fault).toBe('lags behind more than 0.001 s');
    const read = await snapshots.read(somebody, async (tx) => ({
      ...(await tx.adHoc<object>(whereAmI))[0],
      at: tx.now,
    }));
    expect(read).toMatchObject({ standby: false, at: clock.now() });
    expect(snapshots.checks()[0]).toMatchObject({ name: 'standby', advisory: true });
  });
  await onStandby.query('SELECT pg_wal_replay_resume()');
  await until(async () => (await told()).incidents === before + 1);
  await until(async () => (await told()).back === 0);
});

test('what the standby cannot answer is asked of the primary; what is wrong with the question is not', async () => {
  await reading(standbyUrl, 60, async (snapshots) => {
    const asked: boolean[] = [];
    const work = (code: string, how: 'read' | 'readOnce' = 'read') =>
      snapshots[how](somebody, async (tx) => {
        const [row] = await tx.adHoc<{ standby: boolean }>('SELECT pg_is_in_recovery() AS standby');
        asked.push(row!.standby);
        if (row!.standby) throw Object.assign(new Error('cancelled'), { code });
        return 'answered';
      });
    // 40001: a row that the read needs was removed by what came from the primary.
    expect(await work('40001')).toBe('answered');
    await expect(work('22012')).rejects.toMatchObject({ code: '22012' });
    // What is handed on while it is read is not begun anew in the middle.
    await expect(work('40001', 'readOnce')).rejects.toMatchObject({ code: '40001' });
    expect(asked).toEqual([true, false, true, true]);
  });
});

test('a standby that did not answer is not read for a while, whatever was asked of it before', async () => {
  await reading(standbyUrl, 60, async (snapshots, own) => {
    expect(await own.near()).toBeDefined();
    const underWay = own.near();
    own.rest(new Error('gone'));
    expect(await underWay).toBeUndefined();
    expect([await own.near(), await own.state()]).toMatchObject([undefined, { lag: NaN, fault: 'does not answer' }]);
    const [row] = await snapshots.read(somebody, (tx) => tx.adHoc<object>(whereAmI));
    expect(row).toMatchObject({ standby: false });
  });
});

test('a standby is not left alone for those who take a file slowly, or wait too long for their turn', async () => {
  await reading(standbyUrl, 60, async (snapshots, own) => {
    const cut = snapshots.readOnce(somebody, async () => {
      throw Object.assign(new Error('idle for too long'), { code: '57P05' });
    });
    await expect(cut).rejects.toMatchObject({ kind: { code: 'unavailable' } });
    expect(await own.near()).toBeDefined();
    let asked = 0;
    const noTurn = snapshots.read(somebody, async () => {
      if (++asked === 1) throw new GateTimeout('no turn came in time');
      return 'answered';
    });
    expect([await noTurn, asked, (await own.near()) !== undefined]).toEqual(['answered', 2, true]);
  });
});

test('a copy that is no standby is of now', async () => {
  const state = await reading(primaryUrl, 1, (_, own) => own.state());
  expect(state).toEqual({ lag: 0, asOf: clock.now(), fault: undefined });
});

test('where the standby is away, the primary answers, and that is told once and without its password', async () => {
  const before = await told();
  const quiet = warnings().length;
  await stopPostmaster(standby, (await readPostmaster(standby))!);
  await reported();
  expect(await told()).toEqual({ incidents: before.incidents + 1, back: 0 });
  expect(await told()).toEqual({ incidents: before.incidents + 1, back: 0 });
  const { status, body } = await app.http.get('/readyz');
  expect([status, body.status]).toEqual([200, 'ready']);
  expect(body.checks.standby).toBe('does not answer; reports are read from the primary');
  const { text } = await app.http.get('/metrics');
  expect(text).toMatch(/^sanji_standby_lag_seconds nan$/im);
  expect(text).toMatch(/^sanji_standby_used 0$/m);
  expect(
    warnings()
      .slice(quiet)
      .map((line) => (JSON.parse(line) as { standby: string }).standby),
  ).toEqual(['does not answer']);
  expect(logged.join('')).not.toContain(password);
});
