import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Clock, type MovableClock } from '../../src/platform/clock/clock.js';
import { until } from '../realtime/listener.js';
import { KEYS, signal, TestApp } from '../support/app.js';
import { startProcess, type RunningProcess } from '../support/process.js';
import { certificateFor } from './certificate.js';
import { Receiver } from './receiver.js';
import { ALLOW_LOCAL, CITY, type DeliveryRow } from './support.js';

const DAY_MS = 86_400_000;

let app: TestApp;
let folder: string;
let server: RunningProcess;
const receivers: Receiver[] = [];

/** The server runs as it is started anywhere, and trusts what NODE_EXTRA_CA_CERTS names beside the public authorities. */
const trusted = certificateFor('127.0.0.1');
const ofAnotherHost = certificateFor('elsewhere.example');
const outOfDate = certificateFor('127.0.0.1', new Date(Date.now() - 30 * DAY_MS));

beforeAll(async () => {
  const clock = new Clock();
  app = await TestApp.start([CITY], undefined, clock as MovableClock, undefined, ALLOW_LOCAL);
  folder = await mkdtemp(join(tmpdir(), 'sanji-tls-'));
  const file = join(folder, 'trusted.pem');
  await writeFile(file, [trusted, ofAnotherHost, outOfDate].map(({ cert }) => cert).join(''));
  server = startProcess('test/support/sanji.ts', ['serve'], {
    env: {
      ...ALLOW_LOCAL,
      DATABASE_URL: app.database.url,
      SANJI_KEYS: KEYS,
      SANJI_LOG_LEVEL: 'warn',
      PORT: '0',
      NODE_EXTRA_CA_CERTS: file,
    },
  });
  for (const certificate of [trusted, certificateFor('127.0.0.1'), ofAnotherHost, outOfDate, undefined]) {
    receivers.push(await Receiver.start(clock, certificate));
  }
  await server.waitFor(/serves http/);
});
afterAll(async () => {
  await server?.end('SIGTERM');
  await Promise.all(receivers.map((receiver) => receiver.stop()));
  await app.stop();
  await rm(folder, { recursive: true, force: true });
});

it('goes over TLS to receivers whose certificate is trusted, and says of the others that it was not', async () => {
  const admin = await app.user(CITY, 'admin');
  const ids: string[] = [];
  for (const { url } of receivers) {
    const made = await admin.post('/webhooks', { url: url.replace('http:', 'https:'), types: ['case.received'] });
    expect(made.status).toBe(201);
    receivers[ids.length]!.secrets.push(made.body.secret as string);
    ids.push(made.body.id as string);
  }
  const body = signal({ detectedAt: new Date().toISOString() });
  expect((await (await app.feed()).post('/alerts', body)).status).toBe(201);

  const tried = async (): Promise<DeliveryRow[]> => {
    const lists = await Promise.all(ids.map((id) => admin.get(`/webhooks/${id}/deliveries`)));
    return lists.flatMap((list) => list.body.items as DeliveryRow[]);
  };
  await until(async () => (await tried()).filter(({ lastResult }) => lastResult !== null).length === ids.length, 'all');
  expect((await tried()).map(({ status, lastResult }) => [status, lastResult])).toEqual([
    ['delivered', '204'],
    ['pending', 'tls'],
    ['pending', 'tls'],
    ['pending', 'tls'],
    // Plain http on the other side.
    ['pending', 'tls'],
  ]);
  expect(receivers.map(({ taken }) => taken.length)).toEqual([1, 0, 0, 0, 0]);
  expect(receivers.flatMap(({ refused }) => refused)).toEqual([]);
});
