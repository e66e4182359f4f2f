import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import { RISK_LEVELS } from '../../src/organization/risk.js';
import type { MovableClock } from '../../src/platform/clock/clock.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { WebhookPlanner } from '../../src/webhook/webhook.planner.js';
import { WebhookSender } from '../../src/webhook/webhook.sender.js';
import { PLACES } from '../case/support.js';
import { portOf, until } from '../realtime/listener.js';
import { KEYS, signal, START, TestApp, type Officer } from '../support/app.js';
import { testDatabase, testServer, type TestDatabase } from '../support/database.js';
import { Receiver } from '../webhook/receiver.js';
import { ALLOW_LOCAL } from '../webhook/support.js';
import { FastClock } from './fast.clock.js';
import { Fleet } from './fleet.js';
import { Follower } from './follower.js';

const KILLS = 5;
const KILL_EVERY_MS = 2_500;
const CUT_AFTER_MS = 4_000;
const CUT_FOR_MS = 10_000;
/** So that a slow machine, which takes longer, does not have more to do as well. */
const MOST_CASES = 120;
/** Receivers take so long that a killed server has always left some of its deliveries behind. */
const ANSWER_AFTER_MS = 25;
/** How long what is to come in the end may take, on machines much slower than ours. */
const PATIENCE_MS = 120_000;

/** Seven signals in a row, and what becomes of each: the rest is left to its clocks. */
const FATES = ['return', 'accept', 'leave', 'accept', 'leave', 'elsewhere', 'leave'];

interface Event {
  id: string;
  caseId: string;
  seq: number;
}

let database: TestDatabase;
let clock: FastClock;
/** Knows everybody and writes nothing while the servers are there. */
let app: TestApp;
let fleet: Fleet;
let client: pg.Client;
let feed: Officer;
let officer: Officer;
const hooks: Record<'city' | 'county', Receiver> = { city: undefined!, county: undefined! };
const followers: Follower[] = [];

beforeAll(async () => {
  database = await testDatabase();
  const at = Date.now();
  clock = new FastClock(START, at);
  app = await TestApp.start(['4113'], database, clock as unknown as MovableClock, undefined, ALLOW_LOCAL);
  const env = { ...ALLOW_LOCAL, DATABASE_URL: database.url, SANJI_KEYS: KEYS, FROM: START, AT: String(at) };
  const coming = Fleet.start(2, env);
  [feed, officer] = [await app.feed(), await app.user(PLACES.county, 'officer')];
  await shortClocks(await app.user(PLACES.city, 'admin'));
  for (const place of ['city', 'county'] as const) {
    const receiver = (hooks[place] = await Receiver.start(clock));
    receiver.answer = (message) => {
      setTimeout(() => receiver.release([message]), ANSWER_AFTER_MS);
      return 'hold';
    };
    const admin = await app.user(PLACES[place], 'admin');
    const made = await admin.post('/webhooks', { url: receiver.url, types: ['case.*'] });
    receiver.secrets.push(made.body.secret as string);
  }
  client = await connect(database.url);
  fleet = await coming;
}, PATIENCE_MS);

afterAll(async () => {
  await Promise.all(followers.map((follower) => follower.stop()));
  await fleet?.stop();
  await Promise.all(Object.values(hooks).map((receiver) => receiver?.stop()));
  await client?.end();
  await app?.stop();
});

/** A minute for each clock, two for the outcome: in the test that is 12 seconds, and 24. */
async function shortClocks(admin: Officer): Promise<void> {
  const limits = { acceptMinutes: 1, callMinutes: 1, feedbackMinutes: 2 };
  const document = Object.fromEntries(
    RISK_LEVELS.map((level) => [level, { ...DEFAULT_POLICIES.clocks[level], visitMinutes: null, ...limits }]),
  );
  const answer = await admin.put('/policies/clocks', { document });
  if (answer.status !== 200) throw new Error(`the policy: ${answer.status} ${answer.text}`);
}

async function connect(url: string): Promise<pg.Client> {
  const made = new pg.Client({ connectionString: url });
  made.on('error', () => undefined);
  await made.connect();
  return made;
}

/** Takes the database away from everybody and gives it back. */
async function cut(): Promise<void> {
  const name = new URL(database.url).pathname.slice(1);
  const server = await connect(await testServer());
  try {
    const allow = (yes: boolean): Promise<unknown> =>
      server.query(`ALTER DATABASE ${pg.escapeIdentifier(name)} ALLOW_CONNECTIONS ${yes}`);
    await allow(false);
    await server.query('SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = $1', [name]);
    await delay(CUT_FOR_MS);
    await allow(true);
  } finally {
    await server.end();
  }
}

async function sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
  return (await client.query(text, values)).rows as T[];
}

