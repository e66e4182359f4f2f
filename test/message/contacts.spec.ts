import { FirstSmsSender } from '../../src/message/first-sms.sender.js';
import { MessageWorker } from '../../src/message/message.worker.js';
import { Metrics } from '../../src/platform/ops/metrics.js';
import { signal, TestApp } from '../support/app.js';
import { Post } from './support.js';

describe('where messages reach people', () => {
  let post: Post;
  beforeAll(async () => {
    post = await Post.start();
  });
  afterAll(() => post.stop());

  it('is kept sealed, answered masked, and on record in the audit log without the address', async () => {
    const officer = await post.app.user('411322', 'officer');
    const none = { channel: null, address: null, sending: true, channels: ['sms', 'wecom'] };
    expect((await officer.get('/auth/me/contact')).body).toEqual(none);
    const given = await officer.put('/auth/me/contact', { channel: 'sms', address: '+86 139-0000-1234' });
    expect([given.status, given.body]).toEqual([200, { ...none, channel: 'sms', address: '139****1234' }]);
    expect((await officer.get('/auth/me/contact')).body).toEqual(given.body);
    const rows = await post.rows<{ row: string }>('SELECT c::text AS row FROM message_contact c');
    expect(rows.filter(({ row }) => row.includes('13900001234'))).toEqual([]);
    expect(await post.rows(`SELECT action, data FROM audit_entry WHERE action = 'contact.set'`)).toEqual([
      { action: 'contact.set', data: { channel: 'sms' } },
    ]);
    expect((await officer.put('/auth/me/contact', { channel: null, address: null })).body).toEqual(none);
  });

  it.each([
    ['a landline', { channel: 'sms', address: '037762345678' }, '/address'],
    ['no phone', { channel: 'sms', address: 'call me' }, '/address'],
    ['spaces', { channel: 'wecom', address: 'two words' }, '/address'],
    ['a channel that there is not', { channel: 'pigeon', address: 'loft' }, '/channel'],
    ['half a contact', { channel: 'sms', address: null }, '/address'],
    ['the other half', { channel: null, address: '13900001234' }, '/channel'],
    ['no contact at all', {}, '/channel'],
    ['a number', { channel: 'sms', address: 13900001234 }, '/address'],
  ])('is refused with %s', async (_what, body, pointer) => {
    const officer = await post.app.user('411322', 'officer');
    const answer = await officer.put('/auth/me/contact', body);
    expect(answer.status).toBe(422);
    expect((answer.body.errors as { pointer: string }[]).map((fault) => fault.pointer)).toContain(pointer);
  });

  it('forgets messages that ended a month ago', async () => {
    await post.person('411322', 'officer', '13900000001');
    const { id } = await post.alert({ riskLevel: 'low' });
    await post.remind(id);
    await post.deliver();
    await post.firstSms.round();
    const counts = () =>
      post.rows(`SELECT (SELECT count(*) FROM message)::int + (SELECT count(*) FROM first_sms)::int AS kept`);
    const worker = post.app.app.get(MessageWorker);
    await worker.purge();
    expect(await counts()).toEqual([{ kept: 2 }]);
    post.app.clock.advanceMinutes(31 * 24 * 60);
    await worker.purge();
    expect(await counts()).toEqual([{ kept: 0 }]);
    const metrics = await post.app.app.get(Metrics).registry.metrics();
    expect(metrics).toContain('sanji_message_tries_total{channel="sms",purpose="subject",result="delivered"} 1');
    expect(metrics).toContain('sanji_messages_waiting 0');
  });
});

describe('where messages are off', () => {
  it('nothing is planned, nothing piles up, and a contact may be given for later', async () => {
    const app = await TestApp.start();
    try {
      const officer = await app.user('411322', 'officer');
      const answer = await officer.put('/auth/me/contact', { channel: 'dingtalk', address: 'robot-key-1' });
      expect(answer.body).toEqual({ channel: 'dingtalk', address: '****ey-1', sending: false, channels: null });
      const feed = await app.feed();
      await feed.post('/alerts', signal({ riskLevel: 'low' }));
      await app.app.get(FirstSmsSender).round();
      const metrics = await app.app.get(Metrics).registry.metrics();
      expect(metrics).toContain('sanji_messages_waiting 0');
    } finally {
      await app.stop();
    }
  });
});
