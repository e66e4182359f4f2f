import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { VerifyService } from '../../src/verify/verify.service.js';
import type { MovableClock } from '../../src/platform/clock/clock.js';
import { call, PLACES } from '../case/support.js';
import { KEYS, signal, START, TestApp } from '../support/app.js';
import { testDatabase, testServer } from '../support/database.js';
import { startProcess, type RunningProcess } from '../support/process.js';
import { FastClock } from './fast.clock.js';

const LOAD_MS = 10_000;
const KILL_EVERY_MS = 2_500;
const CUT_AT_MS = 4_000;
const CUT_FOR_MS = 2_500;

/** Takes the database away from everybody and gives it back. */
async function cut(url: string, forMs: number): Promise<void> {
  const name = new URL(url).pathname.slice(1);
  const client = new pg.Client({ connectionString: await testServer() });
  await client.connect();
  try {
    const allow = (yes: boolean): Promise<unknown> =>
      client.query(`ALTER DATABASE ${pg.escapeIdentifier(name)} ALLOW_CONNECTIONS ${yes}`);
    await allow(false);
    await client.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await delay(forMs);
    await allow(true);
  } finally {
    await client.end();
  }
}

test('two servers, one killed every few seconds, the database gone for a while: every stage is told once, none is missing', async () => {
  const database = await testDatabase();
  const at = Date.now();
  const clock = new FastClock(START, at);
  // The test's own server hands in and works; the clocks run in the two others alone.
  const app = await TestApp.start(['4113'], database, clock as unknown as MovableClock);
  const env = { DATABASE_URL: database.url, SANJI_KEYS: KEYS, FROM: START, AT: String(at) };
  const started: RunningProcess[] = [];
  /** Starts a server; again where it comes up while the database is away. */
  const serve = async (): Promise<RunningProcess> => {
    for (;;) {
      const server = startProcess('test/clock/server.ts', [], { env });
      started.push(server);
      const up = await server.waitFor(/serves \d+/).catch(() => undefined);
      if (up) return server;
      await delay(200);
    }
  };
  const servers = [serve(), serve()];
  await Promise.all(servers);
  try {
    const [feed, officer] = [await app.feed(), await app.user(PLACES.county, 'officer')];
    const began = Date.now();
    const running = (): boolean => Date.now() - began < LOAD_MS;
    const known: string[] = [];

    const handIn = async (): Promise<void> => {
      for (; running(); await delay(60)) {
        const body = signal({ riskLevel: known.length % 3 === 0 ? 'high' : 'urgent', divisionCode: PLACES.county });
        const answer = await call(app, feed, { method: 'POST', path: '/alerts', body });
        if (answer.status === 201) known.push(answer.body.id as string);
      }
    };
    const workOn = async (): Promise<void> => {
      for (let index = 0; running(); await delay(40)) {
        const id = known[index++];
        if (id === undefined) continue;
        const path = `/alerts/${id}/${index % 5 === 0 ? 'return' : 'accept'}`;
        await call(app, officer, {
          method: 'POST',
          path,
          body: index % 5 === 0 ? { reason: 'other', note: '退回' } : {},
        });
      }
    };
    const kill = async (): Promise<number> => {
      let killed = 0;
      for (; running(); killed++) {
        await delay(KILL_EVERY_MS);
        const victim = killed % servers.length;
        await (await servers[victim]!).end('SIGKILL');
        servers[victim] = serve();
      }
      return killed;
    };
    const [, , killed] = await Promise.all([
      handIn(),
      workOn(),
      kill(),
      delay(CUT_AT_MS).then(() => cut(database.url, CUT_FOR_MS)),
    ]);
    expect(killed).toBeGreaterThan(2);
    expect(known.length).toBeGreaterThan(50);

    // What is due by now is told by the servers alone, without help.
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const due = clock.now();
    for (const until = Date.now() + 20_000; ; await delay(100)) {
      const { rows } = await client.query('SELECT count(*)::int AS waiting FROM alert WHERE next_stage_at < $1', [due]);
      if (rows[0].waiting === 0) break;
      if (Date.now() > until) throw new Error(`${rows[0].waiting} stages are still waiting`);
    }
    const { rows } = await client.query(`SELECT count(*)::int AS stages FROM event WHERE type LIKE 'clock-%'`);
    expect(rows[0].stages).toBeGreaterThan(known.length);
    await client.end();
    const { differences } = await app.app.get(VerifyService).verify({ months: [] });
    expect(differences).toEqual([]);
  } finally {
    await Promise.allSettled(servers);
    await Promise.all(started.map((server) => server.end('SIGKILL')));
    await app.stop();
  }
}, 90_000);
