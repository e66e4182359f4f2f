import { MessageSender } from '../../src/message/message.sender.js';
import { MessagePlanner } from '../../src/message/message.planner.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { Post } from './support.js';

describe('reminders to officers', () => {
  let post: Post;

  beforeEach(async () => {
    post = await Post.start();
  });
  afterEach(() => post.stop());

  const delivered = { purpose: 'officers', agency: '411322', channel: 'sms', delivered: true, cases: 1 };

  it("reach the holder's officers, say what and by when, and land on the timeline without a new version", async () => {
    await post.person('411322', 'officer', '13900000001');
    const { id, alertNo } = await post.alert();
    await post.remind(id);
    const before = await post.rows('SELECT version, event_seq FROM alert WHERE id = $1', [id]);
    await post.deliver();
    expect(post.receiver.sentTo('/sms')).toEqual([
      {
        to: '13900000001',
        text: `预警 ${alertNo} 签收时限已过半,请于 06-01 10:30 前完成。`,
        cases: alertNo,
        id: expect.any(String),
      },
    ]);
    expect(await post.events(id, 'messaged')).toEqual([delivered]);
    const [{ version, event_seq: seq }] = before as [{ version: number; event_seq: number }];
    expect(await post.rows('SELECT version, event_seq FROM alert WHERE id = $1', [id])).toEqual([
      { version, event_seq: seq + 1 },
    ]);
    expect(await post.rows('SELECT status, tries, reference FROM message')).toEqual([
      { status: 'delivered', tries: 1, reference: 'M-1' },
    ]);
  });

  it('of several cases within the window are one message, and none is sent before the window has passed', async () => {
    await post.person('411322', 'officer', '13900000001');
    const alerts = [await post.alert(), await post.alert(), await post.alert()];
    for (const { id } of alerts) await post.remind(id);
    await post.plan();
    await post.sendAgain();
    expect(post.receiver.received).toEqual([]);
    await post.deliver();
    const [message, ...more] = post.receiver.sentTo('/sms');
    expect(more).toEqual([]);
    expect(message!.text).toMatch(/^您有 3 条预警待处理:/);
    for (const { id, alertNo } of alerts) {
      expect(message!.text).toContain(alertNo);
      expect(await post.events(id, 'messaged')).toEqual([{ ...delivered, cases: 3 }]);
    }
    await post.deliver();
    expect(post.receiver.received).toHaveLength(1);
  });

  it('go to those whom the event names: supervisors above, officers of the holder, and to no sibling', async () => {
    await post.person('411322', 'officer', '13900000001');
    await post.person('411322', 'supervisor', '13900000002');
    await post.person('4113', 'supervisor', '13900000003');
    await post.person('4113', 'officer', '13900000004');
    await post.person('411325', 'officer', '13900000005');
    await post.person('411325', 'supervisor', '13900000006');
    await post.app.user('411322', 'officer');
    const { id } = await post.alert();
    const late = { clock: 'accept', agency: '411322', told: '4113', dueAt: '2023-06-01T02:30:00.000Z', late: false };
    const to = async (): Promise<string[]> => {
      post.receiver.received.length = 0;
      await post.deliver();
      return post.receiver
        .sentTo('/sms')
        .map((message) => message.to)
        .sort();
    };
    await post.happen(id, 'clock-overdue', late);
    expect(await to()).toEqual(['13900000003']);
    await post.happen(id, 'clock-climbed', late);
    expect(await to()).toEqual(['13900000001', '13900000003']);
    await post.happen(id, 'urged', { urgeId: id, agency: '411322', replyBy: null });
    expect(await to()).toEqual(['13900000001']);
    // An agency that never held the case is told nothing of it, whatever the event says.
    await post.happen(id, 'clock-reminded', { ...late, agency: '411325' });
    await post.happen(id, 'follow-up-due', { agency: '411325', dueAt: late.dueAt });
    expect(await to()).toEqual([]);
  });

  it("go to an agency's robot as well, and no more to whoever left or wants none", async () => {
    const admin = await post.app.user('4113', 'admin');
    const robot = { channel: 'wecom', address: 'robot-key-9d2f' };
    expect((await admin.put('/agencies/411322/message-contact', robot)).body).toMatchObject({
      channel: 'wecom',
      address: '****9d2f',
    });
    const leaver = await post.person('411322', 'officer', '13900000001');
    const silent = await post.person('411322', 'officer', '13900000002');
    const { id } = await post.alert();
    await post.remind(id);
    await post.plan();
    await post.rows('UPDATE user_account SET disabled_at = now() WHERE username = $1', [leaver.name]);
    expect((await silent.put('/auth/me/contact', { channel: null, address: null })).status).toBe(200);
    await post.deliver();
    expect(post.receiver.sentTo('/wecom').map(({ to }) => to)).toEqual(['robot-key-9d2f']);
    expect(post.receiver.sentTo('/sms')).toEqual([]);
    expect(await post.rows('SELECT 1 FROM message_line WHERE message_id IS NULL')).toEqual([]);
  });

  it('are at most ten an hour for each person; the rest waits and comes in one', async () => {
    await post.person('411322', 'officer', '13900000001');
    const { id } = await post.alert();
    for (let sent = 0; sent < 13; sent++) {
      await post.happen(id, 'urged', { urgeId: id, agency: '411322', replyBy: null });
      await post.deliver();
    }
    expect(post.receiver.received).toHaveLength(10);
    post.app.clock.advanceMinutes(60);
    await post.deliver();
    expect(post.receiver.received).toHaveLength(11);
    expect(
      post.receiver
        .sentTo('/sms')
        .at(-1)!
        .text.match(/已被督办/g),
    ).toHaveLength(3);
  });

  it('are tried again, later each time, until they are delivered', async () => {
    await post.person('411322', 'officer', '13900000001');
    const { id } = await post.alert();
    await post.remind(id);
    post.receiver.refuse(503);
    await post.deliver();
    await post.sendAgain();
    expect(post.receiver.received).toHaveLength(1);
    post.app.clock.advanceMinutes(0.25);
    await post.sendAgain();
    expect(post.receiver.received).toHaveLength(2);
    post.app.clock.advanceMinutes(0.25);
    await post.sendAgain();
    expect(post.receiver.received).toHaveLength(2);
    expect(await post.events(id, 'messaged')).toEqual([]);
    post.receiver.accept();
    post.app.clock.advanceMinutes(0.25);
    await post.sendAgain();
    expect(await post.events(id, 'messaged')).toEqual([delivered]);
    expect(new Set(post.receiver.sentTo('/sms').map((message) => message.id)).size).toBe(1);
  });

  it('are given up after an hour, and the timeline says so once', async () => {
    await post.person('411322', 'officer', '13900000001');
    const { id } = await post.alert();
    await post.remind(id);
    post.receiver.answer = (_, response) => response.writeHead(200).end('{"errcode":93000,"to":"13900000001"}');
    await post.deliver();
    for (let minute = 0; minute < 70; minute++) {
      post.app.clock.advanceMinutes(1);
      await post.sendAgain();
    }
    expect(await post.events(id, 'messaged')).toEqual([{ ...delivered, delivered: false }]);
    expect(await post.rows('SELECT status, reason FROM message')).toEqual([
      { status: 'failed', reason: 'not-accepted' },
    ]);
    expect(post.receiver.received.length).toBeGreaterThan(5);
    expect(post.receiver.received.length).toBeLessThan(15);
  });

  it('are planned exactly once by two instances, and sent again where one died while sending', async () => {
    const second = await post.second();
    try {
      await post.person('411322', 'officer', '13900000001');
      const alerts = await Promise.all(Array.from({ length: 5 }, () => post.alert()));
      for (const { id } of alerts) {
        await post.remind(id);
        await Promise.all([post.plan(), post.plan(second), post.plan(), post.plan(second)]);
      }
      expect(await post.rows('SELECT count(*)::int AS lines FROM message_line')).toEqual([{ lines: 5 }]);
      post.app.clock.advanceMinutes(1);
      await Promise.all([post.plan(), post.plan(second)]);
      expect(await post.rows('SELECT count(*)::int AS messages FROM message')).toEqual([{ messages: 1 }]);
      // The first instance takes the message, sends it, and dies before it can say so.
      const sender = post.app.app.get(MessageSender);
      const [taken] = await sender.claim();
      await sender.send(taken!.message, taken!.lines);
      await second.app.get(MessageSender).round();
      expect(post.receiver.received).toHaveLength(1);
      post.app.clock.advanceMinutes(1);
      await Promise.all([second.app.get(MessageSender).round(), sender.round()]);
      expect(post.receiver.received).toHaveLength(2);
      for (const { id } of alerts) expect(await post.events(id, 'messaged')).toHaveLength(1);
    } finally {
      await second.stop(false);
    }
  });

  it('begin with what happens after messages were switched on, and leave out what is an hour old', async () => {
    await post.person('411322', 'officer', '13900000001');
    const { id } = await post.alert();
    await post.remind(id);
    await post.rows('DELETE FROM message_cursor');
    await post.deliver();
    await post.remind(id);
    post.app.clock.advanceMinutes(61);
    await post.deliver();
    expect(post.receiver.received).toEqual([]);
    expect(await post.app.app.get(MessagePlanner).round()).toBe(false);
  });

  it('follow the clocks themselves, and leave a history that verifies', async () => {
    await post.person('411322', 'officer', '13900000001');
    await post.person('4113', 'supervisor', '13900000003');
    const low = await post.alert({ riskLevel: 'low' });
    const medium = await post.alert();
    await post.plan();
    await post.firstSms.round();
    post.app.clock.advanceMinutes(4 * 60 + 1);
    await post.app.clocks();
    await post.deliver();
    const texts = new Map(post.receiver.sentTo('/sms').map(({ to, text }) => [to, text]));
    expect(texts.get('13900000001')).toContain(`${low.alertNo} 签收时限已过半,请于 06-01 17:30 前完成`);
    expect(texts.get('13900000001')).toContain(`${medium.alertNo} 签收严重超时(时限 06-01 10:30),请立即处置;`);
    expect(texts.get('13900000001')).not.toContain(`${medium.alertNo} 签收时限已过半`);
    expect(texts.get('13900000001')).toContain(`${medium.alertNo} 已被督办`);
    expect(texts.get('13900000003')).toContain(`${medium.alertNo} 签收严重超时(时限 06-01 10:30),请立即处置`);
    expect(await post.events(low.id, 'messaged')).toMatchObject([{ purpose: 'subject' }, { purpose: 'officers' }]);
    const { differences } = await post.app.app.get(VerifyService).verify();
    expect(differences).toEqual([]);
  });
});
