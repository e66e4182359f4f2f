import type { IncomingHttpHeaders, OutgoingHttpHeaders, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import { formatPosition, type Position } from '../feed/feed.js';
import type { Caller } from '../identity/caller.js';
import { comparePositions, laterOf, tellable, type Frame } from './message.rules.js';

/** How long a client waits before it connects again, milliseconds. */
const RETRY_MS = 3_000;
/** What cannot be sent within so long after the end is not sent: the client asks for it again when it is back. */
const LAST_BYTES_MS = 1_000;

const HEADERS: OutgoingHttpHeaders = {
  'content-type': 'text/event-stream; charset=utf-8',
  'cache-control': 'no-cache, no-store, no-transform',
  // nginx and its like would keep events until they fill a page.
  'x-accel-buffering': 'no',
  connection: 'close',
};

/** One answer that does not end: what it was given, and how far its reader has taken it. */
export class EventStream {
  /** Up to here everything that the caller may hear of was given to the socket. */
  served: Position;
  /** Heartbeats are counted from here, milliseconds. */
  beatAt: number;
  /** The caller's rights are being looked at. */
  inReview = false;
  readonly closed: Promise<void>;

  private readonly socket: Socket;
  /** The last position that the client was told. */
  private told: Position;
  private resume: (() => void) | undefined;
  private taken = 0;
  private takenAt: number;

  constructor(
    readonly caller: Caller,
    /** With the credentials, to be looked at again. */
    readonly headers: IncomingHttpHeaders,
    private readonly response: ServerResponse,
    from: Position,
    now: number,
  ) {
    this.served = from;
    this.told = from;
    this.beatAt = now;
    this.takenAt = now;
    this.socket = response.socket!;
    this.closed = new Promise((resolve) => {
      response.on('close', () => {
        this.goOn();
        resolve();
      });
    });
    response.on('drain', () => this.goOn());
    response.on('error', () => response.destroy());
  }

  get open(): boolean {
    return !this.response.writableEnded && !this.response.destroyed;
  }

  /** Bytes that the reader has not taken off our hands. */
  get buffered(): number {
    return this.response.writableLength;
  }

  /** The first bytes: a client that goes away after them knows where to begin again. */
  begin(headers: OutgoingHttpHeaders): void {
    this.response.writeHead(200, { ...headers, ...HEADERS });
    this.response.write(`: sanji\nretry: ${RETRY_MS}\nid: ${formatPosition(this.told)}\n\n`);
  }

  /** Sends what was not sent before. */
  hand(frames: readonly Frame[]): void {
    const fresh = frames.filter((frame) => comparePositions(frame, this.served) > 0);
    const last = fresh.at(-1);
    if (!last || !this.open) return;
    this.response.write(fresh.map(({ text }) => text).join(''));
    this.served = last;
    this.told = last;
  }

  /** A comment, and where the client may begin again: quiet clients would have to read everything since their last event. */
  note(comment: string): void {
    if (!this.open) return;
    const position = laterOf(this.told, tellable(this.served));
    const moved = position !== this.told ? `id: ${formatPosition(position)}\n` : '';
    this.told = position;
    this.response.write(`: ${comment}\n${moved}\n`);
  }

  /** Waits until the reader has taken everything, or is gone. */
  async drained(): Promise<void> {
    if (!this.open || !this.response.writableNeedDrain) return;
    await new Promise<void>((resolve) => (this.resume = resolve));
  }

  /** For how long something has waited for a reader who takes nothing, milliseconds. Asked for regularly. */
  stalledFor(now: number): number {
    const taken = this.socket.bytesWritten - this.socket.writableLength;
    if (this.buffered === 0 || taken !== this.taken) this.takenAt = now;
    this.taken = taken;
    return now - this.takenAt;
  }

  /** Ends it. Whoever does not take the last bytes now does not get them. */
  end(): void {
    if (this.response.destroyed) return;
    this.response.end();
    const cut = setTimeout(() => this.cut(), LAST_BYTES_MS);
    this.response.on('close', () => clearTimeout(cut));
  }

  cut(): void {
    this.socket.destroy();
  }

  private goOn(): void {
    this.resume?.();
    this.resume = undefined;
  }
}
