import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { jest } from '@jest/globals';
import pg from 'pg';
import { main } from '../../src/cli/main.js';
import { testDatabase, type TestDatabase } from '../support/database.js';
import { startProcess } from '../support/process.js';

const ENV = (): Record<string, string> => ({
  DATABASE_URL: database.url,
  SANJI_KEYS: `k1:${Buffer.alloc(32, 7).toString('base64')}`,
});

let database: TestDatabase;
let folder: string;

beforeAll(async () => {
  database = await testDatabase();
  folder = await mkdtemp(join(tmpdir(), 'sanji-cli-'));
  Object.assign(process.env, ENV());
});

afterAll(async () => {
  await database.drop();
  await rm(folder, { recursive: true, force: true });
});

test('nothing can be administered before a city is there', async () => {
  const { code, stderr } = await sanji(['user', 'list']);
  expect(code).toBe(1);
  expect(stderr).toContain('sanji seed --city 4113');
});

test('a city is seeded once, and once more changes nothing', async () => {
  const first = await json<{ created: number; counties: number; townships: number }>(['seed', '--city', '4113']);
  expect(first).toMatchObject({ cityCode: '4113', counties: 15, townships: 256, created: 272 });
  const again = await sanji(['seed', '--city', '4113']);
  expect(again).toMatchObject({ code: 0, stdout: expect.stringContaining('Nothing to do') });
  expect((await sanji(['seed', '--city', '9999'])).code).toBe(2);
  expect((await audit()).filter(({ action }) => action === 'city.seeded')).toHaveLength(1);
});

test('holidays are seeded with the city, and a file replaces the years that it has', async () => {
  const file = join(folder, 'holidays.csv');
  await writeFile(file, 'day,working,name\n2027-01-01,false,元旦\n2026-01-01,false,元旦\n');
  expect(await json(['holidays', 'load', file])).toEqual({ years: [2026, 2027], days: 2 });
  // What somebody loaded stays when the city is seeded again.
  expect(await sanji(['seed', '--city', '4113'])).toMatchObject({ stdout: expect.stringContaining('Nothing to do') });
  await writeFile(file, 'day,working,name\n2027-02-30,false,元旦\n');
  expect(await sanji(['holidays', 'load', file])).toMatchObject({ code: 2, stderr: expect.stringContaining('line 2') });
  expect((await sanji(['holidays', 'load', join(folder, 'none.csv')])).code).toBe(2);
  const lines = (await audit()).filter(({ action }) => action.startsWith('holidays.')).map(({ action }) => action);
  expect(lines).toEqual(['holidays.seeded', 'holidays.loaded']);
});

test('a user is added with a password that is made, listed, locked, unlocked and reset', async () => {
  const added = await json<{ password: string }>([
    'user',
    'add',
    'Li.Jing',
    '--agency',
    '4113',
    '--roles',
    'admin',
    '--display-name',
    '李静',
  ]);
  expect(added).toMatchObject({ username: 'li.jing', displayName: '李静', roles: ['admin'], mustChangePassword: true });
  expect(added.password).toMatch(/^\S{10,}$/);
  expect(await json(['user', 'lock', 'li.jing'])).toMatchObject({ locked: true });
  expect(await json(['user', 'list', '--locked'])).toMatchObject([{ username: 'li.jing', locked: true }]);
  expect(await json(['user', 'unlock', 'li.jing'])).toMatchObject({ locked: false });
  const reset = await json<{ password: string }>(['user', 'reset', 'li.jing']);
  expect(reset.password).not.toBe(added.password);
  expect(await actions('user')).toEqual(['user.created', 'user.locked', 'user.unlocked', 'user.reset']);
});

test('a password on standard input is taken, and never printed', async () => {
  const args = ['user', 'add', 'wang.lei', '--agency', '411322', '--roles', 'officer,supervisor', '--password-stdin'];
  const { code, stdout } = await asProcess(args, 'Wan-Zhuan-8848!\n');
  expect(code).toBe(0);
  expect(stdout).toContain('方城县公安局');
  expect(stdout).not.toContain('8848');
  const empty = await asProcess(['user', 'reset', 'wang.lei', '--password-stdin'], '');
  expect(empty).toMatchObject({ code: 2, stderr: expect.stringContaining('no password') });
});

test.each([
  [['user', 'add', 'x', '--agency', '4113', '--roles', 'admin,security'], 2, 'roles: nobody is two of'],
  [['user', 'add', 'x', '--agency', '999999', '--roles', 'officer'], 2, 'agency'],
  [['user', 'add', 'wang.lei', '--agency', '4113', '--roles', 'officer'], 1, 'wang.lei|name'],
  [['user', 'lock', 'nobody'], 1, 'no such user'],
  [['key', 'add', '--agency', '4113', '--roles', 'feed'], 2, 'sources: name the sources'],
  [['import', 'missing.csv'], 2, 'cannot be read'],
  [['verify', '--months', '2023-13'], 2, 'is no month'],
  [['replay', '--city', '4113', '--from', '2023-01-01', '--to', '2023-01-02', '--scale', '2'], 2, 'above 0'],
  [['replay', '--city', '4113', '--from', '2023-01-03', '--to', '2023-01-02'], 2, 'lies before'],
] as const)('%j is refused with %i', async (args, code, words) => {
  const refused = await sanji(args);
  expect(refused.code).toBe(code);
  expect(refused.stderr).toMatch(new RegExp(words));
});

