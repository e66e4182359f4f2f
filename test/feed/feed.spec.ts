import { setTimeout as delay } from 'node:timers/promises';
import pg from 'pg';
import { continueFeed } from '../../src/feed/feed.continuation.js';
import { BEGINNING, formatPosition, parsePosition, type FeedEvent, type Position } from '../../src/feed/feed.js';
import { FeedView } from '../../src/feed/feed.view.js';
import { Database, session } from '../../src/platform/database/database.js';
import { World } from '../case/support.js';

const nobody = session({ actor: 'test', agency_path: '', roles: 'system' });
let world: World;
let view: FeedView;

beforeAll(async () => {
  world = await World.start(['city', 'county'], ['4113']);
  view = new FeedView();
});
afterAll(() => world.stop());

const after = (position: Position, limit = 1_000): Promise<FeedEvent[]> =>
  world.app.app.get(Database).read(nobody, (tx) => view.after(tx, position, limit));
/** What is there once so many are settled: other tests write on the same server, and every transaction there is waited for. */
async function settled(position: Position, count: number): Promise<FeedEvent[]> {
  for (const until = Date.now() + 20_000; Date.now() < until; await delay(20)) {
    const events = await after(position);
    if (events.length >= count) return events;
  }
  return after(position);
}
const placeOf = ({ tx, caseId, seq }: Position): Position => ({ tx, caseId, seq });

test('gives every event once, page by page, in the order of the transactions and of each case', async () => {
  const ids = [await world.alert(), await world.alert()];
  for (const id of ids) await world.must('county', id, 'accept');
  const all = await settled(BEGINNING, 4);
  expect(all.map(({ caseId, type }) => [caseId, type])).toEqual([
    [ids[0], 'received'],
    [ids[1], 'received'],
    [ids[0], 'accepted'],
    [ids[1], 'accepted'],
  ]);
  const paged: FeedEvent[] = [];
  for (let position = BEGINNING; ;) {
    const [next] = await after(position, 1);
    if (!next) break;
    paged.push(next);
    position = placeOf(next);
  }
  expect(paged).toEqual(all);
  expect(await after(all.at(-1)!)).toEqual([]);
});

test('waits for a transaction that began to write before, and does not skip what it commits late', async () => {
  const [from] = (await settled(BEGINNING, 4)).slice(-1) as [FeedEvent];
  const slow = new pg.Client({ connectionString: world.app.database.url });
  await slow.connect();
  const late = await world.alert();
  await slow.query('BEGIN');
  await slow.query(
    `INSERT INTO event (case_id, seq, at, type, data, hash) VALUES ($1, 2, now(), 'revealed', '{}', sha256('late'))`,
    [late],
  );
  const quick = await world.alert();
  // Committed, but not yet to be seen: something may still come before it.
  expect((await settled(from, 1)).map(({ caseId }) => caseId)).toEqual([late]);
  await slow.query('COMMIT');
  await slow.end();
  expect((await settled(from, 3)).map(({ caseId, type }) => [caseId, type])).toEqual([
    [late, 'received'],
    [late, 'revealed'],
    [quick, 'received'],
  ]);
});

test('goes on behind what was read where a dump is restored and transaction numbers begin again', async () => {
  const id = await world.alert();
  await world.sql(
    `INSERT INTO event (case_id, seq, at, type, data, hash, tx) VALUES ($1, 2, now(), 'revealed', '{}', sha256('far'), 1000000000000)`,
    [id],
  );
  expect(await continueFeed(world.app.database.url)).toBe(true);
  expect(await continueFeed(world.app.database.url)).toBe(false);
  const [last] = (await settled(BEGINNING, 9)).slice(-1);
  expect(last).toMatchObject({ caseId: id, seq: 2, tx: '1000000000000' });
  const next = await world.alert();
  const [event] = await settled(last!, 1);
  expect(event).toMatchObject({ caseId: next, type: 'received' });
  expect(BigInt(event!.tx)).toBeGreaterThan(1_000_000_000_000n);
});

test('a position is written and read back; anything else is none', async () => {
  const [event] = await after(BEGINNING, 1);
  expect(parsePosition(formatPosition(event!))).toEqual(placeOf(event!));
  for (const text of ['', '1', 'x.y.z', '1.2.3', `9223372036854775808.${event!.caseId}.1`, `-1.${event!.caseId}.1`])
    expect(parsePosition(text)).toBeUndefined();
});
