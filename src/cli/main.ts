import { Command, CommanderError } from 'commander';
import { VERSION } from '../platform/config/package.js';
import { exitCodeOf, messageOf } from './failure.js';
import { auditCommand } from './audit.command.js';
import { demoCommand } from './demo.command.js';
import { holidaysCommand } from './holidays.command.js';
import { importCommand } from './import.command.js';
import { keyCommand } from './key.command.js';
import { migrateCommand } from './migrate.command.js';
import { populationCommand } from './population.command.js';
import { replayCommand } from './replay.command.js';
import { reportsCommand } from './reports.command.js';
import { seedCommand } from './seed.command.js';
import { serveCommand } from './serve.command.js';
import { userCommand } from './user.command.js';
import { verifyCommand } from './verify.command.js';

/** Each adds one group of commands; help lists them in this order. */
const COMMANDS: readonly ((program: Command) => void)[] = [
  serveCommand,
  demoCommand,
  migrateCommand,
  seedCommand,
  userCommand,
  keyCommand,
  importCommand,
  holidaysCommand,
  populationCommand,
  replayCommand,
  reportsCommand,
  verifyCommand,
  auditCommand,
];

export function createProgram(): Command {
  const program = new Command('sanji')
    .description(
      'Carries every telecom-fraud warning through city, county and township (三级), keeps the clocks and the books.',
    )
    .version(VERSION)
    .exitOverride()
    .showHelpAfterError('(--help shows how it is called)')
    .addHelpText(
      'after',
      '\nThe environment that the commands read is listed in .env.example.\nExit codes: 0 done, 1 it failed, 2 called in a wrong way.',
    );
  for (const add of COMMANDS) add(program);
  return program;
}

/** Runs one command; its outcome is the exit code of the process. */
export async function main(argv: readonly string[]): Promise<void> {
  // The reader of a pipe may leave before we are done ("sanji … | head"): that is no failure.
  process.stdout.on('error', (error: NodeJS.ErrnoException) => {
    if (error.code !== 'EPIPE') throw error;
  });
  try {
    await createProgram().parseAsync([...argv]);
  } catch (error) {
    process.exitCode = exitCodeOf(error);
    const message = messageOf(error);
    if (message !== undefined) process.stderr.write(`sanji: ${message}\n`);
    if (!(error instanceof CommanderError) && process.env['SANJI_LOG_LEVEL'] === 'trace') console.error(error);
  }
}
