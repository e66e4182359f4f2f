import { outcome, PLACES, World, type Answer } from './support.js';

type Step = 'sms' | 'call' | 'visit';
type Risk = 'low' | 'medium' | 'high' | 'urgent';

describe('what came of it', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['city', 'county', 'township'], ['4113']);
  });
  afterAll(() => world.stop());

  const read = async (id: string): Promise<Answer['body']> => (await world.get('city', `/alerts/${id}`)).body;

  /** An alert in progress at the county, with attempts on the record. */
  const worked = async (riskLevel: Risk, steps: Step[] = []): Promise<string> => {
    const id = await world.alert({ riskLevel });
    await world.must('county', id, 'accept');
    for (const step of steps) await world.must('county', id, 'attempts', world.attempt(step));
    return id;
  };
  const submit = (id: string, body: Record<string, unknown>): Promise<Answer> =>
    world.give('county', id, 'outcome', outcome(body));

  describe('the ladder', () => {
    const CALLS: Step[] = ['call', 'call', 'call'];
    it.each<[Risk, Step[], string, string[] | null]>([
      ['low', [], 'dissuaded', ['sms']],
      ['low', ['sms'], 'dissuaded', null],
      ['low', ['visit'], 'dissuaded', null],
      ['medium', ['sms'], 'dissuaded', ['call']],
      ['medium', ['call'], 'dissuaded', null],
      ['high', ['sms', 'call'], 'dissuaded', ['visit']],
      ['high', ['visit'], 'dissuaded', null],
      ['urgent', CALLS, 'dissuaded', ['visit']],
      ['urgent', ['visit'], 'partial-loss', null],
      ['urgent', [], 'false-alarm', null],
      ['urgent', [], 'already-defrauded', null],
      ['urgent', [], 'defrauded-after-warning', null],
      ['low', ['call', 'call'], 'unreachable', ['1 more call']],
      ['low', CALLS, 'unreachable', null],
      ['medium', ['visit'], 'unreachable', ['3 more calls']],
      ['medium', CALLS, 'unreachable', null],
      ['high', CALLS, 'unreachable', ['visit']],
      ['high', [...CALLS, 'visit'], 'unreachable', null],
      ['urgent', ['visit', 'call', 'call'], 'refused', ['1 more call']],
      ['urgent', [...CALLS, 'visit'], 'refused', null],
    ])('at %s after %j, %s misses %j', async (risk, steps, result, missing) => {
      const id = await worked(risk, steps);
      const lossFen = /loss|defrauded/.test(result) ? 1 : 0;
      const answer = await submit(id, { result, lossFen });
      if (missing) {
        expect([answer.status, answer.body.code, answer.body.missing]).toEqual([409, 'ladder-incomplete', missing]);
        expect(await read(id)).toMatchObject({ status: 'in_progress', version: 2 + steps.length });
      } else {
        expect([answer.status, answer.text]).toEqual([200, expect.any(String)]);
      }
    });

    it('an alert that became high by a joining signal needs the visit, too', async () => {
      const phone = '13500000001';
      const id = await world.alert({ riskLevel: 'low', subject: { phone } });
      await world.must('county', id, 'accept');
      await world.must('county', id, 'attempts', world.attempt('sms'));
      await world.intake({ riskLevel: 'high', subject: { phone } });
      expect((await submit(id, {})).body).toMatchObject({ code: 'ladder-incomplete', missing: ['visit'] });
    });

    it('somebody who refuses is escalated before the case is given up', async () => {
      const id = await worked('medium', [...CALLS, 'visit']);
      expect((await submit(id, { result: 'refused' })).body.code).toBe('must-escalate-first');
      await world.must('county', id, 'escalate', { riskLevel: 'high', reason: '拒不配合' });
      expect((await submit(id, { result: 'refused' })).status).toBe(200);
    });
  });

  describe('the money', () => {
    const basis = { interceptedBasis: 'transfer-cancelled' };
    it('a basis that was preselected without any money says nothing and is not kept', async () => {
      const id = await world.alert({ riskLevel: 'low' });
      await world.must('county', id, 'accept');
      await world.must('county', id, 'attempts', world.attempt('sms'));
      const answer = await submit(id, { result: 'dissuaded', ...basis });
      expect(answer.status).toBe(200);
      expect(await world.sql('SELECT intercepted_basis FROM outcome WHERE alert_id = $1', [id])).toEqual([
        { intercepted_basis: null },
      ]);
    });

    it.each<[Record<string, unknown>, string[]]>([
      [{ result: 'dissuaded', lossFen: 1 }, ['/lossFen']],
      [{ result: 'partial-loss' }, ['/lossFen']],
      [{ result: 'already-defrauded' }, ['/lossFen']],
      [{ result: 'defrauded-after-warning' }, ['/lossFen']],
      [{ result: 'false-alarm', lossFen: 1 }, ['/lossFen']],
      [{ result: 'unreachable', interceptedFen: 1, ...basis }, ['/interceptedFen']],
      [{ result: 'refused', interceptedFen: 1, lossFen: 1, ...basis }, ['/lossFen', '/interceptedFen']],
      [{ result: 'dissuaded', interceptedFen: 1 }, ['/interceptedBasis']],
      [{ result: 'dissuaded', interceptedFen: -1 }, ['/interceptedFen']],
      [{ result: 'dissuaded', interceptedFen: 0.5 }, ['/interceptedFen']],
      [{ result: 'dissuaded', interceptedFen: 9_007_199_254_740_992 }, ['/interceptedFen']],
      [{ result: 'dissuaded', interceptedFen: '100' }, ['/interceptedFen']],
      [{ result: 'dissuaded', interceptedFen: undefined }, ['/interceptedFen']],
      [{ result: 'dissuaded', interceptedBasis: 'luck', interceptedFen: 1 }, ['/interceptedBasis']],
    ])('%j is refused at %j', async (body, pointers) => {
      const id = await worked('low', ['call', 'call', 'call']);
      const answer = await submit(id, body);
      expect(answer.status).toBe(422);
      const named = answer.body.errors.map(({ pointer }: { pointer: string }) => pointer);
      expect([...new Set(named)]).toEqual(pointers);
      expect((await read(id)).version).toBe(5);
    });

    it('counts once a case, when the outcome is approved', async () => {
      const id = await worked('medium', ['call']);
      const most = Number.MAX_SAFE_INTEGER;
      await submit(id, { interceptedFen: most, ...basis });
      const standing = `SELECT intercepted_fen AS fen FROM outcome WHERE alert_id = $1 AND decision = 'approve' AND voided_at IS NULL`;
      expect(await world.sql(standing, [id])).toEqual([]);
      await world.must('city', id, 'review', { decision: 'reject', note: '金额存疑' });
      await submit(id, { interceptedFen: 4_999_999, ...basis });
      expect(await world.sql(standing, [id])).toEqual([{ fen: 4_999_999 }]);
      await world.must('city', id, 'reopen', { reason: '再查' });
      expect(await world.sql(standing, [id])).toEqual([]);
      await submit(id, { interceptedFen: 7, ...basis });
      expect(await world.sql(standing, [id])).toEqual([{ fen: 7 }]);
    });
  });

  describe('the review', () => {
    const CALLS: Step[] = ['call', 'call', 'call'];
    const money = (interceptedFen: number): Record<string, unknown> => ({
      interceptedFen,
      interceptedBasis: 'bank-blocked',
    });
    it.each<[Risk, Step[], Record<string, unknown>, 'closed' | 'pending_review']>([
      ['medium', ['call'], money(4_999_999), 'closed'],
      ['medium', ['call'], money(5_000_000), 'pending_review'],
      ['medium', ['call'], { result: 'partial-loss', lossFen: 1 }, 'pending_review'],
      ['medium', [], { result: 'already-defrauded', lossFen: 1 }, 'pending_review'],
      ['medium', [], { result: 'defrauded-after-warning', lossFen: 1 }, 'pending_review'],
      ['urgent', [], { result: 'false-alarm' }, 'closed'],
      ['medium', CALLS, { result: 'unreachable' }, 'closed'],
      ['high', [...CALLS, 'visit'], { result: 'unreachable' }, 'pending_review'],
      ['urgent', [...CALLS, 'visit'], { result: 'refused' }, 'pending_review'],
    ])("a county's own at %s after %j, %j: %s", async (risk, steps, body, status) => {
      const id = await worked(risk, steps);
      expect((await submit(id, body)).body).toMatchObject({
        status,
        result: status === 'closed' ? expect.any(String) : null,
      });
    });

    it("a township's always goes to its county, not to the city", async () => {
      const id = await worked('low');
      await world.must('county', id, 'forward', { agency: PLACES.township });
      await world.must('township', id, 'accept');
      await world.must('township', id, 'attempts', world.attempt('sms'));
      await world.must('township', id, 'outcome', outcome());
      expect((await world.give('city', id, 'review', { decision: 'approve' })).status).toBe(403);
      expect((await world.give('township', id, 'review', { decision: 'approve' })).status).toBe(403);
      expect(await world.must('county', id, 'review', { decision: 'approve' })).toMatchObject({ status: 'closed' });
    });

    it('is never by the person who submitted, wherever that person works by then', async () => {
      const township = await world.app.user(PLACES.township, 'officer');
      const id = await worked('low');
      await world.must('county', id, 'forward', { agency: PLACES.township });
      const post = (path: string, body: object): Promise<{ status: number; body: Answer['body'] }> =>
        township.post(`/alerts/${id}/${path}`, body).then(({ status, body: said }) => ({ status, body: said }));
      await post('accept', {});
      await post('attempts', world.attempt('sms'));
      expect((await post('outcome', outcome())).status).toBe(200);
      // The officer is promoted to the county.
      const security = await world.app.user('4113', 'security');
      const { body: found } = await security.get(`/users?q=${township.name}`);
      const user = (found.items as { id: string; username: string }[]).find(
        ({ username }) => username === township.name,
      )!;
      await security
        .patch(`/users/${user.id}`, { agency: PLACES.county, roles: ['officer', 'supervisor'] })
        .expect(200);
      const login = await world.app.http
        .post('/api/v1/auth/login')
        .send({ username: township.name, password: 'Wan-Zhuan-8848!' });
      const promoted = { authorization: `Bearer ${login.body.accessToken as string}` };
      const answer = await world.app.http
        .post(`/api/v1/alerts/${id}/review`)
        .set(promoted)
        .send({ decision: 'approve' });
      expect([answer.status, answer.body.code]).toEqual([403, 'own-outcome']);
      await world.must('county', id, 'review', { decision: 'approve' });
    });

    it('a rejected outcome goes back to the same holder, who may submit another', async () => {
      const id = await worked('medium', ['call']);
      await submit(id, { result: 'partial-loss', lossFen: 100 });
      expect(await world.must('city', id, 'review', { decision: 'reject', note: '金额不符' })).toMatchObject({
        status: 'in_progress',
        holder: { code: PLACES.county },
        result: null,
      });
      expect((await submit(id, { interceptedFen: 1, interceptedBasis: 'bank-blocked' })).body.status).toBe('closed');
    });
  });

  describe('attempts', () => {
    it('cannot have been before the signal or in the future', async () => {
      const id = await worked('low');
      const at = (ms: number): string => new Date(Date.parse(world.now) + ms).toISOString();
      for (const wrong of [at(120_000), at(-120_000), '1923-06-01T00:00:00Z']) {
        const answer = await world.give('county', id, 'attempts', world.attempt('call', { at: wrong }));
        expect([wrong, answer.status, answer.body.errors?.[0].pointer]).toEqual([wrong, 422, '/at']);
      }
      expect((await world.give('county', id, 'attempts', world.attempt('call', { at: at(30_000) }))).status).toBe(201);
    });

    it('are made also while the outcome waits for review', async () => {
      const id = await worked('medium', ['call']);
      await submit(id, { result: 'partial-loss', lossFen: 1 });
      await world.must('county', id, 'attempts', world.attempt('visit'));
      expect((await read(id)).status).toBe('pending_review');
    });
  });

  describe('follow-ups', () => {
    const hours = async (risk: Risk, body: Record<string, unknown>, steps: Step[]): Promise<number[]> => {
      const id = await worked(risk, steps);
      const { body: alert } = await submit(id, body);
      if (alert.status === 'pending_review') await world.must('city', id, 'review', { decision: 'approve' });
      const rows = await world.sql<{ due: Date }>(
        'SELECT due_at AS due FROM follow_up WHERE alert_id = $1 ORDER BY 1',
        [id],
      );
      return rows.map(({ due }) => (due.getTime() - Date.parse(world.now)) / 3_600_000);
    };
    const ALL: Step[] = ['call', 'call', 'call', 'visit'];
    it.each<[Risk, Record<string, unknown>, number[]]>([
      ['urgent', {}, [24, 72, 168]],
      ['high', {}, [72, 168]],
      ['medium', {}, [168]],
      ['low', {}, []],
      ['urgent', { result: 'partial-loss', lossFen: 1 }, [24, 72, 168]],
      ['urgent', { result: 'refused' }, [24, 72, 168]],
      ['urgent', { result: 'unreachable' }, []],
      ['urgent', { result: 'false-alarm' }, []],
      ['urgent', { result: 'already-defrauded', lossFen: 1 }, []],
    ])('closing at %s as %j plans them after %j hours', async (risk, body, planned) => {
      expect(await hours(risk, body, ALL)).toEqual(planned);
    });

    it('are listed when they are due, and each that is made fulfils the earliest', async () => {
      const id = await worked('high', ['visit']);
      await submit(id, {});
      const mine = async (due: string): Promise<Answer['body'][]> =>
        (await world.get('county', `/follow-ups?due=${due}&limit=200`)).body.items.filter(
          (item: { alertId: string }) => item.alertId === id,
        );
      const day = (days: number): string =>
        new Date(Date.parse(world.now) + days * 86_400_000 + 8 * 3_600_000).toISOString().slice(0, 10);
      expect(await mine(day(2))).toEqual([]);
      expect(await mine(day(3))).toMatchObject([{ overdue: false, result: null }]);
      expect(await mine(day(7))).toHaveLength(2);
      expect((await world.get('county', '/follow-ups?due=2023-02-30')).status).toBe(422);
      const early = await world.give('county', id, 'follow-ups', { at: '2023-06-01T00:00:00Z', result: 'safe' });
      expect(early.body.errors).toEqual([{ pointer: '/at', message: 'lies before the case was closed' }]);

      world.app.clock.advanceMinutes(3 * 24 * 60);
      const done = await world.must('county', id, 'follow-ups', { at: world.now, result: 'safe' });
      expect(done).toMatchObject({ alertId: id, result: 'safe', dueAt: expect.any(String) });
      expect(await mine(day(7))).toHaveLength(1);
      await world.must('county', id, 'follow-ups', { at: world.now, result: 'unreachable' });
      expect(await world.must('city', id, 'follow-ups', { at: world.now, result: 'safe' })).toMatchObject({
        dueAt: null,
      });
    });

    it('that find the person defrauded mark the alert, whatever its result was', async () => {
      const id = await worked('medium', ['call']);
      await submit(id, {});
      const wrong = await world.give('county', id, 'follow-ups', { at: world.now, result: 'safe', lossFen: 5 });
      expect(wrong.body.errors).toEqual([{ pointer: '/lossFen', message: 'goes with the result defrauded' }]);
      await world.must('county', id, 'follow-ups', { at: world.now, result: 'defrauded', lossFen: 5 });
      expect(await read(id)).toMatchObject({ result: 'dissuaded', defraudedAfterWarning: true });
      const { items } = (await world.get('county', `/alerts/${id}/timeline`)).body;
      expect(items.map(({ type }: { type: string }) => type).slice(-3)).toEqual([
        'defrauded-after-warning',
        'incident-linked',
        'followed-up',
      ]);
    });
  });

  it('defrauded-after-warning marks the alert; reopening it takes the mark off again', async () => {
    const id = await worked('medium');
    await submit(id, { result: 'defrauded-after-warning', lossFen: 1 });
    expect((await read(id)).defraudedAfterWarning).toBe(false);
    expect(await world.must('city', id, 'review', { decision: 'approve' })).toMatchObject({
      defraudedAfterWarning: true,
    });
    expect(await world.must('city', id, 'reopen', { reason: '有误' })).toMatchObject({ defraudedAfterWarning: false });
  });
});
