import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import type { Population } from './population.rules.js';

const LOAD = statement(
  'agency_population.load',
  `INSERT INTO agency_population AS known (agency_id, year, population, loaded_at)
   SELECT given.*, $4 FROM unnest($1::int[], $2::int[], $3::int[]) AS given
   ON CONFLICT ON CONSTRAINT agency_population_pk DO UPDATE SET population = excluded.population, loaded_at = excluded.loaded_at
   WHERE known.population <> excluded.population`,
);

/** Every statement that writes `agency_population`. */
@Injectable()
export class PopulationStore {
  /** @returns how many figures were new, or other than those that were there */
  async load(tx: Tx, figures: readonly Population[]): Promise<number> {
    const column = (name: keyof Population): number[] => figures.map((figure) => figure[name]);
    return tx.run(LOAD, [column('agencyId'), column('year'), column('population'), tx.now.toISOString()]);
  }
}
