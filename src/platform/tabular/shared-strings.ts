import { unescapedText } from './cell-value.js';
import type { TableLimits } from './limits.js';
import { TableError } from './table-error.js';
import { readXml } from './xml.js';

const PAGE_BYTES = 1024 * 1024;
/** What the place of one text costs beside its bytes. */
const ENTRY_BYTES = 16;

/**
 * The texts that the cells of a workbook share. Kept as bytes, because as many JavaScript strings they would take
 * several times the room and hold on to the XML that they were cut from.
 */
export class SharedStrings {
  private readonly pages: Buffer[] = [];
  private readonly starts: number[] = [];
  private readonly ends: number[] = [];
  private used = PAGE_BYTES;
  private cost = 0;

  constructor(private readonly limits: TableLimits) {}

  add(text: string): void {
    const length = Buffer.byteLength(text);
    this.cost += ENTRY_BYTES + length;
    if (this.cost > this.limits.maxSharedStringBytes) throw new TableError('zip-bomb');
    if (this.used + length >= PAGE_BYTES) {
      this.pages.push(Buffer.allocUnsafe(Math.max(PAGE_BYTES, length)));
      this.used = 0;
    }
    const page = this.pages.length - 1;
    this.starts.push(page * PAGE_BYTES + this.used);
    this.used += this.pages[page]!.write(text, this.used);
    this.ends.push(page * PAGE_BYTES + this.used);
  }

  /** @throws TableError damaged-file where there is none of this number */
  get(index: number): string {
    const start = this.starts[index];
    const end = this.ends[index];
    if (start === undefined || end === undefined) throw new TableError('damaged-file');
    const page = Math.floor(start / PAGE_BYTES);
    return this.pages[page]!.toString('utf8', start - page * PAGE_BYTES, end - page * PAGE_BYTES);
  }
}

export async function readSharedStrings(xml: AsyncIterable<Buffer>, limits: TableLimits): Promise<SharedStrings> {
  const strings = new SharedStrings(limits);
  // A longer text than a cell may have is kept long enough to be refused, should a cell of this sheet have it.
  const enough = limits.maxCellLength + 1;
  let text = '';
  let inText = false;
  let inPhonetic = false;
  await readXml(xml, {
    open(name) {
      if (name === 'si') text = '';
      else if (name === 'rPh') inPhonetic = true;
      else if (name === 't') inText = !inPhonetic;
    },
    text(part) {
      if (inText && text.length < enough) text += part.slice(0, enough - text.length);
    },
    close(name) {
      if (name === 'si') strings.add(unescapedText(text));
      else if (name === 'rPh') inPhonetic = false;
      else if (name === 't') inText = false;
    },
  });
  return strings;
}
