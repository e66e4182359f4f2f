import type { Command } from 'commander';
import { examples } from './help.js';
import { printResult } from './output.js';
import { showProgress } from './progress.js';

export function reportsCommand(program: Command): void {
  const reports = program
    .command('reports')
    .summary('the prepared figures of reports')
    .description(
      'Reports read prepared figures, one set for each agency and day, which every server keeps up to date as cases change.',
    );
  examples(
    reports
      .command('rebuild')
      .summary('count all of them anew')
      .description(
        'Counts the prepared figures anew from the cases. The service runs meanwhile, and its reports read the former figures until the new ones are complete. Stopped in the middle it goes on by itself: in a running server, or when it is called again.',
      )
      .option('--json', 'print JSON')
      .action(rebuild),
    'sanji reports rebuild',
  );
}

const WAIT_MS = 500;

async function rebuild({ json }: { json?: boolean }): Promise<void> {
  const { setTimeout: wait } = await import('node:timers/promises');
  const { withServices } = await import('./services.js');
  const { CellKeeper } = await import('../report/cells/cell.keeper.js');
  const began = performance.now();
  const cases = await withServices(async (services) => {
    const keeper = services.get(CellKeeper);
    if (!(await keeper.progress())) await keeper.rebuild();
    const progress = showProgress('reports', 0, 'cases');
    try {
      for (let last = 0; ;) {
        // A running server takes its turns as well.
        const mine = await keeper.round();
        const now = await keeper.progress();
        if (!now) return last;
        progress.total(now.of);
        progress.at((last = now.built));
        if (!mine) await wait(WAIT_MS);
      }
    } finally {
      progress.stop();
    }
  });
  const seconds = Math.round((performance.now() - began) / 1_000);
  printResult(
    `The prepared figures were counted anew from about ${cases.toLocaleString('en-US')} cases in ${seconds} s. "sanji verify" compares them with a count of its own.`,
    json === true,
    { cases, seconds },
  );
}
