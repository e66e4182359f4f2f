import { Writable } from 'node:stream';
import { createLogger } from '../../src/platform/log/logger.js';
import { Metrics } from '../../src/platform/ops/metrics.js';
import type { Officer } from '../support/app.js';
import { CITY, COUNTY, Hooks } from './support.js';

const lines: string[] = [];
const sink = new Writable({
  write(chunk: Buffer, _encoding, done) {
    lines.push(chunk.toString());
    done();
  },
});

let hooks: Hooks;
let admin: Officer;
beforeAll(async () => {
  hooks = await Hooks.start(createLogger('trace', sink as never));
  admin = await hooks.admin();
});
afterAll(() => hooks.stop());
afterEach(() => hooks.removeAll());

const URL_HERE = 'http://127.0.0.1:9/sanji?token=t0ken';
const create = (body: object = {}): ReturnType<Officer['post']> =>
  admin.post('/webhooks', { url: URL_HERE, types: ['case.pushed'], ...body });

it('shows the secret once, and keeps it sealed', async () => {
  const made = await create();
  expect(made.status).toBe(201);
  expect(made.headers['etag']).toBe('"1"');
  expect(made.body).toMatchObject({
    agency: { code: CITY },
    url: URL_HERE,
    types: ['case.pushed'],
    active: true,
    deliveries: { pending: 0, parked: 0 },
    failingSince: null,
    secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
  });
  const { id, secret } = made.body as { id: string; secret: string };
  const read = await admin.get(`/webhooks/${id}`);
  expect(read.body).toEqual(
    Object.fromEntries(Object.entries(made.body as object).filter(([name]) => name !== 'secret')),
  );
  expect((await admin.get('/webhooks?count=true')).body).toEqual({ items: [read.body], nextCursor: null, total: 1 });

  const key = Buffer.from(secret.slice(6), 'base64');
  const [row] = await hooks.sql<{ row: string; sealed: Buffer }>(
    `SELECT w::text AS row, sealed_secret AS sealed FROM webhook w WHERE id = $1`,
    [id],
  );
  expect(row!.sealed.includes(key)).toBe(false);
  const dump = row!.row + JSON.stringify(await hooks.sql('SELECT a::text FROM audit_entry a')) + lines.join('');
  for (const readable of [secret, secret.slice(6), key.toString('hex')]) expect(dump).not.toContain(readable);
});

it('takes a secret of the right form only', async () => {
  const secret = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
  expect((await create({ secret })).body.secret).toBe(secret);
  for (const wrong of ['whsec_c2hvcnQ=', Buffer.alloc(24, 9).toString('base64'), '']) {
    const answer = await create({ secret: wrong });
    expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, '/secret']);
  }
});

it('refuses unknown types, and URLs that lead nowhere or inside', async () => {
  for (const types of [['case.nothing'], ['pushed'], [], ['case.pushed', 'case.pushed'], 'case.*']) {
    expect((await create({ types })).status).toBe(422);
  }
  for (const url of [
    'http://10.0.0.1/',
    'http://[::1]/',
    'http://169.254.169.254/latest',
    'https://u:p@8.8.8.8/',
    'ftp://8.8.8.8/',
  ]) {
    const answer = await create({ url });
    expect([answer.status, answer.body.errors?.[0].pointer]).toEqual([422, '/url']);
  }
  const made = await create();
  expect((await admin.patch(`/webhooks/${made.body.id as string}`, { url: 'http://192.168.0.1/' })).status).toBe(422);
  expect((await admin.patch(`/webhooks/${made.body.id as string}`, { types: ['x'] })).status).toBe(422);
  expect((await admin.patch(`/webhooks/${made.body.id as string}`, { secret: 'x' })).status).toBe(422);
});

it('changes and deletes what was read, and not what has changed since', async () => {
  const { id } = (await create()).body as { id: string };
  const changed = await admin.patch(`/webhooks/${id}`, { types: ['case.*'], active: false }, { 'if-match': '"1"' });
  expect(changed.body).toMatchObject({ types: ['case.*'], active: false, version: 2 });
  expect(changed.headers['etag']).toBe('"2"');
  expect((await admin.patch(`/webhooks/${id}`, { active: true }, { 'if-match': '"1"' })).status).toBe(412);
  expect((await admin.post(`/webhooks/${id}/rotate-secret`, {}, { 'if-match': '"1"' })).status).toBe(412);
  expect((await admin.delete(`/webhooks/${id}`).set('if-match', '"1"')).status).toBe(412);
  expect((await admin.patch(`/webhooks/${id}`, { active: false })).body.version).toBe(2);
  expect((await admin.delete(`/webhooks/${id}`).set('if-match', '"2"')).status).toBe(204);
  expect((await admin.get(`/webhooks/${id}`)).status).toBe(404);
});

