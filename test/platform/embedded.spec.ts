import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { startEmbedded } from '../../src/platform/database/embedded.js';
import { clusterIn, isPostmasterOf, readPostmaster, type Cluster } from '../../src/platform/database/postmaster.js';
import { startProcess, type RunningProcess } from '../support/process.js';

let dataDir: string;
let cluster: Cluster;
const processes: RunningProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sanji-embedded-'));
  await chmod(dataDir, 0o755);
  cluster = clusterIn(dataDir);
});

afterEach(async () => {
  await Promise.all(processes.splice(0).map((each) => each.end('SIGKILL')));
  const left = await readPostmaster(cluster);
  if (left && (await isPostmasterOf(cluster, left.pid))) await kill(left.pid);
});

afterAll(() => rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 }));

test('two processes that start at once on an empty folder share one cluster', async () => {
  const urls = await Promise.all([member(), member()].map(({ url }) => url));
  expect(urls[0]).toBe(urls[1]);
  expect(await query(urls[0]!, 'SHOW server_encoding')).toEqual([{ server_encoding: 'UTF8' }]);
  expect(await query(urls[0]!, 'SHOW fsync')).toEqual([{ fsync: 'on' }]);
  expect(await query(urls[0]!, 'SHOW synchronous_commit')).toEqual([{ synchronous_commit: 'on' }]);
  expect((await readdir(dataDir)).sort()).toEqual(['postgres']);
});

test('the database runs until the last process leaves, whoever started it', async () => {
  const first = member();
  await first.url;
  const second = member();
  const url = await second.url;
  const { pid } = (await readPostmaster(cluster))!;

  expect(await first.process.end('SIGTERM')).toBe(0);
  expect(await query(url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);

  expect(await second.process.end('SIGTERM')).toBe(0);
  expect(await isPostmasterOf(cluster, pid)).toBe(false);
  expect(await readPostmaster(cluster)).toBeUndefined();
});

test('a process that is killed leaves its database to the next, with every committed row', async () => {
  const killed = member();
  await query(await killed.url, 'CREATE TABLE kept AS SELECT 1 AS row');
  const { pid } = (await readPostmaster(cluster))!;
  await killed.process.end('SIGKILL');

  const database = await startEmbedded({ dataDir });
  expect(await readPostmaster(cluster)).toMatchObject({ pid });
  expect(await query(database.url, 'SELECT row FROM kept')).toEqual([{ row: 1 }]);
  await database.stop();
  expect(await isPostmasterOf(cluster, pid)).toBe(false);
});

test('after process and database were both killed, the next start recovers every committed row', async () => {
  const killed = member();
  await query(await killed.url, 'CREATE TABLE recovered AS SELECT 1 AS row');
  const { pid } = (await readPostmaster(cluster))!;
  await killed.process.end('SIGKILL');
  await kill(pid);

  const database = await startEmbedded({ dataDir });
  expect(await query(database.url, 'SELECT row FROM recovered')).toEqual([{ row: 1 }]);
  await database.stop();
});

test('a stale postmaster.pid whose number belongs to another program is no hindrance', async () => {
  await writeFile(
    join(cluster.data, 'postmaster.pid'),
    [process.pid, cluster.data, 1, 5432, '', '127.0.0.1', '', 'ready', ''].join('\n'),
  );
  const database = await startEmbedded({ dataDir });
  expect((await readPostmaster(cluster))!.pid).not.toBe(process.pid);
  expect(await query(database.url, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  await database.stop();
});

test('a database that dies under a running process is started again at the same address', async () => {
  const notices: string[] = [];
  const database = await startEmbedded({ dataDir, notice: (message) => notices.push(message) });
  await kill((await readPostmaster(cluster))!.pid);
  let rows: unknown;
  for (const until = Date.now() + 15_000; rows === undefined && Date.now() < until; await delay(20)) {
    rows = await query(database.url, 'SELECT 1 AS one').catch(() => undefined);
  }
  expect(rows).toEqual([{ one: 1 }]);
  await database.stop();
  expect(notices.length).toBeGreaterThan(0);
  expect(await readPostmaster(cluster)).toBeUndefined();
});

test('failed statements leave no row and no parameter in the log', async () => {
  const database = await startEmbedded({ dataDir });
  await query(database.url, 'CREATE TABLE person (phone text CONSTRAINT person_pk PRIMARY KEY)');
  const insert = (): Promise<unknown> => query(database.url, 'INSERT INTO person VALUES ($1)', ['13800001234']);
  await insert();
  await expect(insert()).rejects.toMatchObject({ code: '23505' });
  await expect(query(database.url, `SELECT '13800001234x'::bigint`)).rejects.toMatchObject({ code: '22P02' });
  await database.stop();
  expect(await readFile(cluster.logFile, 'utf8')).not.toContain('13800001234');
});

/** A process of its own that uses the cluster. */
function member(): { process: RunningProcess; url: Promise<string> } {
  const started = startProcess('test/support/embedded-member.ts', [dataDir]);
  processes.push(started);
  return { process: started, url: started.waitFor(/^url (\S+)$/m).then((match) => match[1]!) };
}

async function query(url: string, text: string, values: unknown[] = []): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return (await client.query(text, values)).rows;
  } finally {
    await client.end();
  }
}

/** Without warning, as a machine does. */
async function kill(pid: number): Promise<void> {
  process.kill(pid, 'SIGKILL');
  while (await isPostmasterOf(cluster, pid)) await delay(10);
}
