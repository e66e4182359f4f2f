import { CSV_BOM, csvLine } from './csv.js';
import { cellText, type CellValue, type RowCount, type Sheet, type TableFile } from './table.file.js';

/** Characters that are written at once. */
const PIECE = 32 * 1024;

/** The tables of a file below each other, as text in UTF-8 with BOM. Written row by row as somebody takes it. */
export async function* writeCsv({ sheets }: TableFile, count: RowCount): AsyncGenerator<Buffer, void> {
  let text = CSV_BOM;
  for (const [index, sheet] of sheets.entries()) {
    const { columns, rows, total, headed = true } = sheet;
    if (index > 0) text += csvLine([]);
    if (headed) text += csvLine(columns.map(({ title }) => title));
    // The titles at once: rows may take a while to come.
    yield Buffer.from(text);
    text = '';
    for await (const row of rows) {
      text += lineOf(sheet, row);
      if (index === 0) count.rows += 1;
      if (text.length < PIECE) continue;
      yield Buffer.from(text);
      text = '';
    }
    if (total) text += lineOf(sheet, total);
  }
  if (text !== '') yield Buffer.from(text);
}

function lineOf({ columns, blank }: Sheet, row: readonly CellValue[]): string {
  return csvLine(columns.map(({ kind }, column) => cellText(kind, row[column], blank)));
}
