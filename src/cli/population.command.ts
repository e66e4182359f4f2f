import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import type { Command } from 'commander';
import { UsageError } from './failure.js';
import { examples } from './help.js';
import { printResult } from './output.js';

export function populationCommand(program: Command): void {
  const population = program
    .command('population')
    .summary('how many people live where')
    .description(
      'How many people live where each agency is responsible: what 万人发案率, incidents per 10,000 people, is divided by.',
    );
  examples(
    population
      .command('load')
      .summary('take in a file of figures')
      .description(
        'Takes in a table with the columns code (of an agency), year and population. A figure of the same agency and year is replaced; the file is taken whole or, where anything in it is wrong, not at all. Reports take the latest year that is not after their period.',
      )
      .argument('<file>', 'CSV (UTF-8 or GB18030) or XLSX')
      .option('--json', 'print JSON')
      .action(load),
    'sanji population load population.csv',
  );
}

async function load(path: string, { json }: { json?: boolean }): Promise<void> {
  await stat(path).catch((error: Error) => {
    throw new UsageError(`The file cannot be read: ${error.message}`);
  });
  const { withServices } = await import('./services.js');
  const { PopulationService } = await import('../organization/population.service.js');
  const loaded = await withServices(async (services) =>
    services.get(PopulationService).load(await services.caller(), createReadStream(path)),
  );
  const { rows, changed } = loaded;
  printResult(`${rows} ${rows === 1 ? 'figure' : 'figures'} read, ${changed} new or changed.`, json === true, loaded);
}
