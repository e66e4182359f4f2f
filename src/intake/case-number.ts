import { Injectable } from '@nestjs/common';
import { session, statement, Database } from '../platform/database/database.js';

const TAKE = statement(
  'serial.take',
  `INSERT INTO serial_counter (scope, last) VALUES ($1, $2)
   ON CONFLICT ON CONSTRAINT serial_counter_pk DO UPDATE SET last = serial_counter.last + $2 RETURNING last`,
);
const BLOCK = 500;
/** Large batches come in rows: a transaction for each would have them wait for the disk once more. */
const BATCHES_AHEAD = 4;
const who = session({ actor: 'numbers', agency_path: '', roles: 'system' });

export type Series = 'alert' | 'incident';

interface Block {
  next: number;
  end: number;
}

/**
 * Numbers that people use: city code, local date, serial. Each process takes serials in blocks, in a transaction of
 * its own, so that intake never queues for one counter row; what a stopped process had left over is skipped.
 */
@Injectable()
export class CaseNumbers {
  private readonly blocks = new Map<string, Block>();
  private readonly taking = new Map<string, Promise<unknown>>();

  constructor(private readonly database: Database) {}

  /**
   * @param localDate `YYYY-MM-DD` of receipt
   * @param series each counts by itself: an alert and an incident may bear the same number
   * @returns `count` numbers such as `4113-20230601-000123`, ascending
   */
  async take(cityCode: string, localDate: string, count: number, series: Series = 'alert'): Promise<string[]> {
    const day = `${cityCode}-${localDate.replaceAll('-', '')}`;
    const first = await this.firstOf(series === 'alert' ? day : `${series} ${day}`, count);
    return Array.from({ length: count }, (_, index) => `${day}-${String(first + index).padStart(6, '0')}`);
  }

  /** Looks and takes in one step: with a wait between the two, somebody else would take the same. */
  private async firstOf(scope: string, count: number): Promise<number> {
    for (;;) {
      const block = this.blocks.get(scope);
      if (block && block.end - block.next >= count) {
        block.next += count;
        return block.next - count;
      }
      const before = this.taking.get(scope);
      if (before) {
        await before;
        continue;
      }
      const taking = this.reserve(scope, Math.max(count * BATCHES_AHEAD, BLOCK)).finally(() =>
        this.taking.delete(scope),
      );
      this.taking.set(scope, taking);
      await taking;
    }
  }

  private async reserve(scope: string, size: number): Promise<void> {
    const row = await this.database.alone(who, (tx) => tx.row<{ last: number }>(TAKE, [scope, size]));
    if (this.blocks.size > 100) this.blocks.clear();
    this.blocks.set(scope, { next: row!.last - size + 1, end: row!.last + 1 });
  }
}