/** Every event in the order of the feed; of the cases only that an agency holds or held. */
async function stored(more: { agency?: string; settled?: boolean } = {}): Promise<Event[]> {
  return sql<Event>(
    `SELECT e.tx || '.' || e.case_id || '.' || e.seq AS id, e.case_id AS "caseId", e.seq
     FROM event e JOIN alert a ON a.id = e.case_id
     WHERE ($1::text IS NULL OR (SELECT id FROM agency WHERE code = $1) = ANY (a.held_by))
       AND (NOT $2 OR e.tx < feed_offset() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint)
     ORDER BY e.tx, e.case_id, e.seq`,
    [more.agency ?? null, more.settled ?? false],
  );
}

/** Stages that the clocks had reached before a moment, reckoned from deadlines, signatures and hops alone. */
async function reachedBefore(moment: Date): Promise<string[]> {
  const rows = await sql<{ stage: string }>(
    `SELECT c.case_id || ' ' || c.name || ' ' || s.type AS stage
     FROM (
       SELECT alert_id AS case_id, 'accept ' || hop AS name, accept_due_at AS due, 1 AS minutes,
         coalesce(accepted_at, ended_at, 'infinity') AS until
       FROM assignment
       UNION ALL SELECT id, 'call', call_due_at, 1, 'infinity' FROM alert
       UNION ALL SELECT id, 'feedback', feedback_due_at, 2, 'infinity' FROM alert
     ) c, (VALUES ('clock-reminded', -0.5), ('clock-overdue', 0), ('clock-climbed', 0.5)) s(type, part)
     WHERE c.due + s.part * c.minutes * interval '1 minute' < least(c.until, $1)
     ORDER BY 1`,
    [moment],
  );
  return rows.map(({ stage }) => stage);
}

/** What the clocks have told of; twice where it was told twice. */
async function told(): Promise<string[]> {
  const rows = await sql<{ stage: string }>(
    `SELECT concat_ws(' ', case_id, data::jsonb ->> 'clock', data::jsonb ->> 'hop', type) AS stage
     FROM event WHERE type LIKE 'clock-%' ORDER BY 1`,
  );
  return rows.map(({ stage }) => stage);
}

/** The numbers of the events of each case, in the order given, without those that were given again right after. */
function tales(events: readonly (readonly [caseId: string, seq: number])[]): Record<string, number[]> {
  const cases: Record<string, number[]> = {};
  for (const [caseId, seq] of events) {
    const seqs = (cases[caseId] ??= []);
    if (seqs.at(-1) !== seq) seqs.push(seq);
  }
  return cases;
}

/** The events that a receiver was not told of. */
function missing(receiver: Receiver, events: readonly Event[]): Event[] {
  const had = new Set(receiver.messages.map(({ data }) => `${data.alertId} ${data.seq}`));
  return events.filter(({ caseId, seq }) => !had.has(`${caseId} ${seq}`));
}

/** What `sanji verify` finds as of the last event: nobody tells of anything that was due after it. */
async function differences(): Promise<readonly unknown[]> {
  const [last] = await sql<{ at: Date }>('SELECT max(at) AS at FROM event');
  clock.stand(last!.at);
  try {
    return (await app.app.get(VerifyService).verify({ months: [] })).differences;
  } finally {
    clock.stand(undefined);
  }
}

/** Cases are handed in and worked while servers are killed and the database is cut off. @returns ids of the cases */
async function underFire(): Promise<string[]> {
  let under = true;
  const known: string[] = [];
  const fateOf = (index: number): string => FATES[index % FATES.length]!;
  const handIn = async (): Promise<void> => {
    for (; under && known.length < MOST_CASES; await delay(150)) {
      const divisionCode = fateOf(known.length) === 'elsewhere' ? PLACES.county2 : PLACES.county;
      const body = signal({ riskLevel: known.length % 3 === 0 ? 'high' : 'urgent', divisionCode });
      const answer = await fleet.post('/alerts', feed.headers, body);
      expect([200, 201]).toContain(answer.status);
      known.push(answer.body['id'] as string);
    }
  };
  const workOn = async (): Promise<void> => {
    for (let index = 0; under; await delay(20)) {
      const [id, fate] = [known[index], fateOf(index)];
      if (id === undefined) continue;
      index += 1;
      const body = fate === 'return' ? { reason: 'other', note: '退回' } : {};
      // A repeat of what a killed server had done is refused: the case has gone on.
      if (['return', 'accept'].includes(fate)) await fleet.post(`/alerts/${id}/${fate}`, officer.headers, body);
    }
  };
  const kill = async (): Promise<void> => {
    for (let kills = 0; kills < KILLS; kills++) {
      await delay(KILL_EVERY_MS);
      await fleet.kill(kills % 2);
    }
    await fleet.complete();
  };
  const fire = Promise.all([kill(), delay(CUT_AFTER_MS).then(cut)]).finally(() => (under = false));
  await Promise.all([handIn(), workOn(), fire]);
  return known;
}

