import { randomUUID } from 'node:crypto';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { Officer, signal, TestApp } from '../support/app.js';
import { faultsOf } from './invariants.js';
import { call, FALSE_ALARM, outcome, PLACES, tally, World, type Answer, type Place } from './support.js';

let world: World;
/** Another server on the same database. */
let second: TestApp;

beforeAll(async () => {
  world = await World.start(['city', 'county', 'township'], ['4113']);
  second = await TestApp.start([], world.app.database, world.app.clock);
});
afterAll(async () => {
  expect(await faultsOf(world)).toEqual([]);
  await second.stop(false);
  await world.stop();
});

const times = <T>(count: number, make: (index: number) => T): T[] => Array.from({ length: count }, (_, i) => make(i));
const statuses = (answers: readonly Answer[]): Record<string, number> => tally(answers.map(({ status }) => status));
const send = (body: unknown, app: TestApp = world.app, path = '/alerts'): Promise<Answer> =>
  call(app, world.feed, { method: 'POST', path, body });
const read = async (id: string): Promise<Answer['body']> => (await world.get('city', `/alerts/${id}`)).body;
const eventsOf = async (id: string): Promise<string[]> =>
  (await world.sql<{ type: string }>('SELECT type FROM event WHERE case_id = $1 ORDER BY seq', [id])).map(
    (row) => row.type,
  );

