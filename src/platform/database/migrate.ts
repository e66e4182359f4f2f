import { type DataSource, type MigrationInterface } from 'typeorm';
import pg from 'pg';
import { APPLICATION_ROLE, createDataSource } from './data-source.js';

export type MigrationClass = new () => MigrationInterface;

/** One instance migrates at a time; the others wait and find the work done. */
const MIGRATING = 7_362_155;
const UNDEFINED_TABLE = '42P01';
const INSUFFICIENT_PRIVILEGE = '42501';

/** The schema cannot be brought to where it should be; the message says why and what to do. */
export class MigrationError extends Error {
  override readonly name = 'MigrationError';
}

/** No migration is called that. */
export class UnknownMigrationError extends MigrationError {}

/** Applies every migration that is not applied yet. @returns their names, in order */
export async function migrateUp(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  return exclusively(url, async () => {
    const applied = await appliedIn(url);
    refuseNewer(applied, migrations);
    return pendingOf(applied, migrations).length > 0 ? apply(url, migrations) : [];
  });
}

/** Takes the last applied migration back. @returns its name, or undefined where none is applied */
export async function migrateDown(url: string, migrations: readonly MigrationClass[]): Promise<string | undefined> {
  return exclusively(url, async () => {
    const applied = await appliedIn(url);
    refuseNewer(applied, migrations);
    const last = applied.at(-1);
    if (last !== undefined) await undo(url, migrations, 1);
    return last;
  });
}

/**
 * Goes up or down until `target` is the last applied migration.
 * @param target a migration's name, its number, or its file's name
 * @returns the names of the migrations applied or taken back, in the order done
 * @throws UnknownMigrationError
 */
export async function migrateTo(
  url: string,
  migrations: readonly MigrationClass[],
  target: string,
): Promise<{ applied: string[]; undone: string[] }> {
  const at = migrations.findIndex((migration) => isCalled(migration.name, target));
  if (at < 0) {
    throw new UnknownMigrationError(
      `There is no migration "${target}": there are ${migrations.map(({ name }) => name).join(', ')}.`,
    );
  }
  return exclusively(url, async () => {
    const before = await appliedIn(url);
    refuseNewer(before, migrations);
    const keep = new Set(migrations.slice(0, at + 1).map(({ name }) => name));
    const undone = before.filter((name) => !keep.has(name)).reverse();
    await undo(url, migrations, undone.length);
    const wanted = migrations.slice(0, at + 1);
    const applied = pendingOf(before, wanted).length > 0 ? await apply(url, wanted) : [];
    return { applied, undone };
  });
}

/** Names of the migrations that the database still lacks. */
export async function pendingMigrations(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  return pendingOf(await appliedIn(url), migrations);
}

/** The same over connections that are open already (the application's role may read the list). */
export async function pendingMigrationsOf(
  source: DataSource,
  migrations: readonly MigrationClass[],
): Promise<string[]> {
  const rows = await source.query<{ name: string }[]>('SELECT name FROM schema_migration ORDER BY id');
  return pendingOf(
    rows.map(({ name }) => name),
    migrations,
  );
}

/** `Cases1700000000002` is also called `1700000000002` and `1700000000002-cases`. */
function isCalled(name: string, target: string): boolean {
  const [, word, number] = /^(.*?)(\d+)$/.exec(name) ?? [];
  const plain = target.replace(/\.(ts|js)$/, '');
  return [name, number, `${number}-${word?.replace(/(?!^)[A-Z]/g, '-$&')}`].some(
    (each) => each?.toLowerCase() === plain.toLowerCase(),
  );
}

function pendingOf(applied: readonly string[], migrations: readonly MigrationClass[]): string[] {
  return migrations.map(({ name }) => name).filter((name) => !applied.includes(name));
}

/** An older program on a newer schema would write rows that the newer one does not expect. */
function refuseNewer(applied: readonly string[], migrations: readonly MigrationClass[]): void {
  const unknown = applied.filter((name) => !migrations.some((migration) => migration.name === name));
  if (unknown.length > 0) {
    throw new MigrationError(
      `The database has migrations that this version does not know (${unknown.join(', ')}): it was migrated by a newer version. Use that version.`,
    );
  }
}

async function exclusively<T>(url: string, work: () => Promise<T>): Promise<T> {
  return connected(url, async (client) => {
    await client.query('SELECT pg_advisory_lock($1)', [MIGRATING]);
    return work();
  });
}

async function connected<T>(url: string, work: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client({ connectionString: url, application_name: 'sanji migrate', keepAlive: true });
  client.on('error', () => undefined);
  await client.connect();
  try {
    return await work(client);
  } finally {
    await client.end();
  }
}

async function appliedIn(url: string): Promise<string[]> {
  return connected(url, async (client) => {
    try {
      const { rows } = await client.query<{ name: string }>('SELECT name FROM public.schema_migration ORDER BY id');
      return rows.map(({ name }) => name);
    } catch (error) {
      if ((error as { code?: string }).code === UNDEFINED_TABLE) return [];
      throw error;
    }
  });
}

async function apply(url: string, migrations: readonly MigrationClass[]): Promise<string[]> {
  return asOwner(url, migrations, async (source) => {
    const done = await source.runMigrations({ transaction: 'each' });
    return done.map(({ name }) => name);
  });
}

async function undo(url: string, migrations: readonly MigrationClass[], steps: number): Promise<void> {
  await asOwner(url, migrations, async (source) => {
    for (let step = 0; step < steps; step++) await source.undoLastMigration({ transaction: 'each' });
  });
}

async function asOwner<T>(
  url: string,
  migrations: readonly MigrationClass[],
  work: (source: DataSource) => Promise<T>,
): Promise<T> {
  const source = createDataSource({ url, poolSize: 2, asOwner: true, migrations: [...migrations] });
  await source.initialize();
  try {
    return await work(source);
  } catch (error) {
    throw explained(error);
  } finally {
    await source.destroy();
  }
}

function explained(error: unknown): unknown {
  const { code, message } = error as { code?: string; message: string };
  if (code !== INSUFFICIENT_PRIVILEGE) return error;
  return new MigrationError(
    `The database user may not do what the migration needs (${message}). Either give it the right to create roles ` +
      `(ALTER ROLE … CREATEROLE), or let an administrator run once: CREATE ROLE ${APPLICATION_ROLE} NOLOGIN; ` +
      `GRANT ${APPLICATION_ROLE} TO <user>. The user must also own the database.`,
  );
}
