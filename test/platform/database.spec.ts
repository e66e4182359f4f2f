import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { Database, patient, session, statement } from '../../src/platform/database/database.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

const ADD = statement('test.add', 'INSERT INTO serial_counter (scope, last) VALUES ($1, $2)');
const MOVE = statement('test.move', 'UPDATE serial_counter SET last = $2 WHERE scope = $1');
const READ = statement('test.read', 'SELECT scope, last::int FROM serial_counter ORDER BY scope');
const nobody = session({ actor: 'test', agency_path: '', roles: 'system' });

describe('what a transaction sends without waiting', () => {
  let stored: TestDatabase;
  let database: Database;
  let destroy: () => Promise<void>;

  beforeAll(async () => {
    stored = await testDatabase();
    const source = await createDataSource({ url: stored.url, poolSize: 4, entities: [] }).initialize();
    database = new Database(source, new MovableClock(new Date('2023-06-01T00:00:00Z')));
    destroy = () => source.destroy();
  });

  afterAll(async () => {
    await destroy();
    await stored.drop();
  });

  const read = (): Promise<unknown[]> => database.read(nobody, (tx) => tx.rows(READ));

  test('is there when the transaction is done', async () => {
    await database.transaction(nobody, async (tx) => {
      tx.send(ADD, ['a', 1], 1);
      tx.send(MOVE, ['a', 2], 1);
    });
    expect(await read()).toEqual([{ scope: 'a', last: 2 }]);
  });

  test('has an hour where nobody waits for it, and a minute otherwise', async () => {
    const limit = async (who: typeof nobody): Promise<unknown> =>
      database.readSnapshot(who, async (tx) => (await tx.adHoc(`SHOW statement_timeout`))[0]);
    expect(await limit(patient(nobody))).toEqual({ statement_timeout: '1h' });
    expect(await limit(nobody)).toEqual({ statement_timeout: '1min' });
  });

  test('is not there where one of it touched fewer or more rows than it must', async () => {
    for (const [scope, rows] of [
      ['nowhere', 1],
      ['a', 2],
    ] as const) {
      const before = await read();
      const work = database.transaction(nobody, async (tx) => {
        tx.send(ADD, [randomUUID(), 1], 1);
        tx.send(MOVE, [scope, 9], rows);
      });
      await expect(work).rejects.toThrow(`test.move did not touch ${rows} rows`);
      expect(await read()).toEqual(before);
    }
  });

  test('is not there where one of it failed, and the first failure is what is told', async () => {
    const before = await read();
    const work = database.transaction(nobody, async (tx) => {
      tx.send(ADD, ['a', 1]);
      tx.send(MOVE, ['a', 9], 1);
      await tx.rows(READ);
    });
    await expect(work).rejects.toMatchObject({ code: '23505' });
    expect(await read()).toEqual(before);
  });

  test('is undone to a savepoint, and what follows is done', async () => {
    await database.transaction(nobody, async (tx) => {
      await expect(
        tx.savepoint(async () => {
          tx.send(MOVE, ['a', 7], 1);
          tx.send(ADD, ['a', 1]);
        }),
      ).rejects.toMatchObject({ code: '23505' });
      tx.send(MOVE, ['a', 3], 1);
    });
    expect(await read()).toEqual([{ scope: 'a', last: 3 }]);
  });

  test('outlives a server that ends its connections in the middle', async () => {
    const client = new pg.Client({ connectionString: stored.url });
    await client.connect();
    const open = Array.from({ length: 2 }, () => database.transaction(nobody, (tx) => tx.adHoc('SELECT pg_sleep(30)')));
    const answers = Promise.allSettled(open);
    // A connection is listed until it has ended: each counts once.
    const ended = new Set<number>();
    while (ended.size < open.length) {
      const { rows } = await client.query<{ pid: number }>(
        `SELECT pid, pg_terminate_backend(pid) FROM pg_stat_activity
         WHERE datname = current_database() AND pid <> pg_backend_pid() AND query LIKE '%pg_sleep(30)'`,
      );
      for (const { pid } of rows) ended.add(pid);
    }
    for (const answer of await answers) expect(answer).toMatchObject({ reason: { kind: { code: 'unavailable' } } });
    expect(await read()).toHaveLength(1);
    await client.end();
  });
});
