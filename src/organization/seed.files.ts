import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parse } from 'csv-parse/sync';
import { DivisionCatalogue, type DivisionLevel } from './division.catalogue.js';
import type { FraudType } from './fraud-type.js';

let catalogue: Promise<DivisionCatalogue> | undefined;

/** The country's divisions: some 45,000 rows, read once per process and only in one that seeds. */
export function readDivisions(): Promise<DivisionCatalogue> {
  catalogue ??= parseDivisions();
  return catalogue;
}

async function parseDivisions(): Promise<DivisionCatalogue> {
  const rows = await readSeedRows('divisions/china-2023.csv');
  return new DivisionCatalogue(
    rows.map((row) => ({
      code: row['code']!,
      name: row['name']!,
      level: row['level'] as DivisionLevel,
      parentCode: row['parent_code']!,
    })),
  );
}

export async function readFraudTypes(): Promise<FraudType[]> {
  const rows = await readSeedRows('fraud-types.csv');
  return rows.map((row) => ({
    code: row['code']!,
    nameZh: row['zh']!,
    nameEn: row['en']!,
    listYear: Number(row['list']),
    mpsRank: row['mps_rank_2023'] ? Number(row['mps_rank_2023']) : null,
    olderLabels: row['older_labels'] ? row['older_labels'].split(';') : [],
  }));
}

/** The rows of a file under seeds/, by the names of its columns. */
export async function readSeedRows(name: string): Promise<Record<string, string>[]> {
  return parse(await readFile(join(seedsFolder(), name)), { columns: true, bom: true, skipEmptyLines: true });
}

/** `seeds/` at the top of the project: above src/ for the sources, above dist/src/ for the build. */
function seedsFolder(): string {
  for (let folder = import.meta.dirname; ; folder = dirname(folder)) {
    const seeds = join(folder, 'seeds');
    if (existsSync(join(seeds, 'fraud-types.csv'))) return seeds;
    if (folder === dirname(folder)) throw new Error('the folder seeds/ is missing from the installation');
  }
}
