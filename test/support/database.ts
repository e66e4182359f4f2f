import { createHash, randomBytes } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import pg from 'pg';
import { migrations } from '../../migrations/index.js';
import { enter } from '../../src/platform/database/embedded.js';
import { migrateUp } from '../../src/platform/database/migrate.js';
import { clusterIn } from '../../src/platform/database/postmaster.js';

export interface TestDatabase {
  readonly url: string;
  /** Cuts every connection to it and removes it. */
  drop(): Promise<void>;
}

/** Held while the template is made or an empty database is migrated: roles belong to the whole server. */
const PREPARING = 7_362_156;

let server: Promise<string> | undefined;

/** URL of the server's maintenance database. PostgreSQL is started by the first test of a run that asks. */
export async function testServer(): Promise<string> {
  return (server ??= findServer());
}

async function findServer(): Promise<string> {
  const given = process.env['TEST_DATABASE_URL'];
  if (given) return given;
  const folder = process.env['SANJI_TEST_FOLDER'];
  if (!folder) throw new Error('tests run through jest, whose global setup makes a folder for PostgreSQL');
  const { client, postmaster, password } = await enter(clusterIn(folder), { durable: false });
  await client.end();
  return `postgresql://sanji:${password}@127.0.0.1:${postmaster.port}/postgres`;
}

/** A fresh, migrated database for one test file, cloned from a template that is migrated once. */
export async function testDatabase(): Promise<TestDatabase> {
  return onServer(async (client) => {
    const template = await ensureTemplate(client);
    return create(client, `TEMPLATE ${template} STRATEGY file_copy`);
  });
}

/**
 * The same with what `fill` puts into it, once for all test files that ask for it by this name.
 * @param fill works on a migrated database, and lets go of it
 */
export async function filledDatabase(what: string, fill: (url: string) => Promise<void>): Promise<TestDatabase> {
  return onServer(async (client) => {
    const migrated = await ensureTemplate(client);
    const template = await ensure(client, `${migrated}_${what}`, async (draft) => {
      await client.query(`CREATE DATABASE ${draft} TEMPLATE ${migrated} STRATEGY file_copy`);
      await fill(urlOf(await testServer(), draft));
    });
    return create(client, `TEMPLATE ${template} STRATEGY file_copy`);
  });
}

/** A database without any table, for tests of the migrations themselves. */
export async function emptyDatabase(): Promise<TestDatabase> {
  return onServer((client) => create(client, 'TEMPLATE template0'));
}

/** Runs `work` while no other test touches what belongs to the whole server: roles. */
export async function alone<T>(work: () => Promise<T>): Promise<T> {
  return onServer(async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [PREPARING]);
    return work();
  });
}

async function create(client: pg.Client, how: string): Promise<TestDatabase> {
  const name = newName('case');
  await client.query(`CREATE DATABASE ${name} ${how}`);
  return {
    url: urlOf(await testServer(), name),
    drop: () => onServer(async (other) => void (await other.query(`DROP DATABASE IF EXISTS ${name} WITH (FORCE)`))),
  };
}

/** @returns the name of a database that has the present migrations and no data */
async function ensureTemplate(client: pg.Client): Promise<string> {
  return ensure(client, `${run()}_template_${await fingerprint()}`, async (draft) => {
    await client.query(`CREATE DATABASE ${draft} TEMPLATE template0`);
    await migrateUp(urlOf(await testServer(), draft), migrations);
  });
}

/** Makes a template unless somebody has, or does at this moment. @returns its name */
async function ensure(client: pg.Client, template: string, make: (draft: string) => Promise<void>): Promise<string> {
  if (await exists(client, template)) return template;
  await client.query('SELECT pg_advisory_lock($1)', [PREPARING]);
  try {
    if (await exists(client, template)) return template;
    const draft = newName('draft');
    await make(draft);
    // Under its name only when it is complete.
    await client.query(`ALTER DATABASE ${draft} RENAME TO ${template}`);
    return template;
  } finally {
    await client.query('SELECT pg_advisory_unlock($1)', [PREPARING]);
  }
}

async function exists(client: pg.Client, database: string): Promise<boolean> {
  return (await client.query('SELECT FROM pg_database WHERE datname = $1', [database])).rowCount === 1;
}

async function fingerprint(): Promise<string> {
  const folder = join(import.meta.dirname, '../../migrations');
  const hash = createHash('sha256');
  for (const file of (await readdir(folder)).filter((name) => name.endsWith('.ts')).sort()) {
    hash.update(file).update(await readFile(join(folder, file)));
  }
  return hash.digest('hex').slice(0, 16);
}

/** Every database of a run begins with this, so that the teardown finds them. */
function run(): string {
  return process.env['SANJI_TEST_RUN'] ?? 'sanji_test';
}

function newName(what: string): string {
  return `${run()}_${what}_${randomBytes(6).toString('hex')}`;
}

async function onServer<T>(work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: await testServer() });
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
