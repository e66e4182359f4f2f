import { createServer, type IncomingHttpHeaders, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

export interface Received {
  readonly method: string;
  readonly url: string;
  readonly headers: IncomingHttpHeaders;
  readonly body: string;
}

export type Answer = (received: Received, response: ServerResponse) => void;

const ACCEPTS: Answer = (_, response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"errcode":0,"msgid":"M-1"}');

/** A provider of messages: keeps what it was sent and answers as it is told. */
export class Receiver {
  readonly received: Received[] = [];
  answer: Answer = ACCEPTS;

  private constructor(
    readonly url: string,
    readonly stop: () => Promise<void>,
  ) {}

  static async start(): Promise<Receiver> {
    const server = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const received = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
        receiver.received.push(received);
        receiver.answer(received, response);
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const receiver = new Receiver(`http://127.0.0.1:${port}`, async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    });
    return receiver;
  }

  /** Bodies that were sent to a path, parsed. */
  sentTo(path: string): { to: string; text: string; cases: string; id: string }[] {
    return this.received.filter(({ url }) => url === path).map(({ body }) => JSON.parse(body));
  }

  accept(): void {
    this.answer = ACCEPTS;
  }

  refuse(status = 500, body = ''): void {
    this.answer = (_, response) => response.writeHead(status).end(body);
  }
}
