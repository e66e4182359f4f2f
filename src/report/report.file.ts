import type { CsvCell } from '../platform/tabular/csv.js';
import type { Rate } from './rate.rules.js';

/** How figures stand in files: the same in every report. */

/** One column of a report's file. */
export interface Column<Row> {
  title: string;
  cell: (row: Row) => CsvCell;
}

/** Who had the file made, and when. */
export interface Export {
  person: string;
  agency: string;
  /** Local, for people. */
  at: string;
}

/** What stands where there is nothing to tell, or to divide by. */
export const NOTHING = '—';

/** Header and one line a row. */
export function tableOf<Row>(columns: readonly Column<Row>[], rows: readonly Row[]): CsvCell[][] {
  return [columns.map(({ title }) => title), ...rows.map((row) => columns.map(({ cell }) => cell(row)))];
}

/** A rate with its parts. */
export function rateColumns<Row>(title: string, rate: (row: Row) => Rate): Column<Row>[] {
  return [
    { title, cell: (row) => fraction(rate(row).rate) },
    { title: `${title}-分子`, cell: (row) => rate(row).numerator },
    { title: `${title}-分母`, cell: (row) => rate(row).denominator },
  ];
}

/** A fraction with its 4 decimals. */
export function fraction(value: number | null | undefined): string {
  return value?.toFixed(4) ?? NOTHING;
}

/** Fen as yuan with two decimals, exactly. */
export function yuan(fen: number | null | undefined): string {
  if (fen === null || fen === undefined) return NOTHING;
  return `${fen < 0 ? '-' : ''}${Math.floor(Math.abs(fen) / 100)}.${String(Math.abs(fen) % 100).padStart(2, '0')}`;
}
