import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { Injectable } from '@nestjs/common';
import { parse } from 'csv-parse/sync';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { Database } from '../platform/database/database.js';
import { invalid } from '../platform/http/problem.js';
import type { HolidayYearAnswer } from './holiday.dto.js';
import { readHolidays, yearsOf } from './holiday.file.rules.js';
import { HolidayStore } from './holiday.store.js';
import { HolidayView } from './holiday.view.js';
import type { Holiday } from './working-day.rules.js';

/** Years whose holidays were loaded, and how many days they have. */
export interface LoadedHolidays {
  readonly years: readonly number[];
  readonly days: number;
}

const SEED = 'holidays-cn.csv';

/** The national holidays that working days are counted by: one table for all cities, loaded on the command line. */
@Injectable()
export class HolidayService {
  constructor(
    private readonly database: Database,
    private readonly store: HolidayStore,
    private readonly view: HolidayView,
  ) {}

  async ofYear(caller: Caller, year: number): Promise<HolidayYearAnswer> {
    return this.database.read(caller.session, async (tx) => {
      const days = await this.view.ofYear(tx, year);
      return { year, complete: days.length > 0, days };
    });
  }

  /** Adds the years of the product's own table of which nothing is known: what somebody loaded stays. */
  async seed(caller: Caller): Promise<LoadedHolidays> {
    const days = parseHolidays(await readFile(join(seedsFolder(), SEED)));
    return this.database.transaction(caller.session, async (tx) => {
      await this.store.lock(tx);
      const known = await this.view.years(tx);
      const missing = days.filter(({ day }) => !known.includes(Number(day.slice(0, 4))));
      const loaded = { years: yearsOf(missing), days: missing.length };
      if (missing.length === 0) return loaded;
      await this.store.add(tx, missing);
      await recordAudit(tx, { action: 'holidays.seeded', caller, objectKind: 'holidays', data: { ...loaded } });
      return loaded;
    });
  }

  /**
   * Replaces the years that a file has.
   * @param file CSV with the columns day, working, name
   * @throws Problem `invalid` with every fault; then nothing is changed
   */
  async load(caller: Caller, file: Buffer): Promise<LoadedHolidays> {
    const days = parseHolidays(file);
    const loaded = { years: yearsOf(days), days: days.length };
    return this.database.transaction(caller.session, async (tx) => {
      await this.store.lock(tx);
      await this.store.forget(tx, loaded.years);
      await this.store.add(tx, days);
      await recordAudit(tx, { action: 'holidays.loaded', caller, objectKind: 'holidays', data: { ...loaded } });
      return loaded;
    });
  }
}

function parseHolidays(file: Buffer): Holiday[] {
  let rows: Record<string, string>[];
  try {
    rows = parse(file, { columns: true, bom: true, skipEmptyLines: true });
  } catch (error) {
    throw invalid.with(`The file is no CSV table: ${(error as Error).message}`);
  }
  const { days, faults } = readHolidays(rows);
  if (faults.length > 0) throw invalid.with(`The holidays were not loaded: ${faults.slice(0, 10).join('; ')}.`);
  return days;
}

/** `seeds/` at the top of the project: above src/ for the sources, above dist/src/ for the build. */
function seedsFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const seeds = join(folder, 'seeds');
    if (existsSync(join(seeds, SEED))) return seeds;
    if (folder === dirname(folder)) throw new Error('the folder seeds/ is missing from the installation');
  }
}
