import { chmod, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrations } from '../../migrations/index.js';
import { startEmbedded } from '../platform/database/embedded.js';
import { migrateUp } from '../platform/database/migrate.js';
import { dumpSchema } from '../platform/database/schema-dump.js';
import { apiDocument, errorList } from './api-documents.js';
import { difference } from './difference.js';

/**
 * Files that are made from the program and committed, so that a review sees what a change does to them.
 * `npm run generate` writes them; with `--check` it compares and ends with 1 where a committed one is out of date.
 */
interface Generated {
  /** From the project's folder, where npm runs scripts. */
  readonly path: string;
  readonly make: (context: Context) => Promise<string>;
}

interface Context {
  /** A migrated database without data. */
  readonly databaseUrl: string;
}

const GENERATED: readonly Generated[] = [
  { path: 'migrations/schema.sql', make: ({ databaseUrl }) => dumpSchema(databaseUrl) },
  { path: 'openapi.json', make: ({ databaseUrl }) => apiDocument(databaseUrl) },
  { path: 'docs/errors.md', make: () => Promise.resolve(errorList()) },
];

const check = process.argv.includes('--check');
const folder = await mkdtemp(join(tmpdir(), 'sanji-generate-'));
// Where this runs as root, PostgreSQL runs under another user, who has to get in.
await chmod(folder, 0o755);
try {
  const database = await startEmbedded({ dataDir: folder });
  try {
    await migrateUp(database.url, migrations);
    for (const generated of GENERATED) await handle(generated, { databaseUrl: database.url });
  } finally {
    await database.stop();
  }
} finally {
  await rm(folder, { recursive: true, force: true });
}

async function handle({ path, make }: Generated, context: Context): Promise<void> {
  const wanted = await make(context);
  const present = await readFile(path, 'utf8').catch(() => '');
  if (present === wanted) {
    console.log(`${path} is up to date`);
  } else if (check) {
    console.error(
      `${path} is out of date: run "npm run generate" and commit it.\n${difference(path, present, wanted)}`,
    );
    process.exitCode = 1;
  } else {
    await writeFile(path, wanted);
    console.log(`${path} written`);
  }
}
