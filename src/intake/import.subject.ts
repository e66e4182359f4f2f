import type { Caller } from '../identity/caller.js';
import type { Tx } from '../platform/database/database.js';
import type { Fault } from '../platform/http/problem.js';
import type { ColumnWords } from './import.columns.rules.js';
import type { ImportRow } from './import.job.js';
import type { LocalTimes } from './import.value.rules.js';
import type { Wording } from './import.wording.js';
import type { IntakeContext } from './reader.rules.js';

export type SubjectName = 'alerts' | 'incidents';

/** What becomes of a row that is right. */
export type RowOutcome = 'created' | 'duplicate' | 'merged' | 'conflict';

/** Rows of a file that tell of one thing, what they tell, or what is wrong with each of them. */
export type ReadRows<Item> =
  | {
      item: Item;
      /** What they count for, beside the first: it counts for what becomes of the thing. */
      rows: readonly { row: ImportRow; repeats?: true }[];
    }
  | { faults: readonly { row: ImportRow; faults: readonly Fault[] }[] };

/** What files can be handed in of, and how they are read and taken in. */
export interface ImportSubject<Item = unknown> {
  readonly name: SubjectName;
  /** Whose right it takes to hand such a file in. */
  readonly operation: string;
  readonly columns: ColumnWords;
  readonly wordings: readonly Wording[];
  /** The source reference stands for other content. */
  readonly conflict: Fault;
  /** Reads the rows of a file, a few at a time. */
  reader(header: readonly string[], times: LocalTimes): ImportRowReader<Item>;
  /** @returns what became of each, in the same order */
  take(tx: Tx, caller: Caller, items: readonly Item[], context: IntakeContext): Promise<RowOutcome[]>;
  /** What would become of each; what is seen of the file itself is noted for the rows that follow. */
  foresee(tx: Tx, jobId: string, caller: Caller, items: readonly Item[]): Promise<RowOutcome[]>;
}

export interface ImportRowReader<Item = unknown> {
  /** Whether a row goes on with what the one before it tells. */
  goesOn(before: readonly string[], cells: readonly string[]): boolean;
  /** @param rows that go on with each other: one, where none does */
  read(rows: readonly ImportRow[], context: IntakeContext): ReadRows<Item>;
}
