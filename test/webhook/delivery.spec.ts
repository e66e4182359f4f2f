import type { Message } from './receiver.js';
import { CITY, COUNTY, Hooks, SIBLING, TOWNSHIP } from './support.js';

const HOUR_MS = 3_600_000;

let hooks: Hooks;
beforeAll(async () => {
  hooks = await Hooks.start();
});
afterAll(() => hooks.stop());
afterEach(() => hooks.removeAll());

const seqsOf = (messages: readonly Message[], alertId: string): number[] =>
  messages.filter(({ data }) => data.alertId === alertId).map(({ data }) => data.seq);

it('posts each event as a signed message with facts and without what people wrote', async () => {
  const { receiver } = await hooks.webhook();
  const id = await hooks.story();
  await hooks.plan();
  await hooks.send();
  expect(receiver.refused).toEqual([]);
  expect(receiver.taken.map(({ type }) => type)).toEqual([
    'case.received',
    'case.accepted',
    'case.forwarded',
    'case.accepted',
    'case.attempted',
  ]);
  const forwarded = receiver.taken[2]!;
  expect(forwarded.timestamp).toBe('2023-06-01T09:30:00.000+08:00');
  expect(forwarded.data).toMatchObject({
    alertId: id,
    alertNo: expect.stringMatching(/^4113-20230601-/),
    seq: 3,
    position: expect.stringMatching(new RegExp(`^\\d+\\.${id}\\.3$`)),
    agency: COUNTY,
    concerns: TOWNSHIP,
    hop: 2,
  });
  expect(receiver.taken.map(({ text }) => text).join('\n')).not.toMatch(/请上门|王某某|138\d{8}/);
});

it('sends only the types that were asked for', async () => {
  const { receiver } = await hooks.webhook(CITY, ['case.forwarded', 'case.attempted']);
  await hooks.story();
  await hooks.plan();
  await hooks.send();
  expect(receiver.taken.map(({ type }) => type)).toEqual(['case.forwarded', 'case.attempted']);
});

it('tells each agency what it may see, and a sibling nothing', async () => {
  const city = await hooks.webhook(CITY);
  const county = await hooks.webhook(COUNTY);
  const sibling = await hooks.webhook(SIBLING);
  const id = await hooks.alert();
  await hooks.give(COUNTY, id, 'accept');
  await hooks.plan();
  const township = await hooks.webhook(TOWNSHIP);
  await hooks.give(COUNTY, id, 'forward', { agency: TOWNSHIP });
  await hooks.plan();
  await hooks.send();
  expect(seqsOf(city.receiver.taken, id)).toEqual([1, 2, 3]);
  expect(seqsOf(county.receiver.taken, id)).toEqual([1, 2, 3]);
  expect(seqsOf(township.receiver.taken, id)).toEqual([3]);
  expect(sibling.receiver.messages).toEqual([]);
  expect(await hooks.deliveries(sibling.id, '', SIBLING)).toEqual([]);
});

it('begins at the moment it was made, and again where it was made active', async () => {
  const before = await hooks.alert();
  const { id, receiver } = await hooks.webhook();
  const during = await hooks.alert();
  await hooks.plan();
  await hooks.send();
  expect(receiver.taken.map(({ data }) => data.alertId)).toEqual([during]);
  expect(before).not.toBe(during);

  const admin = await hooks.admin();
  await admin.patch(`/webhooks/${id}`, { active: false });
  await hooks.alert();
  await hooks.plan();
  await hooks.alert();
  await admin.patch(`/webhooks/${id}`, { active: true });
  const after = await hooks.alert();
  await hooks.plan();
  await hooks.send();
  expect(receiver.taken.map(({ data }) => data.alertId)).toEqual([during, after]);
});

it('keeps the order of each case while the receiver fails now and then, and repeats nothing that was taken', async () => {
  const { id, receiver } = await hooks.webhook();
  let requests = 0;
  receiver.answer = () => (++requests % 3 === 0 ? 500 : 200);
  const cases: string[] = [];
  for (let i = 0; i < 6; i++) cases.push(await hooks.story());
  await hooks.plan();
  do await hooks.send();
  while (await hooks.toNextAttempt());
  for (const one of cases) expect(seqsOf(receiver.taken, one)).toEqual([1, 2, 3, 4, 5]);
  // Nor was a later event of a case tried before its earlier one was taken.
  const next = new Map(cases.map((one) => [one, 1]));
  for (const { data, status } of receiver.messages) {
    expect(data.seq).toBe(next.get(data.alertId));
    if (status === 200) next.set(data.alertId, data.seq + 1);
  }
  expect((await hooks.deliveries(id)).every(({ status }) => status === 'delivered')).toBe(true);
});

