import { isNativeError } from 'node:util/types';
import { crc32, createInflateRaw } from 'node:zlib';
import type { TableLimits } from './limits.js';
import { TableError } from './table-error.js';

interface ZipEntry {
  method: number;
  packed: Buffer;
  /** what the directory says it unpacks to */
  size: number;
  crc: number;
}

const END = 0x06054b50;
const END_LENGTH = 22;
const END64 = 0x06064b50;
const LOCATOR64 = 0x07064b50;
const DIRECTORY_ENTRY = 0x02014b50;
const LOCAL_HEADER = 0x04034b50;
const MAX_COMMENT = 65_535;
/** Small parts may well shrink a lot; a bomb is one only when it is large. */
const RATIO_COUNTS_FROM = 4 * 1024 * 1024;
const PIECE_BYTES = 64 * 1024;
const STORED = 0;
const DEFLATED = 8;

/**
 * A zip archive held in memory. Its central directory alone says what is in it, as every program that opens workbooks
 * has it; parts are unpacked piece by piece, and all that are read share one budget.
 */
export class ZipArchive {
  private readonly entries = new Map<string, ZipEntry>();
  private inflated = 0;

  /** @throws TableError damaged-file, encrypted-file, zip-bomb */
  constructor(
    private readonly bytes: Buffer,
    private readonly limits: TableLimits,
  ) {
    try {
      this.readDirectory();
    } catch (error) {
      // Every offset and length of a damaged archive may point anywhere.
      throw isOutOfRange(error) ? new TableError('damaged-file') : error;
    }
  }

  has(name: string): boolean {
    return this.entries.has(key(name));
  }

  /**
   * A part, unpacked. What the directory says of its size is held against the limits before the first byte, and then the
   * part is held to it.
   * @throws TableError zip-bomb, damaged-file
   */
  async *read(name: string): AsyncGenerator<Buffer> {
    const entry = this.entries.get(key(name));
    if (!entry) throw new TableError('damaged-file');
    const { maxInflatedBytes, maxRatio } = this.limits;
    this.inflated += entry.size;
    const swollen = entry.size > RATIO_COUNTS_FROM && entry.size > entry.packed.length * maxRatio;
    if (swollen || this.inflated > maxInflatedBytes) throw new TableError('zip-bomb');
    let size = 0;
    let crc = 0;
    for await (const piece of unpack(entry)) {
      size += piece.length;
      if (size > entry.size) throw new TableError('zip-bomb');
      crc = crc32(piece, crc);
      yield piece;
    }
    if (size !== entry.size || crc !== entry.crc) throw new TableError('damaged-file');
  }

  private readDirectory(): void {
    const { bytes } = this;
    const { count, offset } = this.findDirectory();
    if (count > this.limits.maxEntries) throw new TableError('zip-bomb');
    let at = offset;
    for (let n = 0; n < count; n++) {
      if (bytes.readUInt32LE(at) !== DIRECTORY_ENTRY) throw new TableError('damaged-file');
      const flags = bytes.readUInt16LE(at + 8);
      const nameEnd = at + 46 + bytes.readUInt16LE(at + 28);
      const extraEnd = nameEnd + bytes.readUInt16LE(at + 30);
      const name = key(bytes.toString('utf8', at + 46, nameEnd));
      if ((flags & 1) !== 0) throw new TableError('encrypted-file');
      // Two parts of one name are read differently by different programs.
      if (this.entries.has(name)) throw new TableError('damaged-file');
      const [size, packedSize, start] = widen(
        [bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 42)],
        bytes.subarray(nameEnd, extraEnd),
      );
      this.entries.set(name, {
        method: bytes.readUInt16LE(at + 10),
        crc: bytes.readUInt32LE(at + 16),
        size: size!,
        packed: this.packedBytes(start!, packedSize!),
      });
      at = extraEnd + bytes.readUInt16LE(at + 32);
    }
  }

  private packedBytes(header: number, size: number): Buffer {
    const { bytes } = this;
    if (bytes.readUInt32LE(header) !== LOCAL_HEADER) throw new TableError('damaged-file');
    const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    if (start + size > bytes.length) throw new TableError('damaged-file');
    return bytes.subarray(start, start + size);
  }

  private findDirectory(): { count: number; offset: number } {
    const { bytes } = this;
    const lowest = Math.max(0, bytes.length - END_LENGTH - MAX_COMMENT);
    for (let at = bytes.length - END_LENGTH; at >= lowest; at--) {
      if (bytes.readUInt32LE(at) !== END) continue;
      const count = bytes.readUInt16LE(at + 10);
      const offset = bytes.readUInt32LE(at + 16);
      if ((count !== 0xffff && offset !== 0xffffffff) || bytes.readUInt32LE(at - 20) !== LOCATOR64)
        return { count, offset };
      const end64 = Number(bytes.readBigUInt64LE(at - 12));
      if (bytes.readUInt32LE(end64) !== END64) throw new TableError('damaged-file');
      return { count: Number(bytes.readBigUInt64LE(end64 + 32)), offset: Number(bytes.readBigUInt64LE(end64 + 48)) };
    }
    throw new TableError('damaged-file');
  }
}

function isOutOfRange(error: unknown): boolean {
  return isNativeError(error) && 'code' in error && /^ERR_(BUFFER_)?OUT_OF_/.test(String(error.code));
}

/** Part names are ASCII and know no case; some programs write them with the wrong slash. */
function key(name: string): string {
  return name.replaceAll('\\', '/').replace(/^\//, '').toLowerCase();
}

/** The values that do not fit 32 bits stand, in this order, in the zip64 extra field. */
function widen(values: number[], extra: Buffer): number[] {
  let wide: Buffer = Buffer.alloc(0);
  for (let at = 0; at + 4 <= extra.length; at += 4 + extra.readUInt16LE(at + 2)) {
    if (extra.readUInt16LE(at) === 1) wide = extra.subarray(at + 4, at + 4 + extra.readUInt16LE(at + 2));
  }
  let at = 0;
  return values.map((value) => {
    if (value !== 0xffffffff || at + 8 > wide.length) return value;
    at += 8;
    return Number(wide.readBigUInt64LE(at - 8));
  });
}

async function* unpack({ method, packed }: ZipEntry): AsyncGenerator<Buffer> {
  if (method === STORED) {
    for (let at = 0; at < packed.length; at += PIECE_BYTES) yield packed.subarray(at, at + PIECE_BYTES);
    return;
  }
  if (method !== DEFLATED) throw new TableError('damaged-file');
  const inflater = createInflateRaw({ chunkSize: PIECE_BYTES });
  inflater.end(packed);
  try {
    for await (const piece of inflater) yield piece as Buffer;
  } catch {
    throw new TableError('damaged-file');
  }
}
