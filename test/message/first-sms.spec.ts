import { pino } from 'pino';
import { FirstSmsSender } from '../../src/message/first-sms.sender.js';
import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { Post } from './support.js';

const PHONE = '13712345678';
const log: string[] = [];

describe('the first SMS to the warned person', () => {
  let post: Post;

  beforeEach(async () => {
    log.length = 0;
    post = await Post.start({}, pino({ level: 'trace' }, { write: (line: string) => void log.push(line) }) as never);
  });
  afterEach(() => post.stop());

  const low = (overrides: Record<string, unknown> = {}): Promise<{ id: string; alertNo: string }> =>
    post.alert({ riskLevel: 'low', subject: { name: '赵小明', phone: PHONE }, ...overrides });

  async function round(): Promise<void> {
    await post.plan();
    await post.firstSms.round();
  }

  const attempts = (id: string): Promise<unknown[]> =>
    post.rows(
      `SELECT a.code AS agency, t.hop, t.method, t.at, t.reached, t.participant_kinds, t.recorded_by
       FROM attempt t JOIN agency a ON a.id = t.agency_id WHERE t.alert_id = $1`,
      [id],
    );
  const recorded = (): object => ({
    agency: '411322',
    hop: 1,
    method: 'sms',
    at: post.app.clock.now(),
    reached: false,
    participant_kinds: [],
    recorded_by: null,
  });

  it('goes out for a low alert and is an attempt of the agency that holds it', async () => {
    const { id, alertNo } = await low();
    await round();
    expect(post.receiver.sentTo('/sms')).toEqual([
      { to: PHONE, text: DEFAULT_POLICIES.messages.smsText.replace('{{caseNo}}', alertNo), cases: alertNo, id },
    ]);
    expect(await attempts(id)).toEqual([recorded()]);
    expect(await post.events(id, 'attempted')).toMatchObject([{ method: 'sms', reached: false, participants: [] }]);
    expect(await post.events(id, 'messaged')).toEqual([
      { purpose: 'subject', agency: '411322', channel: 'sms', delivered: true, cases: 1 },
    ]);
    expect(await post.rows('SELECT sms_attempts FROM alert WHERE id = $1', [id])).toEqual([{ sms_attempts: 1 }]);
    // It stands for the step that the ladder needs at this level.
    const officer = await post.app.user('411322', 'officer');
    await officer.post(`/alerts/${id}/accept`);
    const outcome = { result: 'dissuaded', interceptedFen: 0, lossFen: 0, note: '已劝阻' };
    expect((await officer.post(`/alerts/${id}/outcome`, outcome)).status).toBe(200);
    expect(await post.app.app.get(VerifyService).verify()).toMatchObject({ found: 0 });
  });

  it('is an attempt as well where the provider says no', async () => {
    post.receiver.refuse(500);
    const { id } = await low();
    await round();
    await round();
    expect(post.receiver.received).toHaveLength(1);
    expect(await attempts(id)).toEqual([recorded()]);
    expect(await post.events(id, 'messaged')).toMatchObject([{ purpose: 'subject', delivered: false }]);
  });

  it('is never sent twice: what a crash leaves unknown is recorded as not delivered', async () => {
    const { id } = await low();
    await post.plan();
    const sentAt = post.app.clock.now();
    const { claimed } = await post.firstSms.claim();
    await post.firstSms.send(claimed[0]!.message);
    // The process is gone before it could record. Others wait until it can't be alive any more.
    const second = await post.second();
    try {
      const other = second.app.get(FirstSmsSender);
      await other.round();
      expect(await attempts(id)).toEqual([]);
      post.app.clock.advanceMinutes(3);
      await Promise.all([other.round(), post.firstSms.round()]);
      await other.round();
    } finally {
      await second.stop(false);
    }
    expect(post.receiver.received).toHaveLength(1);
    expect(await attempts(id)).toEqual([{ ...recorded(), at: sentAt }]);
    expect(await post.rows('SELECT status, delivered, reason FROM first_sms')).toEqual([
      { status: 'recorded', delivered: false, reason: 'unknown' },
    ]);
  });

  it('goes out once under two instances, also where the alert is handed out again', async () => {
    const second = await post.second();
    try {
      const { id } = await low();
      await Promise.all([post.plan(), post.plan(second)]);
      await Promise.all([post.firstSms.round(), second.app.get(FirstSmsSender).round()]);
      const county = await post.app.user('411322', 'officer');
      const city = await post.app.user('4113', 'officer');
      await county.post(`/alerts/${id}/return`, { reason: 'not-local', note: '现居邻县' });
      expect((await city.post(`/alerts/${id}/push`, { agency: '411325' })).status).toBe(200);
      await round();
      expect(post.receiver.received).toHaveLength(1);
      expect(await attempts(id)).toHaveLength(1);
    } finally {
      await second.stop(false);
    }
  });

  it('waits for the push where the county is unknown, and is credited to whoever got the alert', async () => {
    const { id } = await low({ divisionCode: undefined });
    await round();
    expect(post.receiver.received).toEqual([]);
    const city = await post.app.user('4113', 'officer');
    await city.post(`/alerts/${id}/push`, { agency: '411325' });
    await round();
    expect(await attempts(id)).toEqual([{ ...recorded(), agency: '411325' }]);
  });

  it('is not sent at other levels, nor where the case has ended or has an SMS by then, nor to a landline', async () => {
    await post.alert({ riskLevel: 'medium' });
    const ended = await low();
    const made = await low({ subject: { phone: '13712345679' } });
    await low({ subject: { phone: '037762345678' } });
    await post.plan();
    const city = await post.app.user('4113', 'officer');
    const county = await post.app.user('411322', 'officer');
    await city.post(`/alerts/${ended.id}/withdraw`, { reason: '测试数据' });
    await county.post(`/alerts/${made.id}/accept`);
    const at = post.app.clock.now().toISOString();
    await county.post(`/alerts/${made.id}/attempts`, { method: 'sms', at, reached: true, participants: [] });
    await post.firstSms.round();
    expect(post.receiver.received).toEqual([]);
    expect(await post.rows('SELECT status, reason FROM first_sms ORDER BY reason')).toEqual([
      { status: 'skipped', reason: 'ended' },
      { status: 'skipped', reason: 'landline' },
      { status: 'skipped', reason: 'sms-made' },
    ]);
  });

  it('follows the policy of the city: other levels, other words, or none', async () => {
    const admin = await post.app.user('4113', 'admin');
    const smsText = '请勿转账,{{agency}}提醒您谨防诈骗,编号{{caseNo}}。';
    const put = (autoSmsLevels: string[]) => admin.put('/policies/messages', { document: { autoSmsLevels, smsText } });
    expect((await put(['high'])).status).toBe(200);
    await low();
    const { alertNo } = await post.alert({ riskLevel: 'high' });
    await round();
    expect(post.receiver.sentTo('/sms').map(({ text }) => text)).toEqual([
      `请勿转账,方城县公安局提醒您谨防诈骗,编号${alertNo}。`,
    ]);
    post.app.clock.advanceMinutes(1);
    expect((await put([])).status).toBe(200);
    await post.alert({ riskLevel: 'high' });
    await round();
    expect(post.receiver.received).toHaveLength(1);
    expect((await put(['lowest'])).status).toBe(422);
  });

  it('leaves the phone in no table and no log, and in the audit log that it was used', async () => {
    await post.person('411322', 'officer', '13900001111');
    const { id } = await low();
    await post.remind(id);
    post.receiver.refuse(400, `{"error":"bad number ${PHONE}"}`);
    await round();
    await post.deliver();
    const tables = await post.rows<{ name: string }>(
      `SELECT relname AS name FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace`,
    );
    expect(tables.length).toBeGreaterThan(20);
    for (const { name } of tables) {
      const rows = await post.rows<{ row: string }>(`SELECT t::text AS row FROM ${name} t`);
      expect(rows.filter(({ row }) => /13712345678|13900001111/.test(row))).toEqual([]);
    }
    expect(log.join('\n')).toMatch(/a message was not delivered/);
    expect(log.join('\n')).not.toMatch(/13712345678|13900001111/);
    expect(await post.rows(`SELECT object_id FROM audit_entry WHERE action = 'alert.first-sms'`)).toEqual([
      { object_id: id },
    ]);
  });
});