describe('fifty signals at once', () => {
  it('that are all different, the first of a fresh process, are all taken', async () => {
    const answers = await Promise.all(times(50, () => send(signal())));
    expect(statuses(answers)).toEqual({ 201: 50 });
    expect(new Set(answers.map(({ body }) => body.alertNo)).size).toBe(50);
  });

  it('that are one and the same are stored once; the others get the stored alert', async () => {
    const sent = signal();
    const answers = await Promise.all(times(50, (i) => send(sent, i % 2 ? second : world.app)));
    expect(statuses(answers)).toEqual({ 200: 49, 201: 1 });
    expect(new Set(answers.map(({ body }) => body.id)).size).toBe(1);
    expect(await eventsOf(answers[0]!.body.id)).toEqual(['received']);
  });

  it.each([
    ['one server', () => world.app],
    ['two servers', (i: number) => (i % 2 ? second : world.app)],
  ])('about one person, over %s, are one open alert that 49 joined', async (_what, server) => {
    const phone = `135${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
    const answers = await Promise.all(
      times(50, (i) =>
        send(signal({ subject: { phone }, amountAtRiskFen: i, riskLevel: i === 7 ? 'high' : 'low' }), server(i)),
      ),
    );
    expect(statuses(answers)).toEqual({ 201: 50 });
    expect(tally(answers.map(({ body }) => body.status))).toEqual({ assigned: 1, merged: 49 });
    const alert = answers.find(({ body }) => body.status === 'assigned')!.body;
    expect(new Set(answers.map(({ body }) => body.mergedInto))).toEqual(new Set([null, alert.id]));
    expect(await read(alert.id)).toMatchObject({ riskLevel: 'high', amountAtRiskFen: 49, version: 50 });
    expect(await eventsOf(alert.id)).toHaveLength(50);
  });

  it('in batches with the same people in opposite order, over two servers, wait for each other and lose none', async () => {
    const phones = times(40, (i) => `134${String(i).padStart(8, '0')}`);
    const batch = (order: string[]): unknown => ({ alerts: order.map((phone) => signal({ subject: { phone } })) });
    const answers = await Promise.all(
      times(8, (i) => send(batch(i % 2 ? [...phones].reverse() : phones), i < 4 ? world.app : second, '/alerts/batch')),
    );
    expect(statuses(answers)).toEqual({ 200: 8 });
    const sum = (what: string): number => answers.reduce((total, { body }) => total + (body[what] as number), 0);
    expect([sum('created'), sum('merged'), sum('duplicates'), sum('rejected')]).toEqual([40, 280, 0, 0]);
  });

  it('in batches of the same messages, shuffled, are each stored once', async () => {
    const messages = times(30, () => signal());
    const shuffled = (i: number): unknown[] => [...messages.slice(i * 5), ...messages.slice(0, i * 5)];
    const answers = await Promise.all(
      times(6, (i) => send({ alerts: shuffled(i) }, i % 2 ? second : world.app, '/alerts/batch')),
    );
    expect(statuses(answers)).toEqual({ 200: 6 });
    const sum = (what: string): number => answers.reduce((total, { body }) => total + (body[what] as number), 0);
    expect([sum('created'), sum('duplicates'), sum('merged')]).toEqual([30, 150, 0]);
  });
});

describe('thirty-two who give one command at once', () => {
  let officers: Officer[];
  beforeAll(async () => {
    const county = (await world.app.app.get(OrganizationRegistry).current()).byCode(PLACES.county)!;
    officers = [];
    for (let i = 0; i < 32; i++) {
      const order = { name: `officer ${i}`, agency: PLACES.county, roles: ['officer' as const], sources: [] };
      const { key } = await world.app.app.get(ApiKeyService).issue(systemCaller(county), order);
      officers.push(new Officer(world.app, { 'x-api-key': key }, order.name));
    }
  });

  const atCounty = async (): Promise<string> => {
    const id = await world.alert();
    await world.must('county', id, 'accept');
    return id;
  };
  const atTownship = async (): Promise<string> => {
    const id = await atCounty();
    await world.must('county', id, 'forward', { agency: PLACES.township });
    await world.must('township', id, 'accept');
    return id;
  };

  it('officers who sign for one alert: one has it, the others learn who', async () => {
    const id = await world.alert();
    const answers = await Promise.all(
      officers.map((officer, i) =>
        call(i % 2 ? second : world.app, officer, { method: 'POST', path: `/alerts/${id}/accept`, body: {} }),
      ),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 409: 31 });
    for (const { status, body } of answers) {
      if (status === 409) expect(body).toMatchObject({ code: 'illegal-transition', alertStatus: 'in_progress' });
    }
    expect(await eventsOf(id)).toEqual(['received', 'accepted']);
  });

  const LOSS = { result: 'already-defrauded', interceptedFen: 0, lossFen: 1, note: '已被骗' };
  it.each<[string, Place, () => Promise<string>, Record<string, unknown>]>([
    ['push', 'city', () => world.alert({ divisionCode: '4113' }), { agency: PLACES.county }],
    ['forward', 'county', atCounty, { agency: PLACES.township }],
    ['return', 'county', atCounty, { reason: 'other', note: '退' }],
    ['return', 'township', atTownship, { reason: 'other', note: '退' }],
    ['transfer', 'county', atTownship, { agency: PLACES.township2, reason: '移交' }],
    ['recall', 'county', atTownship, { reason: '撤回' }],
    ['recall', 'city', atTownship, { reason: '撤回' }],
    ['outcome', 'county', atCounty, LOSS],
    ['withdraw', 'city', atCounty, { reason: '测试' }],
  ])('%s by the %s happens once', async (command, place, make, body) => {
    const id = await make();
    const before = await read(id);
    const answers = await Promise.all(times(32, () => world.give(place, id, command, body)));
    expect(statuses(answers)).toEqual({ 200: 1, 409: 31 });
    expect((await read(id)).version).toBe(before.version + 1);
  });

  it('a review happens once, and so does a reopening', async () => {
    const id = await atCounty();
    await world.must('county', id, 'outcome', LOSS);
    const reviews = await Promise.all(
      times(32, (i) => world.give('city', id, 'review', { decision: i % 2 ? 'approve' : 'reject' })),
    );
    expect(statuses(reviews)).toEqual({ 200: 1, 409: 31 });
    const closed = await atCounty();
    await world.must('county', closed, 'outcome', FALSE_ALARM);
    const answers = await Promise.all(times(32, () => world.give('city', closed, 'reopen', { reason: '再查' })));
    expect(statuses(answers)).toEqual({ 200: 1, 409: 31 });
  });

  it('who read the same version: one writes, the others get 412', async () => {
    const id = await atCounty();
    const answers = await Promise.all(
      times(32, () => world.give('city', id, 'urge', { note: '快' }, { 'if-match': '"2"' })),
    );
    expect(statuses(answers)).toEqual({ 200: 1, 412: 31 });
    expect((await read(id)).version).toBe(3);
  });

  it('whoever signs while others take the alert away: each gets a clear answer, and the case is in one place', async () => {
    const rivals: [Place, string, Record<string, unknown>][] = [
      ['county', 'return', { reason: 'other', note: '退' }],
      ['city', 'recall', { reason: '撤回' }],
      ['city', 'transfer', { agency: PLACES.county2, reason: '移交' }],
      ['city', 'withdraw', { reason: '测试' }],
      ['city', 'escalate', { riskLevel: 'urgent', reason: '急' }],
      ['county', 'escalate', { riskLevel: 'high', reason: '急' }],
    ];
    for (let round = 0; round < 12; round++) {
      const phone = `133${String(round).padStart(8, '0')}`;
      const id = await world.alert({ subject: { phone }, riskLevel: 'low' });
      const [place, command, body] = rivals[round % rivals.length]!;
      const answers = await Promise.all([
        world.give('county', id, 'accept'),
        world.give(place, id, command, body),
        world.intake({ subject: { phone }, riskLevel: 'medium' }),
        world.give('county', id, 'accept'),
        world.intake({ subject: { phone } }),
      ]);
      for (const { status } of answers) expect([200, 201, 409]).toContain(status);
      expect(answers.some(({ status }) => status === 200)).toBe(true);
      expect(await faultsOf(world)).toEqual([]);
    }
  });

  it('one reopens while a new signal of the person comes in: there is one open alert', async () => {
    for (let round = 0; round < 6; round++) {
      const subject = { phone: `132${String(round).padStart(8, '0')}` };
      const id = await world.alert({ subject });
      await world.must('county', id, 'accept');
      await world.must('county', id, 'outcome', FALSE_ALARM);
      const [reopened, signalled] = await Promise.all([
        world.give('city', id, 'reopen', { reason: '再查' }),
        world.intake({ subject }),
      ]);
      const joined = signalled.body.mergedInto === id;
      expect([signalled.status, reopened.status]).toEqual([201, joined ? 200 : 409]);
      if (!joined) expect(reopened.body.code).toBe('open-alert-exists');
    }
  });

  it('closing while a signal joins: the signal has joined before the end, or is an alert of its own', async () => {
    for (let round = 0; round < 6; round++) {
      const subject = { phone: `131${String(round).padStart(8, '0')}` };
      const id = await world.alert({ subject });
      await world.must('county', id, 'accept');
      const [, signalled] = await Promise.all([
        world.give('county', id, 'outcome', FALSE_ALARM),
        world.intake({ subject }),
      ]);
      const events = await eventsOf(id);
      expect(signalled.body.status).toBe(events.includes('signal-joined') ? 'merged' : 'assigned');
      expect(events.at(-1)).toBe('closed');
    }
  });

  it('unmerging one signal happens once, also while bulk commands hold the alert it joined', async () => {
    const subject = { phone: '13000000001' };
    const id = await world.alert({ subject });
    const signals = await Promise.all(times(6, () => world.alert({ subject })));
    const answers = await Promise.all([
      ...signals.map((signalId) => world.give('city', signalId, 'unmerge', { reason: '另一人' })),
      ...signals.map((signalId) => world.give('city', signalId, 'unmerge', { reason: '另一人' })),
      world.post('city', '/alerts/bulk', { ids: [id, ...signals], command: 'urge', body: { note: '快' } }),
      world.post('city', '/alerts/bulk', {
        ids: [...signals].reverse(),
        command: 'unmerge',
        body: { reason: '另一人' },
      }),
    ]);
    expect(answers.filter(({ status }) => status >= 500)).toEqual([]);
    expect((await eventsOf(id)).filter((type) => type === 'signal-left')).toHaveLength(6);
  });
});

describe('Idempotency-Key', () => {
  const keyed = (id: string, key: string, body: unknown, command = 'attempts', app = world.app): Promise<Answer> =>
    call(app, world.as('county'), {
      method: 'POST',
      path: `/alerts/${id}/${command}`,
      body,
      headers: { 'idempotency-key': key },
    });
  const accepted = async (): Promise<string> => {
    const id = await world.alert();
    await world.must('county', id, 'accept');
    return id;
  };
  const attempts = async (id: string): Promise<number> =>
    (await world.sql<{ count: number }>('SELECT count(*) FROM attempt WHERE alert_id = $1', [id]))[0]!.count;

  it('twenty at once with one key: one is carried out, the others get its answer or are told to wait', async () => {
    const [id, key, body] = [await accepted(), randomUUID(), world.attempt('call')];
    const answers = await Promise.all(times(20, (i) => keyed(id, key, body, 'attempts', i % 2 ? second : world.app)));
    const given = answers.filter(({ status }) => status === 201);
    expect(
      answers.filter(({ status }) => status !== 201).every(({ body: said }) => said.code === 'idempotency-in-flight'),
    ).toBe(true);
    expect(new Set(given.map(({ text }) => text)).size).toBe(1);
    expect(given.filter(({ headers }) => headers['idempotent-replayed'] !== 'true')).toHaveLength(1);
    expect(await attempts(id)).toBe(1);
    const later = await keyed(id, key, body);
    expect([later.status, later.text, later.headers['idempotent-replayed']]).toEqual([201, given[0]!.text, 'true']);
    expect(await attempts(id)).toBe(1);
  });

  it('twenty at once that fail: all are told the same', async () => {
    const [id, key] = [await accepted(), randomUUID()];
    const answers = await Promise.all(times(20, () => keyed(id, key, {}, 'accept')));
    expect(statuses(answers)).toEqual({ 409: 20 });
    const refusals = answers.filter(({ body }) => body.code === 'illegal-transition');
    expect(new Set(refusals.map(({ text }) => text)).size).toBe(1);
    expect(answers.filter(({ body }) => body.code === 'idempotency-in-flight')).toHaveLength(20 - refusals.length);
  });

  it('an answer is told again byte for byte with its ETag, an error as well, whatever happened since', async () => {
    const id = await world.alert();
    const first = await keyed(id, 'k-1', {}, 'accept');
    const refused = await keyed(id, 'k-2', {}, 'accept');
    await world.must('county', id, 'return', { reason: 'other', note: '退' });
    await world.must('city', id, 'push', { agency: PLACES.county });
    const again = await keyed(id, 'k-1', {}, 'accept');
    expect([again.status, again.text, again.headers['etag']]).toEqual([200, first.text, first.headers['etag']]);
    const refusedAgain = await keyed(id, 'k-2', {}, 'accept');
    expect([refusedAgain.status, refusedAgain.text]).toEqual([409, refused.text]);
    expect(refusedAgain.headers['content-type']).toBe(refused.headers['content-type']);
    expect(refusedAgain.headers['idempotent-replayed']).toBe('true');
    expect((await read(id)).status).toBe('assigned');
  });

  it('a key is bound to its request and its caller, and forgotten after a day', async () => {
    const [id, body] = [await accepted(), world.attempt('sms')];
    await keyed(id, 'k-3', body);
    const other = await keyed(id, 'k-3', { ...body, reached: false });
    expect([other.status, other.body.code]).toEqual([422, 'idempotency-key-reused']);
    const elsewhere = await keyed(id, 'k-3', body, 'outcome');
    expect(elsewhere.status).toBe(422);
    const stranger = await world.post('city', `/alerts/${id}/urge`, { note: '快' }, { 'idempotency-key': 'k-3' });
    expect(stranger.status).toBe(200);
    for (const wrong of ['', 'a b', 'x'.repeat(256), '钥匙']) {
      const answer = await keyed(id, Buffer.from(wrong).toString('latin1'), body);
      expect([wrong, answer.status]).toEqual([wrong, 422]);
    }
    world.app.clock.advanceMinutes(24 * 60 + 1);
    expect((await keyed(id, 'k-3', world.attempt('sms'))).status).toBe(201);
    expect(await attempts(id)).toBe(2);
  });

  it('a batch and a bulk are carried out once as well', async () => {
    const alerts = times(5, () => signal());
    const headers = { 'idempotency-key': 'k-4' };
    const batches = await Promise.all(
      times(5, () => call(world.app, world.feed, { method: 'POST', path: '/alerts/batch', body: { alerts }, headers })),
    );
    const created = batches.filter(({ status }) => status === 200);
    expect(new Set(created.map(({ text }) => text)).size).toBe(1);
    expect(created[0]!.body).toMatchObject({ created: 5, duplicates: 0 });
    const ids = created[0]!.body.results.map(({ id }: { id: string }) => id);
    const bulk = (): Promise<Answer> => world.post('county', '/alerts/bulk', { ids, command: 'accept' }, headers);
    const [done, again] = [await bulk(), await bulk()];
    expect(done.body).toMatchObject({ done: 5, failed: 0 });
    expect([again.text, again.headers['etag']]).toEqual([done.text, undefined]);
  });
});

describe('bulk', () => {
  it('judges a merged signal with the alert that it joined, beside others', async () => {
    const phone = '13900005678';
    const [open, merged, other] = [
      await world.alert({ subject: { phone } }),
      await world.alert({ subject: { phone } }),
      await world.alert(),
    ];
    const { status, body } = await world.post('county', '/alerts/bulk', {
      ids: [merged, open, other],
      command: 'accept',
      body: {},
    });
    expect(status).toBe(200);
    expect(body.results.map((each: { status: number }) => each.status)).toEqual([409, 200, 200]);
    expect(body.results[0].problem).toMatchObject({ code: 'illegal-transition', alertStatus: 'merged' });
  });

  it('gives each item its own answer, in the order asked, and undoes only what failed', async () => {
    const [fresh, accepted, other] = [
      await world.alert(),
      await world.alert(),
      await world.alert({ divisionCode: '411325' }),
    ];
    await world.must('county', accepted, 'accept');
    const ids = [randomUUID(), accepted, other, fresh];
    const { status, body } = await world.post('county', '/alerts/bulk', {
      ids,
      command: 'accept',
      body: { note: '批量' },
    });
    expect(status).toBe(200);
    expect(body).toMatchObject({ done: 1, failed: 3 });
    expect(body.results.map((each: { id: string; status: number }) => [each.id, each.status])).toEqual([
      [ids[0], 404],
      [accepted, 409],
      [other, 404],
      [fresh, 200],
    ]);
    expect(body.results[1].problem).toMatchObject({ code: 'illegal-transition', allowed: expect.any(Array) });
    expect((await read(fresh)).status).toBe('in_progress');
    const money = await world.post('county', '/alerts/bulk', {
      ids: [fresh],
      command: 'outcome',
      body: outcome({ lossFen: 1 }),
    });
    expect(money.body.results[0]).toMatchObject({ status: 422, problem: { code: 'money-does-not-fit' } });
    expect((await read(fresh)).status).toBe('in_progress');
  });

  it('refuses what the command alone would refuse of its body, with the pointer into the whole', async () => {
    const ids = [await world.alert()];
    const wrong = await world.post('county', '/alerts/bulk', {
      ids,
      command: 'return',
      body: { reason: 'none', colour: 1 },
    });
    expect(wrong.status).toBe(422);
    expect(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer).sort()).toEqual([
      '/body/colour',
      '/body/note',
      '/body/note',
      '/body/note',
      '/body/reason',
    ]);
    for (const body of [
      { ids: [], command: 'accept' },
      { ids: [...ids, ...ids], command: 'accept' },
      { ids: times(201, () => randomUUID()), command: 'accept' },
      { ids, command: 'reveal', body: { purpose: '核对' } },
      { ids, command: 'constructor' },
      { ids: ids[0], command: 'accept' },
    ]) {
      expect((await world.post('county', '/alerts/bulk', body)).status).toBe(422);
    }
    expect(
      (await world.post('county', '/alerts/bulk', { ids, command: 'withdraw', body: { reason: '测' } })).status,
    ).toBe(403);
  });

  it('two hundred in opposite orders at once: every alert is signed for once', async () => {
    const { body } = await send({ alerts: times(200, () => signal()) }, world.app, '/alerts/batch');
    const ids: string[] = body.results.map(({ id }: { id: string }) => id);
    const answers = await Promise.all([
      world.post('county', '/alerts/bulk', { ids, command: 'accept' }),
      call(second, world.as('county'), {
        method: 'POST',
        path: '/alerts/bulk',
        body: { ids: [...ids].reverse(), command: 'accept' },
      }),
    ]);
    expect(statuses(answers)).toEqual({ 200: 2 });
    expect(answers[0]!.body.done + answers[1]!.body.done).toBe(200);
  });
});
