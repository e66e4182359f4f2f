import { readFile } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError } from './failure.js';
import { examples } from './help.js';
import { printResult } from './output.js';

export function holidaysCommand(program: Command): void {
  const holidays = program
    .command('holidays')
    .summary('load public holidays')
    .description(
      'The bank has working days to pay a return: they are counted by the public holidays of each year, as the State Council gives notice of them.',
    );
  examples(holidays, 'sanji holidays load holidays-2027.csv');
  examples(
    holidays
      .command('load')
      .summary('replace the years that a file has')
      .description(
        'Loads holidays from a CSV file with the columns day (YYYY-MM-DD), working (true: a weekend that is worked, false: a holiday) and name. Every year of which the file has a day is replaced as a whole; other years stay.',
      )
      .argument('<file>', 'CSV, UTF-8')
      .option('--json', 'print JSON')
      .action(load),
    'sanji holidays load holidays-2027.csv',
  );
}

async function load(path: string, { json }: { json?: boolean }): Promise<void> {
  const file = await readFile(path).catch((error: Error) => {
    throw new UsageError(`The file cannot be read: ${error.message}`);
  });
  const { withServices } = await import('./services.js');
  const { HolidayService } = await import('../returns/holiday.service.js');
  const loaded = await withServices(async (services) =>
    services.get(HolidayService).load(await services.caller(), file),
  );
  printResult(`Loaded ${loaded.days} days of ${loaded.years.join(', ')}.`, json === true, loaded);
}