it('signs with the old secret as well for 24 hours after a rotation', async () => {
  const { id, receiver } = await hooks.webhook();
  const [old] = receiver.secrets.splice(0);
  const rotated = await admin.post(`/webhooks/${id}/rotate-secret`);
  expect(rotated.body).toMatchObject({ version: 2, oldSecretUntil: '2023-06-02T09:30:00.000+08:00' });
  const fresh = rotated.body.secret as string;
  expect(fresh).not.toBe(old);
  const told = async (secret: string): Promise<number | undefined> => {
    receiver.secrets.splice(0, 1, secret);
    await hooks.alert();
    await hooks.plan();
    await hooks.send();
    const last = receiver.taken.at(-1);
    receiver.messages.splice(0);
    return last?.signatures;
  };
  expect(await told(old!)).toBe(2);
  expect(await told(fresh)).toBe(2);
  hooks.app.clock.advanceMinutes(24 * 60);
  expect(await told(fresh)).toBe(1);
  expect(await told(old!)).toBeUndefined();
  expect(receiver.refused).toHaveLength(1);
});

it('puts every change into the audit log, with the host of the URL and no more of it', async () => {
  const { id } = (await create()).body as { id: string };
  await admin.patch(`/webhooks/${id}`, { types: ['case.closed'] });
  await admin.post(`/webhooks/${id}/rotate-secret`);
  await admin.delete(`/webhooks/${id}`);
  const entries = await hooks.sql<{ action: string; text: string }>(
    `SELECT action, a::text AS text FROM audit_entry a WHERE object_kind = 'webhook' AND object_id = $1 ORDER BY id`,
    [id],
  );
  expect(entries.map(({ action }) => action)).toEqual([
    'webhook.created',
    'webhook.updated',
    'webhook.secret-rotated',
    'webhook.deleted',
  ]);
  expect(entries[0]!.text).toContain('http://127.0.0.1:9');
  expect(entries.map(({ text }) => text).join()).not.toContain('t0ken');
});

it('lists deliveries page by page and by status', async () => {
  const { id } = await hooks.webhook();
  for (let i = 0; i < 5; i++) await hooks.alert();
  await hooks.plan();
  const seen: string[] = [];
  let cursor: string | null = '';
  do {
    const more: string = cursor === '' ? '' : `&cursor=${cursor}`;
    const page = await admin.get(`/webhooks/${id}/deliveries?limit=2&status=pending&count=true${more}`);
    expect(page.body.total).toBe(5);
    seen.push(...(page.body.items as { id: string }[]).map((item) => item.id));
    cursor = page.body.nextCursor as string | null;
  } while (cursor !== null);
  expect(seen).toEqual([...new Set(seen)].sort().reverse());
  expect(seen).toHaveLength(5);
  expect((await admin.get(`/webhooks/${id}/deliveries?status=delivered`)).body.items).toEqual([]);
  expect((await admin.get(`/webhooks/${id}/deliveries?status=lost`)).status).toBe(422);
  expect((await admin.get(`/webhooks/${id}/deliveries?cursor=forged`)).status).toBe(422);
  expect((await admin.post(`/webhooks/${id}/deliveries/${id}/resend`)).status).toBe(404);
});

it('answers a retried creation with the first answer', async () => {
  const headers = { 'idempotency-key': 'webhook-1' };
  const body = { url: URL_HERE, types: ['case.*'] };
  const first = await admin.post('/webhooks', body, headers);
  const again = await admin.post('/webhooks', body, headers);
  expect(again.headers['idempotent-replayed']).toBe('true');
  expect(again.text).toBe(first.text);
  expect((await admin.get('/webhooks')).body.items).toHaveLength(1);
});

it('lets an agency have 50 webhooks and no more', async () => {
  const county = await hooks.admin(COUNTY);
  const body = { url: URL_HERE, types: ['case.*'] };
  for (let i = 0; i < 49; i++) expect((await county.post('/webhooks', body)).status).toBe(201);
  const last = await Promise.all([county.post('/webhooks', body), county.post('/webhooks', body)]);
  expect(last.map(({ status }) => status).sort()).toEqual([201, 409]);
});

it('shows in the metrics what waits and how attempts ended', async () => {
  const { receiver } = await hooks.webhook();
  const metrics = hooks.app.app.get(Metrics).registry;
  const value = async (line: string): Promise<number> =>
    Number(new RegExp(`^${line.replace(/[{}]/g, '\\$&')} (.+)$`, 'm').exec(await metrics.metrics())?.[1] ?? 0);
  const delivered = await value('sanji_webhook_attempts_total{result="delivered"}');
  const failed = await value('sanji_webhook_attempts_total{result="failed"}');
  await hooks.alert();
  await hooks.plan();
  hooks.app.clock.advanceMinutes(2);
  expect(await value('sanji_webhook_deliveries_waiting')).toBe(1);
  expect(await value('sanji_webhook_oldest_waiting_seconds')).toBe(120);
  receiver.answer = () => 500;
  await hooks.send();
  expect(await value('sanji_webhook_attempts_total{result="failed"}')).toBe(failed + 1);
  receiver.answer = () => 200;
  await hooks.toNextAttempt();
  await hooks.send();
  expect(await value('sanji_webhook_attempts_total{result="delivered"}')).toBe(delivered + 1);
  expect(await value('sanji_webhook_deliveries_waiting')).toBe(0);
});
