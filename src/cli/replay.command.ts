import { InvalidArgumentError, type Command } from 'commander';
import { isLocalDate } from '../platform/clock/local-date.js';
import { examples } from './help.js';

export interface ReplayCommandOptions {
  readonly city: string;
  readonly from: string;
  readonly to: string;
  readonly scale: number;
  readonly seed: string;
  readonly json?: boolean;
}

export function replayCommand(program: Command): void {
  examples(
    program
      .command('replay')
      .summary('replay what was published of a city')
      .description(
        'Feeds a period of a city through the real intake and the real commands, day by day with clocks that go along, so that its briefing comes to the published figures: of Nanyang (4113) 2023-01-01 to 2023-07-06, of Zhengzhou (4101) 2019; other cities take the figures of Nanyang by their size, other periods by their length. Prints the briefing, and each published figure beside the replayed one. It takes a database of its own, refuses one that holds anything else, and goes on where it was after a stop.',
      )
      .requiredOption('--city <code>', 'division code of a city, four digits', city)
      .requiredOption('--from <date>', 'first local date', date)
      .requiredOption('--to <date>', 'last local date, inclusive', date)
      .option('--scale <number>', 'the share of everything that is replayed, above 0 and at most 1', scale, 0.01)
      .option('--seed <text>', 'another one makes other people and days, and the same figures', '1')
      .option('--json', 'print JSON')
      .action(async (options: ReplayCommandOptions) => (await import('./replay.js')).replayCity(options)),
    'sanji replay --city 4113 --from 2023-01-01 --to 2023-07-06 --scale 0.01',
    'sanji replay --city 4101 --from 2019-01-01 --to 2019-12-31',
  );
}

function city(text: string): string {
  if (/^\d{4}$/.test(text)) return text;
  throw new InvalidArgumentError('Four digits, for example 4113.');
}

function date(text: string): string {
  if (isLocalDate(text)) return text;
  throw new InvalidArgumentError('A day such as 2023-01-01.');
}

function scale(text: string): number {
  const value = Number(text);
  if (text.trim() !== '' && value > 0 && value <= 1) return value;
  throw new InvalidArgumentError('A number above 0 and at most 1.');
}