/** What was due by a moment is told by the servers alone, and what has happened by then is heard of, without help. */
async function toldAndHeard(due: Date): Promise<void> {
  const waiting = (): Promise<object[]> =>
    sql(
      `SELECT FROM alert WHERE next_stage_at < $1
       UNION ALL SELECT FROM urge WHERE ended_at IS NULL AND overdue_told_at IS NULL AND reply_by < $1 LIMIT 1`,
      [due],
    );
  await until(async () => (await waiting()).length === 0, 'everything that was due is told', PATIENCE_MS);
  const [city, county] = [await stored({ settled: true }), await stored({ agency: PLACES.county, settled: true })];
  await until(
    () => missing(hooks.city, city).length + missing(hooks.county, county).length === 0,
    'the receivers have everything',
    PATIENCE_MS,
  );
}

/** Plans and sends what the servers had not come to. */
async function deliverRest(): Promise<void> {
  const [planner, sender] = [app.app.get(WebhookPlanner), app.app.get(WebhookSender)];
  const left = (): Promise<object[]> =>
    sql(
      `SELECT FROM event e, webhook_cursor c WHERE (e.tx, e.case_id, e.seq) > (c.tx, c.case_id, c.seq)
       UNION ALL SELECT FROM webhook_delivery WHERE status <> 'delivered' LIMIT 1`,
    );
  await until(
    async () => {
      await planner.round();
      await sender.round();
      await sender.idle();
      return (await left()).length === 0;
    },
    'everything is delivered',
    PATIENCE_MS,
  );
}

test('two servers, one killed every few seconds, the database gone for ten: every stage is told once, and everybody hears of every event in order', async () => {
  const [city, county] = [await app.user(PLACES.city, 'officer'), await app.user(PLACES.county, 'officer')];
  followers.push(new Follower(city, () => fleet.ports), new Follower(county, () => fleet.ports, 20));
  await until(() => followers.every(({ streams }) => streams > 0), 'everybody listens', PATIENCE_MS);

  const known = await underFire();
  await client.end();
  client = await connect(database.url);

  const due = clock.now();
  await toldAndHeard(due);
  await fleet.end();

  // Nobody writes any more. Each signal is there once, each stage was told once, and none that was reached is missing.
  expect((await sql<{ id: string }>('SELECT id FROM alert ORDER BY id')).map(({ id }) => id)).toEqual(known.sort());
  const stages = await told();
  expect(stages).toEqual([...new Set(stages)]);
  const [must, may] = [await reachedBefore(due), new Set(await reachedBefore(clock.now()))];
  const done = new Set(stages);
  expect(must.filter((stage) => !done.has(stage))).toEqual([]);
  expect(stages.filter((stage) => !may.has(stage))).toEqual([]);
  expect(must.length).toBeGreaterThan(known.length);
  expect(await differences()).toEqual([]);

  // One more server, the test's own, tells the rest.
  const all = { city: await stored(), county: await stored({ agency: PLACES.county }) };
  const last = await portOf(app);
  for (const follower of followers) follower.ports = () => [last];
  const [atCity, atCounty] = followers as [Follower, Follower];
  await until(
    () => atCity.ids.length >= all.city.length && atCounty.ids.length >= all.county.length,
    'the listeners have everything',
    PATIENCE_MS,
  );
  await deliverRest();
  await Promise.all(followers.map((follower) => follower.stop()));
  expect(atCity.ids).toEqual(all.city.map(({ id }) => id));
  expect(atCounty.ids).toEqual(all.county.map(({ id }) => id));
  expect(atCounty.ids.length).toBeLessThan(atCity.ids.length);
  expect(atCity.streams).toBeGreaterThan(2);

  for (const [place, receiver] of Object.entries(hooks)) {
    const events = all[place as 'city' | 'county'];
    expect(receiver.refused).toEqual([]);
    // A repeat is the same message to the letter.
    expect(new Set(receiver.messages.map(({ id, text }) => `${id} ${text}`)).size).toBe(
      new Set(receiver.messages.map(({ data }) => `${data.alertId} ${data.seq}`)).size,
    );
    expect(tales(receiver.messages.map(({ data }) => [data.alertId, data.seq]))).toEqual(
      tales(events.map(({ caseId, seq }) => [caseId, seq])),
    );
  }

  console.info(
    [
      `${known.length} cases, ${all.city.length} events (${all.county.length} of the county), ${stages.length} stages`,
      `${KILLS} kills, streams: ${followers.map(({ streams }) => streams).join(' and ')}`,
      ...Object.entries(hooks).map(
        ([place, { messages }]) =>
          `${place}: ${messages.length} messages, ${messages.length - new Set(messages.map(({ id }) => id)).size} of them again`,
      ),
    ].join('\n'),
  );
}, 480_000);
