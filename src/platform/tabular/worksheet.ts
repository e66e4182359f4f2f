import { momentText, numberText, unescapedText } from './cell-value.js';
import type { TableLimits } from './limits.js';
import type { NumberKind } from './number-format.js';
import type { SharedStrings } from './shared-strings.js';
import { TableError } from './table-error.js';
import type { TableRow } from './table-row.js';
import { parseXml, type XmlAttributes, type XmlHandler } from './xml.js';

/** What the cells of a sheet refer to. */
export interface SheetContext {
  strings: SharedStrings | undefined;
  /** by style number */
  styles: readonly NumberKind[];
  date1904: boolean;
}

/**
 * The rows of a sheet as they unpack.
 * @throws TableError damaged-file, unsafe-file, cell-too-long, too-many-columns
 */
export async function* readSheet(
  xml: AsyncIterable<Buffer>,
  context: SheetContext,
  limits: TableLimits,
): AsyncGenerator<TableRow[], void> {
  const sheet = new SheetHandler(context, limits);
  for await (const _ of parseXml(xml, sheet)) {
    const rows = sheet.takeRows();
    if (rows.length > 0) yield rows;
  }
}

class SheetHandler implements XmlHandler {
  private rows: TableRow[] = [];
  private rowNo = 0;
  private cells: string[] = [];
  private inData = false;
  private column = -1;
  private type = 'n';
  private style = 0;
  private value = '';
  private collecting = false;
  private inPhonetic = false;

  constructor(
    private readonly context: SheetContext,
    private readonly limits: TableLimits,
  ) {}

  takeRows(): TableRow[] {
    const rows = this.rows;
    this.rows = [];
    return rows;
  }

  open(name: string, attributes: XmlAttributes): void {
    if (name === 'sheetData') this.inData = true;
    if (!this.inData) return;
    if (name === 'c') this.openCell(attributes);
    else if (name === 'v') this.collecting = this.type !== 'inlineStr';
    else if (name === 't') this.collecting = this.type === 'inlineStr' && !this.inPhonetic;
    else if (name === 'row') this.openRow(attributes);
    else if (name === 'rPh') this.inPhonetic = true;
  }

  text(text: string): void {
    if (!this.collecting) return;
    this.value += text;
    this.checkLength(this.value);
  }

  close(name: string): void {
    if (!this.inData) return;
    if (name === 'c') this.closeCell();
    else if (name === 'v' || name === 't') this.collecting = false;
    else if (name === 'row') this.rows.push({ rowNo: this.rowNo, cells: this.cells });
    else if (name === 'rPh') this.inPhonetic = false;
    else if (name === 'sheetData') this.inData = false;
  }

  private openRow({ r }: XmlAttributes): void {
    const rowNo = r === undefined ? this.rowNo + 1 : Number(r);
    if (!Number.isSafeInteger(rowNo) || rowNo <= this.rowNo) throw new TableError('damaged-file');
    this.rowNo = rowNo;
    this.cells = [];
    this.column = -1;
  }

  private openCell({ r, t, s }: XmlAttributes): void {
    this.column = r === undefined ? this.column + 1 : columnOf(r);
    this.type = t ?? 'n';
    this.style = s === undefined ? 0 : Number(s);
    this.value = '';
  }

  private closeCell(): void {
    if (this.value === '') return;
    const text = this.cellText();
    if (text === '') return;
    this.checkLength(text);
    const { maxColumns } = this.limits;
    if (this.column >= maxColumns) throw new TableError('too-many-columns', { rowNo: this.rowNo, limit: maxColumns });
    while (this.cells.length <= this.column) this.cells.push('');
    this.cells[this.column] = text;
  }

  private cellText(): string {
    switch (this.type) {
      case 's':
        return this.sharedText();
      case 'n':
        return this.numericText();
      case 'b':
        return this.value.trim() === '1' ? 'true' : 'false';
      default:
        return unescapedText(this.value);
    }
  }

  private sharedText(): string {
    if (!this.context.strings) throw new TableError('damaged-file');
    return this.context.strings.get(Number(this.value));
  }

  private numericText(): string {
    const kind = this.context.styles[this.style] ?? 'number';
    return kind === 'number' ? numberText(this.value) : momentText(this.value, kind, this.context.date1904);
  }

  private checkLength(text: string): void {
    const { maxCellLength: limit } = this.limits;
    if (text.length > limit) throw new TableError('cell-too-long', { rowNo: this.rowNo, limit });
  }
}

/** The column of a cell's reference, from 0: `A1` → 0, `AB12` → 27. */
function columnOf(reference: string): number {
  let column = 0;
  for (let at = 0; at < reference.length; at++) {
    const letter = (reference.charCodeAt(at) | 0x20) - 0x60;
    if (letter < 1 || letter > 26) break;
    column = column * 26 + letter;
  }
  if (column < 1 || column > 16_384) throw new TableError('damaged-file');
  return column - 1;
}
