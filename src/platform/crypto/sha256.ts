import { hash } from 'node:crypto';

const BLOCK_BYTES = 64;
const DIGEST_BYTES = 32;
const INNER_PAD = 0x36;
const OUTER_PAD = 0x5c;

/**
 * SHA-256 in one call. `createHash` makes an object for each value and a digest outside of the heap: three times the
 * work, which an intake of thousands of signals feels.
 */
export function sha256(data: Buffer): Buffer {
  return Buffer.from(hash('sha256', data, 'binary'), 'binary');
}

/** HMAC-SHA-256 (RFC 2104) under one key, for the same reason. */
export class HmacSha256 {
  private readonly inner: Buffer;
  private readonly outer: Buffer;

  /** @param key of at most 64 bytes: longer ones would have to be hashed first */
  constructor(key: Buffer) {
    if (key.length > BLOCK_BYTES) throw new RangeError('a key of HMAC-SHA-256 has at most 64 bytes');
    this.inner = padded(key, INNER_PAD, BLOCK_BYTES);
    this.outer = padded(key, OUTER_PAD, BLOCK_BYTES + DIGEST_BYTES);
  }

  of(text: string): Buffer {
    sha256(Buffer.concat([this.inner, Buffer.from(text)])).copy(this.outer, BLOCK_BYTES);
    return sha256(this.outer);
  }
}

function padded(key: Buffer, pad: number, bytes: number): Buffer {
  const block = Buffer.alloc(bytes);
  for (let at = 0; at < BLOCK_BYTES; at++) block[at] = (key[at] ?? 0) ^ pad;
  return block;
}
