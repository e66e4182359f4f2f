import { jest } from '@jest/globals';
import pg from 'pg';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { EventStreamService } from '../../src/realtime/event-stream.service.js';
import { LiveReader } from '../../src/realtime/live.reader.js';
import { RealtimeSettings } from '../../src/realtime/realtime.settings.js';
import { SettledView } from '../../src/realtime/settled.view.js';
import { Metrics } from '../../src/platform/ops/metrics.js';
import { Officer, signal, TestApp } from '../support/app.js';
import { call, PLACES, World } from '../case/support.js';
import { Listener, until } from './listener.js';

const BEGINNING = '0.00000000-0000-0000-0000-000000000000.0';

let world: World;
let second: TestApp;
const listeners: Listener[] = [];

beforeAll(async () => {
  world = await World.start();
  second = await TestApp.start([], world.app.database, world.app.clock);
});
afterEach(async () => {
  for (const listener of listeners.splice(0)) listener.cut();
  await until(async () => (await gauge('sanji_event_streams')) === 0, 'all streams are closed');
});
afterAll(async () => {
  await second.stop(false);
  await world.stop();
});

async function live(app: TestApp, who: Officer, lastEventId?: string): Promise<Listener> {
  const listener = await Listener.live(app, who, lastEventId);
  listeners.push(listener);
  return listener;
}

async function gauge(name: string, app: TestApp = world.app): Promise<number> {
  const metrics = new Metrics(() => ({ total: 0, idle: 0, waiting: 0 }));
  app.app.get(EventStreamService).measure(metrics);
  const [, value] = new RegExp(`^${name} (\\S+)$`, 'm').exec(await metrics.registry.metrics()) ?? [];
  return Number(value);
}

const settings = (app: TestApp = world.app): RealtimeSettings => app.app.get(RealtimeSettings);

/** What an agency should have heard of since the beginning, in order. */
async function storedIds(heldBy: string): Promise<string[]> {
  const rows = await world.sql<{ id: string }>(
    `SELECT e.tx || '.' || e.case_id || '.' || e.seq AS id FROM event e JOIN alert a ON a.id = e.case_id
     LEFT JOIN alert j ON j.id = a.merged_into
     WHERE (SELECT id FROM agency WHERE code = $1) = ANY (coalesce(j.held_by, a.held_by)) ORDER BY e.tx, e.case_id, e.seq`,
    [heldBy],
  );
  return rows.map(({ id }) => id);
}

describe('who hears of an event', () => {
  it('is the agency that holds the case and those above it, not its siblings, those below or another city', async () => {
    const places = ['city', 'county', 'township', 'county2', 'otherCity', 'otherCounty'] as const;
    const all = await Promise.all(places.map((place) => live(world.app, world.as(place))));
    const id = await world.alert();
    await world.must('county', id, 'accept', { note: '王某某 13800001234' });
    const [city, county, township, ...strangers] = all as [Listener, Listener, Listener, ...Listener[]];
    await until(() => city.has(id, 'accepted') && county.has(id, 'accepted'));
    expect(county.types).toEqual(['received', 'accepted']);
    expect(county.ids).toEqual(city.ids);
    expect(township.messages).toEqual([]);
    await world.must('county', id, 'forward', { agency: PLACES.township });
    await until(() => township.has(id, 'forwarded'));

    // Everybody has read as far: who was not told by now is never told.
    const far = await world.alert({ divisionCode: '411325102' });
    await until(() => city.has(far));
    expect(strangers.map(({ messages }) => messages.map(({ data }) => data.alertId))).toEqual([[far], [], []]);
  });

  it('is a feed for what came from its sources in its city, and nobody of the administrators', async () => {
    const own = await live(world.app, world.feed);
    const other = await live(world.app, await world.app.feed('4113', ['bank-of-nowhere']));
    const elsewhere = await live(world.app, await world.app.feed('4201'));
    const id = await world.alert();
    await until(() => own.has(id));
    expect([other.messages, elsewhere.messages]).toEqual([[], []]);
    for (const role of ['admin', 'security', 'auditor'] as const) {
      const answer = await call(world.app, await world.app.user('4113', role), { path: '/events' });
      expect([answer.status, answer.body.code]).toEqual([403, 'forbidden']);
    }
  });

  it('follows a merged signal to the alert that it joined', async () => {
    const listener = await live(world.app, world.as('county2'));
    const phone = '13911112222';
    const into = await world.alert({ divisionCode: '411325102', subject: { phone } });
    const joined = (await world.intake({ divisionCode: '411322100', subject: { phone } })).body.id as string;
    await until(() => listener.has(joined, 'merged') && listener.has(into, 'signal-joined'));
  });

  it('gets codes, moments with offset and changes, never a person or what somebody wrote', async () => {
    const listener = await live(world.app, world.as('county'));
    const id = await world.alert({ subject: { name: '欧阳某某', phone: '13800009999' }, summary: '通话四十分钟' });
    await world.must('county', id, 'accept', { note: '已联系欧阳某某' });
    await world.must('county', id, 'reveal', { purpose: '核对住址' });
    await until(() => listener.has(id, 'revealed'));
    const accepted = listener.messages.find(({ data }) => data.type === 'accepted')!;
    expect(accepted.event).toBe('case');
    expect(accepted.data).toEqual({
      caseKind: 'alert',
      alertId: id,
      alertNo: expect.stringMatching(/^4113-\d{8}-\d{6}$/),
      seq: 2,
      type: 'accepted',
      at: '2023-06-01T09:30:00.000+08:00',
      agency: PLACES.county,
      status: 'in_progress',
      before: { status: 'assigned' },
      after: { status: 'in_progress' },
    });
    expect(JSON.stringify(listener.messages)).not.toMatch(/欧阳|13800009999|通话|核对/);
    expect(listener.response.headers).toMatchObject({
      'content-type': 'text/event-stream; charset=utf-8',
      'cache-control': expect.stringContaining('no-cache'),
      'x-accel-buffering': 'no',
      'x-request-id': expect.any(String),
    });
    expect(listener.retry).toBe(3000);
  });
});

