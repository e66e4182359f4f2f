import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import type { Holiday } from './working-day.rules.js';

const ADD = statement(
  'holiday.add',
  `INSERT INTO holiday (day, working, name) SELECT * FROM unnest($1::date[], $2::boolean[], $3::text[])`,
);
const FORGET = statement('holiday.forget', `DELETE FROM holiday WHERE extract(year FROM day) = ANY($1::int[])`);
const LOCK = statement('holiday.lock', `SELECT pg_advisory_xact_lock(hashtextextended('sanji holidays', 0))`);

/** Every statement that writes `holiday`. */
@Injectable()
export class HolidayStore {
  /** Two that load at once would each find the other's rows missing. */
  async lock(tx: Tx): Promise<void> {
    await tx.run(LOCK);
  }

  async add(tx: Tx, holidays: readonly Holiday[]): Promise<void> {
    const column = <K extends keyof Holiday>(field: K): Holiday[K][] => holidays.map((holiday) => holiday[field]);
    await tx.run(ADD, [column('day'), column('working'), column('name')]);
  }

  /** Takes whole years out, for others to take their place. */
  async forget(tx: Tx, years: readonly number[]): Promise<void> {
    await tx.run(FORGET, [years]);
  }
}
