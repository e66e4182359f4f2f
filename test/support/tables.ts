import type { Bytes } from '../../src/platform/tabular/byte-source.js';
import { TableError, type TableErrorPlace } from '../../src/platform/tabular/table-error.js';
import { openTable, type TableOptions } from '../../src/platform/tabular/table.js';

export interface ReadTable {
  format: 'csv' | 'xlsx';
  header: string[];
  rows: string[][];
  rowNos: number[];
}

/** A whole table, of bytes or of the text of a UTF-8 file. */
export async function readTable(file: Bytes | string, options?: TableOptions): Promise<ReadTable> {
  const { format, header, rows } = await openTable(typeof file === 'string' ? [Buffer.from(file)] : file, options);
  const read: ReadTable = { format, header, rows: [], rowNos: [] };
  for await (const { rowNo, cells } of rows) {
    read.rows.push(cells);
    read.rowNos.push(rowNo);
  }
  return read;
}

/** The refusal of a file, or undefined where it is read to its end. */
export async function refusal(
  file: Bytes | string,
  options?: TableOptions,
): Promise<({ code: string } & TableErrorPlace) | undefined> {
  try {
    await readTable(file, options);
    return undefined;
  } catch (error) {
    if (!(error instanceof TableError)) throw error;
    return { code: error.code, ...error.place };
  }
}

/** A file as it trickles in. */
export function* inPieces(file: Buffer, size: number): Generator<Buffer> {
  for (let at = 0; at < file.length; at += size) yield file.subarray(at, at + size);
}