describe('a stream that is resumed', () => {
  it('knows where it is before the first event, and begins there', async () => {
    const first = await live(world.app, world.as('county'));
    expect(first.lastEventId).not.toBe('');
    first.cut();
    const id = await world.alert();
    const resumed = await live(world.app, world.as('county'), first.lastEventId);
    await until(() => resumed.has(id));
    expect(resumed.messages.map(({ data }) => [data.alertId, data.type])).toEqual([[id, 'received']]);
    const byQuery = await Listener.open(world.app, world.as('county'), { query: `?lastEventId=${first.lastEventId}` });
    listeners.push(byQuery);
    await until(() => byQuery.has(id));
  });

  it('has neither gap nor repeat, cut again and again over two servers while cases are worked', async () => {
    settings().page = 7;
    settings(second).page = 5;
    let going = true;
    const writer = async (app: TestApp): Promise<void> => {
      while (going) {
        const { body } = await call(app, world.feed, { method: 'POST', path: '/alerts', body: signal() });
        await call(app, world.as('county'), { method: 'POST', path: `/alerts/${body.id}/accept`, body: {} });
      }
    };
    const writers = [writer(world.app), writer(second), writer(world.app)];
    const heard: string[] = [];
    let lastEventId: string | undefined = BEGINNING;
    try {
      for (let round = 0; round < 10; round++) {
        const app = round % 2 ? second : world.app;
        const listener: Listener = await Listener.open(app, world.as('county'), { lastEventId });
        listeners.push(listener);
        await until(() => listener.messages.length >= 12);
        listener.cut();
        heard.push(...listener.ids);
        lastEventId = listener.lastEventId;
      }
    } finally {
      going = false;
      await Promise.all(writers);
    }
    const stored = await storedIds(PLACES.county);
    const last = await live(second, world.as('county'), lastEventId);
    await until(() => heard.length + last.ids.length >= stored.length);
    expect([...heard, ...last.ids]).toEqual(stored);
    settings().page = settings(second).page = 200;
  });

  it('goes on at a server that was started again', async () => {
    const restarted = await TestApp.start([], world.app.database, world.app.clock);
    const listener = await Listener.live(restarted, world.as('county'));
    await restarted.stop(false);
    await until(() => listener.ended);
    const id = await world.alert();
    const again = await TestApp.start([], world.app.database, world.app.clock);
    const resumed = await Listener.live(again, world.as('county'), listener.lastEventId);
    await until(() => resumed.has(id));
    expect(resumed.messages.map(({ data }) => data.alertId)).toEqual([id]);
    await again.stop(false);
  });

  it('of a quiet listener moves on with heartbeats, which name no case of others', async () => {
    const quiet = await live(world.app, world.as('otherCounty'));
    const county = await live(world.app, world.as('county'));
    const before = quiet.lastEventId;
    const id = await world.alert();
    await until(() => county.has(id));
    world.app.clock.advanceMinutes(0.25);
    await until(() => quiet.comments.includes('heartbeat') && quiet.lastEventId !== before);
    expect(quiet.lastEventId).toMatch(/^\d+\.0{8}-0{4}-0{4}-0{4}-0{12}\.0$/);
    expect(quiet.messages).toEqual([]);
    // Still level: the position told is not beyond what comes next.
    const next = await world.alert();
    const resumed = await live(world.app, world.as('county'), quiet.lastEventId);
    await until(() => resumed.has(next));
    expect(resumed.messages.map(({ data }) => data.alertId)).toEqual([next]);
  });

  it.each([
    'nonsense',
    '1.2.3',
    '99999999999999999999.00000000-0000-0000-0000-000000000000.0',
    `900000000000.${BEGINNING.slice(2)}`,
  ])('from %s, which is no position of this feed, is refused', async (lastEventId) => {
    const answer = await call(world.app, world.as('county'), {
      path: '/events',
      headers: { 'last-event-id': lastEventId },
    });
    expect([answer.status, answer.body.code]).toEqual([400, 'malformed-request']);
  });

  it('is refused with 422 where its query has other fields', async () => {
    expect((await call(world.app, world.as('county'), { path: '/events?since=1' })).status).toBe(422);
  });
});

