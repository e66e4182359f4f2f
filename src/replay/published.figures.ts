import { readSeedRows } from '../organization/seed.files.js';

/** A figure as an article prints it. */
export interface PublishedFigure {
  readonly id: string;
  readonly metric: string;
  /** As printed, e.g. 1.35亿元. */
  readonly printed: string;
  /** In `unit`: yuan, pieces, percent. */
  readonly value: number;
  readonly unit: string;
  /** `=` exact, `~` rounded, `>=` and `>` at least. */
  readonly exactness: string;
  readonly note: string;
}

export type PublishedFigures = ReadonlyMap<string, PublishedFigure>;

/** seeds/published-figures.csv by id, where it has a number. */
export async function readPublishedFigures(): Promise<PublishedFigures> {
  const rows = await readSeedRows('published-figures.csv');
  return new Map(
    rows
      .filter((row) => row['value'] !== '')
      .map((row) => [
        row['id']!,
        {
          id: row['id']!,
          metric: row['metric']!,
          printed: row['printed']!,
          value: Number(row['value']),
          unit: row['unit']!,
          exactness: row['exactness']!,
          note: row['note']!,
        },
      ]),
  );
}

/** @throws Error where the file lacks it */
export function published(figures: PublishedFigures, id: string): PublishedFigure {
  const figure = figures.get(id);
  if (!figure) throw new Error(`published-figures.csv has no value of ${id}`);
  return figure;
}
