import { cellText, yuanText, type CellKind, type CellValue, type Sheet } from './table.file.js';
import type { RowFeed } from './row.feed.js';
import { STYLE, styleOf } from './workbook.styles.js';
import { XML_HEAD, xmlText } from './xml.text.js';

/** What stands above a table. */
export interface SheetHeading {
  title: string;
  subtitle: string;
}

export interface SheetFrame {
  heading: SheetHeading | undefined;
  /** Long texts are broken: where a sheet is for reading. */
  wrapped: boolean;
  /** It goes on with what another sheet had no room for. */
  onRow: (row: readonly CellValue[]) => void;
}

/** What a worksheet holds at most, its head and its total included. */
const MOST_ROWS = 1_048_576;
/** Of one sheet, unpacked: an archive's part stays below 4 GiB. */
const MOST_CHARACTERS = 1_000_000_000;
/** Characters that are written at once. */
const PIECE = 32 * 1024;
/** Rows that the widths of columns are measured by. */
const MEASURED = 200;
const MOST_TEXT = 32_767;
const CUT = '…(文本过长,仅显示前面部分)';
/** Spreadsheet programs count with 15 digits. */
const MOST_EXACT = 999_999_999_999_999;
const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const DAY_MS = 86_400_000;
/** Days from the first day of workbooks to 1970; what lies before March 1900 has no number that all agree on. */
const EPOCH_DAYS = 25_569;
const FIRST_SERIAL = 61;

/** The row of a sheet that has the titles of its columns. */
export function headRowOf({ heading }: Pick<SheetFrame, 'heading'>): number {
  return heading ? 3 : 1;
}

/** Worksheet part of a table: as many of its rows as one sheet holds, the total behind the last. */
export async function* sheetXml(sheet: Sheet, feed: RowFeed, frame: SheetFrame): AsyncGenerator<string, void> {
  const { columns, headed = true, total } = sheet;
  const names = columns.map((_, index) => columnName(index));
  const head = headRowOf(frame);
  const widths = widthsOf(sheet, await feed.peek(MEASURED));
  let text = `${XML_HEAD}<worksheet xmlns="${MAIN}"><sheetPr><pageSetUpPr fitToPage="1"/></sheetPr>${viewOf(sheet, frame)}<sheetFormatPr defaultRowHeight="16"/>${colsOf(widths)}<sheetData>`;
  if (frame.heading) text += headingRows(frame.heading);
  let row = headed ? head : head - 1;
  if (headed)
    text += `<row r="${head}" ht="32" customHeight="1">${columns.map(({ title }, index) => textCell(`${names[index]}${head}`, STYLE.head, title)).join('')}</row>`;
  const first = row + 1;
  const room = MOST_ROWS - (total ? 1 : 0);
  let written = 0;
  for (let cells = await feed.next(); cells; cells = await feed.next()) {
    row += 1;
    text += rowXml(row, cells, sheet, names, frame.wrapped, false);
    frame.onRow(cells);
    if (text.length > PIECE) {
      written += text.length;
      yield text;
      text = '';
    }
    if (row >= room || written > MOST_CHARACTERS) break;
  }
  const last = Math.max(row, first - 1);
  if (total && (await feed.ended())) text += rowXml(last + 1, total, sheet, names, false, true);
  yield `${text}</sheetData>${headed ? `<autoFilter ref="A${head}:${names.at(-1)}${last}"/>` : ''}<pageMargins left="0.4" right="0.4" top="0.6" bottom="0.6" header="0.3" footer="0.3"/><pageSetup paperSize="9" orientation="landscape" fitToWidth="${pagesAcross(widths)}" fitToHeight="0"/><headerFooter><oddFooter>&amp;C&amp;P / &amp;N</oddFooter></headerFooter></worksheet>`;
}

function headingRows({ title, subtitle }: SheetHeading): string {
  return `<row r="1" ht="24" customHeight="1">${textCell('A1', STYLE.title, title)}</row><row r="2">${textCell('A2', STYLE.subtitle, subtitle)}</row>`;
}

/** The titles stay where they are when one scrolls; where a table is wide, so do the names of its rows. */
function viewOf({ columns, headed = true }: Sheet, frame: SheetFrame): string {
  const view = (pane: string): string =>
    `<sheetViews><sheetView workbookViewId="0"${frame.heading ? ' tabSelected="1"' : ''}>${pane}</sheetView></sheetViews>`;
  if (!headed) return view('');
  const named = columns.findIndex(({ kind }) => kind !== 'text');
  const kept = columns.length > 12 ? Math.min(Math.max(named, 0), 2) : 0;
  const top = headRowOf(frame);
  const across = kept > 0 ? `xSplit="${kept}" ` : '';
  return view(
    `<pane ${across}ySplit="${top}" topLeftCell="${columnName(kept)}${top + 1}" activePane="${kept > 0 ? 'bottomRight' : 'bottomLeft'}" state="frozen"/>`,
  );
}

