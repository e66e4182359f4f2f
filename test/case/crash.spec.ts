import { randomUUID } from 'node:crypto';
import { chmod, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { startEmbedded } from '../../src/platform/database/embedded.js';
import { clusterIn, readPostmaster } from '../../src/platform/database/postmaster.js';
import { KEYS, signal, TestApp } from '../support/app.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { startProcess, type RunningProcess } from '../support/process.js';
import { faultsOf } from './invariants.js';
import { PLACES } from './support.js';

const started: RunningProcess[] = [];
afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.end('SIGKILL')));
});

interface Server {
  process: RunningProcess;
  base: string;
}

/** A server of its own, to be killed. */
async function serve(env: Record<string, string>): Promise<Server> {
  const process = startProcess('test/support/sanji.ts', ['serve'], {
    env: { SANJI_KEYS: KEYS, SANJI_LOG_LEVEL: 'silent', PORT: '0', ...env },
  });
  started.push(process);
  const [, base] = await process.waitFor(/serves (http:\/\/\S+\/api\/v1)/);
  return { process, base: base! };
}

/** Machines that call, with keys that outlive every restart. */
interface Callers {
  feed: Record<string, string>;
  officer: Record<string, string>;
}

async function callersOf(app: TestApp): Promise<Callers> {
  const organization = await app.app.get(OrganizationRegistry).current();
  const key = async (agency: string, role: 'feed' | 'officer'): Promise<Record<string, string>> => {
    const order = { name: role, agency, roles: [role], sources: role === 'feed' ? ['national-platform'] : [] };
    return {
      'x-api-key': (await app.app.get(ApiKeyService).issue(systemCaller(organization.byCode(agency)!), order)).key,
    };
  };
  return { feed: await key(PLACES.city, 'feed'), officer: await key(PLACES.county, 'officer') };
}

interface Sent {
  path: string;
  body: unknown;
  headers: Record<string, string>;
  /** The first answer that came. */
  answer?: { status: number; text: string };
}

