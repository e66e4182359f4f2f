import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import { WorkingDays, type Holiday } from './working-day.rules.js';

const ALL = statement('holiday.all', `SELECT day, working, name FROM holiday ORDER BY day`);
const OF_YEAR = statement(
  'holiday.of-year',
  `SELECT day, working, name FROM holiday WHERE extract(year FROM day) = $1::int ORDER BY day`,
);
const YEARS = statement('holiday.years', `SELECT DISTINCT extract(year FROM day)::int AS year FROM holiday ORDER BY 1`);

@Injectable()
export class HolidayView {
  async workingDays(tx: Tx): Promise<WorkingDays> {
    return new WorkingDays(await tx.rows<Holiday>(ALL));
  }

  async ofYear(tx: Tx, year: number): Promise<Holiday[]> {
    return tx.rows<Holiday>(OF_YEAR, [year]);
  }

  /** Years of which any day is known. */
  async years(tx: Tx): Promise<number[]> {
    return (await tx.rows<{ year: number }>(YEARS)).map(({ year }) => year);
  }
}
