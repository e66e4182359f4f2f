import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';
import type { MovableClock } from '../../src/platform/clock/clock.js';

/** What somebody else's server had posted to it, its signature checked with the public library. */
export interface Message {
  id: string;
  type: string;
  timestamp: string;
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
    private readonly clock: MovableClock,
  ) {}

  static async start(clock: MovableClock): Promise<Receiver> {
    const server = createServer((request, response) => void receiver.take(request, response));
    const receiver: Receiver = new Receiver(server, clock);
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    return receiver;
  }

  get port(): number {
    return (this.server.address() as AddressInfo).port;
  }

  get url(): string {
    return `http://127.0.0.1:${this.port}/sanji`;
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
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const text = Buffer.concat(chunks).toString('utf8');
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
    Date.now = () => this.clock.now().getTime();
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
