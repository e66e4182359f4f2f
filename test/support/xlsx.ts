import { strToU8, zipSync } from 'fflate';

/** A cell as a test states it; an object is written as it says. `style` is the place in `styles`, from 1. */
export type XlsxCell =
  | string
  | number
  | boolean
  | null
  | { v: string; t?: 'n' | 's' | 'b' | 'd' | 'e' | 'str'; style?: number; formula?: string }
  | { inline: string; style?: number };

export interface XlsxSheet {
  name?: string;
  state?: 'visible' | 'hidden' | 'veryHidden';
  rows?: XlsxCell[][];
  /** the whole part instead of `rows` */
  xml?: string;
}

export interface XlsxBook {
  sheets: XlsxSheet[];
  /** number formats of the cell styles: the number of a built-in one, or a format code */
  styles?: (number | string)[];
  date1904?: boolean;
  /** parts that replace the written ones, are added, or (null) left out */
  parts?: Record<string, string | null>;
}

const MAIN = 'http://schemas.openxmlformats.org/spreadsheetml/2006/main';
const RELATIONS = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships';
const PACKAGE = 'http://schemas.openxmlformats.org/package/2006/relationships';
const DECLARATION = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n';

/** One sheet of rows. */
export function xlsxOf(rows: XlsxCell[][], book: Omit<XlsxBook, 'sheets'> = {}): Buffer {
  return xlsx({ ...book, sheets: [{ rows }] });
}

/** A workbook as Excel lays it out; texts are shared strings, empty cells are left out. */
export function xlsx({ sheets, styles = [], date1904 = false, parts = {} }: XlsxBook): Buffer {
  const strings = new Map<string, number>();
  const files: Record<string, string | null> = {
    '[Content_Types].xml': `${DECLARATION}<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"/>`,
    '_rels/.rels': relations([['officeDocument', 'xl/workbook.xml']]),
    'xl/workbook.xml': workbookXml(sheets, date1904),
    'xl/_rels/workbook.xml.rels': relations([
      ...sheets.map((_, index): [string, string] => ['worksheet', `worksheets/sheet${index + 1}.xml`]),
      ['styles', 'styles.xml'],
      ['sharedStrings', 'sharedStrings.xml'],
    ]),
  };
  sheets.forEach((sheet, index) => {
    files[`xl/worksheets/sheet${index + 1}.xml`] = sheet.xml ?? sheetXml(sheet.rows ?? [], strings);
  });
  files['xl/styles.xml'] = stylesXml(styles);
  files['xl/sharedStrings.xml'] = sharedStringsXml([...strings.keys()]);
  const kept = Object.entries({ ...files, ...parts }).filter((entry): entry is [string, string] => entry[1] !== null);
  return Buffer.from(zipSync(Object.fromEntries(kept.map(([name, text]) => [name, strToU8(text)]))));
}

export function sheetXml(rows: XlsxCell[][], strings: Map<string, number>): string {
  const lines = rows.map((cells, row) => {
    const written = cells.map((cell, column) => cellXml(cell, `${columnName(column)}${row + 1}`, strings));
    return `<row r="${row + 1}">${written.join('')}</row>`;
  });
  return worksheet(`<sheetData>${lines.join('')}</sheetData>`);
}

/** A worksheet part around whatever a test puts in. */
export function worksheet(content: string): string {
  return `${DECLARATION}<worksheet xmlns="${MAIN}">${content}</worksheet>`;
}

function cellXml(cell: XlsxCell, r: string, strings: Map<string, number>): string {
  if (cell === null || cell === '') return '';
  if (typeof cell === 'number') return `<c r="${r}"><v>${cell}</v></c>`;
  if (typeof cell === 'boolean') return `<c r="${r}" t="b"><v>${cell ? 1 : 0}</v></c>`;
  if (typeof cell === 'string') {
    if (!strings.has(cell)) strings.set(cell, strings.size);
    return `<c r="${r}" t="s"><v>${strings.get(cell)}</v></c>`;
  }
  const style = cell.style === undefined ? '' : ` s="${cell.style}"`;
  if ('inline' in cell) return `<c r="${r}"${style} t="inlineStr"><is>${textXml(cell.inline)}</is></c>`;
  const type = cell.t === undefined ? '' : ` t="${cell.t}"`;
  const formula = cell.formula === undefined ? '' : `<f>${escaped(cell.formula)}</f>`;
  return `<c r="${r}"${style}${type}>${formula}<v>${escaped(cell.v)}</v></c>`;
}