/** Sends a request once. Nothing is known of it where the connection broke, or the server could not say. */
async function send(
  base: string,
  sent: Sent,
): Promise<{ status: number; text: string; replayed: boolean } | undefined> {
  try {
    const answer = await fetch(`${base}${sent.path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...sent.headers },
      body: JSON.stringify(sent.body),
      signal: AbortSignal.timeout(20_000),
    });
    const text = await answer.text();
    if (answer.status === 503) expect(answer.headers.get('retry-after')).toMatch(/^\d+$/);
    else if (answer.status >= 500) throw new Error(`a fault: ${answer.status} ${text}`);
    if (answer.status === 503 || text.includes('idempotency-in-flight')) return undefined;
    return { status: answer.status, text, replayed: answer.headers.get('idempotent-replayed') === 'true' };
  } catch (error) {
    if (error instanceof Error && error.message.startsWith('a fault')) throw error;
    return undefined;
  }
}

/** Sends until there is an answer, as a client does who was left without one. */
async function insist(base: string, sent: Sent): Promise<NonNullable<Awaited<ReturnType<typeof send>>>> {
  for (const until = Date.now() + 30_000; Date.now() < until; await delay(50)) {
    const answer = await send(base, sent);
    if (answer) return answer;
  }
  throw new Error(`no answer to ${sent.path}`);
}

const BATCH = 40;
const batch = (keyed: boolean, headers: Record<string, string>): Sent => ({
  path: '/alerts/batch',
  body: { alerts: Array.from({ length: BATCH }, () => signal({ detectedAt: new Date().toISOString() })) },
  headers: { ...headers, ...(keyed ? { 'idempotency-key': randomUUID() } : {}) },
});
const attempt = (id: string, headers: Record<string, string>): Sent => ({
  path: `/alerts/${id}/attempts`,
  body: { method: 'call', at: new Date().toISOString(), reached: true, participants: [] },
  headers: { ...headers, 'idempotency-key': randomUUID() },
});

/** Feeds and officers at work from a moment until the server is gone; `strike` is called when so many have been answered. */
async function work(
  base: string,
  callers: Callers,
  ids: string[],
  answered: number,
  strike: () => Promise<unknown>,
): Promise<Sent[]> {
  const all: Sent[] = [];
  let [done, struck] = [0, false];
  const worker = async (next: () => Sent): Promise<void> => {
    while (!struck) {
      const sent = next();
      all.push(sent);
      sent.answer = await send(base, sent);
      if (!sent.answer) return;
      if (++done >= answered && !struck) {
        struck = true;
        await strike();
      }
    }
  };
  await Promise.all([
    ...[true, false, true].map((keyed) => worker(() => batch(keyed, callers.feed))),
    ...ids.map((id) => worker(() => attempt(id, callers.officer))),
  ]);
  return all;
}

/** Asks again for everything, and holds the answers against those of the first time. */
async function askAgain(base: string, all: Sent[]): Promise<void> {
  for (const sent of all) {
    const again = await insist(base, sent);
    if (sent.headers['idempotency-key'] !== undefined) {
      expect(again.status).toBe(sent.path.endsWith('/batch') ? 200 : 201);
      if (sent.answer) expect([again.text, again.replayed]).toEqual([sent.answer.text, true]);
    } else {
      const { created, duplicates, rejected } = JSON.parse(again.text) as Record<string, number>;
      expect([created! + duplicates!, rejected]).toEqual([BATCH, 0]);
      // A batch is there as a whole or not at all.
      expect(created! % BATCH).toBe(0);
      if (sent.answer) expect(created).toBe(0);
    }
  }
}

/** Every message was stored once, every attempt made once, and no case is in two places or none. */
async function proveOnce(url: string, app: TestApp, all: Sent[]): Promise<void> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const sql = async <T extends object>(text: string, values: unknown[] = []): Promise<T[]> =>
    (await client.query(text, values)).rows as T[];
  try {
    expect(await faultsOf({ app, sql })).toEqual([]);
    const refs = all
      .filter(({ path }) => path.endsWith('/batch'))
      .flatMap(({ body }) => (body as { alerts: { sourceRef: string }[] }).alerts.map(({ sourceRef }) => sourceRef));
    const [stored] = await sql<{ rows: number; events: number }>(
      `SELECT count(*)::int AS rows, (SELECT count(*)::int FROM event e JOIN alert a ON a.id = e.case_id WHERE a.source_ref = ANY($1) AND e.type = 'received') AS events
       FROM alert WHERE source_ref = ANY($1)`,
      [refs],
    );
    expect(stored).toEqual({ rows: refs.length, events: refs.length });
    const made = all.filter(({ path }) => path.endsWith('/attempts')).map(({ path }) => path.split('/')[2]!);
    const [attempts] = await sql<{ count: number }>(
      `SELECT count(*)::int AS count FROM attempt WHERE alert_id = ANY($1::uuid[])`,
      [made],
    );
    expect(attempts!.count).toBe(made.length);
  } finally {
    await client.end();
  }
}

/** Alerts that an officer works on. */
async function accepted(base: string, callers: Callers, count: number): Promise<string[]> {
  const alerts = Array.from({ length: count }, () => signal({ detectedAt: new Date().toISOString() }));
  const taken = await insist(base, { path: '/alerts/batch', body: { alerts }, headers: callers.feed });
  const ids = (JSON.parse(taken.text) as { results: { id: string }[] }).results.map(({ id }) => id);
  const signed = await insist(base, {
    path: '/alerts/bulk',
    body: { ids, command: 'accept' },
    headers: callers.officer,
  });
  expect(JSON.parse(signed.text)).toMatchObject({ done: count });
  return ids;
}

test('a server killed again and again loses nothing that it acknowledged, and does nothing twice', async () => {
  const database = await testDatabase();
  const watcher = await TestApp.start(['4113'], database, new MovableClock(new Date()));
  const callers = await callersOf(watcher);
  const env = { DATABASE_URL: database.url };
  let [server, spare] = await Promise.all([serve(env), serve(env)]);
  const ids = await accepted(server.base, callers, 4);
  const all: Sent[] = [];
  for (const answered of [1, 9, 30]) {
    const { process } = server;
    all.push(...(await work(server.base, callers, ids, answered, () => process.end('SIGKILL'))));
    [server, spare] = [spare, answered === 30 ? spare : await serve(env)];
  }
  expect(all.some(({ answer }) => answer === undefined)).toBe(true);
  await askAgain(server.base, all);
  await proveOnce(database.url, watcher, all);
  await watcher.stop();
});

test('a database killed again and again does neither; the server says 503 until it is back', async () => {
  const dataDir = await mkdtemp(join(tmpdir(), 'sanji-crash-'));
  await chmod(dataDir, 0o755);
  const embedded = await startEmbedded({ dataDir });
  const server = await serve({ SANJI_DATA_DIR: dataDir });
  const database: TestDatabase = { url: embedded.url, drop: async () => undefined };
  const watcher = await TestApp.start(['4113'], database, new MovableClock(new Date()));
  try {
    const callers = await callersOf(watcher);
    const { base } = server;
    const ids = await accepted(base, callers, 4);
    const all: Sent[] = [];
    for (const answered of [2, 25]) {
      const { pid } = (await readPostmaster(clusterIn(dataDir)))!;
      all.push(...(await work(base, callers, ids, answered, async () => process.kill(pid, 'SIGKILL'))));
      await askAgain(base, all);
    }
    await proveOnce(embedded.url, watcher, all);
    // A loop that met the database away comes round again by itself.
    const ready = async (): Promise<boolean> => (await fetch(base.replace('/api/v1', '/readyz'))).status === 200;
    while (!(await ready())) await delay(200);
    await server.process.end('SIGTERM');
  } finally {
    await watcher.stop();
    await embedded.stop();
    await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
  }
}, 120_000);
