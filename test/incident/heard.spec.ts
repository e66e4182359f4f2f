import { textOf } from '../../src/message/wording.rules.js';
import { PLACES, World } from '../case/support.js';
import { Listener, until } from '../realtime/listener.js';
import { Hooks } from '../webhook/support.js';
import { incident, report } from './support.js';

describe('what happens to an incident is heard', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start(['city', 'county', 'township', 'county2']);
  });
  afterAll(() => world.stop());

  const of = (listener: Listener, id: string): Record<string, unknown>[] =>
    listener.messages.map(({ data }) => data).filter((data) => data['incidentId'] === id);

  test('by those who may see it, and by the feed that handed it in, without a person in it', async () => {
    const places = ['city', 'county', 'township', 'county2'] as const;
    const listeners = await Promise.all([
      ...places.map((place) => Listener.live(world.app, world.as(place))),
      Listener.live(world.app, world.feed),
    ]);
    const [city, county, township, county2, feed] = listeners as [Listener, Listener, Listener, Listener, Listener];
    const { id, incidentNo } = await incident(world, 'feed', { summary: '李小明被骗' });
    await world.post('county', `/incidents/${id}/file`, { caseNo: 'A 1' });
    await world.post('city', `/incidents/${id}/transfer`, { agency: PLACES.county2, reason: '案发地在邻县' });
    const heard = [city, county, feed];
    // Whoever it comes to hears of what is told from then on: whether of what was before depends on how far the feed was.
    await until(() => of(county2, id).at(-1)?.['seq'] === 3 && heard.every((one) => of(one, id).length === 3));
    expect(of(township, id)).toEqual([]);
    expect(of(county, id)[1]).toEqual({
      caseKind: 'incident',
      incidentId: id,
      incidentNo,
      seq: 2,
      type: 'incident-filed',
      at: expect.any(String),
      agency: PLACES.county,
      status: 'filed',
      before: { status: 'reported', caseNo: null },
      after: { status: 'filed', caseNo: 'A 1' },
    });
    expect(of(county2, id).at(-1)).toMatchObject({
      before: { holder: PLACES.county },
      after: { holder: PLACES.county2 },
    });
    expect(JSON.stringify(listeners.map(({ messages }) => messages))).not.toMatch(/李小明|139\d{8}|案发地/);
    for (const listener of listeners) listener.cut();
  });
});

describe('webhooks and messages', () => {
  let hooks: Hooks;
  beforeAll(async () => {
    hooks = await Hooks.start();
  });
  afterAll(() => hooks.stop());

  test('tell of it in order, with codes and numbers only', async () => {
    const { receiver } = await hooks.webhook('411322');
    const officer = await hooks.officer('411322');
    const made = await officer.post('/incidents', report({ summary: '李小明被骗' }));
    const { id, incidentNo } = made.body as { id: string; incidentNo: string };
    await officer.post(`/incidents/${id}/file`, { caseNo: 'A 1' });
    hooks.app.clock.advanceMinutes(45);
    await hooks.app.clocks();
    await hooks.plan();
    await hooks.send();
    expect(receiver.refused).toEqual([]);
    expect(receiver.taken.map(({ type, data }) => [type, data.seq])).toEqual([
      ['case.incident-received', 1],
      ['case.incident-filed', 2],
      ['case.stop-request-reminded', 3],
      ['case.stop-request-overdue', 4],
      ['case.stop-request-climbed', 5],
    ]);
    expect(receiver.taken[3]!.data).toMatchObject({
      caseKind: 'incident',
      incidentId: id,
      incidentNo,
      concerns: '411322',
      told: '4113',
      late: true,
    });
    expect(receiver.taken.map(({ text }) => text).join()).not.toMatch(/李小明|139\d{8}|J-\d+/);
  });

  test('say what is to be done, with the word that robots ask for', () => {
    const dueAt = new Date('2023-06-01T10:00:00Z');
    const line = { alertNo: '4113-20230601-000001', type: 'stop-request-overdue', clock: null, dueAt } as const;
    const moment = (): string => '06-01 18:00';
    expect(textOf([line], moment)).toBe(
      '反诈预警系统:警情 4113-20230601-000001 逾期未申请止付(时限 06-01 18:00),请督促。',
    );
    const other = { ...line, type: 'clock-overdue', clock: 'accept' } as const;
    expect(textOf([line, other], moment)).toMatch(/^您有 2 条预警、警情待处理:/);
  });
});