test('a key is issued, shown once, and revoked', async () => {
  const issued = await json<{ id: string; key: string }>([
    'key',
    'add',
    '--agency',
    '4113',
    '--roles',
    'feed',
    '--sources',
    'a,b',
  ]);
  expect(issued).toMatchObject({ name: 'a, b', roles: ['feed'], sources: ['a', 'b'] });
  const listed = await sanji(['key', 'list']);
  expect(listed.stdout).toContain(issued.id);
  expect(listed.stdout).not.toContain(issued.key);
  expect(await json(['key', 'revoke', issued.id])).toMatchObject({ revokedAt: expect.any(String) });
  expect(await actions('api-key')).toEqual(['key.issued', 'key.revoked']);
});

const CSV = `来源,来源编号,预警时间,风险等级,诈骗类型,行政区划,手机号,姓名,金额(元)
file,1,2023-06-01 09:30,高,刷单返利,411322100,13800001111,王小明,20000
file,2,2023-06-01 09:31,低,刷单返利,411322100,13800001112,,
file,3,2023-06-01 09:32,低,刷单返利,411322100,138,,
`;

test('a file is checked, then taken in to its end, and its rejected rows are written out', async () => {
  const file = join(folder, 'signals.csv');
  await writeFile(file, CSV);
  expect(await json(['import', file, '--dry-run'])).toMatchObject({ status: 'completed', created: 2, rejected: 1 });
  expect(await json(['import', file, '--dry-run'])).toMatchObject({ created: 2, duplicates: 0 });
  const rejects = join(folder, 'rejects.csv');
  const taken = await sanji(['import', file, '--rejects', rejects]);
  expect(taken).toMatchObject({ code: 0, stdout: expect.stringMatching(/^3 rows: 2 new alerts, .* 1 rejected/) });
  expect(await readFile(rejects, 'utf8')).toContain('file,3,2023-06-01 09:32');
  expect(await json(['import', file])).toMatchObject({ created: 0, duplicates: 2, rejected: 1 });
});

test('population is loaded whole or not at all, and is on the audit log', async () => {
  const file = join(folder, 'population.csv');
  await writeFile(file, 'code,year,population\n411322,2022,875000\n4113,2022,9629000\n');
  expect(await json(['population', 'load', file])).toEqual({ rows: 2, changed: 2 });
  expect((await sanji(['population', 'load', file])).stdout).toBe('2 figures read, 0 new or changed.\n');
  await writeFile(file, 'code,year,population\n411322,2023,880000\n000000,2023,1\n');
  const refused = await sanji(['population', 'load', file]);
  expect([refused.code, refused.stderr]).toEqual([2, expect.stringContaining('3/code: is the code of no agency')]);
  expect((await sanji(['population', 'load', join(folder, 'missing.csv')])).code).toBe(2);
  expect(await actions('agency')).toContain('population.loaded');
});

test('verify finds nothing where nothing is wrong, and the place where something is', async () => {
  expect(await json(['verify'])).toMatchObject({ alerts: 2, found: 0, differences: [] });
  expect(await json(['audit', 'verify'])).toMatchObject({ cases: 2, breaks: [] });
  const owner = new pg.Client({ connectionString: database.url });
  await owner.connect();
  await owner.query(`SET session_replication_role = replica; UPDATE event SET data = '{}' WHERE type = 'received' AND seq = 1
    AND case_id = (SELECT id FROM alert ORDER BY id LIMIT 1)`);
  await owner.end();
  const audited = await sanji(['audit', 'verify']);
  expect(audited).toMatchObject({
    code: 1,
    stdout: expect.stringMatching(/4113-\d{8}-\d{6} \(.*\), event 1: the event/),
  });
  const verified = await sanji(['verify', '--json']);
  expect(verified.code).toBe(1);
  expect(JSON.parse(verified.stdout)).toMatchObject({ found: expect.any(Number), differences: expect.any(Array) });
});

interface Ended {
  code: number | NodeJS.Signals;
  stdout: string;
  stderr: string;
}

/** Runs a command in this process, which is many times as fast as one of its own. */
async function sanji(args: readonly string[]): Promise<Ended> {
  const said = { stdout: '', stderr: '' };
  const streams = (['stdout', 'stderr'] as const).map((name) =>
    jest.spyOn(process[name], 'write').mockImplementation((text) => {
      said[name] += String(text);
      return true;
    }),
  );
  const before = process.exitCode;
  process.exitCode = undefined;
  try {
    await main(['node', 'sanji', ...args]);
    return { code: Number(process.exitCode ?? 0), ...said };
  } finally {
    process.exitCode = before;
    for (const stream of streams) stream.mockRestore();
  }
}

async function asProcess(args: readonly string[], input: string): Promise<Ended> {
  const called = startProcess('test/support/sanji.ts', args, { env: ENV(), input });
  const code = await called.ended;
  return { code, stdout: called.stdout(), stderr: called.stderr() };
}

/** The JSON that a command prints, which must succeed. */
async function json<T>(args: readonly string[]): Promise<T> {
  const { code, stdout, stderr } = await sanji([...args, '--json']);
  if (code !== 0) throw new Error(`sanji ${args.join(' ')} ended with ${code}: ${stderr}`);
  return JSON.parse(stdout) as T;
}

async function audit(): Promise<{ action: string; object_kind: string }[]> {
  const client = new pg.Client({ connectionString: database.url });
  await client.connect();
  const { rows } = await client.query<{ action: string; object_kind: string; actor_name: string }>(
    'SELECT action, object_kind, actor_name FROM audit_entry ORDER BY id',
  );
  await client.end();
  expect(rows.every(({ actor_name }) => actor_name.startsWith('command line'))).toBe(true);
  return rows;
}

async function actions(kind: string): Promise<string[]> {
  return (await audit())
    .filter(({ object_kind }) => object_kind === kind)
    .slice(0, 4)
    .map(({ action }) => action);
}
