import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { EntitySchema, getMetadataArgsStorage, type DataSource, type EntityMetadata } from 'typeorm';
import { createDataSource } from '../../src/platform/database/data-source.js';
import { testDatabase, type TestDatabase } from '../support/database.js';

type Entity = new () => unknown;

const SOURCES = join(import.meta.dirname, '../../src');
/** What TypeORM calls a type → what PostgreSQL calls it, where they differ. */
const SPELLED: Record<string, string> = {
  timestamptz: 'timestamp with time zone',
  int: 'integer',
  int2: 'smallint',
  int4: 'integer',
  int8: 'bigint',
  bool: 'boolean',
  varchar: 'character varying',
};

let database: TestDatabase;
let source: DataSource;

beforeAll(async () => {
  database = await testDatabase();
  source = createDataSource({ url: database.url, poolSize: 2, entities: await everyEntity() });
  await source.initialize();
});

afterAll(async () => {
  await source?.destroy();
  await database?.drop();
});

test('there are entities to compare', () => {
  expect(source.entityMetadatas.length).toBeGreaterThan(0);
});

test('every entity has exactly the columns of its table, of the same type, nullability and key', async () => {
  for (const entity of source.entityMetadatas) {
    expect({ table: entity.tableName, columns: declared(entity) }).toEqual({
      table: entity.tableName,
      columns: await actual(entity.tableName),
    });
  }
});

async function everyEntity(): Promise<(Entity | EntitySchema)[]> {
  const files = (await readdir(SOURCES, { recursive: true })).filter((file) => file.endsWith('.entity.ts')).sort();
  const found = new Set<Entity | EntitySchema>();
  for (const file of files) {
    const exported = Object.values((await import(join(SOURCES, file))) as Record<string, unknown>);
    const decorated = new Set(getMetadataArgsStorage().tables.map(({ target }) => target));
    const entities = exported.filter((each) => each instanceof EntitySchema || decorated.has(each as Entity));
    if (entities.length === 0) throw new Error(`${file} exports no entity`);
    for (const entity of entities) found.add(entity as Entity | EntitySchema);
  }
  return [...found];
}

function declared(entity: EntityMetadata): Record<string, string> {
  return Object.fromEntries(
    entity.columns
      .map((column): [string, string] => {
        const type = source.driver.normalizeType(column);
        const [first, ...rest] = (SPELLED[type] ?? type).split(' ');
        const size = column.precision ?? (column.length || undefined);
        const full = [size == null ? first : `${first}(${size})`, ...rest].join(' ');
        return [
          column.databaseName,
          inWords(`${full}${column.isArray ? '[]' : ''}`, column.isNullable, column.isPrimary),
        ];
      })
      .sort(byName),
  );
}

async function actual(table: string): Promise<Record<string, string>> {
  const rows = await source.query<{ name: string; type: string; nullable: boolean; primary: boolean }[]>(
    `SELECT a.attname AS name, format_type(a.atttypid, a.atttypmod) AS type, NOT a.attnotnull AS nullable,
       coalesce(a.attnum = ANY (k.conkey), false) AS primary
     FROM pg_attribute a LEFT JOIN pg_constraint k ON k.conrelid = a.attrelid AND k.contype = 'p'
     WHERE a.attrelid = to_regclass($1) AND a.attnum > 0 AND NOT a.attisdropped`,
    [`public.${table}`],
  );
  return Object.fromEntries(
    rows
      .map(({ name, type, nullable, primary }): [string, string] => [name, inWords(type, nullable, primary)])
      .sort(byName),
  );
}

function inWords(type: string, nullable: boolean, primary: boolean): string {
  return [type, nullable ? 'null' : 'not null', ...(primary ? ['primary key'] : [])].join(' ');
}

function byName([a]: [string, string], [b]: [string, string]): number {
  return a < b ? -1 : 1;
}