function workbookXml(sheets: XlsxSheet[], date1904: boolean): string {
  const listed = sheets.map(({ name, state }, index) => {
    const hidden = state === undefined ? '' : ` state="${state}"`;
    return `<sheet name="${escaped(name ?? `Sheet${index + 1}`)}" sheetId="${index + 1}"${hidden} r:id="rId${index + 1}"/>`;
  });
  const properties = date1904 ? '<workbookPr date1904="1"/>' : '<workbookPr/>';
  return `${DECLARATION}<workbook xmlns="${MAIN}" xmlns:r="${RELATIONS}">${properties}<sheets>${listed.join('')}</sheets></workbook>`;
}

function stylesXml(formats: (number | string)[]): string {
  const custom = formats.map((format, index) =>
    typeof format === 'string' ? `<numFmt numFmtId="${200 + index}" formatCode="${escaped(format)}"/>` : '',
  );
  const used = formats.map((format, index) => `<xf numFmtId="${typeof format === 'number' ? format : 200 + index}"/>`);
  const named = '<cellStyleXfs><xf numFmtId="14"/></cellStyleXfs>';
  return `${DECLARATION}<styleSheet xmlns="${MAIN}"><numFmts>${custom.join('')}</numFmts>${named}<cellXfs><xf numFmtId="0"/>${used.join('')}</cellXfs></styleSheet>`;
}

function sharedStringsXml(strings: string[]): string {
  return `${DECLARATION}<sst xmlns="${MAIN}">${strings.map((text) => `<si>${textXml(text)}</si>`).join('')}</sst>`;
}

function relations(parts: [kind: string, target: string][]): string {
  const written = parts.map(
    ([kind, target], index) => `<Relationship Id="rId${index + 1}" Type="${RELATIONS}/${kind}" Target="${target}"/>`,
  );
  return `${DECLARATION}<Relationships xmlns="${PACKAGE}">${written.join('')}</Relationships>`;
}

function textXml(text: string): string {
  return `<t xml:space="preserve">${escaped(text)}</t>`;
}

function escaped(text: string): string {
  return text
    .replaceAll('&', '&amp;')
    .replaceAll('<', '&lt;')
    .replaceAll('>', '&gt;')
    .replaceAll('"', '&quot;')
    .replaceAll('\r', '_x000D_');
}

function columnName(column: number): string {
  const last = String.fromCharCode(65 + (column % 26));
  return column < 26 ? last : columnName(Math.floor(column / 26) - 1) + last;
}

/** One entry of an archive, packed already: for archives that no honest program writes. */
export interface RawEntry {
  name: string;
  packed: Buffer;
  /** what the directory claims */
  size: number;
  crc?: number;
  method?: number;
  flags?: number;
}

export function rawZip(entries: RawEntry[]): Buffer {
  const locals: Buffer[] = [];
  const directory: Buffer[] = [];
  let offset = 0;
  for (const { name, packed, size, crc = 0, method = 8, flags = 0 } of entries) {
    const fields = Buffer.alloc(26);
    fields.writeUInt16LE(20, 0);
    fields.writeUInt16LE(flags, 2);
    fields.writeUInt16LE(method, 4);
    fields.writeUInt32LE(crc, 10);
    fields.writeUInt32LE(packed.length, 14);
    fields.writeUInt32LE(size, 18);
    fields.writeUInt16LE(Buffer.byteLength(name), 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04'), fields, Buffer.from(name), packed]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    directory.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00'), fields, rest, Buffer.from(name)]));
    locals.push(local);
    offset += local.length;
  }
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(entries.length, 8);
  end.writeUInt16LE(entries.length, 10);
  end.writeUInt32LE(Buffer.concat(directory).length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, ...directory, end]);
}
