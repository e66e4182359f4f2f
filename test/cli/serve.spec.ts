import { chmod, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { clusterIn, isPostmasterOf, readPostmaster } from '../../src/platform/database/postmaster.js';
import { startProcess, type RunningProcess } from '../support/process.js';

let dataDir: string;
const started: RunningProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sanji-serve-'));
  await chmod(dataDir, 0o755);
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.end('SIGKILL')));
});

afterAll(async () => {
  const left = await readPostmaster(clusterIn(dataDir));
  if (left && (await isPostmasterOf(clusterIn(dataDir), left.pid))) process.kill(left.pid, 'SIGQUIT');
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

test('keys that are none are refused before anything is made', async () => {
  const file = join(dataDir, 'bad-keys');
  await writeFile(file, 'k1:AAAA', { mode: 0o600 });
  const served = sanji(['serve'], { PORT: '0', SANJI_KEYS_FILE: file });
  expect(await served.ended).toBe(2);
  expect(served.stderr()).not.toContain('AAAA');
  expect(await readdir(dataDir)).toEqual(['bad-keys']);
  await rm(file);
});

test('serve makes its database and keys, shares the database with other commands, and stops without a trace', async () => {
  const server = sanji(['serve'], { PORT: '0' });
  const [, address] = await server.waitFor(/serves (http:\/\/\S+)\/api\/v1/);
  expect((await fetch(`${address}/healthz`)).status).toBe(200);
  expect((await stat(join(dataDir, 'keys'))).mode & 0o777).toBe(0o600);
  const { pid } = (await readPostmaster(clusterIn(dataDir)))!;

  const other = sanji(['migrate', '--json']);
  expect(await other.ended).toBe(0);
  expect(JSON.parse(other.stdout())).toEqual({ applied: [], undone: [] });
  expect((await fetch(`${address}/readyz`)).status).toBe(200);

  expect(await server.end('SIGINT')).toBe(0);
  expect(await isPostmasterOf(clusterIn(dataDir), pid)).toBe(false);
  expect((await readdir(dataDir)).sort()).toEqual(['keys', 'postgres']);
});

test('a port in use is told in one sentence', async () => {
  const first = sanji(['serve'], { PORT: '0' });
  const [, port] = await first.waitFor(/serves http:\/\/127\.0\.0\.1:(\d+)/);
  const second = sanji(['serve'], { PORT: port! });
  expect(await second.ended).toBe(1);
  expect(second.stderr()).toContain(`Port ${port} is in use`);
  expect(await first.end('SIGTERM')).toBe(0);
});

test('a database whose keys are gone is not given new ones', async () => {
  await rm(join(dataDir, 'keys'));
  const served = sanji(['serve'], { PORT: '0' });
  expect(await served.ended).toBe(2);
  expect(served.stderr()).toContain('keys');
  expect(await readdir(dataDir)).toEqual(['postgres']);
});

function sanji(args: readonly string[], env: Record<string, string> = {}): RunningProcess {
  const process_ = startProcess('test/support/sanji.ts', args, {
    env: { SANJI_DATA_DIR: dataDir, SANJI_LOG_LEVEL: 'warn', ...env },
  });
  started.push(process_);
  return process_;
}