it('waits for a transaction that wrote first and commits last, and then tells both in order', async () => {
  const listener = await live(world.app, world.as('county'));
  const [early, late] = [await world.alert(), await world.alert()];
  await until(() => listener.has(late));
  const holding = new pg.Client({ connectionString: world.app.database.url });
  await holding.connect();
  await holding.query('BEGIN');
  await holding.query(
    `INSERT INTO event (case_id, seq, at, type, actor_id, agency_id, data, hash)
     SELECT case_id, 900, at, 'replied', actor_id, agency_id, '{}', hash FROM event WHERE case_id = $1 AND seq = 1`,
    [early],
  );
  await world.must('county', late, 'accept');
  world.app.clock.advanceMinutes(1);
  await until(async () => (await gauge('sanji_event_stream_lag_seconds')) >= 60, 'the lag shows');
  expect(listener.has(late, 'accepted')).toBe(false);
  await holding.query('COMMIT');
  await holding.end();
  await until(() => listener.has(late, 'accepted'));
  expect(listener.types.slice(-2)).toEqual(['replied', 'accepted']);
});

const MANY = 40_000;

/** So many events of one case, in transactions of a thousand. */
async function flood(id: string, from: number, to: number): Promise<void> {
  for (let seq = from; seq < to; seq += 1000) {
    await world.sql(
      `INSERT INTO event (case_id, seq, at, type, actor_id, agency_id, data, hash)
       SELECT e.case_id, n, e.at, 'attempted', e.actor_id, e.agency_id, e.data, e.hash
       FROM event e, generate_series($2::int, $3::int) n WHERE e.case_id = $1 AND e.seq = 1`,
      [id, seq, Math.min(seq + 999, to - 1)],
    );
  }
}

/** Until the feed has all of a case: other tests on the same server may hold it up. */
async function settled(id: string): Promise<void> {
  await until(
    async () => {
      const [open] = await world.sql<{ left: number }>(
        `SELECT count(*)::int AS left FROM event
         WHERE case_id = $1 AND tx >= feed_offset() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint`,
        [id],
      );
      return open!.left === 0;
    },
    'the feed has it all',
    50_000,
  );
}

describe('a slow reader', () => {
  it('gets everything in the end, in order, while the server keeps little for it', async () => {
    const slow = await Listener.paused(world.app, world.as('county'));
    const quick = await live(world.app, world.as('county'));
    const id = await world.alert();
    const buffered: number[] = [];
    for (let from = 1000; from < MANY + 1000; from += 5000) {
      await flood(id, from, from + 5000);
      await until(() => quick.messages.at(-1)?.data.seq === from + 4999, `${from} are read`);
      buffered.push(await gauge('sanji_event_stream_buffered_bytes'));
    }
    // It was full, and stayed so: what came on top is not kept.
    expect(buffered.at(-1)).toBeGreaterThan(0);
    expect(Math.max(...buffered)).toBeLessThan(2 * settings().mostBuffered + settings().page * 600);
    slow.read();
    await until(() => slow.messages.length >= MANY + 1);
    expect(slow.ids).toEqual(quick.ids);
    slow.cut();
  });

  it('who takes nothing for a long time is let go', async () => {
    const id = await world.alert();
    await flood(id, 1000, MANY + 1000);
    await settled(id);
    const stuck = await Listener.paused(world.app, world.as('county'));
    const deaf = await Listener.paused(world.app, world.as('county'), { lastEventId: BEGINNING });
    await until(async () => (await gauge('sanji_event_stream_buffered_bytes')) > 0);
    expect(await gauge('sanji_event_streams')).toBe(2);
    await until(async () => {
      world.app.clock.advanceMinutes(1);
      return (await gauge('sanji_event_streams')) === 1;
    });
    deaf.read();
    await until(() => deaf.ended);
    stuck.cut();
  });
});

