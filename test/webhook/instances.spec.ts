import { Database } from '../../src/platform/database/database.js';
import { LEASE_MS, WebhookSender } from '../../src/webhook/webhook.sender.js';
import { WebhookPlanner, webhookSession } from '../../src/webhook/webhook.planner.js';
import { WebhookStore } from '../../src/webhook/webhook.store.js';
import { signal, TestApp } from '../support/app.js';
import { ALLOW_LOCAL, Hooks } from './support.js';

let hooks: Hooks;
let second: TestApp;
let other: WebhookSender;

beforeAll(async () => {
  hooks = await Hooks.start();
  second = await TestApp.start([], hooks.app.database, hooks.app.clock, undefined, ALLOW_LOCAL);
  other = second.app.get(WebhookSender);
});
afterAll(async () => {
  await second.stop(false);
  await hooks.stop();
});
afterEach(async () => {
  await other.idle();
  await hooks.removeAll();
});

it('plans each event once, however many instances plan while events are written', async () => {
  const { id } = await hooks.webhook();
  const planners = [hooks.planner, second.app.get(WebhookPlanner)];
  const batches = Array.from({ length: 6 }, () =>
    hooks.feed.post('/alerts/batch', { alerts: Array.from({ length: 20 }, () => signal()) }).then((answer) => answer),
  );
  const written = Promise.all(batches);
  let done = false;
  void written.then(() => (done = true));
  while (!done) await Promise.all(planners.map((planner) => planner.round()));
  await written;
  await hooks.plan(...planners);
  const [planned] = await hooks.sql<{ all: number; events: number }>(
    `SELECT count(*)::int AS all, count(DISTINCT (case_id, seq))::int AS events FROM webhook_delivery WHERE webhook_id = $1`,
    [id],
  );
  expect(planned).toEqual({ all: 120, events: 120 });
});

it('shares the work between instances, and sends nothing twice', async () => {
  const many = [await hooks.webhook(), await hooks.webhook(), await hooks.webhook()];
  for (let i = 0; i < 8; i++) await hooks.story();
  await hooks.plan();
  for (const { receiver } of many) receiver.answer = () => 'hold';
  expect(await hooks.sender.round()).toBe(12);
  // What is under way in one instance counts for the other.
  expect(await other.round()).toBe(0);
  const { receiver } = many[0]!;
  while (receiver.holding.length < 4) await other.round();
  receiver.release(receiver.holding.slice(0, 1));
  let taken = 0;
  while (taken === 0) taken = await other.round();
  expect(taken).toBe(1);

  for (const one of many) {
    one.receiver.answer = () => 204;
    while (one.receiver.holding.length < (one === many[0] ? 3 : 4) && one.receiver.taken.length < 2)
      await other.round();
  }
  for (const one of many) one.receiver.release(one.receiver.holding);
  for (;;) {
    const [left] = await hooks.sql<{ pending: number }>(
      `SELECT count(*)::int AS pending FROM webhook_delivery WHERE status = 'pending'`,
    );
    for (const one of many) one.receiver.release(one.receiver.holding);
    if (left!.pending === 0) break;
    await Promise.all([hooks.sender.round(), other.round()]);
  }
  for (const one of many) {
    expect(one.receiver.messages).toHaveLength(40);
    expect(new Set(one.receiver.messages.map(({ id }) => id)).size).toBe(40);
  }
});

it('takes over what a killed instance had taken when its lease has ended, and keeps the order meanwhile', async () => {
  const { receiver } = await hooks.webhook();
  await hooks.story();
  await hooks.plan();
  // An instance claims and is killed before it sends.
  const until = new Date(hooks.app.clock.now().getTime() + LEASE_MS);
  const claimed = await second.app
    .get(Database)
    .transaction(webhookSession, (tx) => second.app.get(WebhookStore).claim(tx, until, 4, 10));
  expect(claimed).toHaveLength(1);
  expect(await hooks.sender.round()).toBe(0);
  hooks.app.clock.advanceMinutes(0.99);
  expect(await hooks.sender.round()).toBe(0);
  hooks.app.clock.advanceMinutes(0.01);
  await hooks.send();
  expect(receiver.taken.map(({ data }) => data.seq)).toEqual([1, 2, 3, 4, 5]);
  // The killed one comes back from the dead with a failure: nobody believes it any more.
  await second.app
    .get(Database)
    .transaction(webhookSession, (tx) => second.app.get(WebhookStore).failed(tx, claimed[0]!, 'timeout', tx.now, null));
  expect(await hooks.sender.round()).toBe(0);
});
