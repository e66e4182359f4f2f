import { signal } from '../support/app.js';
import { call, outcome, PLACES, World, type Answer } from './support.js';

describe('one family, one knock', () => {
  let world: World;
  let people = 0;
  beforeAll(async () => {
    world = await World.start(['city', 'county', 'county2', 'otherCity']);
  });
  afterAll(() => world.stop());

  /** A person nobody has heard of. */
  const person = (more: Record<string, unknown> = {}): { phone: string; [field: string]: unknown } => ({
    name: '李小明',
    phone: `136${String(++people).padStart(8, '0')}`,
    ...more,
  });
  const read = async (id: string): Promise<Answer['body']> => (await world.get('city', `/alerts/${id}`)).body;
  const types = async (id: string): Promise<string[]> =>
    (await world.get('city', `/alerts/${id}/timeline`)).body.items.map(({ type }: { type: string }) => type);
  const batch = (alerts: unknown[]): Promise<Answer> =>
    call(world.app, world.feed, { method: 'POST', path: '/alerts/batch', body: { alerts } });
  const close = async (id: string): Promise<void> => {
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'outcome', outcome());
  };

  it('a signal of somebody with an open alert joins it, and raises its level, its amount and its clocks', async () => {
    const subject = person();
    const id = await world.alert({ subject, riskLevel: 'medium', amountAtRiskFen: 500 });
    world.app.clock.advanceMinutes(10);
    const joined = await world.intake({ subject, riskLevel: 'urgent', amountAtRiskFen: 300, divisionCode: '411325' });
    expect(joined.body).toMatchObject({ status: 'merged', mergedInto: id, holder: null, nextDueAt: null });
    const alert = await read(id);
    expect(alert).toMatchObject({ riskLevel: 'urgent', visitRequired: true, amountAtRiskFen: 500, version: 2 });
    expect(Date.parse(alert.nextDueAt)).toBe(Date.parse(world.now) + 5 * 60_000);
    const [hop] = (await world.get('county', `/alerts/${id}/assignments`)).body.items;
    expect(hop.acceptDueAt).toBe(alert.nextDueAt);
    expect(await types(id)).toEqual(['received', 'signal-joined']);
    expect(await types(joined.body.id)).toEqual(['merged']);

    await world.intake({ subject, riskLevel: 'low', amountAtRiskFen: 900 });
    expect(await read(id)).toMatchObject({ riskLevel: 'urgent', amountAtRiskFen: 900, version: 3 });
    const { items } = (await world.get('county', `/alerts/${id}/signals`)).body;
    expect(items).toHaveLength(2);
    expect(items[0]).toMatchObject({ id: joined.body.id, subject: { phone: expect.stringContaining('****') } });
  });

  it('a person is known by the phone, however it is written, else by the identity number', async () => {
    const idNumber = '411322196501011234';
    const subject = person({ idNumber });
    const id = await world.alert({ subject });
    const written = `+86 ${subject.phone.slice(0, 3)}-${subject.phone.slice(3, 7)}-${subject.phone.slice(7)}`;
    const byPhone = await world.intake({ subject: { phone: written } });
    const byIdentity = await world.intake({ subject: person({ idNumber }) });
    const stranger = await world.intake({ subject: person() });
    expect([byPhone, byIdentity, stranger].map(({ body }) => body.mergedInto)).toEqual([id, id, null]);
  });

  it('it joins wherever the alert is, but not one that has ended, and not across cities', async () => {
    const subject = person();
    const onDesk = await world.alert({ subject, divisionCode: undefined });
    expect((await world.intake({ subject })).body.mergedInto).toBe(onDesk);
    await world.must('city', onDesk, 'withdraw', { reason: '测试' });
    const next = await world.intake({ subject });
    expect(next.body).toMatchObject({ status: 'assigned', mergedInto: null });
    const wuhan = await call(world.app, world.as('otherCity'), {
      method: 'POST',
      path: '/alerts',
      body: signal({ subject, divisionCode: '420102', detectedAt: world.now }),
    });
    expect(wuhan.body).toMatchObject({ status: 'assigned', mergedInto: null });
  });

  it('inside one batch as well: the first becomes the alert, the others join it', async () => {
    const [a, b] = [person(), person()];
    const answer = await batch([
      signal({ subject: a, riskLevel: 'low' }),
      signal({ subject: b }),
      signal({ subject: a, riskLevel: 'high' }),
      signal({ subject: { phone: 'none' } }),
      signal({ subject: a }),
    ]);
    expect(answer.body).toMatchObject({ created: 2, merged: 2, rejected: 1, duplicates: 0 });
    expect(answer.body.results.map((result: { outcome: string }) => result.outcome)).toEqual([
      'created',
      'created',
      'merged',
      'rejected',
      'merged',
    ]);
    const [first] = answer.body.results;
    expect(await read(first.id)).toMatchObject({ riskLevel: 'high', version: 2 });
    const { items } = (await world.get('county', `/alerts/${first.id}/signals`)).body;
    expect(items.map(({ id }: { id: string }) => id)).toEqual([answer.body.results[2].id, answer.body.results[4].id]);
  });

  it('the same message again gives the stored alert; other content under its reference is a conflict', async () => {
    const sent = signal({ subject: person(), detectedAt: world.now });
    const [first, again] = [await world.intake(sent), await world.intake(sent)];
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body.id).toBe(first.body.id);
    // Equal content in another notation is the same.
    const subject = sent['subject'] as { phone: string };
    const rewritten = await world.intake({
      ...sent,
      detectedAt: world.now.replace('Z', '+00:00'),
      subject: { ...subject, phone: `86-${subject.phone}`.replace('86-', '+86') },
    });
    expect([rewritten.status, rewritten.body.id]).toEqual([200, first.body.id]);
    const other = await world.intake({ ...sent, amountAtRiskFen: 1 });
    expect([other.status, other.body.code]).toEqual([409, 'source-ref-conflict']);
    const both = await batch([sent, { ...sent, summary: '另一内容' }, signal({ subject: person() })]);
    expect(both.body).toMatchObject({ created: 1, duplicates: 1, rejected: 1, merged: 0 });
    expect(await types(first.body.id)).toEqual(['received']);
  });

  it('one reference twice in a batch is taken once', async () => {
    const sent = signal({ subject: person() });
    const answer = await batch([sent, sent, { ...sent, riskLevel: 'low' }]);
    expect(answer.body).toMatchObject({ created: 1, duplicates: 1, rejected: 1 });
    expect(answer.body.results[1].id).toBe(answer.body.results[0].id);
  });

  it('somebody whose alert was closed within the watch period gets a new one that says so', async () => {
    const subject = person();
    await close(await world.alert({ subject }));
    world.app.clock.advanceMinutes(29 * 24 * 60);
    const second = await world.intake({ subject });
    expect(second.body).toMatchObject({ status: 'assigned', previousAlerts: 1 });
    await close(second.body.id);
    expect((await world.intake({ subject })).body.previousAlerts).toBe(2);
    const [third] = (await world.get('city', `/alerts?phone=${subject.phone}&status=assigned`)).body.items;
    await close(third.id);
    world.app.clock.advanceMinutes(30 * 24 * 60 + 1);
    expect((await world.intake({ subject })).body.previousAlerts).toBe(0);
  });

  describe('a wrong merge', () => {
    it('is undone: the signal is an alert of its own, with its own clocks from then, and both timelines say so', async () => {
      const subject = person();
      const id = await world.alert({ subject });
      await world.must('county', id, 'accept');
      const { body: joined } = await world.intake({ subject, divisionCode: '411325', riskLevel: 'high' });
      world.app.clock.advanceMinutes(90);
      const apart = await world.must('county', joined.id, 'unmerge', { reason: '同号两人,系母女' });
      expect(apart).toMatchObject({ status: 'assigned', holder: { code: PLACES.county2 }, mergedInto: null });
      expect(Date.parse(apart.nextDueAt)).toBe(Date.parse(world.now) + 15 * 60_000);
      expect(await types(joined.id)).toEqual(['merged', 'unmerged']);
      expect(await types(id)).toEqual(['received', 'accepted', 'signal-joined', 'signal-left']);
      expect((await world.get('county', `/alerts/${id}/signals`)).body.items).toEqual([]);
      await world.must('county2', joined.id, 'accept');
      expect(await read(joined.id)).toMatchObject({ status: 'in_progress', nextDueAt: expect.any(String) });
      expect((await world.give('county', joined.id, 'unmerge', { reason: '再来' })).status).toBe(404);
      expect((await world.give('city', joined.id, 'unmerge', { reason: '再来' })).status).toBe(409);
      // What comes next joins the first of the two.
      expect((await world.intake({ subject })).body.mergedInto).toBe(id);
    });

    it('goes to the city where nobody covers it, and can still be undone after the other has ended', async () => {
      const subject = person();
      const id = await world.alert({ subject });
      const { body: joined } = await world.intake({ subject, divisionCode: undefined });
      await world.must('city', id, 'withdraw', { reason: '测试' });
      const apart = await world.must('city', joined.id, 'unmerge', { reason: '另一人' });
      expect(apart).toMatchObject({ status: 'new', holder: { code: PLACES.city }, nextDueAt: null });
      expect((await world.intake({ subject })).body.mergedInto).toBe(joined.id);
    });
  });
});
