import { TableError } from './table-error.js';

export type Bytes = AsyncIterable<Uint8Array> | Iterable<Uint8Array>;

/** A stream of bytes that can be looked into before it is read, counts what it gives, and is let go in any case. */
export class ByteSource {
  private readonly iterator: AsyncIterator<Uint8Array> | Iterator<Uint8Array>;
  private readonly held: Buffer[] = [];
  private taken = 0;
  private closed = false;

  constructor(
    source: Bytes,
    private readonly maxBytes: number,
  ) {
    this.iterator = Symbol.asyncIterator in source ? source[Symbol.asyncIterator]() : source[Symbol.iterator]();
  }

  /** The first bytes without taking them: `length` of them, or fewer where the source ends before. */
  async peek(length: number): Promise<Buffer> {
    let size = this.held.reduce((sum, chunk) => sum + chunk.length, 0);
    while (size < length) {
      const chunk = await this.pull();
      if (!chunk) break;
      this.held.push(chunk);
      size += chunk.length;
    }
    return Buffer.concat(this.held).subarray(0, length);
  }

  async *chunks(): AsyncGenerator<Buffer> {
    yield* this.held.splice(0);
    for (let chunk = await this.pull(); chunk; chunk = await this.pull()) yield chunk;
  }

  /** @throws TableError file-too-large, before more than `maxBytes` are held */
  async readAll(maxBytes: number): Promise<Buffer> {
    const chunks: Buffer[] = [];
    let size = 0;
    for await (const chunk of this.chunks()) {
      chunks.push(chunk);
      size += chunk.length;
      if (size > maxBytes) throw new TableError('file-too-large', { limit: maxBytes });
    }
    return Buffer.concat(chunks, size);
  }

  async close(): Promise<void> {
    if (this.closed) return;
    this.closed = true;
    this.held.length = 0;
    await this.iterator.return?.();
  }

  private async pull(): Promise<Buffer | undefined> {
    const { done, value } = await this.iterator.next();
    if (done) return undefined;
    if (!(value instanceof Uint8Array)) throw new TypeError('a table is read from bytes, not from text');
    this.taken += value.length;
    if (this.taken > this.maxBytes) throw new TableError('file-too-large', { limit: this.maxBytes });
    return Buffer.from(value.buffer, value.byteOffset, value.length);
  }
}
