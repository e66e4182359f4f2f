import type { Command } from 'commander';
import type { ChainBreak } from '../timeline/chain.verifier.js';
import { examples } from './help.js';
import { printResult } from './output.js';

/** More would not help whoever has to look at them. */
const MOST_BREAKS = 100;

const WORDS: Readonly<Record<ChainBreak['what'], string>> = {
  'event-changed': 'the event is not the one that was written, or the one before it is not',
  'event-missing': 'an event before this one is missing',
  'head-differs': 'the case does not end with its last event: one is missing, changed or added at the end',
  'case-without-history': 'the case has no history',
  'history-without-case': 'the case of this history is missing',
  'note-changed': 'the note is not the one that was written',
  'note-missing': 'the note is missing',
};

export function auditCommand(program: Command): void {
  const audit = program
    .command('audit')
    .summary('prove the history')
    .description('The history of every case is a chain of hashes; this proves that nothing in it was changed.');
  examples(audit, 'sanji audit verify');
  examples(
    audit
      .command('verify')
      .summary('prove that no history was changed')
      .description(
        'Checks every event of every case against the chain of hashes, every case against the end of its chain, and every note. Ends with 1 where anything does not hold, and prints where.',
      )
      .option('--json', 'print JSON')
      .action(verify),
    'sanji audit verify',
    'sanji audit verify --json > proof.json',
  );
}

async function verify({ json }: { json?: boolean }): Promise<void> {
  const { withServices } = await import('./services.js');
  const { ChainVerifier } = await import('../timeline/chain.verifier.js');
  const { Database, session } = await import('../platform/database/database.js');
  const { AlertView } = await import('../alert/alert.view.js');
  const { EXIT_FAILED } = await import('./failure.js');
  const proof = await withServices((services) =>
    services.get(Database).readSnapshot(session({ actor: 'system', agency_path: '', roles: 'system' }), async (tx) => {
      // The whole history in a few statements takes longer than any request may.
      await tx.adHoc('SET LOCAL statement_timeout = 0');
      await tx.adHoc('SET LOCAL idle_in_transaction_session_timeout = 0');
      const found = await services.get(ChainVerifier).verify(tx, MOST_BREAKS);
      const view = services.get(AlertView);
      const breaks: (ChainBreak & { alertNo: string | null })[] = [];
      // How people call the case; one that is gone has no number any more.
      for (const each of found.breaks) {
        breaks.push({ alertNo: (await view.find(tx, each.caseId))?.alertNo ?? null, ...each });
      }
      return { ...found, breaks };
    }),
  );
  const { events, cases, breaks } = proof;
  const places = breaks.map(
    ({ alertNo, caseId, seq, what }) => `${alertNo ?? 'unknown case'} (${caseId}), event ${seq}: ${WORDS[what]}`,
  );
  const count = (value: number): string => value.toLocaleString('en-US');
  const checked = `${count(events)} events of ${count(cases)} cases checked`;
  const sentence =
    breaks.length === 0
      ? `${checked}: the history is the one that was written.`
      : `${checked}: it does not hold in ${breaks.length}${breaks.length === MOST_BREAKS ? ' or more' : ''} places.\n${places.join('\n')}`;
  printResult(sentence, json === true, proof);
  if (breaks.length > 0) process.exitCode = EXIT_FAILED;
}
