/** What stands in a column: how its values are told in CSV, and which format they have in a workbook. */
export type CellKind =
  /** Never a formula, whatever it begins with. */
  | 'text'
  /** A whole number of things, with thousands separators. */
  | 'count'
  /** A number, or a text, as it is: a year, a value of mixed columns. */
  | 'plain'
  /** A number with up to four decimals. */
  | 'decimal'
  /** Whole fen, told as yuan. */
  | 'yuan'
  /** A fraction of 1, told as per cent in a workbook. */
  | 'rate'
  /** To a tenth. */
  | 'minutes'
  /** `YYYY-MM-DD` */
  | 'date'
  /** RFC 3339, told by the clock of its own offset. */
  | 'moment';

/** null, and undefined: nothing to tell. */
export type CellValue = string | number | null | undefined;

/** One column: described once, for every kind of file. */
export interface Column<Row> {
  title: string;
  kind: CellKind;
  cell: (row: Row) => CellValue;
}

export type ColumnHead = Pick<Column<unknown>, 'title' | 'kind'>;
export type Rows<Row> = Iterable<Row> | AsyncIterable<Row>;

/** One table of a file, cell by cell. */
export interface Sheet {
  /** Of the sheet in a workbook: at most 25 characters, none of `[]:*?/\`. */
  name: string;
  columns: readonly ColumnHead[];
  /** Taken once, row by row, as the file is written. */
  rows: Rows<readonly CellValue[]>;
  /** Told last and in bold. */
  total?: readonly CellValue[];
  /** false: the titles of the columns are not told. */
  headed?: boolean;
  /** What stands where there is nothing to tell. */
  blank: string;
  charts?: readonly Chart[];
}

/** A picture of columns of its sheet, on a sheet of its own. */
export interface Chart {
  title: string;
  kind: 'bar' | 'line';
  /** Titles of columns. */
  category: string;
  series: readonly string[];
}

/** A file of tables, for whichever program. */
export interface TableFile {
  title: string;
  /** What, which period, who had it made and when: one line under the title in a workbook. */
  subtitle: string;
  /** The first is what the file is about. */
  sheets: readonly Sheet[];
  createdAt: Date;
}

/** How far the writing of a file is. */
export class RowCount {
  /** Rows of the first sheet that were written. */
  rows = 0;
}

/** What stands where there is nothing to tell, or to divide by. */
export const NOTHING = '—';

export interface SheetOf<Row> {
  name: string;
  columns: readonly Column<Row>[];
  rows: Rows<Row>;
  total?: Row;
  blank?: string;
  charts?: readonly Chart[];
}

/** A sheet of rows by the description of their columns. */
export function sheetOf<Row>({ name, columns, rows, total, blank = NOTHING, charts }: SheetOf<Row>): Sheet {
  const cells = (row: Row): CellValue[] => columns.map(({ cell }) => cell(row));
  return {
    name,
    columns: columns.map(({ title, kind }) => ({ title, kind })),
    rows: Symbol.asyncIterator in rows ? mappedLater(rows, cells) : mapped(rows, cells),
    blank,
    ...(total === undefined ? {} : { total: cells(total) }),
    ...(charts === undefined ? {} : { charts }),
  };
}

function* mapped<Row, Other>(rows: Iterable<Row>, change: (row: Row) => Other): Generator<Other> {
  for (const row of rows) yield change(row);
}

async function* mappedLater<Row, Other>(
  rows: AsyncIterable<Row>,
  change: (row: Row) => Other,
): AsyncGenerator<Other, void> {
  for await (const row of rows) yield change(row);
}

/** Fen as yuan with two decimals, exactly. */
export function yuanText(fen: number): string {
  const all = Math.abs(fen);
  return `${fen < 0 ? '-' : ''}${Math.floor(all / 100)}.${String(all % 100).padStart(2, '0')}`;
}

const MOMENT = /^(\d{4}-\d{2}-\d{2})T(\d{2}:\d{2}:\d{2})/;

/** A value as people read it: that of a CSV's cell. */
export function cellText(kind: CellKind, value: CellValue, blank: string): string {
  if (value === null || value === undefined) return blank;
  if (typeof value === 'string') return kind === 'moment' ? value.replace(MOMENT, '$1 $2').slice(0, 19) : value;
  switch (kind) {
    case 'yuan':
      return yuanText(value);
    case 'rate':
    case 'decimal':
      return value.toFixed(4);
    case 'minutes':
      return value.toFixed(1);
    default:
      return String(value);
  }
}
