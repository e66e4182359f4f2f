import { type Bytes, ByteSource } from './byte-source.js';
import { readRecords } from './csv-reader.js';
import { unguarded } from './csv.js';
import { defaultLimits, type TableLimits } from './limits.js';
import { sniff, SNIFF_BYTES } from './sniff.js';
import { TableError } from './table-error.js';
import type { TableRow } from './table-row.js';
import { readText } from './text.js';
import { readWorkbook } from './workbook.js';

export interface Table {
  format: 'csv' | 'xlsx';
  /** the names of the columns, trimmed; a column without a name is an empty text */
  header: string[];
  /**
   * The rows with content, once. A row of a workbook has a cell for each column of the header; one of a CSV has as many
   * as were written. Either may have more. Cells are as they came, not trimmed; numbers as digits, dates of a workbook
   * as `YYYY-MM-DD`, `YYYY-MM-DDTHH:mm:ss` or `HH:mm:ss`, booleans as `true` and `false`.
   * @throws TableError for faults that lie further down in the file
   */
  rows: AsyncGenerator<TableRow, void>;
  /** Lets the source go; for a table whose rows are not read to their end. */
  close(): Promise<void>;
}

export interface TableOptions extends Partial<TableLimits> {
  /**
   * Tells the header row by its trimmed cells, for files that have a title above it: the first of the first ten rows with
   * content for which it says yes, or else the first row.
   */
  isHeader?: (cells: string[]) => boolean;
}

const HEADER_WITHIN = 10;

/**
 * Opens a table of unknown kind: CSV (comma, semicolon or tab; UTF-8, GB18030, UTF-16 with a byte order mark) or XLSX
 * (the first visible sheet). The content decides, never a name. A CSV is never held whole; a workbook is held packed.
 * Nothing is written to disk.
 * @throws TableError when the file, or its header, is not that of a table
 */
export async function openTable(bytes: Bytes, options: TableOptions = {}): Promise<Table> {
  const { isHeader = () => true, ...given } = options;
  const limits = { ...defaultLimits, ...given };
  const source = new ByteSource(bytes, limits.maxFileBytes);
  let batches: AsyncGenerator<TableRow[], void> | undefined;
  const close = async (): Promise<void> => {
    await batches?.return();
    await source.close();
  };
  try {
    const content = sniff(await source.peek(SNIFF_BYTES));
    const format = content === 'zip' ? 'xlsx' : 'csv';
    batches =
      content === 'zip'
        ? readWorkbook(await source.readAll(limits.maxWorkbookBytes), limits)
        : readRecords(readText(source.chunks(), content, maxLineBytes(limits)), limits);
    const { headerRow, rest } = await findHeader(batches, isHeader);
    const header = headerOf(headerRow, limits);
    const width = { header: header.length, atLeast: format === 'xlsx' ? header.length : 0 };
    return { format, header, rows: dataRows(rest, batches, width, limits, close), close };
  } catch (error) {
    await close();
    throw error;
  }
}

function maxLineBytes({ maxColumns, maxCellLength }: TableLimits): number {
  return 4 * maxColumns * maxCellLength;
}

async function findHeader(
  batches: AsyncGenerator<TableRow[], void>,
  isHeader: (cells: string[]) => boolean,
): Promise<{ headerRow: TableRow; rest: TableRow[] }> {
  const seen: TableRow[] = [];
  while (seen.length < HEADER_WITHIN) {
    const { value: batch } = await batches.next();
    if (!batch) break;
    for (const row of batch) if (hasContent(row)) seen.push(row);
    const at = seen.slice(0, HEADER_WITHIN).findIndex(({ cells }) => isHeader(cells.map((cell) => cell.trim())));
    if (at !== -1) return { headerRow: seen[at]!, rest: seen.slice(at + 1) };
  }
  const [headerRow, ...rest] = seen;
  if (!headerRow) throw new TableError('empty-file');
  return { headerRow, rest };
}

async function* dataRows(
  first: TableRow[],
  more: AsyncGenerator<TableRow[], void>,
  width: { header: number; atLeast: number },
  { maxColumns, maxRows }: TableLimits,
  close: () => Promise<void>,
): AsyncGenerator<TableRow, void> {
  let count = 0;
  try {
    for (let batch: TableRow[] | void = first; batch; { value: batch } = await more.next()) {
      for (const row of batch) {
        if (!hasContent(row)) continue;
        if (++count > maxRows) throw new TableError('too-many-rows', { limit: maxRows });
        const { rowNo, cells } = row;
        dropEmptyTail(cells, width.header);
        if (cells.length > maxColumns) throw new TableError('too-many-columns', { rowNo, limit: maxColumns });
        while (cells.length < width.atLeast) cells.push('');
        for (let at = 0; at < cells.length; at++) cells[at] = unguarded(cells[at]!);
        yield row;
      }
    }
  } finally {
    await close();
  }
}

function headerOf({ rowNo, cells }: TableRow, { maxColumns }: TableLimits): string[] {
  const header = cells.map((cell) => unguarded(cell).trim());
  dropEmptyTail(header, 0);
  if (header.length > maxColumns) throw new TableError('too-many-columns', { rowNo, limit: maxColumns });
  if (header.some((name) => /[\x00-\x08\x0e-\x1f]/.test(name))) throw new TableError('binary-content');
  const names = header.filter((name) => name !== '');
  if (new Set(names).size < names.length) throw new TableError('duplicate-header');
  return header;
}

function hasContent({ cells }: TableRow): boolean {
  return cells.some((cell) => cell !== '' && cell.trim() !== '');
}

/** Spreadsheet programs write the cells of emptied columns on and on; they belong to nobody. */
function dropEmptyTail(cells: string[], from: number): void {
  while (cells.length > from && cells.at(-1) === '') cells.pop();
}
