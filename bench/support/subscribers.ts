import { connect, type Socket } from 'node:net';

/** Files that a process needs beside one for each stream. */
const OTHER_FILES = 200;
const LIVE = ': live\n';
const EVENT = 'event: case\n';

/** Open event streams that only listen, read as sparingly as can be: the load must not be what is measured. */
export class Subscribers {
  /** Messages of events that came. */
  messages = 0;
  /** Streams that the server ended: with one the measurement is of something else. */
  lost = 0;
  private readonly sockets: Socket[] = [];
  private closing = false;

  private constructor() {}

  /**
   * @param tokens of the people who listen, each with as many streams as their share
   * @throws Error where the server or the machine does not let as many in
   */
  static async open(port: number, tokens: readonly string[], count: number): Promise<Subscribers> {
    const most = mostFiles();
    if (most < count + OTHER_FILES) {
      throw new Error(
        `a process may have ${most} files open here, too few for ${count} streams: raise it (ulimit -n ${count * 2})`,
      );
    }
    const subscribers = new Subscribers();
    const opened = Array.from({ length: count }, (_, index) => subscribers.add(port, tokens[index % tokens.length]!));
    await Promise.all(opened).catch((error: unknown) => {
      subscribers.close();
      throw error;
    });
    return subscribers;
  }

  close(): void {
    this.closing = true;
    for (const socket of this.sockets) socket.destroy();
  }

  /** @returns when the stream is level with what happens */
  private add(port: number, token: string): Promise<void> {
    return new Promise((resolve, reject) => {
      const socket = connect(port, '127.0.0.1', () =>
        socket.write(`GET /api/v1/events HTTP/1.1\r\nhost: bench\r\nauthorization: Bearer ${token}\r\n\r\n`),
      );
      this.sockets.push(socket);
      let live = false;
      let head = '';
      socket.on('data', (chunk) => {
        const text = chunk.toString('latin1');
        this.messages += text.split(EVENT).length - 1;
        if (live) return;
        head += text;
        if (!head.startsWith('HTTP/1.1 200')) reject(new Error(`a stream was refused: ${head.slice(0, 500)}`));
        if (head.includes(LIVE)) {
          live = true;
          resolve();
        }
      });
      socket.on('error', reject);
      socket.on('close', () => {
        if (!this.closing) this.lost += 1;
        reject(new Error(`a stream was ended: ${head.slice(0, 500)}`));
      });
    });
  }
}

/** Node raises its own limit as far as it may. */
function mostFiles(): number {
  const { userLimits } = process.report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  const soft = Number(userLimits?.open_files?.soft);
  return Number.isFinite(soft) ? soft : Infinity;
}
