import type { Command } from 'commander';
import type { migrations } from '../../migrations/index.js';
import { UsageError } from './failure.js';
import { examples } from './help.js';
import { printResult } from './output.js';

type Migrator = typeof import('../platform/database/migrate.js');
type Migrations = typeof migrations;

interface Steps {
  readonly applied: readonly string[];
  readonly undone: readonly string[];
}

export function migrateCommand(program: Command): void {
  const migrate = program
    .command('migrate')
    .summary('bring the database to this version')
    .description('Applies the migrations that the database lacks. "serve" does this by itself.')
    .option('--to <migration>', 'go up or down until this migration is the last, e.g. 1700000000001-foundation')
    .option('--json', 'print JSON')
    .action(async (options: { to?: string; json?: boolean }) =>
      run(options, async (url, { migrateTo, migrateUp }, known) =>
        options.to === undefined
          ? { applied: await migrateUp(url, known), undone: [] }
          : migrateTo(url, known, options.to),
      ),
    );
  examples(migrate, 'sanji migrate', 'sanji migrate --to 1700000000001-foundation', 'sanji migrate down');
  examples(
    migrate
      .command('down')
      .summary('take the last migration back')
      .description('Takes the last migration back, with the tables it made and what is in them.')
      .action(async (_options: unknown, command: Command) =>
        run(command.optsWithGlobals(), async (url, { migrateDown }, known) => {
          const undone = await migrateDown(url, known);
          return { applied: [], undone: undone === undefined ? [] : [undone] };
        }),
      ),
    'sanji migrate down',
  );
}

async function run(
  options: { json?: boolean },
  work: (url: string, migrator: Migrator, known: Migrations) => Promise<Steps>,
): Promise<void> {
  const { migrations: known } = await import('../../migrations/index.js');
  const { readConfig } = await import('../platform/config/config.js');
  const migrator = await import('../platform/database/migrate.js');
  const { openDatabase } = await import('./context.js');
  const database = await openDatabase(readConfig(process.env), { migrate: false });
  try {
    const steps = await work(database.url, migrator, known).catch((error: unknown) => {
      throw error instanceof migrator.UnknownMigrationError ? new UsageError(error.message) : error;
    });
    const done = [
      ...steps.undone.map((name) => `${name} taken back`),
      ...steps.applied.map((name) => `${name} applied`),
    ];
    printResult(done.length > 0 ? done.join('\n') : 'Nothing to do.', options.json === true, steps);
  } finally {
    await database.close();
  }
}
