import { execFile } from 'node:child_process';
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { createServer, type AddressInfo, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { clusterIn, isPostmasterOf, readPostmaster } from '../../src/platform/database/postmaster.js';
import { startProcess, type RunningProcess } from '../support/process.js';

const run = promisify(execFile);

let dataDir: string;
let busy: Server;
const started: RunningProcess[] = [];

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'sanji-demo-'));
  await chmod(dataDir, 0o755);
  busy = createServer();
  await new Promise<void>((resolve) => busy.listen(0, '127.0.0.1', resolve));
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((each) => each.end('SIGKILL')));
});

afterAll(async () => {
  busy.close();
  const left = await databaseProcess();
  if (left !== undefined) process.kill(left, 'SIGQUIT');
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20, retryDelay: 100 });
});

test.each([
  [{ DATABASE_URL: 'postgresql://nobody@127.0.0.1:1/none' }, 2, 'DATABASE_URL'],
  [{ NODE_ENV: 'production', SANJI_KEYS: `k1:${Buffer.alloc(32, 1).toString('base64')}` }, 2, 'NODE_ENV=production'],
])('refuses to run where it could do harm: %j', async (env, code, word) => {
  const refused = sanji(['demo'], env);
  expect(await refused.ended).toBe(code);
  expect(refused.stderr()).toContain(word);
  expect(await readdir(dataDir)).toEqual([]);
});

test('does not empty a folder that it did not make', async () => {
  await mkdir(join(dataDir, 'demo'));
  await writeFile(join(dataDir, 'demo', 'keys'), 'somebody needs them');
  const refused = sanji(['demo']);
  expect(await refused.ended).toBe(1);
  expect(refused.stderr()).toContain('not a demo');
  expect(await readdir(join(dataDir, 'demo'))).toEqual(['keys']);
  await rm(join(dataDir, 'demo'), { recursive: true });
});

test('plays a day, shows it, serves it, and stops without a trace', async () => {
  const port = (busy.address() as AddressInfo).port;
  const demo = sanji(['demo', '--signals', '60'], { PORT: String(port) });
  const [, base] = await demo.waitFor(/Serving on (http:\S+) until Ctrl-C/);
  expect(demo.stderr()).toContain(`Port ${port} is in use: taking`);
  const said = demo.stdout();
  expect(said.match(/公安(?:分)?局 +[\d,]+ +[\d,]+ /g)).toHaveLength(15);
  expect(said).toMatch(/合计 +\d+ +\d+ /);
  expect(said).toMatch(/^60 signals: \d+ alerts/m);

  // What it tells people to paste works as it stands.
  const [call] = /^TOKEN=[^]*?^curl .*$/m.exec(said)!;
  const { stdout } = await run('bash', ['-c', call]);
  expect(JSON.parse(stdout)).toMatchObject({ items: expect.any(Array) });
  expect((await fetch(`${base}/api/openapi.json`)).status).toBe(200);
  const second = sanji(['demo']);
  expect(await second.ended).toBe(1);
  expect(second.stderr()).toContain('Another demo is at work');

  expect(await demo.end('SIGINT')).toBe(0);
  expect(await databaseProcess()).toBeUndefined();
}, 120_000);

test('a Ctrl-C in the middle of the day stops it just as cleanly, and the next one begins anew', async () => {
  const demo = sanji(['demo', '--signals', '2000'], { PORT: '0' });
  await demo.waitFor(/signals come in now/);
  expect(await demo.end('SIGINT')).toBe(130);
  expect(demo.stderr()).not.toMatch(/"level"|Error/);
  expect(await databaseProcess()).toBeUndefined();
}, 120_000);

async function databaseProcess(): Promise<number | undefined> {
  const cluster = clusterIn(join(dataDir, 'demo'));
  const postmaster = await readPostmaster(cluster);
  return postmaster && (await isPostmasterOf(cluster, postmaster.pid)) ? postmaster.pid : undefined;
}

function sanji(args: readonly string[], env: Record<string, string> = {}): RunningProcess {
  const process_ = startProcess('test/support/sanji.ts', args, { env: { SANJI_DATA_DIR: dataDir, ...env } });
  started.push(process_);
  return process_;
}
