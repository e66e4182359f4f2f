import { setImmediate as otherWork } from 'node:timers/promises';
import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { CONFIG } from '../platform/platform.module.js';
import { chunkContext, type ImportRow } from './import.job.js';
import type { ImportSubject, ReadRows } from './import.subject.js';
import { LocalTimes } from './import.value.rules.js';
import type { IntakeContext } from './reader.rules.js';

/** Rows read before other work gets its turn: a server answers requests meanwhile. */
const SLICE = 100;

/** Seals rows, and later reads what they tell: all that can be done of a chunk before its turn. */
@Injectable()
export class ImportReader {
  readonly times: LocalTimes;

  constructor(
    private readonly keyring: Keyring,
    @Inject(CONFIG) config: Config,
  ) {
    this.times = new LocalTimes(config.timeZone);
  }

  seal(jobId: string, firstRow: number, rows: readonly ImportRow[]): Buffer {
    return this.keyring.seal(JSON.stringify(rows), chunkContext(jobId, firstRow));
  }

  /** @throws KeyError where it was sealed with a key that is not at hand */
  async read(
    subject: ImportSubject,
    jobId: string,
    header: readonly string[],
    firstRow: number,
    sealed: Buffer,
    context: IntakeContext,
  ): Promise<ReadRows<unknown>[]> {
    const rows = JSON.parse(this.keyring.openText(sealed, chunkContext(jobId, firstRow))) as ImportRow[];
    const reader = subject.reader(header, this.times);
    const read: ReadRows<unknown>[] = [];
    let group: ImportRow[] = [];
    for (const row of rows) {
      const last = group.at(-1);
      if (last && !reader.goesOn(last[1], row[1])) {
        read.push(reader.read(group, context));
        group = [];
        if (read.length % SLICE === 0) await otherWork();
      }
      group.push(row);
    }
    if (group.length > 0) read.push(reader.read(group, context));
    return read;
  }
}
