import { TableError } from './table-error.js';

export type Content = 'zip' | 'utf-16le' | 'utf-16be' | 'utf-8-bom' | 'text';

/** How many bytes `sniff` wants to see. */
export const SNIFF_BYTES = 512;

const foreign: ReadonlyArray<readonly number[]> = [
  [...Buffer.from('%PDF-')],
  [0x89, 0x50, 0x4e, 0x47], // PNG
  [0xff, 0xd8, 0xff], // JPEG
  [...Buffer.from('GIF8')],
  [...Buffer.from('Rar!')],
  [0x37, 0x7a, 0xbc, 0xaf], // 7z
  [0x1f, 0x8b], // gzip
  [...Buffer.from('{\\rtf')],
];

// Systems like to call a page .xls: Excel opens it, so officers take it for a workbook.
const markup = /^\s*<(\?xml|!|html|head|body|table|meta|style|div)/i;
const json = /^\s*(\{\s*["}]|\[\s*[[{])/;

/**
 * What a file is by its first bytes; its name says nothing.
 * @throws TableError empty-file, legacy-workbook, not-a-table
 */
export function sniff(head: Buffer): Content {
  const begins = (magic: readonly number[]): boolean => magic.every((byte, at) => head[at] === byte);
  if (head.length === 0) throw new TableError('empty-file');
  if (begins([0x50, 0x4b, 3, 4]) || begins([0x50, 0x4b, 5, 6])) return 'zip';
  if (begins([0xd0, 0xcf, 0x11, 0xe0])) throw new TableError('legacy-workbook');
  if (foreign.some(begins)) throw new TableError('not-a-table');
  if (begins([0xff, 0xfe])) return 'utf-16le';
  if (begins([0xfe, 0xff])) return 'utf-16be';
  const bom = begins([0xef, 0xbb, 0xbf]);
  const text = head.toString('latin1', bom ? 3 : 0);
  if (markup.test(text) || json.test(text)) throw new TableError('not-a-table');
  return bom ? 'utf-8-bom' : 'text';
}
