import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { createServer as createTlsServer } from 'node:https';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { Clock } from '../../src/platform/clock/clock.js';
import type { Certificate } from './certificate.js';

/** What somebody else's server had posted to it, its signature checked with the public library. */
export interface Message {
  id: string;
  type: string;
  timestamp: string;
  /** Of an incident `incidentId` and `incidentNo` stand where an alert has its own. */
  data: { alertId: string; alertNo: string; seq: number; position: string; [fact: string]: unknown };
  /** When it came, by the moved clock. */
  at: number;
  /** What it was answered with; undefined while it is held. */
  status: number | undefined;
  /** Signatures in the header. */
  signatures: number;
  text: string;
}

type Answer = number | { status: number; headers: Record<string, string> } | 'hold';

/** A receiver of webhooks as the customers write them. */
export class Receiver {
  readonly messages: Message[] = [];
  /** Requests whose signature was not right. */
  readonly refused: string[] = [];
  readonly secrets: string[] = [];
  /** What the next messages are answered with. */
  answer: (message: Message) => Answer = () => 204;
  private readonly held = new Map<Message, ServerResponse>();

  private constructor(
    private readonly server: Server,
    private readonly clock: Clock,
    private readonly scheme: 'http' | 'https',
  ) {}

  /** @param certificate what it shows to those who come by TLS; without: plain http */
  static async start(clock: Clock, certificate?: Certificate): Promise<Receiver> {
    const take = (request: IncomingMessage, response: ServerResponse): void => void receiver.take(request, response);
    const server = certificate ? createTlsServer(certificate, take) : createServer(take);
    const receiver: Receiver = new Receiver(server, clock, certificate ? 'https' : 'http');
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `${this.scheme}://127.0.0.1:${this.port}/sanji`;
  }

  /** Messages that were taken. */
  get taken(): Message[] {
    return this.messages.filter(({ status }) => status !== undefined && status >= 200 && status < 300);
  }

  get holding(): Message[] {
    return [...this.held.keys()];
  }

  /** Answers messages that were held. */
  release(messages: readonly Message[], status = 204): void {
    for (const message of messages) {
      message.status = status;
      this.held.get(message)?.writeHead(status).end();
      this.held.delete(message);
    }
  }

  async stop(): Promise<void> {
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
  }

  private async take(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const text = await textOf(request);
    if (text === undefined) return;
    const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
    if (!this.secrets.some((secret) => this.isSigned(secret, text, headers))) {
      this.refused.push(text);
      response.writeHead(401).end();
      return;
    }
    const body = JSON.parse(text) as Pick<Message, 'type' | 'timestamp' | 'data'>;
    const message: Message = {
      ...body,
      id: headers['webhook-id']!,
      at: this.clock.now().getTime(),
      status: undefined,
      signatures: headers['webhook-signature']!.split(' ').length,
      text,
    };
    this.messages.push(message);
    const answer = this.answer(message);
    if (answer === 'hold') {
      this.held.set(message, response);
      return;
    }
    const { status, headers: more } = typeof answer === 'number' ? { status: answer, headers: {} } : answer;
    message.status = status;
    response.writeHead(status, more).end('thank you');
  }

  /** The library looks at the machine's clock; the receiver lives in the time that tests move. */
  private isSigned(secret: string, text: string, headers: Record<string, string>): boolean {
    const machine = Date.now;
    const now = this.clock.now().getTime();
    Date.now = () => now;
    try {
      new Webhook(secret).verify(text, headers);
      return true;
    } catch {
      return false;
    } finally {
      Date.now = machine;
    }
  }
}

/** @returns undefined where the sender went away before the end */
async function textOf(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  try {
    for await (const chunk of request) chunks.push(chunk as Buffer);
  } catch {
    return undefined;
  }
  return Buffer.concat(chunks).toString('utf8');
}
