import { endOf, ownerWaits, stateAt } from '../../src/protection/protection.rules.js';
import { call, FALSE_ALARM, PLACES, tally, World, type Answer, type Place } from '../case/support.js';
import { TestApp } from '../support/app.js';

const HOUR = 60;
const MS = 1 / 60_000;
const REASON = { reason: '当事人仍欲转账' };

let world: World;
/** Another server on the same database. */
let second: TestApp;
let counter = 0;

beforeAll(async () => {
  world = await World.start();
  second = await TestApp.start([], world.app.database, world.app.clock);
});
afterAll(async () => {
  await second.stop(false);
  await world.stop();
});

const newAccount = (): string => `62170012${String(10_000_000 + ++counter)}`;
const body = (account = newAccount()): Record<string, unknown> => ({ account, bank: '中国建设银行', ...REASON });
const must = (answer: Answer): Answer['body'] => {
  if (answer.status > 201) throw new Error(`${answer.status} ${answer.text}`);
  return answer.body;
};
const act = (id: string, command: string, more: object = REASON, place: Place = 'county'): Promise<Answer> =>
  world.post(place, `/protections/${id}/${command}`, more);
const listed = async (alertId: string, place: Place = 'county'): Promise<Answer['body'][]> =>
  must(await world.get(place, `/alerts/${alertId}/protections`)).items;
const eventsOf = async (alertId: string): Promise<string[]> =>
  (
    await world.sql<{ type: string }>(`SELECT type FROM event WHERE case_id = $1 AND type LIKE 'prot%' ORDER BY seq`, [
      alertId,
    ])
  ).map(({ type }) => type);

/** An alert that the county works on. */
async function worked(): Promise<string> {
  const id = await world.alert({ riskLevel: 'low' });
  await world.must('county', id, 'accept');
  return id;
}

async function protection(alertId: string, account?: string): Promise<Answer['body']> {
  return must(await world.give('county', alertId, 'protections', body(account)));
}

test('hours of a protection are hours, and at its end it is over', () => {
  const end = endOf(new Date('2023-03-11T12:00:00-05:00'), 48);
  expect(end.toISOString()).toBe('2023-03-13T17:00:00.000Z');
  expect(stateAt({ status: 'effective', expiresAt: end }, new Date(end.getTime() - 1))).toBe('effective');
  expect(stateAt({ status: 'effective', expiresAt: end }, end)).toBe('expired');
  expect(ownerWaits({ ownerAskedAt: end, ownerAnsweredAt: null })).toBe(true);
  expect(ownerWaits({ ownerAskedAt: null, ownerAnsweredAt: null })).toBe(false);
});

