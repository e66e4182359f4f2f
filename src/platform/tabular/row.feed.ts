import type { CellValue, Rows } from './table.file.js';

type Row = readonly CellValue[];

/** Rows one by one, with a look ahead; let go in any case. */
export class RowFeed {
  private readonly iterator: Iterator<Row> | AsyncIterator<Row>;
  private readonly held: Row[] = [];
  private done = false;

  constructor(rows: Rows<Row>) {
    this.iterator = Symbol.asyncIterator in rows ? rows[Symbol.asyncIterator]() : rows[Symbol.iterator]();
  }

  /** The next rows without taking them: so many, or those that are left. */
  async peek(most: number): Promise<readonly Row[]> {
    while (this.held.length < most && !this.done) {
      const row = await this.pull();
      if (row) this.held.push(row);
    }
    return this.held.slice(0, most);
  }

  async next(): Promise<Row | undefined> {
    return this.held.shift() ?? this.pull();
  }

  async ended(): Promise<boolean> {
    return (await this.peek(1)).length === 0;
  }

  async close(): Promise<void> {
    this.done = true;
    await this.iterator.return?.();
  }

  private async pull(): Promise<Row | undefined> {
    if (this.done) return undefined;
    const { done, value } = await this.iterator.next();
    if (!done) return value;
    this.done = true;
    return undefined;
  }
}
