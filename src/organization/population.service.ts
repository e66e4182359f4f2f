import { Injectable } from '@nestjs/common';
import { Database } from '../platform/database/database.js';
import { invalid } from '../platform/http/problem.js';
import { openTable } from '../platform/tabular/table.js';
import { TableError } from '../platform/tabular/table-error.js';
import { ChangeRecorder, type OrganizationCaller } from './organization.caller.js';
import { OrganizationRegistry } from './organization.registry.js';
import { POPULATION_COLUMNS, readPopulation, type PopulationRow } from './population.rules.js';
import { PopulationStore } from './population.store.js';

export interface LoadedPopulation {
  /** Rows of the file. */
  readonly rows: number;
  /** Of those, figures that were new or other than before. */
  readonly changed: number;
}

/** 人口: what rates per 10,000 people are divided by. */
@Injectable()
export class PopulationService {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly store: PopulationStore,
    private readonly recorder: ChangeRecorder,
  ) {}

  /**
   * Takes in a table with the columns code, year and population; a figure of the same agency and year is replaced.
   * @throws Problem `invalid` with every fault, and then nothing is changed
   */
  async load(caller: OrganizationCaller, file: AsyncIterable<Uint8Array>): Promise<LoadedPopulation> {
    const rows = await readRows(file);
    const { figures, faults } = readPopulation(rows, await this.organization.current());
    if (faults.length > 0) throw invalid.with('Nothing was loaded: see errors.', { errors: faults });
    return this.database.transaction(caller.session, async (tx) => {
      const changed = await this.store.load(tx, figures);
      const data = { rows: rows.length, changed };
      if (changed > 0) await this.recorder.record(tx, caller, 'population.loaded', 'agency', caller.agency.code, data);
      return data;
    });
  }
}

async function readRows(file: AsyncIterable<Uint8Array>): Promise<PopulationRow[]> {
  try {
    const { header, rows, close } = await openTable(file);
    const names = header.map((name) => name.toLowerCase());
    const missing = POPULATION_COLUMNS.filter((column) => !names.includes(column));
    if (missing.length > 0) {
      await close();
      throw invalid.with(`The header row lacks ${missing.join(', ')}: it must read ${POPULATION_COLUMNS.join(',')}.`);
    }
    const [code, year, population] = POPULATION_COLUMNS.map((column) => names.indexOf(column)) as [
      number,
      number,
      number,
    ];
    const read: PopulationRow[] = [];
    for await (const { rowNo, cells } of rows) {
      read.push({ rowNo, code: cells[code] ?? '', year: cells[year] ?? '', population: cells[population] ?? '' });
    }
    if (read.length === 0) throw new TableError('empty-file');
    return read;
  } catch (error) {
    throw error instanceof TableError ? invalid.with(error.message) : error;
  }
}
