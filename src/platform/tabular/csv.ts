/** Written first, so that Excel takes the file for UTF-8. */
export const CSV_BOM = '\uFEFF';

export type CsvCell = string | number | bigint | boolean | null | undefined;

// A spreadsheet program takes a text that begins like this for a formula; East Asian ones the full-width forms too.
const formula = /^'*[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const guardedFormula = /^'+[=+\-@\t\r\n\uff1d\uff0b\uff0d\uff20]/;
const plainNumber = /^[+-]?\d+(\.\d+)?$/;
// ="0123" is how many systems keep the zeros and the last digits of a long number when Excel opens their CSV.
const constantFormula = /^="([^"]*)"$/;

/** One row of a CSV file: RFC 4180 with CRLF. Numbers are written as they are; texts cannot become formulas. */
export function csvLine(cells: readonly CsvCell[]): string {
  return cells.map(csvCell).join(',') + '\r\n';
}

/**
 * A text that no spreadsheet program takes for a formula: one that would be gets an apostrophe in front, except a plain
 * number. A text that looks so already gets one more, so that `unguarded` gives back exactly what was there.
 */
export function guarded(text: string): string {
  return formula.test(text) && !plainNumber.test(text) ? `'${text}` : text;
}

/** What a cell of a file stands for: without the apostrophe that `guarded` puts in front, and without `="…"` around. */
export function unguarded(text: string): string {
  const first = text.charCodeAt(0);
  if (first === 0x27 && guardedFormula.test(text)) return text.slice(1);
  if (first === 0x3d) return constantFormula.exec(text)?.[1] ?? text;
  return text;
}

function csvCell(cell: CsvCell): string {
  if (cell == null) return '';
  if (typeof cell !== 'string') return String(cell);
  const text = guarded(cell);
  // The other delimiters are quoted too, so that nobody who guesses the delimiter takes them for it.
  return /[",;\t\r\n]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
