import type { Command } from 'commander';
import { examples } from './help.js';

export function serveCommand(program: Command): void {
  examples(
    program
      .command('serve')
      .summary('migrate the database and serve the API')
      .description(
        'Migrates the database and serves the API until it is stopped (Ctrl-C). The database is the one that DATABASE_URL names, else an embedded PostgreSQL under SANJI_DATA_DIR.',
      )
      // Loaded only now: help and the other commands start without it in a fraction of the time.
      .action(async () => (await import('./serve.js')).serve()),
    'sanji serve',
    'PORT=8080 HOST=0.0.0.0 sanji serve',
  );
}