function colsOf(widths: readonly number[]): string {
  const cols = widths.map((width, index) => {
    const column = index + 1;
    return `<col min="${column}" max="${column}" width="${width}" customWidth="1"/>`;
  });
  return `<cols>${cols.join('')}</cols>`;
}

const LEAST_WIDTH: Readonly<Partial<Record<CellKind, number>>> = { yuan: 14, date: 11, moment: 16 };
const MOST_WIDTH = 60;
const PAGE_WIDTH = 190;
const WIDE = /[\u1100-\u11ff\u2e80-\ua4cf\uac00-\ud7ff\uf900-\ufaff\ufe30-\ufe4f\uff00-\uff60\uffe0-\uffe6]/g;

/** Widths that fit Chinese text: such a character is as wide as two digits. */
function widthsOf({ columns, blank, total }: Sheet, measured: readonly (readonly CellValue[])[]): number[] {
  const rows = total ? [...measured, total] : measured;
  return columns.map(({ title, kind }, column) => {
    // A title may take two lines.
    let width = Math.max(LEAST_WIDTH[kind] ?? 6, Math.ceil(widthOf(title) / (widthOf(title) > 14 ? 2 : 1)) + 2);
    for (const row of rows) width = Math.max(width, widthOf(cellText(kind, row[column], blank)) + 2);
    return Math.min(width, MOST_WIDTH);
  });
}

/** As many pages beside each other as leave the print legible. */
function pagesAcross(widths: readonly number[]): number {
  return Math.ceil(widths.reduce((sum, width) => sum + width, 0) / PAGE_WIDTH);
}

function widthOf(text: string): number {
  return text.length > MOST_WIDTH ? MOST_WIDTH : text.length + (text.match(WIDE)?.length ?? 0);
}

function rowXml(
  row: number,
  cells: readonly CellValue[],
  { columns, blank }: Sheet,
  names: readonly string[],
  wrapped: boolean,
  total: boolean,
): string {
  let text = `<row r="${row}">`;
  for (let index = 0; index < columns.length; index++) {
    const { kind } = columns[index]!;
    text += cellXml(`${names[index]}${row}`, kind, cells[index], blank, wrapped, total);
  }
  return `${text}</row>`;
}

function cellXml(
  at: string,
  kind: CellKind,
  value: CellValue,
  blank: string,
  wrapped: boolean,
  total: boolean,
): string {
  const style = styleOf(kind, total);
  if (value === null || value === undefined) {
    if (blank === '') return '';
    return textCell(at, total ? style : STYLE.nothing, blank);
  }
  const number = numberOf(kind, value);
  if (number !== undefined) return `<c r="${at}" s="${style}"><v>${number}</v></c>`;
  const told = cellText(kind, value, blank);
  return told === '' ? '' : textCell(at, wrapped && !total ? STYLE.wrapped : style, told);
}

/** A value as a workbook's number, exactly; undefined where it is a text, or no such number. */
function numberOf(kind: CellKind, value: string | number): string | undefined {
  if (kind === 'text') return undefined;
  if (typeof value === 'string') {
    if (kind === 'date') return dateSerial(value);
    return kind === 'moment' ? serialOf(`${value.slice(0, 19)}Z`) : undefined;
  }
  if (!Number.isFinite(value) || Math.abs(value) > MOST_EXACT) return undefined;
  return kind === 'yuan' ? yuanText(value) : String(value);
}

/** Days since the first day of workbooks, to the second; undefined for a day before they agree on one. */
function serialOf(iso: string): string | undefined {
  const serial = Date.parse(iso) / DAY_MS + EPOCH_DAYS;
  return serial >= FIRST_SERIAL ? String(Number(serial.toFixed(8))) : undefined;
}

/** A day as a workbook's number. */
export function dateSerial(day: string): string | undefined {
  return serialOf(`${day}T00:00:00Z`);
}

/** Always a text of its own, never a formula. */
function textCell(at: string, style: number, text: string): string {
  const whole = text.length > MOST_TEXT ? text.slice(0, MOST_TEXT - CUT.length) + CUT : text;
  return `<c r="${at}" s="${style}" t="inlineStr"><is><t xml:space="preserve">${xmlText(whole)}</t></is></c>`;
}

/** Letters of a column, from 0: `A`, `Z`, `AA`. */
export function columnName(index: number): string {
  let name = '';
  for (let rest = index + 1; rest > 0; rest = Math.floor((rest - 1) / 26)) {
    name = String.fromCharCode(65 + ((rest - 1) % 26)) + name;
  }
  return name;
}
