import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import { call, FALSE_ALARM, outcome, PLACES, World, type Answer, type Place } from './support.js';

describe('hand-overs', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['city', 'county', 'township', 'township2', 'county2', 'township3'], ['4113', '4201']);
  });
  afterAll(() => world.stop());

  const RETURN = { reason: 'wrong-jurisdiction', note: '不归我管' };
  const read = async (id: string): Promise<Answer['body']> => (await world.get('city', `/alerts/${id}`)).body;
  const wait = (minutes: number): void => world.app.clock.advanceMinutes(minutes);

  describe('clocks', () => {
    let id: string;
    let start: number;
    beforeEach(async () => {
      start = world.app.clock.now().getTime();
      id = await world.alert({ riskLevel: 'high' });
    });
    /** Minutes from the first push until the earliest clock not yet met, and whether it has run out. */
    const due = async (): Promise<[number | null, boolean]> => {
      const { nextDueAt, overdue } = await read(id);
      return [nextDueAt && (Date.parse(nextDueAt) - start) / 60_000, overdue];
    };
    const must = (place: Place, command: string, body?: unknown): Promise<Answer['body']> =>
      world.must(place, id, command, body);

    it('start at the first push and go on through every move: moving a case buys no time', async () => {
      expect(await due()).toEqual([15, false]); // signed for within 15 minutes
      wait(10);
      await must('county', 'accept');
      expect(await due()).toEqual([30, false]); // called within 30
      wait(2);
      await must('county', 'forward', { agency: PLACES.township });
      expect(await due()).toEqual([27, false]); // the township signs within 15 of its own
      wait(8);
      await must('township', 'accept');
      expect(await due()).toEqual([30, false]);
      wait(5);
      await must('township', 'return', RETURN);
      expect(await due()).toEqual([30, false]); // its accept clock is at 40
      wait(5);
      expect(await due()).toEqual([30, true]); // at the limit, not after it
      await must('city', 'recall', { reason: '市级研判' });
      expect(await due()).toEqual([30, true]); // also on the city's desk
      await must('city', 'push', { agency: PLACES.county2 });
      expect(await due()).toEqual([30, true]);
      await must('county2', 'accept');
      await must('county2', 'attempts', world.attempt('call'));
      expect(await due()).toEqual([240, false]); // seen within 4 hours
      await must('county2', 'attempts', world.attempt('visit', { reached: false }));
      expect(await due()).toEqual([240, false]); // nobody was seen
      await must('county2', 'attempts', world.attempt('visit'));
      expect(await due()).toEqual([720, false]); // reported within 12
      await must('county2', 'outcome', outcome({ result: 'partial-loss', lossFen: 1 }));
      expect(await due()).toEqual([null, false]);
      await must('city', 'review', { decision: 'reject' });
      expect(await due()).toEqual([null, false]); // reported is reported
    });

    it('are met by when a call was made, not by when it was written down', async () => {
      await must('county', 'accept');
      wait(35);
      expect(await due()).toEqual([30, true]);
      const made = new Date(start + 20 * 60_000).toISOString();
      await must('county', 'attempts', world.attempt('call', { at: made }));
      expect(await due()).toEqual([240, false]);
      const [row] = await world.sql('SELECT call_met_at AS met FROM alert WHERE id = $1', [id]);
      expect(row).toEqual({ met: new Date(made) });
    });

    it('tell who signed late', async () => {
      wait(16);
      expect(await due()).toEqual([15, true]);
      await must('county', 'accept');
      const { items } = (await world.get('county', `/alerts/${id}/timeline`)).body;
      expect(items.at(-1)).toMatchObject({ type: 'accepted', data: { late: true } });
      expect(await due()).toEqual([30, false]);
    });

    it('are hastened by a higher level, never put off', async () => {
      wait(14);
      const raised = await must('city', 'escalate', { riskLevel: 'urgent', reason: '正在转账' });
      expect(raised).toMatchObject({ riskLevel: 'urgent', visitRequired: true });
      expect(await due()).toEqual([15, false]); // five minutes from now would be later
      await must('county', 'accept');
      expect(await due()).toEqual([24, false]); // ten minutes from now is earlier than 30
      const hops = (await world.get('county', `/alerts/${id}/assignments`)).body.items;
      expect(hops).toHaveLength(1);
      expect((Date.parse(hops[0].acceptDueAt) - start) / 60_000).toBe(15);
    });

    it('keep the deadlines they began with when the policy changes', async () => {
      const admin = await world.app.user('4113', 'admin');
      const { clocks } = DEFAULT_POLICIES;
      const hurried = {
        ...clocks,
        high: { ...clocks.high, acceptMinutes: 6, callMinutes: 8 },
        urgent: { ...clocks.urgent, callMinutes: 8 },
      };
      const put = (document: unknown): Promise<Answer> =>
        call(world.app, admin, { method: 'PUT', path: '/policies/clocks', body: { document } });
      wait(1);
      expect((await put(hurried)).status).toBe(200);
      expect(await due()).toEqual([15, false]);
      await must('county', 'accept');
      expect(await due()).toEqual([30, false]);
      await must('county', 'forward', { agency: PLACES.township });
      expect(await due()).toEqual([7, false]); // a clock that starts now has the new limit
      wait(1);
      expect((await put(clocks)).status).toBe(200);
    });
  });

  it('an alert is returned twice at most, whoever returns it; then the city decides', async () => {
    const id = await world.alert();
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: PLACES.township });
    await world.must('township', id, 'return', RETURN);
    await world.must('county', id, 'return', RETURN);
    await world.must('city', id, 'push', { agency: PLACES.county2 });
    const refused = await world.give('county2', id, 'return', RETURN);
    expect([refused.status, refused.body.code]).toEqual([409, 'too-many-returns']);
    await world.must('city', id, 'transfer', { agency: PLACES.county, reason: '市级裁定' });
    const reasons = await world.sql(
      'SELECT agency.code, ended_how AS how, return_reason AS why FROM assignment JOIN agency ON agency.id = agency_id WHERE alert_id = $1 ORDER BY hop',
      [id],
    );
    expect(reasons).toEqual([
      { code: PLACES.county, how: 'forward', why: null },
      { code: PLACES.township, how: 'return', why: RETURN.reason },
      { code: PLACES.county, how: 'return', why: RETURN.reason },
      { code: PLACES.county2, how: 'transfer', why: null },
      { code: PLACES.county, how: null, why: null },
    ]);
  });

  it.each([
    ['push', 'city', PLACES.township, 'a township'],
    ['push', 'city', '420102', "another city's county"],
    ['push', 'city', '999999', 'nobody'],
    ['transfer', 'city', PLACES.township3, 'a township'],
    ['transfer', 'city', PLACES.city, 'the city'],
    ['transfer', 'county', PLACES.township3, "another county's township"],
    ['transfer', 'county', PLACES.county2, 'a county'],
    ['forward', 'county', PLACES.township3, "another county's township"],
    ['forward', 'county', PLACES.county, 'itself'],
  ] as const)('%s by the %s does not go to %s (%s)', async (command, place, agency, _what) => {
    const id = await world.alert(command === 'push' ? { divisionCode: '4113' } : {});
    if (command !== 'push') await world.must('county', id, 'accept');
    if (command === 'transfer') await world.must('county', id, 'forward', { agency: PLACES.township });
    const before = await read(id);
    const answer = await world.give(place, id, command, {
      agency,
      ...(command === 'transfer' ? { reason: '错' } : {}),
    });
    expect([answer.status, answer.body.code]).toEqual([422, 'wrong-target-agency']);
    expect(await read(id)).toEqual(before);
  });

  it('a transfer to where the case is is refused', async () => {
    const id = await world.alert();
    const answer = await world.give('city', id, 'transfer', { agency: PLACES.county, reason: '错' });
    expect([answer.status, answer.body.code]).toEqual([409, 'already-there']);
  });

  it('a transfer drops the outcome that waits for review', async () => {
    const id = await world.alert();
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: PLACES.township });
    await world.must('township', id, 'accept');
    await world.must('township', id, 'outcome', FALSE_ALARM);
    await world.must('county', id, 'transfer', { agency: PLACES.township2, reason: '人在博望镇' });
    await world.must('township2', id, 'accept');
    await world.must('township2', id, 'outcome', FALSE_ALARM);
    expect(await world.must('county', id, 'review', { decision: 'approve' })).toMatchObject({ status: 'closed' });
    const outcomes = await world.sql('SELECT decision FROM outcome WHERE alert_id = $1 ORDER BY submitted_at, id', [
      id,
    ]);
    expect(outcomes).toEqual([{ decision: 'reject' }, { decision: 'approve' }]);
  });

  it('a level is raised, never lowered or repeated', async () => {
    const id = await world.alert({ riskLevel: 'medium' });
    for (const riskLevel of ['low', 'medium']) {
      const answer = await world.give('county', id, 'escalate', { riskLevel, reason: '错' });
      expect([answer.status, answer.body.code]).toEqual([422, 'risk-not-higher']);
    }
    expect((await read(id)).visitRequired).toBe(false);
    await world.must('county', id, 'escalate', { riskLevel: 'high', reason: '高危' });
    expect(await read(id)).toMatchObject({ riskLevel: 'high', visitRequired: true });
  });

  it('an urge stays open until the holder, whoever that is by then, replies', async () => {
    const id = await world.alert();
    const late = await world.give('city', id, 'urge', { note: '快', replyBy: world.now });
    expect(late.body.errors).toEqual([{ pointer: '/replyBy', message: expect.any(String) }]);
    await world.must('city', id, 'urge', {
      note: '快',
      replyBy: new Date(Date.parse(world.now) + 60_000).toISOString(),
    });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: PLACES.township });
    await world.must('county', id, 'urge', { note: '再快' });
    const urged = (await world.get('township', '/alerts?urged=true&queue=mine')).body.items;
    expect(urged.map((alert: { id: string }) => alert.id)).toContain(id);
    expect((await world.give('county', id, 'reply', { note: '我代答' })).status).toBe(409);
    expect(await world.must('township', id, 'reply', { note: '已到现场' })).toMatchObject({ urged: false });
    expect((await world.give('township', id, 'reply', { note: '再答' })).status).toBe(409);
    const [open] = await world.sql('SELECT count(*) FROM urge WHERE alert_id = $1 AND ended_at IS NULL', [id]);
    expect(open).toEqual({ count: 0 });
  });

  it('a withdrawn alert is over: its clocks and urges end, and the person gets a new one', async () => {
    const phone = '13700000001';
    const id = await world.alert({ subject: { phone } });
    await world.must('city', id, 'urge', { note: '快' });
    expect(await world.must('city', id, 'withdraw', { reason: '测试数据' })).toMatchObject({
      status: 'withdrawn',
      urged: false,
      nextDueAt: null,
      closedAt: null,
      result: null,
    });
    const next = await world.intake({ subject: { phone } });
    expect(next.body).toMatchObject({ status: 'assigned', previousAlerts: 0 });
  });

  describe('a reopened alert', () => {
    const phone = '13700000002';
    let id: string;
    beforeAll(async () => {
      id = await world.alert({ subject: { phone } });
      await world.must('county', id, 'accept');
      await world.must('county', id, 'attempts', world.attempt('call'));
      await world.must('county', id, 'outcome', outcome({ interceptedFen: 100, interceptedBasis: 'bank-blocked' }));
    });

    it('is refused while the person has another open one, and nothing changes', async () => {
      const other = await world.alert({ subject: { phone } });
      const before = await read(id);
      const answer = await world.give('city', id, 'reopen', { reason: '仍在转账' });
      expect([answer.status, answer.body.code]).toEqual([409, 'open-alert-exists']);
      expect(await read(id)).toEqual(before);
      await world.must('city', other, 'withdraw', { reason: '让路' });
    });

    it('goes to its last holder without a result; its money counts no more, its follow-ups are off', async () => {
      const planned = await world.sql('SELECT cancelled_at FROM follow_up WHERE alert_id = $1', [id]);
      expect(planned).toEqual([{ cancelled_at: null }]);
      expect(await world.must('city', id, 'reopen', { reason: '仍在转账' })).toMatchObject({
        status: 'in_progress',
        holder: { code: PLACES.county },
        result: null,
        closedAt: null,
      });
      const [left] = await world.sql(
        `SELECT (SELECT count(*) FROM follow_up WHERE alert_id = $1 AND cancelled_at IS NULL) AS planned,
           (SELECT count(*) FROM outcome WHERE alert_id = $1 AND decision = 'approve' AND voided_at IS NULL) AS standing`,
        [id],
      );
      expect(left).toEqual({ planned: 0, standing: 0 });
      await world.must('county', id, 'outcome', outcome());
      expect((await read(id)).result).toBe('dissuaded');
    });
  });

  describe('If-Match', () => {
    it('takes the version that was read, and refuses another with 412, changing nothing', async () => {
      const id = await world.alert();
      const { headers } = await world.get('county', `/alerts/${id}`);
      expect(headers['etag']).toBe('"1"');
      for (const stale of ['"0"', '"2"', '1', 'nonsense', '"7", "8"', '']) {
        const answer = await world.give('county', id, 'accept', {}, { 'if-match': stale });
        expect([stale, answer.status, answer.headers['etag']]).toEqual([stale, 412, '"1"']);
      }
      expect((await read(id)).version).toBe(1);
      const taken = await world.give('county', id, 'accept', {}, { 'if-match': 'W/"1", "9"' });
      expect([taken.status, taken.headers['etag']]).toEqual([200, '"2"']);
      expect((await world.give('county', id, 'return', RETURN, { 'if-match': '*' })).status).toBe(200);
    });

    it('is held against the version before the state: who is late learns that first', async () => {
      const id = await world.alert();
      await world.must('county', id, 'accept');
      expect((await world.give('county', id, 'accept', {}, { 'if-match': '"1"' })).status).toBe(412);
    });
  });

  it('the hops are listed in order, with who was late', async () => {
    const id = await world.alert();
    wait(3);
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: PLACES.township });
    const { items } = (await world.get('township', `/alerts/${id}/assignments`)).body;
    expect(items).toEqual([
      expect.objectContaining({
        hop: 1,
        agency: expect.objectContaining({ code: PLACES.county }),
        endedHow: 'forward',
      }),
      expect.objectContaining({ hop: 2, agency: expect.objectContaining({ code: PLACES.township }), endedHow: null }),
    ]);
    expect(items[0].acceptedAt).not.toBeNull();
  });
});
