import { createReadStream, createWriteStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { basename } from 'node:path';
import { pipeline } from 'node:stream/promises';
import type { Command } from 'commander';
import type { ImportAnswer } from '../intake/import.dto.js';
import { CommandError, EXIT_FAILED, UsageError } from './failure.js';
import { examples } from './help.js';
import { printResult } from './output.js';
import { showProgress } from './progress.js';

interface ImportOptions {
  city?: string;
  dryRun?: boolean;
  rejects?: string;
  json?: boolean;
}

export function importCommand(program: Command): void {
  examples(
    program
      .command('import')
      .summary('take in a file of signals')
      .description(
        'Takes in a file of signals (CSV or XLSX; the columns are in docs/import.md), row by row by the rules of POST /alerts. Ends when all rows are worked off. Interrupted, it is gone on with by a server that runs, or the same file is given again: rows that are in count as duplicates.',
      )
      .argument('<file>', 'CSV (UTF-8 or GB18030) or XLSX')
      .option('--city <code>', 'the city that takes them in; needed where there are several')
      .option('--dry-run', 'check the file, say what would become of each row, and change nothing')
      .option(
        '--rejects <file>',
        'write the rejected rows there as they came, with the reasons: personal data in clear',
      )
      .option('--json', 'print JSON')
      .action(importFile),
    'sanji import signals.csv --dry-run',
    'sanji import signals.xlsx --rejects rejects.csv',
  );
}

async function importFile(path: string, { city, dryRun, rejects, json }: ImportOptions): Promise<void> {
  await stat(path).catch((error: Error) => {
    throw new UsageError(`The file cannot be read: ${error.message}`);
  });
  const { withServices } = await import('./services.js');
  const { ImportService } = await import('../intake/import.service.js');
  const { OrganizationRegistry } = await import('../organization/organization.registry.js');
  const done = await withServices(async (services) => {
    const cities = (await services.get(OrganizationRegistry).current()).cities();
    if (city === undefined && cities.length > 1) {
      throw new UsageError(`Say which city takes them in: --city ${cities.map(({ code }) => code).join(' or ')}.`);
    }
    const caller = await services.caller(city);
    if (caller.agency.tier !== 'city')
      throw new UsageError(`${caller.agency.name} is no city: files are taken in by a city's centre.`);
    const imports = services.get(ImportService);
    const progress = showProgress(dryRun ? 'check' : 'import', 0, 'rows');
    const answer = await imports
      .runFile(caller, createReadStream(path), basename(path), {
        dryRun: dryRun === true,
        onProgress: ({ total, processed }) => {
          progress.total(total);
          progress.at(processed);
        },
      })
      .finally(() => progress.stop());
    if (rejects !== undefined && answer.rejected > 0) {
      const file = await imports.rejects(caller, answer.id);
      await pipeline(file.getStream(), createWriteStream(rejects, { mode: 0o600 }));
    }
    return answer;
  });
  if (done.status === 'failed') throw new CommandError(done.failure ?? 'The import failed.');
  printResult(inWords(done, rejects), json === true, done);
  if (done.status !== 'completed') process.exitCode = EXIT_FAILED;
}

function inWords(
  { dryRun, total, created, merged, duplicates, rejected }: ImportAnswer,
  rejects: string | undefined,
): string {
  const count = (value: number): string => value.toLocaleString('en-US');
  const counts = `${count(created)} new alerts, ${count(merged)} merged into open ones, ${count(duplicates)} duplicates, ${count(rejected)} rejected`;
  const where =
    rejected === 0
      ? ''
      : rejects === undefined
        ? ' (--rejects FILE writes them, with the reasons)'
        : `, see ${rejects}`;
  return `${count(total)} rows${dryRun ? ' checked, nothing changed. There would be' : ':'} ${counts}${where}.`;
}
