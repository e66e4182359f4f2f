import { writeCsv } from './csv.writer.js';
import type { RowCount, TableFile } from './table.file.js';
import { writeWorkbook, XLSX_TYPE } from './workbook.writer.js';

/** Kinds of files for spreadsheet programs. */
export const FILE_FORMATS = ['csv', 'xlsx'] as const;
export type FileFormat = (typeof FILE_FORMATS)[number];

/** Media type of each, as Content-Type has it. */
export const MEDIA_TYPES: Readonly<Record<FileFormat, string>> = {
  csv: 'text/csv; charset=utf-8',
  xlsx: XLSX_TYPE,
};

/** The bytes of a file as somebody takes them; what is held is a piece, never the whole. */
export function writeFile(file: TableFile, format: FileFormat, count: RowCount): AsyncGenerator<Buffer, void> {
  return format === 'csv' ? writeCsv(file, count) : writeWorkbook(file, count);
}
