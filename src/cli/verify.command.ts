import { InvalidArgumentError, type Command } from 'commander';
import { examples, listOf } from './help.js';
import { printResult } from './output.js';
import { showProgress } from './progress.js';

export function verifyCommand(program: Command): void {
  examples(
    program
      .command('verify')
      .summary('recount everything')
      .description(
        "Recounts everything from the stored facts: each case against its hops, acts and history, the history's chain of hashes, the ledger against what it is the books of, and the tier and funds reports of every city, of all time and of single months, by a count of its own. Ends with 1 where anything differs, and prints where.",
      )
      .option('--months <months>', 'months whose reports are recounted, with commas; default: the present one', months)
      .option('--json', 'print JSON')
      .action(verify),
    'sanji verify',
    'sanji verify --months 2023-05,2023-06 --json',
  );
}

function months(text: string): string[] {
  const named = listOf(text);
  const wrong = named.find((month) => !/^\d{4}-(?:0[1-9]|1[0-2])$/.test(month));
  if (wrong !== undefined) throw new InvalidArgumentError(`"${wrong}" is no month such as 2023-06.`);
  return named;
}

async function verify(options: { months?: string[]; json?: boolean }): Promise<void> {
  const { withServices } = await import('./services.js');
  const { VerifyService } = await import('../verify/verify.service.js');
  const { EXIT_FAILED } = await import('./failure.js');
  const result = await withServices(async (services) => {
    const progress = showProgress('verify', 0, 'alerts');
    const told = (done: number, all: number): void => {
      progress.total(all);
      progress.at(done);
    };
    return services
      .get(VerifyService)
      .verify({ months: options.months, progress: told })
      .finally(() => progress.stop());
  });
  const { alerts, events, entries, cells, reports, figures, differences, found } = result;
  const count = (value: number): string => value.toLocaleString('en-US');
  const counted = `${count(alerts)} alerts, ${count(events)} events, ${count(entries)} ledger entries, ${count(cells)} cells of prepared figures and ${count(figures)} figures of ${count(reports)} reports recounted`;
  const places = differences.map(
    (each) => `${each.where}: ${each.what} is ${each.found}, the facts give ${each.expected}`,
  );
  if (found > places.length) places.push(`… and ${count(found - places.length)} more`);
  const sentence =
    found === 0
      ? `${counted}: everything is as the facts give it.`
      : `${counted}: ${count(found)} ${found === 1 ? 'difference' : 'differences'}.\n${places.join('\n')}`;
  printResult(sentence, options.json === true, result);
  if (found > 0) process.exitCode = EXIT_FAILED;
}
