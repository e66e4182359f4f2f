import { connect, type Socket } from 'node:net';

export interface Answer {
  status: number;
  body: Buffer;
}

const HEAD_END = '\r\n\r\n';
const NOTHING = Buffer.alloc(0);

/**
 * One keep-alive connection, one request at a time. Written lean: on two cores the load's own work is taken from the
 * server's, and `fetch` costs more than a route.
 */
export class HttpConnection {
  private received: Buffer = NOTHING;
  private waiting: { resolve(answer: Answer): void; reject(error: Error): void } | undefined;

  private constructor(private readonly socket: Socket) {
    socket.setNoDelay(true);
    socket.on('data', (chunk) => this.read(chunk));
    socket.on('error', (error) => this.fail(error));
    socket.on('close', () => this.fail(new Error('the server closed the connection')));
  }

  static open(port: number): Promise<HttpConnection> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1');
      socket.once('error', reject);
      socket.once('connect', () => {
        socket.removeListener('error', reject);
        resolve(new HttpConnection(socket));
      });
    });
  }

  /** @param request head and body as they go over the wire */
  send(request: string | Buffer): Promise<Answer> {
    return new Promise((resolve, reject) => {
      if (this.socket.destroyed) return reject(new Error('the connection is closed'));
      this.waiting = { resolve, reject };
      this.socket.write(request);
    });
  }

  /** Whether the server, or we, ended it: an idle one is not kept for ever. */
  get closed(): boolean {
    return this.socket.destroyed || this.socket.readyState !== 'open';
  }

  close(): void {
    this.waiting = undefined;
    this.socket.destroy();
  }

  private read(chunk: Buffer): void {
    this.received = this.received.length === 0 ? chunk : Buffer.concat([this.received, chunk]);
    const headLength = this.received.indexOf(HEAD_END);
    if (headLength < 0) return;
    const head = this.received.toString('latin1', 0, headLength);
    const length = Number(/content-length: (\d+)/i.exec(head)?.[1]);
    const start = headLength + HEAD_END.length;
    if (this.received.length < start + length) return;
    const { waiting } = this;
    if (Number.isNaN(length) || !waiting || this.received.length > start + length) {
      this.fail(new Error(`an answer that this client does not read: ${head}`));
      return;
    }
    const body = this.received.subarray(start);
    this.received = NOTHING;
    this.waiting = undefined;
    waiting.resolve({ status: Number(head.slice(9, 12)), body });
  }

  private fail(error: Error): void {
    this.waiting?.reject(error);
    this.waiting = undefined;
  }
}

/** A request as it goes over the wire. */
export function requestOf(path: string, headers: Record<string, string>, body: string): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `POST ${path} HTTP/1.1\r\nhost: bench\r\ncontent-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n${lines.join('')}\r\n${body}`;
}

export function getOf(path: string, headers: Record<string, string>): string {
  const lines = Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`);
  return `GET ${path} HTTP/1.1\r\nhost: bench\r\n${lines.join('')}\r\n`;
}

/** @throws Error with the answer, which then is a fault of the bench or of the server */
export function expect(answer: Answer, ...statuses: number[]): Answer {
  if (!statuses.includes(answer.status))
    throw new Error(`answered ${answer.status}: ${answer.body.toString().slice(0, 500)}`);
  return answer;
}
