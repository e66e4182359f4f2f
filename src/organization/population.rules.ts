import type { Fault } from '../platform/http/problem.js';
import type { OrganizationSnapshot } from './organization.snapshot.js';

/** How many people live where an agency is responsible, by the census or estimate of a year. */
export interface Population {
  readonly agencyId: number;
  readonly year: number;
  readonly population: number;
}

/** Columns of the file. */
export const POPULATION_COLUMNS = ['code', 'year', 'population'] as const;

/** A row of the file, cells as they came. */
export type PopulationRow = Readonly<Record<(typeof POPULATION_COLUMNS)[number], string>> & { readonly rowNo: number };

const [FIRST_YEAR, LAST_YEAR] = [1990, 2100];
const MOST_PEOPLE = 2_000_000_000;
const MOST_FAULTS = 100;

/** What a file says, or everything that is wrong with it (`/rowNo/column`): it is taken whole or not at all. */
export function readPopulation(
  rows: readonly PopulationRow[],
  organization: OrganizationSnapshot,
): { figures: Population[]; faults: Fault[] } {
  const figures = new Map<string, Population>();
  const faults: Fault[] = [];
  const fault = (rowNo: number, column: string, message: string): void => {
    if (faults.length < MOST_FAULTS) faults.push({ pointer: `/${rowNo}/${column}`, message });
  };
  for (const { rowNo, ...cells } of rows) {
    const agency = organization.byCode(cells.code.trim());
    const year = wholeNumber(cells.year);
    const population = wholeNumber(cells.population.replaceAll(',', ''));
    if (!agency) fault(rowNo, 'code', 'is the code of no agency');
    if (!(year >= FIRST_YEAR && year <= LAST_YEAR))
      fault(rowNo, 'year', `must be a year from ${FIRST_YEAR} to ${LAST_YEAR}`);
    if (!(population >= 1 && population <= MOST_PEOPLE))
      fault(rowNo, 'population', 'must be how many people, a whole number above 0');
    if (!agency) continue;
    const key = `${agency.id}/${year}`;
    if (figures.has(key)) fault(rowNo, 'code', `stands in the file already for the year ${year}`);
    figures.set(key, { agencyId: agency.id, year, population });
  }
  return { figures: [...figures.values()], faults };
}

function wholeNumber(text: string): number {
  const plain = text.normalize('NFKC').trim();
  return /^\d{1,12}$/.test(plain) ? Number(plain) : NaN;
}
