import { isAscii, isUtf8 } from 'node:buffer';
import { TextDecoder } from 'node:util';
import type { Content } from './sniff.js';
import { TableError } from './table-error.js';

const BLOCK_BYTES = 64 * 1024;
const LF = 10;
const CR = 13;

type Encoding = 'utf-8' | 'gb18030';

/** Whole lines, and the number of the first of them. */
interface Block {
  bytes: Buffer;
  lineNo: number;
}

/**
 * The text of a file in pieces that end where a line ends, so that no character and no line break is torn apart.
 * Strict UTF-8 decides: where the first text beyond ASCII is valid UTF-8 the whole file has to be, else the whole file
 * has to be GB18030.
 * @throws TableError unknown-encoding, mixed-encoding, binary-content, row-too-long
 */
export async function* readText(
  chunks: AsyncIterable<Buffer>,
  content: Exclude<Content, 'zip'>,
  maxLineBytes: number,
): AsyncGenerator<string> {
  const wide = content === 'utf-16le' || content === 'utf-16be';
  const blocks = lineBlocks(wide ? fromUtf16(chunks, content) : chunks, maxLineBytes);
  let encoding: Encoding | undefined = content === 'text' ? undefined : 'utf-8';
  let atStart = true;

  try {
    let block = (await blocks.next()).value;
    while (block) {
      if (block.bytes.includes(0)) throw new TableError('binary-content');
      const next = (await blocks.next()).value;
      let text: string;
      if (isAscii(block.bytes)) {
        text = block.bytes.toString('latin1');
      } else {
        // The next block has a say too: the first character may be the last of its block, and one proves little.
        encoding ??= encodingOf(next ? [block, next] : [block]);
        text = encoding === 'utf-8' ? decodeUtf8(block) : decodeGb18030(block);
      }
      if (atStart && text.startsWith('\uFEFF')) text = text.slice(1);
      atStart = false;
      if (text !== '') yield text;
      block = next;
    }
  } finally {
    await blocks.return(undefined);
  }
}

async function* fromUtf16(chunks: AsyncIterable<Buffer>, encoding: 'utf-16le' | 'utf-16be'): AsyncGenerator<Buffer> {
  const decoder = new TextDecoder(encoding, { fatal: true });
  let lineNo = 1;
  const recode = (chunk?: Buffer): Buffer => {
    try {
      return Buffer.from(decoder.decode(chunk, { stream: chunk !== undefined }));
    } catch {
      throw new TableError('unknown-encoding', { lineNo });
    }
  };
  for await (const chunk of chunks) {
    const bytes = recode(chunk);
    lineNo += countLines(bytes);
    yield bytes;
  }
  yield recode();
}

async function* lineBlocks(chunks: AsyncIterable<Buffer>, maxLineBytes: number): AsyncGenerator<Block, undefined> {
  let parts: Buffer[] = [];
  let size = 0;
  let wanted = BLOCK_BYTES;
  let lineNo = 1;
  for await (const chunk of chunks) {
    for (let at = 0; at < chunk.length; at += BLOCK_BYTES) {
      const part = chunk.subarray(at, at + BLOCK_BYTES);
      parts.push(part);
      size += part.length;
      if (size < wanted) continue;
      const joined = Buffer.concat(parts, size);
      const end = endOfLastLine(joined);
      if (end > 0) {
        const bytes = joined.subarray(0, end);
        yield { bytes, lineNo };
        lineNo += countLines(bytes);
      }
      size -= end;
      if (size > maxLineBytes) throw new TableError('row-too-long', { lineNo });
      parts = [joined.subarray(end)];
      wanted = size + BLOCK_BYTES;
    }
  }
  if (size > 0) yield { bytes: Buffer.concat(parts, size), lineNo };
  return undefined;
}

/** Just after the last line break. A CR counts only where there is no LF at all, and not as the last byte: an LF may follow. */
function endOfLastLine(bytes: Buffer): number {
  return bytes.lastIndexOf(LF) + 1 || bytes.lastIndexOf(CR, -2) + 1;
}

function countLines(bytes: Buffer): number {
  let count = 0;
  for (let at = bytes.indexOf(LF); at !== -1; at = bytes.indexOf(LF, at + 1)) count++;
  return count;
}

function* linesOf(block: Block): Generator<{ line: Buffer; lineNo: number }> {
  let { lineNo } = block;
  for (let at = 0; at < block.bytes.length; lineNo++) {
    const end = block.bytes.indexOf(LF, at) + 1 || block.bytes.length;
    yield { line: block.bytes.subarray(at, end), lineNo };
    at = end;
  }
}

function encodingOf(blocks: Block[]): Encoding {
  if (blocks.every(({ bytes }) => isUtf8(bytes))) return 'utf-8';
  // Not all of it is UTF-8, yet it may mostly be: then the lines that are not are the ones to complain about.
  let utf8 = 0;
  let other = 0;
  for (const block of blocks) {
    for (const { line } of linesOf(block)) {
      if (!isUtf8(line)) other++;
      else if (isSurelyUtf8(line)) utf8++;
    }
  }
  return utf8 > 0 && utf8 >= other ? 'utf-8' : 'gb18030';
}

function decodeUtf8(block: Block): string {
  if (isUtf8(block.bytes)) return block.bytes.toString('utf8');
  for (const { line, lineNo } of linesOf(block)) {
    if (!isUtf8(line))
      throw new TableError(fromGb18030(line) === undefined ? 'unknown-encoding' : 'mixed-encoding', { lineNo });
  }
  throw new TableError('unknown-encoding', { lineNo: block.lineNo });
}

function decodeGb18030(block: Block): string {
  for (const { line, lineNo } of linesOf(block)) {
    if (isSurelyUtf8(line)) throw new TableError('mixed-encoding', { lineNo });
  }
  const text = fromGb18030(block.bytes);
  if (text !== undefined) return text;
  for (const { line, lineNo } of linesOf(block)) {
    if (fromGb18030(line) === undefined)
      throw new TableError(isUtf8(line) ? 'mixed-encoding' : 'unknown-encoding', { lineNo });
  }
  throw new TableError('unknown-encoding', { lineNo: block.lineNo });
}

function fromGb18030(bytes: Buffer): string | undefined {
  try {
    return new TextDecoder('gb18030', { fatal: true }).decode(bytes);
  } catch {
    return undefined;
  }
}

/**
 * Whether a line can only be UTF-8. UTF-8 Chinese mostly passes for GB18030 too (two characters read as three odd ones),
 * so a line of it in a GB18030 file would come out as nonsense without any error. The other way round, three hanzi in a
 * row of GB18030 that are also valid UTF-8 turn up less than once in a million rows, and six never; with one beyond
 * GB2312 among the three, less than once in a hundred million.
 */
function isSurelyUtf8(line: Buffer): boolean {
  if (isAscii(line) || !isUtf8(line)) return false;
  let threeByte = 0;
  let pairs = 0;
  let rarePairs = 0;
  for (let at = 0; at < line.length; at++) {
    const byte = line[at]!;
    if (byte >= 0xe0 && byte < 0xf0) threeByte++;
    if (byte < 0x80) pairs = 0;
    else if (++pairs % 2 === 0 && (line[at - 1]! < 0xa1 || byte < 0xa1)) rarePairs++;
  }
  return threeByte >= 3 || (threeByte === 2 && rarePairs > 0);
}
