import { once } from 'node:events';
import pg from 'pg';

/** Lets the process that global-setup started clean up, and waits for it. On a given server: removes our databases. */
export default async function globalTeardown() {
  if (process.env.TEST_DATABASE_URL) return dropDatabases(process.env.TEST_DATABASE_URL);
  const cleaner = globalThis.sanjiTestCleaner;
  if (!cleaner) return;
  cleaner.ref();
  const ended = once(cleaner, 'exit');
  cleaner.stdin.end();
  await ended;
}

async function dropDatabases(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  const { rows } = await client.query('SELECT datname FROM pg_database WHERE starts_with(datname, $1)', [
    process.env.SANJI_TEST_RUN,
  ]);
  for (const { datname } of rows) {
    await client.query(`DROP DATABASE IF EXISTS ${pg.escapeIdentifier(datname)} WITH (FORCE)`);
  }
  await client.end();
}
