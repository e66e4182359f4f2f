import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import type { Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { chunkContext, type ImportRow } from './import.job.js';
import { RowReader } from './import.row.rules.js';
import { LocalTimes } from './import.value.rules.js';
import type { Digests } from './intake.row.js';
import { IntakeService } from './intake.service.js';
import type { Signal } from './signal.js';
import { readSignal, type IntakeContext } from './signal.rules.js';

/** Rows read before other work gets its turn: a server answers requests meanwhile. */
const SLICE = 100;

export type ReadRow = { row: ImportRow; signal: Signal; digests: Digests } | { row: ImportRow; faults: Fault[] };

/** Seals rows, and later reads them as signals: all that can be done of a chunk before its turn. */
@Injectable()
export class ImportReader {
  private readonly times: LocalTimes;

  constructor(
    private readonly keyring: Keyring,
    private readonly intake: IntakeService,
    @Inject(CONFIG) config: Config,
  ) {
    this.times = new LocalTimes(config.timeZone);
  }

  seal(jobId: string, firstRow: number, rows: readonly ImportRow[]): Buffer {
    return this.keyring.seal(JSON.stringify(rows), chunkContext(jobId, firstRow));
  }

  /** @throws KeyError where it was sealed with a key that is not at hand */
  async read(
    jobId: string,
    header: readonly string[],
    firstRow: number,
    sealed: Buffer,
    context: IntakeContext,
  ): Promise<ReadRow[]> {
    const rows = JSON.parse(this.keyring.openText(sealed, chunkContext(jobId, firstRow))) as ImportRow[];
    const reader = new RowReader(header, this.times);
    const read: ReadRow[] = [];
    for (const row of rows) {
      read.push(this.readRow(row, reader, context));
      if (read.length % SLICE === 0) await otherWork();
    }
    return read;
  }

  private readRow(row: ImportRow, reader: RowReader, context: IntakeContext): ReadRow {
    const [, cells] = row;
    const stray = reader.strayFaults(cells);
    const result = readSignal(reader.signalOf(cells), context);
    if ('faults' in result) return { row, faults: [...result.faults, ...stray] };
    if (stray.length > 0) return { row, faults: stray };
    return { row, signal: result.signal, digests: this.intake.digestsOf(result.signal) };
  }
}
