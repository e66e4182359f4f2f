import { InvalidArgumentError, type Command } from 'commander';
import { examples } from './help.js';

const MOST_SIGNALS = 100_000;

export function demoCommand(program: Command): void {
  examples(
    program
      .command('demo')
      .summary("play a day of Nanyang's, then serve it")
      .description(
        'Makes a fresh database of its own beside the real one, plays one day of a real city over the HTTP API (signals come in, simulated officers of all three tiers work them), prints the tier report, the accounts and a first call, and serves until it is stopped (Ctrl-C).',
      )
      .option('--signals <number>', 'how many signals come in on the day', signals, 11_000)
      .option('--seed <text>', 'another one makes another day', '1')
      .option('--exit', 'end after the report instead of serving')
      .action(async (options: { signals: number; seed: string; exit?: boolean }) =>
        (await import('./demo.js')).demo(options),
      ),
    'sanji demo',
    'PORT=8080 sanji demo',
    'sanji demo --signals 500 --exit',
  );
}

function signals(text: string): number {
  const count = Number(text);
  if (Number.isInteger(count) && count >= 1 && count <= MOST_SIGNALS) return count;
  throw new InvalidArgumentError(`A whole number from 1 to ${MOST_SIGNALS}.`);
}
