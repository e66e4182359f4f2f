import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { migrateDown, migrateTo, migrateUp, pendingMigrations } from '../../src/platform/database/migrate.js';
import { dumpSchema } from '../../src/platform/database/schema-dump.js';
import { alone, emptyDatabase, type TestDatabase } from '../support/database.js';

const names = migrations.map(({ name }) => name);
let database: TestDatabase;

beforeEach(async () => {
  database = await emptyDatabase();
});

afterEach(() => database.drop());

test('up, down and up again give the same schema at every step', () =>
  alone(async () => {
    const up: string[] = [];
    for (const name of names) {
      await migrateTo(database.url, migrations, name);
      up.push(await dumpSchema(database.url));
    }
    for (const name of [...names].reverse()) {
      expect(await dumpSchema(database.url)).toBe(up.pop());
      expect(await migrateDown(database.url, migrations)).toBe(name);
    }
    const empty = await dumpSchema(database.url);
    expect(empty.match(/^CREATE .*/gm)).toEqual(['CREATE TABLE schema_migration (']);
    expect(empty).not.toMatch(/^GRANT/m);

    expect(await migrateUp(database.url, migrations)).toEqual(names);
    expect(await pendingMigrations(database.url, migrations)).toEqual([]);
  }));

test('migrations/schema.sql is the schema that the migrations make (npm run generate)', () =>
  alone(async () => {
    await migrateUp(database.url, migrations);
    const committed = await readFile(join(import.meta.dirname, '../../migrations/schema.sql'), 'utf8');
    expect(await dumpSchema(database.url)).toBe(committed);
  }));

test('of several instances that start at once one migrates and the others find it done', () =>
  alone(async () => {
    const done = await Promise.all([1, 2, 3].map(() => migrateUp(database.url, migrations)));
    expect(done.sort((a, b) => b.length - a.length)).toEqual([names, [], []]);
  }));

test('a migration is named by its class, its number or its file', () =>
  alone(async () => {
    expect(await migrateTo(database.url, migrations, '1700000000001-foundation')).toEqual({
      applied: [names[0]],
      undone: [],
    });
    expect(await pendingMigrations(database.url, migrations)).toEqual(names.slice(1));
    expect(await migrateTo(database.url, migrations, names.at(-1)!)).toEqual({ applied: names.slice(1), undone: [] });
    expect(await migrateTo(database.url, migrations, '1700000000001')).toEqual({
      applied: [],
      undone: names.slice(1).reverse(),
    });
    await expect(migrateTo(database.url, migrations, 'nothing')).rejects.toThrow(/no migration "nothing"/);
  }));

test('a schema of a newer version is refused, not guessed at', () =>
  alone(async () => {
    await migrateUp(database.url, migrations);
    await expect(migrateUp(database.url, migrations.slice(0, 1))).rejects.toThrow(/newer version/);
  }));

test('a database user who may not create roles is told what to ask for', () =>
  alone(async () => {
    const poor = `${new URL(database.url).pathname.slice(1)}_user`;
    const client = new pg.Client({ connectionString: database.url });
    await client.connect();
    const { rows } = await client.query<{ made: boolean }>(`SELECT to_regrole('sanji_app') IS NOT NULL AS made`);
    await client.query(`CREATE ROLE ${poor} LOGIN PASSWORD 'x'`);
    await client.query(`GRANT CREATE ON SCHEMA public TO ${poor}`);
    const url = new URL(database.url);
    url.username = poor;
    url.password = 'x';

    const failure = expect(migrateUp(url.href, migrations)).rejects;
    await failure.toThrow(rows[0]!.made ? /GRANT sanji_app TO <user>/ : /CREATE ROLE sanji_app NOLOGIN/);

    await client.query(`DROP OWNED BY ${poor}; DROP ROLE ${poor}`);
    await client.end();
  }));

test('the application cannot change or erase history, nor the schema', () =>
  alone(async () => {
    await migrateUp(database.url, migrations);
    const client = new pg.Client({ connectionString: database.url, options: '-c role=sanji_app' });
    await client.connect();
    for (const text of [
      `UPDATE event SET type = 'x'`,
      'DELETE FROM event',
      'TRUNCATE event CASCADE',
      `UPDATE audit_entry SET action = 'x'`,
      'DELETE FROM audit_entry',
      'DELETE FROM schema_migration',
      'ALTER TABLE event DISABLE TRIGGER ALL',
      'CREATE TABLE mine (a int)',
    ]) {
      await expect(client.query(text)).rejects.toMatchObject({ code: '42501' });
    }
    await client.end();
  }));
