import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { newId } from '../platform/clock/id.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { invalid, tooLarge, unavailable, type Fault, type Problem } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import type { Bytes } from '../platform/tabular/byte-source.js';
import { TableError } from '../platform/tabular/table-error.js';
import { openTable, type Table } from '../platform/tabular/table.js';
import { nameContext, type ImportRow } from './import.job.js';
import { ImportReader } from './import.reader.js';
import { ImportStore } from './import.store.js';
import type { ImportSubject } from './import.subject.js';
import { unreadableFile } from './intake.problems.js';

const CHUNK_ROWS = 1_000;
/** Characters: rows may be long, and a chunk is held whole. */
const CHUNK_LENGTH = 1024 * 1024;
/** Twice the longest field of a signal, so that a text that is somewhat too long costs its row and not the file. */
const MAX_CELL_LENGTH = 4_000;
const MAX_COLUMNS = 64;

/** A file on its way in. */
export interface ImportSource {
  readonly subject: ImportSubject;
  readonly bytes: Bytes;
  readonly fileName: string;
  /** Asked when the file has been read to its end: the wish may come after it. */
  readonly dryRun: () => Promise<boolean>;
}

/**
 * Takes a file over as it streams in: rows are sealed by the thousand and stored in one transaction, so that a file is
 * there whole or not at all. It is never on a disk of ours, and nowhere in clear.
 */
@Injectable()
export class ImportStaging {
  constructor(
    private readonly database: Database,
    private readonly store: ImportStore,
    private readonly reader: ImportReader,
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem `unreadable-file`, `invalid` for a wrong header, `too-large`; whatever the source throws */
  async take(caller: Caller, source: ImportSource): Promise<{ id: string }> {
    try {
      const table = await this.open(source);
      try {
        return await this.keep(caller, table, source);
      } finally {
        await table.close();
      }
    } catch (error) {
      throw problemOf(error);
    }
  }

  private async open({ bytes, subject: { columns } }: ImportSource): Promise<Table> {
    let header: string[] = [];
    const isHeader = (cells: string[]): boolean => {
      if (!columns.isHeader(cells)) return false;
      header = cells;
      return true;
    };
    const limits = {
      maxFileBytes: this.config.importMaxBytes,
      maxCellLength: MAX_CELL_LENGTH,
      maxColumns: MAX_COLUMNS,
    };
    try {
      const table = await openTable(bytes, { ...limits, isHeader });
      header = table.header;
      if (columns.faultsOf(header).length === 0) return table;
      await table.close();
    } catch (error) {
      // It does not say which columns they are; we do.
      if (!(error instanceof TableError) || error.code !== 'duplicate-header') throw error;
    }
    throw wrongHeader(columns.faultsOf(header));
  }

  private async keep(caller: Caller, table: Table, source: ImportSource): Promise<{ id: string }> {
    let begun = false;
    return this.database.transaction(caller.session, async (tx) => {
      // A stream is read once: unlike other work this cannot be done again after a deadlock, which nothing here gives.
      if (begun)
        throw unavailable.with('The file could not be stored. Send it again.', { headers: { 'retry-after': '1' } });
      begun = true;
      const id = newId(tx.now);
      await this.store.add(tx, {
        id,
        subject: source.subject.name,
        agencyId: caller.agency.id,
        callerKind: caller.kind,
        createdBy: caller.id,
        sources: caller.sources && [...caller.sources],
        sealedName: this.keyring.seal(source.fileName, nameContext(id)),
        dryRun: false,
        columns: table.header,
        createdAt: tx.now,
      });
      try {
        const total = await this.keepRows(tx, id, table, source.subject);
        if (total === 0) throw new TableError('empty-file');
        await this.store.completeUpload(tx, id, total, await source.dryRun());
        return { id };
      } catch (error) {
        // Inside the transaction, because a retry with the same Idempotency-Key is told the same.
        await table.close();
        throw problemOf(error);
      }
    });
  }

  /** @returns how many rows there are */
  private async keepRows(tx: Tx, id: string, table: Table, subject: ImportSubject): Promise<number> {
    const { goesOn } = subject.reader(table.header, this.reader.times);
    let total = 0;
    let rows: ImportRow[] = [];
    let length = 0;
    let storing: Promise<void> = Promise.resolve();
    const store = async (): Promise<void> => {
      const firstRow = rows[0]![0];
      const sealed = this.reader.seal(id, firstRow, rows);
      // One on its way while the next is read; no more, or a fast client fills the memory.
      await storing;
      storing = this.store.addChunk(tx, id, firstRow, rows.length, sealed);
      storing.catch(() => undefined);
      total += rows.length;
      rows = [];
      length = 0;
    };
    for await (const { rowNo, cells } of table.rows) {
      const full = rows.length >= CHUNK_ROWS || length >= CHUNK_LENGTH;
      // Rows that go on with each other stay together, up to a chunk more.
      if (full && (rows.length >= 2 * CHUNK_ROWS || !goesOn(rows.at(-1)![1], cells))) await store();
      rows.push([rowNo, cells]);
      for (const cell of cells) length += cell.length;
    }
    if (rows.length > 0) await store();
    await storing;
    return total;
  }
}

function wrongHeader(faults: Fault[]): Problem {
  return invalid.with(`The header row is not right: ${faults.map(({ message }) => message).join('; ')}.`, {
    errors: faults,
  });
}

function problemOf(error: unknown): unknown {
  if (!(error instanceof TableError)) return error;
  const kind = error.code === 'file-too-large' ? tooLarge : unreadableFile;
  return kind.with(error.message, { members: { reason: error.code, detailZh: error.messageZh, ...error.place } });
}