describe('a protection', () => {
  it('is in place at once for 48 hours, masked, on the timeline of its alert and not in the ledger', async () => {
    const alertId = await worked();
    const before = (await world.get('county', `/alerts/${alertId}`)).body;
    expect(before.allowed).toContain('protections');
    const account = newAccount();
    const answer = await world.give(
      'county',
      alertId,
      'protections',
      body(`${account.slice(0, 8)}-${account.slice(8)}`),
      {
        'if-match': `"${before.version}"`,
      },
    );
    expect([answer.status, answer.headers['etag']]).toEqual([201, '"1"']);
    expect(answer.body).toMatchObject({
      alertId,
      account: `6217 **** **** ${account.slice(-4)}`,
      agency: { code: PLACES.county },
      status: 'effective',
      extendedAt: null,
      ownerAskedAt: null,
      version: 1,
    });
    expect(Date.parse(answer.body.expiresAt) - Date.parse(answer.body.startsAt)).toBe(48 * 3_600_000);
    expect(await listed(alertId)).toEqual([answer.body]);
    const { items } = (await world.get('county', `/alerts/${alertId}/timeline`)).body;
    expect(items.at(-1)).toMatchObject({ type: 'protected', note: '当事人仍欲转账' });
    expect(items.at(-1).text).toMatch(/^对当事人账户采取保护性止付,至 06-03 /);
    const stored = await world.sql<{ line: string }>('SELECT p::text AS line FROM protection p WHERE id = $1', [
      answer.body.id,
    ]);
    expect(stored[0]!.line).not.toContain(account);
    expect(await world.sql('SELECT id FROM ledger_entry WHERE case_id = $1', [alertId])).toEqual([]);
  });

  it('is put in place by the holder that works the case, with all that it needs', async () => {
    const alertId = await world.alert();
    expect((await world.give('county', alertId, 'protections', body())).body).toMatchObject({
      code: 'illegal-transition',
      alertStatus: 'assigned',
    });
    await world.must('county', alertId, 'accept');
    expect((await world.give('city', alertId, 'protections', body())).body.code).toBe('not-the-holder');
    expect((await world.give('county2', alertId, 'protections', body())).status).toBe(404);
    const wrong = await world.give('county', alertId, 'protections', { account: '', bank: 7 });
    expect(new Set(wrong.body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set(['/account', '/bank', '/reason']),
    );
    const bulk = { ids: [alertId], command: 'protections', body: body() };
    expect((await world.post('county', '/alerts/bulk', bulk)).status).toBe(422);
  });

  it('is one of its account at a time, whoever asks at once, and another when it is over', async () => {
    const [alertId, account] = [await worked(), newAccount()];
    const answers = await Promise.all(
      Array.from({ length: 6 }, (_, i) =>
        call(i % 2 ? second : world.app, world.as('county'), {
          method: 'POST',
          path: `/alerts/${alertId}/protections`,
          body: body(account),
        }),
      ),
    );
    expect(tally(answers.map(({ status, body: { code } }) => code ?? status))).toEqual({
      201: 1,
      'already-protected': 5,
    });
    await protection(alertId);
    world.app.clock.advanceMinutes(48 * HOUR);
    // The clock has not told of the end yet: who asks anew does.
    await protection(alertId, account);
    expect((await listed(alertId)).map(({ status }) => status)).toEqual(['expired', 'expired', 'effective']);
    await Promise.all([world.app.clocks(), second.clocks()]);
    expect(tally(await eventsOf(alertId))).toEqual({ protected: 3, 'protection-expired': 2 });
  });

  it('ends by itself at 48:00:00.000, not a millisecond before', async () => {
    const alertId = await worked();
    const { id, expiresAt } = await protection(alertId);
    world.app.clock.set(new Date(Date.parse(expiresAt) - 1));
    await world.app.clocks();
    expect((await listed(alertId))[0]).toMatchObject({ status: 'effective', version: 1 });
    world.app.clock.advanceMinutes(MS);
    expect((await listed(alertId))[0]).toMatchObject({ status: 'expired', endedAt: expiresAt, version: 1 });
    for (const command of ['extend', 'owner-request', 'keep', 'release']) {
      expect([command, (await act(id, command)).body.code]).toEqual([command, 'protection-ended']);
    }
    await world.app.clocks();
    expect((await listed(alertId))[0]).toMatchObject({ status: 'expired', endedAt: expiresAt, version: 2 });
    expect(await eventsOf(alertId)).toEqual(['protected', 'protection-expired']);
  });

  it('is extended once, to 72 hours in all', async () => {
    const alertId = await worked();
    const { id, startsAt } = await protection(alertId);
    world.app.clock.advanceMinutes(47 * HOUR);
    const { expiresAt } = must(await act(id, 'extend'));
    expect(Date.parse(expiresAt) - Date.parse(startsAt)).toBe(72 * 3_600_000);
    expect((await act(id, 'extend')).body.code).toBe('protection-extended');
    world.app.clock.set(new Date(Date.parse(expiresAt) - 1));
    await world.app.clocks();
    expect((await listed(alertId))[0]).toMatchObject({ status: 'effective' });
    world.app.clock.advanceMinutes(MS);
    await world.app.clocks();
    expect((await listed(alertId))[0]).toMatchObject({ status: 'expired', endedAt: expiresAt });
    expect(await eventsOf(alertId)).toEqual(['protected', 'protection-extended', 'protection-expired']);
  });

  it('is released after the case was closed by whoever holds it, without a new version of the case', async () => {
    const alertId = await worked();
    const { id } = await protection(alertId);
    await world.must('county', alertId, 'attempts', world.attempt('call'));
    await world.must('county', alertId, 'outcome', FALSE_ALARM);
    const before = (await world.get('county', `/alerts/${alertId}`)).body;
    expect(before).toMatchObject({ status: 'closed' });
    expect(before.allowed).not.toContain('protections');
    expect((await act(id, 'release', REASON, 'township')).status).toBe(404);
    const stale = await world.post('county', `/protections/${id}/release`, REASON, { 'if-match': '"7"' });
    expect(stale.status).toBe(412);
    const released = must(await world.post('county', `/protections/${id}/release`, REASON, { 'if-match': '"1"' }));
    expect(released).toMatchObject({ status: 'released', ownerAnswer: null, version: 2 });
    expect(new Date(released.endedAt).toISOString()).toBe(world.now);
    expect((await world.get('county', `/alerts/${alertId}`)).body).toEqual(before);
    expect((await act(id, 'release')).body).toMatchObject({ code: 'protection-ended', protectionStatus: 'released' });
    world.app.clock.advanceMinutes(49 * HOUR);
    await world.app.clocks();
    expect(await eventsOf(alertId)).toEqual(['protected', 'protection-released']);
  });

  it('follows its case: whoever has it now, or stands above, decides', async () => {
    const alertId = await worked();
    const { id } = await protection(alertId);
    await world.must('city', alertId, 'transfer', { agency: PLACES.county2, reason: '现住邻县' });
    expect(await listed(alertId)).toHaveLength(1);
    expect((await act(id, 'extend')).body.code).toBe('not-the-holder');
    expect((await act(id, 'extend', REASON, 'county2')).status).toBe(200);
    expect((await act(id, 'release', REASON, 'city')).status).toBe(200);
  });
});

describe("the owner's request", () => {
  it('is answered in time or told of as overdue, once', async () => {
    const alertId = await worked();
    const { id } = await protection(alertId);
    expect((await act(id, 'keep')).body.code).toBe('no-owner-request');
    const asked = must(await act(id, 'owner-request', { reason: '王某某需付住院费,账号 6217001234567890123' }));
    expect(asked).toMatchObject({
      ownerReason: '王*某需付住院费,账号 621****23',
      ownerAnswer: null,
      ownerOverdue: false,
    });
    expect(Date.parse(asked.ownerDueAt) - Date.parse(asked.ownerAskedAt)).toBe(2 * 3_600_000);
    expect((await act(id, 'owner-request')).body.code).toBe('owner-request-open');
    world.app.clock.advanceMinutes(2 * HOUR - MS);
    await world.app.clocks();
    expect(await eventsOf(alertId)).toEqual(['protected', 'protection-owner-asked']);
    world.app.clock.advanceMinutes(MS);
    expect((await listed(alertId))[0]).toMatchObject({ ownerOverdue: true });
    await Promise.all([world.app.clocks(), second.clocks()]);
    expect((await eventsOf(alertId)).at(-1)).toBe('protection-owner-overdue');
    expect(must(await act(id, 'keep'))).toMatchObject({
      status: 'effective',
      ownerAnswer: 'keep',
      ownerOverdue: false,
    });

    must(await act(id, 'owner-request'));
    const released = must(await act(id, 'release'));
    expect(released).toMatchObject({ status: 'released', ownerAnswer: 'release', ownerReason: REASON.reason });
    world.app.clock.advanceMinutes(3 * HOUR);
    await world.app.clocks();
    expect(await eventsOf(alertId)).toEqual([
      'protected',
      'protection-owner-asked',
      'protection-owner-overdue',
      'protection-kept',
      'protection-owner-asked',
      'protection-released',
    ]);
  });

  it('ends with the protection: nobody is late with an answer that nobody needs', async () => {
    const alertId = await worked();
    const { id } = await protection(alertId);
    world.app.clock.advanceMinutes(47 * HOUR);
    must(await act(id, 'owner-request'));
    world.app.clock.advanceMinutes(HOUR);
    await world.app.clocks();
    world.app.clock.advanceMinutes(HOUR);
    await world.app.clocks();
    expect(await eventsOf(alertId)).toEqual(['protected', 'protection-owner-asked', 'protection-expired']);
    expect((await listed(alertId))[0]).toMatchObject({ status: 'expired', ownerOverdue: false });
  });

  it('that is granted while the time ends on two servers ends the protection once', async () => {
    const alertId = await worked();
    const { id, expiresAt } = await protection(alertId);
    world.app.clock.set(new Date(Date.parse(expiresAt) - 1));
    const release = act(id, 'release');
    world.app.clock.advanceMinutes(MS);
    const [answer] = await Promise.all([release, world.app.clocks(), second.clocks()]);
    const ended = answer.status === 200 ? 'protection-released' : 'protection-expired';
    expect(await eventsOf(alertId)).toEqual(['protected', ended]);
  });
});

it('lists page by page, to whoever sees the alert', async () => {
  const alertId = await worked();
  const ids: string[] = [];
  for (let i = 0; i < 3; i++) ids.push((await protection(alertId)).id);
  const first = (await world.get('city', `/alerts/${alertId}/protections?limit=2&count=true`)).body;
  expect([first.items.map(({ id }: { id: string }) => id), first.total]).toEqual([ids.slice(0, 2), 3]);
  const next = (await world.get('city', `/alerts/${alertId}/protections?limit=2&cursor=${first.nextCursor}`)).body;
  expect(next).toMatchObject({ items: [{ id: ids[2] }], nextCursor: null });
  expect((await world.get('county2', `/alerts/${alertId}/protections`)).status).toBe(404);
  const missing = await act('01887496-3c80-7b4e-9a54-0f2d6c1b7e21', 'release', REASON, 'county2');
  const hidden = await act(ids[0]!, 'release', REASON, 'county2');
  expect([missing.status, hidden.status]).toEqual([404, 404]);
  expect(hidden.body.detail).toBe(missing.body.detail);
});
