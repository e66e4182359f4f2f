import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { Tx } from '../platform/database/database.js';
import { SIGNAL_COLUMNS } from './import.header.rules.js';
import { ImportPreview, type DigestedSignal } from './import.preview.js';
import { signalRows } from './import.row.rules.js';
import type { ImportRowReader, ImportSubject, RowOutcome } from './import.subject.js';
import { ImportSubjects } from './import.subjects.js';
import type { LocalTimes } from './import.value.rules.js';
import { SIGNAL_WORDINGS } from './import.wording.js';
import { CONFLICT, IntakeApi } from './intake.api.js';
import { IntakeService } from './intake.service.js';
import { readSignal, type IntakeContext } from './signal.rules.js';

/** Files of signals: one row is one signal. */
@Injectable()
export class SignalImport implements ImportSubject<DigestedSignal> {
  readonly name = 'alerts';
  readonly operation = 'importAlerts';
  readonly columns = SIGNAL_COLUMNS;
  readonly wordings = SIGNAL_WORDINGS;
  readonly conflict = CONFLICT;

  constructor(
    private readonly api: IntakeApi,
    private readonly intake: IntakeService,
    private readonly preview: ImportPreview,
    subjects: ImportSubjects,
  ) {
    subjects.add(this);
  }

  reader(header: readonly string[], times: LocalTimes): ImportRowReader<DigestedSignal> {
    const rows = signalRows(header, times);
    return {
      goesOn: () => false,
      read: ([row], context) => {
        const [, cells] = row!;
        const stray = rows.strayFaults(cells);
        const read = readSignal(rows.rawOf(cells), context);
        const faults = [...('faults' in read ? read.faults : []), ...stray];
        if ('faults' in read || faults.length > 0) return { faults: [{ row: row!, faults }] };
        const { signal } = read;
        return { item: { signal, digests: this.intake.digestsOf(signal) }, rows: [{ row: row! }] };
      },
    };
  }

  async take(tx: Tx, caller: Caller, items: readonly DigestedSignal[], context: IntakeContext): Promise<RowOutcome[]> {
    const signals = items.map(({ signal }) => signal);
    const digests = items.map((item) => item.digests);
    return (await this.api.take(tx, caller, signals, context, digests)).map(({ outcome }) => outcome);
  }

  async foresee(tx: Tx, jobId: string, caller: Caller, items: readonly DigestedSignal[]): Promise<RowOutcome[]> {
    return this.preview.foresee(tx, jobId, caller, items);
  }
}
