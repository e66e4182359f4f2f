import type { CsvCell } from '../platform/tabular/csv.js';
import type { AgencyReportAnswer } from './agency-report.dto.js';
import type { Definition } from './definitions.js';
import type { Rate } from './rate.rules.js';

/** One column of a report's file. */
export interface Column<Row> {
  title: string;
  cell: (row: Row) => CsvCell;
}

/** A report about one agency and all below it: what it is called, what its fields count, how its file looks. */
export interface AgencyReport<Answer extends AgencyReportAnswer> {
  /** As in the path; kebab-case. */
  name: string;
  /** 中文名. */
  title: string;
  definitions: Readonly<Record<string, Definition>>;
  /** Header and rows of its file, cell by cell. */
  table: (answer: Answer) => CsvCell[][];
}

/** What a report says itself; its head is made where it is answered. */
export type Body<Answer extends AgencyReportAnswer> = Omit<Answer, keyof AgencyReportAnswer>;

/** Shown where there is nothing to divide by. */
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
export function fraction(value: number | null): string {
  return value?.toFixed(4) ?? NOTHING;
}

/** Fen as yuan with two decimals, exactly. */
export function yuan(fen: number): string {
  return `${Math.floor(fen / 100)}.${String(fen % 100).padStart(2, '0')}`;
}