describe('a stream ends', () => {
  it('when the session is over', async () => {
    const officer = await world.app.user(PLACES.county, 'officer');
    const listener = await live(world.app, officer);
    expect((await officer.post('/auth/logout')).status).toBeLessThan(300);
    world.app.clock.advanceMinutes(0.25);
    await until(() => listener.ended);
  });

  it('when the key is revoked', async () => {
    const county = (await world.app.app.get(OrganizationRegistry).current()).byCode(PLACES.county)!;
    const keys = world.app.app.get(ApiKeyService);
    const order = { name: 'screen', agency: PLACES.county, roles: ['officer' as const], sources: [] };
    const { key, id } = await keys.issue(systemCaller(county), order);
    const listener = await live(world.app, new Officer(world.app, { 'x-api-key': key }, 'screen'));
    world.app.clock.advanceMinutes(0.25);
    await until(() => listener.comments.includes('heartbeat'));
    await keys.revoke(systemCaller(county), id);
    world.app.clock.advanceMinutes(0.25);
    await until(() => listener.ended);
  });

  it('at once when the server stops, also where its reader takes nothing', async () => {
    await flood(await world.alert(), 1000, MANY + 1000);
    const stopping = await TestApp.start([], world.app.database, world.app.clock);
    const open = await Listener.live(stopping, world.as('county'));
    const deaf = await Listener.paused(stopping, world.as('county'), { lastEventId: BEGINNING });
    await until(async () => (await gauge('sanji_event_stream_buffered_bytes', stopping)) > 0);
    const began = performance.now();
    await stopping.stop(false);
    expect(performance.now() - began).toBeLessThan(5_000);
    await until(() => open.ended);
    deaf.cut();
  });
});

it('one caller has so many streams and no more; a closed one makes room', async () => {
  const { perCaller } = settings();
  const all = await Promise.all(Array.from({ length: perCaller }, () => live(world.app, world.as('county'))));
  const refused = await call(world.app, world.as('county'), { path: '/events' });
  expect([refused.status, refused.body.code, refused.headers['retry-after']]).toEqual([429, 'too-many-streams', '5']);
  await live(world.app, world.as('city'));
  all[0]!.cut();
  await until(async () => (await gauge('sanji_event_streams')) === perCaller);
  await live(world.app, world.as('county'));
  settings().perProcess = 1;
  expect((await call(world.app, world.as('township'), { path: '/events' })).status).toBe(503);
  settings().perProcess = 2000;
});

it('a stream that begins where the others are needs no look into the feed of its own', async () => {
  const first = await live(world.app, world.as('county'));
  const view = world.app.app.get(SettledView);
  const page = view.page.bind(view);
  let go = (): void => undefined;
  const held = new Promise<void>((resolve) => (go = resolve));
  const looking = jest.spyOn(view, 'page').mockImplementation(async (from) => {
    await held;
    return page(from);
  });
  try {
    const others = await Promise.all(Array.from({ length: 9 }, () => live(world.app, world.as('county'))));
    go();
    const id = await world.alert();
    await until(() => [first, ...others].every((listener) => listener.has(id)), 'everybody is told');
  } finally {
    go();
    looking.mockRestore();
  }
});

it('an event is written to its listeners only, among three hundred who are quiet', async () => {
  settings().perCaller = 400;
  const quiet: Listener[] = [];
  for (let i = 0; i < 10; i++) {
    const some = Array.from({ length: 30 }, (_, n) => live(world.app, world.as(n % 2 ? 'otherCounty' : 'county2')));
    quiet.push(...(await Promise.all(some)));
  }
  const county = await live(world.app, world.as('county'));
  const received = (): number => quiet.reduce((sum, { response }) => sum + response.socket.bytesRead, 0);
  await until(async () => (await gauge('sanji_event_streams')) === 301);
  const before = received();
  const id = await world.alert();
  world.app.app.get(LiveReader).wake();
  await until(() => county.has(id));
  // Another is told after it: whatever was written for the first has been written.
  const next = await world.alert();
  await until(() => county.has(next));
  expect(received() - before).toBe(0);
  expect(quiet.flatMap(({ messages }) => messages)).toEqual([]);
  settings().perCaller = 10;
});
