import type { Command } from 'commander';
import { migrations } from '../../migrations/index.js';
import { readConfig } from '../platform/config/config.js';
import { migrateDown, migrateTo, migrateUp } from '../platform/database/migrate.js';
import { openDatabase } from './context.js';
import { printResult } from './output.js';

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
      run(options, async (url) =>
        options.to === undefined
          ? { applied: await migrateUp(url, migrations), undone: [] }
          : migrateTo(url, migrations, options.to),
      ),
    );
  migrate
    .command('down')
    .summary('take the last migration back')
    .description('Takes the last migration back, with the tables it made and what is in them.')
    .action(async (_options: unknown, command: Command) =>
      run(command.optsWithGlobals(), async (url) => {
        const undone = await migrateDown(url, migrations);
        return { applied: [], undone: undone === undefined ? [] : [undone] };
      }),
    );
}

async function run(options: { json?: boolean }, work: (url: string) => Promise<Steps>): Promise<void> {
  const database = await openDatabase(readConfig(process.env), { migrate: false });
  try {
    const steps = await work(database.url);
    const done = [
      ...steps.undone.map((name) => `${name} taken back`),
      ...steps.applied.map((name) => `${name} applied`),
    ];
    printResult(done.length > 0 ? done.join('\n') : 'Nothing to do.', options.json === true, steps);
  } finally {
    await database.close();
  }
}