it('tries again later and later for 24 hours, then parks and lists; sent again it keeps its id', async () => {
  const { id, receiver } = await hooks.webhook();
  receiver.answer = () => 503;
  const alert = await hooks.alert();
  await hooks.give(COUNTY, alert, 'accept');
  await hooks.plan();
  await hooks.send();
  expect(receiver.messages).toHaveLength(1);
  // Not before its time.
  await hooks.send();
  expect(receiver.messages).toHaveLength(1);
  const [first] = await hooks.deliveries(id, '&status=pending').then((rows) => rows.filter(({ seq }) => seq === 1));
  expect(first).toMatchObject({ attempts: 1, lastResult: '503' });

  const started = receiver.messages[0]!.at;
  while ((await hooks.deliveries(id, '&status=parked')).length === 0) {
    await hooks.toNextAttempt();
    await hooks.send();
  }
  const attempts = receiver.messages.filter(({ data }) => data.seq === 1).map(({ at }) => at - started);
  const waits = attempts.slice(1).map((at, i) => at - attempts[i]!);
  expect(waits[0]).toBeGreaterThanOrEqual(2_500);
  expect(waits[0]).toBeLessThanOrEqual(5_000);
  expect(waits[3]).toBeGreaterThanOrEqual(20_000);
  expect(Math.max(...waits)).toBeLessThanOrEqual(HOUR_MS);
  expect(attempts.at(-1)).toBe(24 * HOUR_MS);
  expect(attempts.length).toBeGreaterThan(25);
  expect(attempts.length).toBeLessThan(70);
  // Its successor waited for it all the time.
  expect(receiver.messages.every(({ data, at }) => data.seq === 1 || at - started >= 24 * HOUR_MS)).toBe(true);

  const webhook = await (await hooks.admin()).get(`/webhooks/${id}`);
  expect(webhook.body).toMatchObject({ deliveries: { pending: 1, parked: 1 }, failingSince: expect.any(String) });
  const [parked] = await hooks.deliveries(id, '&status=parked');
  receiver.answer = () => 204;
  const resent = await (await hooks.admin()).post(`/webhooks/${id}/deliveries/${parked!.id}/resend`);
  expect(resent.body).toMatchObject({ id: parked!.id, status: 'pending', attempts: 0 });
  await hooks.send();
  expect(receiver.taken[0]).toMatchObject({ id: parked!.id, data: { seq: 1 } });
  do await hooks.send();
  while (await hooks.toNextAttempt());
  expect(seqsOf(receiver.taken, alert)).toEqual([1, 2]);
  const healed = await (await hooks.admin()).get(`/webhooks/${id}`);
  expect(healed.body).toMatchObject({ deliveries: { pending: 0, parked: 0 }, failingSince: null });
});

it('counts a redirect as a failure and does not follow it', async () => {
  const { id, receiver } = await hooks.webhook();
  const elsewhere = await hooks.receiver();
  receiver.answer = () => ({ status: 307, headers: { location: elsewhere.url } });
  await hooks.alert();
  await hooks.plan();
  await hooks.send();
  expect(await hooks.deliveries(id)).toMatchObject([{ status: 'pending', attempts: 1, lastResult: '307' }]);
  expect([...elsewhere.messages, ...elsewhere.refused]).toEqual([]);
});

it('lets no receiver that keeps silent delay another', async () => {
  const dead = await hooks.webhook();
  const alive = await hooks.webhook();
  dead.receiver.answer = () => 'hold';
  for (let i = 0; i < 12; i++) await hooks.alert();
  await hooks.plan();
  while (alive.receiver.taken.length < 12 || dead.receiver.holding.length < 4) await hooks.sender.round();
  // A few at once, and no more, while none of them is answered.
  expect(dead.receiver.messages).toHaveLength(4);
  dead.receiver.release(dead.receiver.holding, 503);
  await hooks.sender.idle();
  // It has failed several times in a row: it is left alone for a moment, then asked one by one.
  expect(await hooks.sender.round()).toBe(0);
  await hooks.toNextAttempt();
  expect(await hooks.sender.round()).toBe(1);
  while (dead.receiver.holding.length < 1) await hooks.sender.round();
  expect(dead.receiver.holding).toHaveLength(1);
  dead.receiver.release(dead.receiver.holding);
  await hooks.sender.idle();
});

it('parks what waited for a day behind a receiver that was never well, and forgets what was delivered a month ago', async () => {
  const { id, receiver } = await hooks.webhook();
  await hooks.alert();
  await hooks.plan();
  await hooks.send();
  receiver.answer = () => 500;
  for (let i = 0; i < 10; i++) await hooks.alert();
  await hooks.plan();
  await hooks.send();
  expect(receiver.messages.length).toBeLessThan(8);
  hooks.app.clock.advanceMinutes(24 * 60 + 1);
  while (await hooks.sender.tidy());
  // Those that were tried have their time from the first try.
  const statuses = (await hooks.deliveries(id)).map(({ status }) => status);
  expect(statuses.filter((status) => status === 'parked')).toHaveLength(10);
  hooks.app.clock.advanceMinutes(30 * 24 * 60);
  while (await hooks.sender.tidy());
  expect((await hooks.deliveries(id)).map(({ status }) => status)).not.toContain('delivered');
});
