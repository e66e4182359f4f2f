import type { TableLimits } from './limits.js';
import { TableError } from './table-error.js';
import type { TableRow } from './table-row.js';

const QUOTE = '"';
const LF = 10;
const CR = 13;

/** In this order where several are equally frequent. */
const delimiters = [',', '\t', ';'] as const;

/**
 * The records of delimited text (RFC 4180; rows end in CRLF, LF or CR). A quotation mark within an unquoted cell is a
 * character like another: so Excel reads it, and officers' files have it.
 * Written here rather than taken from a package because a row has to be refused by its number, a quotation mark that is
 * never closed has to end early, and cutting whole lines is several times as fast as walking along bytes.
 * @param pieces text that ends where a line ends, each but the last
 * @throws TableError unterminated-quote, misplaced-quote, cell-too-long
 */
export async function* readRecords(
  pieces: AsyncIterable<string>,
  limits: TableLimits,
): AsyncGenerator<TableRow[], void> {
  let reader: RecordReader | undefined;
  for await (const piece of pieces) {
    reader ??= new RecordReader(delimiterOf(piece), limits);
    const rows = reader.take(piece);
    if (rows.length > 0) yield rows;
  }
  const rows = reader?.end() ?? [];
  if (rows.length > 0) yield rows;
}

/** The delimiter that the first row with content has most of, outside quotation marks. */
function delimiterOf(text: string): string {
  const counts = new Map<string, number>(delimiters.map((delimiter) => [delimiter, 0]));
  let quoted = false;
  let content = false;
  for (const char of text) {
    if (char === QUOTE) quoted = !quoted;
    else if (!quoted && (char === '\n' || char === '\r') && content) break;
    else if (!quoted && counts.has(char)) counts.set(char, counts.get(char)! + 1);
    content ||= char !== '\n' && char !== '\r';
  }
  return delimiters.reduce((best, next) => (counts.get(next)! > counts.get(best)! ? next : best));
}

class RecordReader {
  private readonly delimiterCode: number;
  private rowNo = 0;
  /** The beginning of a record whose quoted cell goes on in the next piece. */
  private rest = '';

  constructor(
    private readonly delimiter: string,
    private readonly limits: TableLimits,
  ) {
    this.delimiterCode = delimiter.charCodeAt(0);
  }

  take(piece: string): TableRow[] {
    return this.records(this.rest + piece, false);
  }

  end(): TableRow[] {
    return this.rest === '' ? [] : this.records(this.rest, true);
  }

  private records(text: string, final: boolean): TableRow[] {
    const rows: TableRow[] = [];
    const { delimiter } = this;
    const { maxCellLength } = this.limits;
    let quote = text.indexOf(QUOTE);
    let cr = text.indexOf('\r');
    this.rest = '';

    for (let at = 0; at < text.length;) {
      this.rowNo++;
      if (quote !== -1 && quote < at) quote = text.indexOf(QUOTE, at);
      if (cr !== -1 && cr < at) cr = text.indexOf('\r', at);
      let end = text.indexOf('\n', at);
      if (end === -1) end = text.length;
      let next = end + 1;
      if (cr !== -1 && cr < end) {
        end = cr;
        next = text.charCodeAt(cr + 1) === LF ? cr + 2 : cr + 1;
      }
      if (quote !== -1 && quote < end) {
        const record = this.quotedRecord(text, at, final);
        if (!record) {
          this.keepForLater(text, at);
          return rows;
        }
        rows.push({ rowNo: this.rowNo, cells: record.cells });
        at = record.next;
        continue;
      }
      if (end > at) {
        const line = text.slice(at, end);
        const cells = line.split(delimiter);
        if (line.length > maxCellLength) for (const cell of cells) this.checkLength(cell.length);
        rows.push({ rowNo: this.rowNo, cells });
      }
      at = next;
    }
    return rows;
  }

  /** One record cell by cell, or undefined where the text ends within quotation marks and more may come. */
  private quotedRecord(text: string, start: number, final: boolean): { cells: string[]; next: number } | undefined {
    const cells: string[] = [];
    for (let at = start; ; at++) {
      let end: number;
      if (text.charAt(at) === QUOTE) {
        end = this.closingQuote(text, at);
        if (end === -1) {
          if (final || text.length - at > 2 * this.limits.maxCellLength)
            throw new TableError('unterminated-quote', { rowNo: this.rowNo });
          return undefined;
        }
        const raw = text.slice(at + 1, end++);
        const cell = raw.includes(QUOTE) ? raw.replaceAll('""', QUOTE) : raw;
        this.checkLength(cell.length);
        cells.push(cell);
      } else {
        end = this.endOfPlainCell(text, at);
        this.checkLength(end - at);
        cells.push(text.slice(at, end));
      }
      at = end;
      const code = text.charCodeAt(at);
      if (code === this.delimiterCode) continue;
      if (at >= text.length || code === LF) return { cells, next: at + 1 };
      if (code === CR) return { cells, next: text.charCodeAt(at + 1) === LF ? at + 2 : at + 1 };
      throw new TableError('misplaced-quote', { rowNo: this.rowNo });
    }
  }

  private keepForLater(text: string, at: number): void {
    // A quotation mark that swallows everything ends here, not at the end of the file or of the memory.
    if (text.length - at > this.limits.maxColumns * this.limits.maxCellLength)
      throw new TableError('unterminated-quote', { rowNo: this.rowNo });
    this.rest = text.slice(at);
    // It is counted again when it comes back whole.
    this.rowNo--;
  }

  private closingQuote(text: string, open: number): number {
    let at = text.indexOf(QUOTE, open + 1);
    while (at !== -1 && text.charAt(at + 1) === QUOTE) at = text.indexOf(QUOTE, at + 2);
    return at;
  }

  private endOfPlainCell(text: string, start: number): number {
    for (let at = start; at < text.length; at++) {
      const code = text.charCodeAt(at);
      if (code === this.delimiterCode || code === LF || code === CR) return at;
    }
    return text.length;
  }

  private checkLength(length: number): void {
    const { maxCellLength: limit } = this.limits;
    if (length > limit) throw new TableError('cell-too-long', { rowNo: this.rowNo, limit });
  }
}
