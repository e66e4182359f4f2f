import { once } from 'node:events';
import { get, type IncomingMessage } from 'node:http';
import type { AddressInfo } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import type { Officer, TestApp } from '../support/app.js';

/** One message as a browser's EventSource would raise it. */
export interface Message {
  event: string;
  id: string;
  data: { alertId: string; alertNo: string; seq: number; type: string; at: string; agency: string | null } & Record<
    string,
    unknown
  >;
}

/** Makes the application listen, once. @returns its port */
export async function portOf(app: TestApp): Promise<number> {
  const listening = ports.get(app) ?? app.app.listen(0, '127.0.0.1');
  ports.set(app, listening);
  await listening;
  return (app.app.getHttpServer() as { address(): AddressInfo }).address().port;
}
const ports = new WeakMap<TestApp, Promise<unknown>>();

/** Waits until something is so. */
export async function until(what: () => unknown, name = String(what), ms = 60_000): Promise<void> {
  for (const end = Date.now() + ms; Date.now() < end; await delay(10)) if (await what()) return;
  throw new Error(`it never came to be: ${name}`);
}

/** A reader of the stream over a real socket, which follows the rules of EventSource. */
export class Listener {
  readonly messages: Message[] = [];
  readonly comments: string[] = [];
  retry: number | undefined;
  lastEventId = '';
  ended = false;
  readonly closed: Promise<void>;
  private rest = '';

  private constructor(readonly response: IncomingMessage) {
    response.setEncoding('utf8');
    response.on('error', () => undefined);
    this.closed = new Promise((resolve) => {
      response.on('close', () => {
        this.ended = true;
        resolve();
      });
    });
  }

  static async open(
    app: TestApp,
    who: Officer,
    { lastEventId, query = '' }: { lastEventId?: string; query?: string } = {},
  ): Promise<Listener> {
    const listener = await Listener.paused(app, who, { lastEventId, query });
    listener.read();
    return listener;
  }

  /** Takes nothing until told to. */
  static async paused(
    app: TestApp,
    who: Officer,
    from: { lastEventId?: string; query?: string } = {},
  ): Promise<Listener> {
    return Listener.at(await portOf(app), who, from);
  }

  /** At a server of another process; takes nothing until told to. */
  static async at(
    port: number,
    who: Officer,
    { lastEventId, query = '' }: { lastEventId?: string; query?: string } = {},
  ): Promise<Listener> {
    const headers = { ...who.headers, ...(lastEventId === undefined ? {} : { 'last-event-id': lastEventId }) };
    const request = get({ port, host: '127.0.0.1', path: `/api/v1/events${query}`, headers });
    const [response] = (await once(request, 'response')) as [IncomingMessage];
    if (response.statusCode !== 200) throw new Error(`the stream was answered with ${response.statusCode}`);
    return new Listener(response);
  }

  /** Open, and level with what happens. */
  static async live(app: TestApp, who: Officer, lastEventId?: string): Promise<Listener> {
    const listener = await Listener.open(app, who, { lastEventId });
    await until(() => listener.comments.includes('live'), 'live');
    return listener;
  }

  /** @param heard called after each portion */
  read(heard: () => void = () => undefined): void {
    this.response.on('data', (text: string) => {
      this.rest += text;
      for (let end = this.rest.indexOf('\n\n'); end >= 0; end = this.rest.indexOf('\n\n')) {
        this.block(this.rest.slice(0, end));
        this.rest = this.rest.slice(end + 2);
      }
      heard();
    });
  }

  cut(): void {
    this.response.destroy();
  }

  get ids(): string[] {
    return this.messages.map(({ id }) => id);
  }

  get types(): string[] {
    return this.messages.map(({ data }) => data.type);
  }

  has(alertId: string, type?: string): boolean {
    return this.messages.some(({ data }) => data.alertId === alertId && (type === undefined || data.type === type));
  }

  private block(text: string): void {
    let [event, data] = ['message', ''];
    for (const line of text.split('\n')) {
      const [field, value] = [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)];
      if (field === '') this.comments.push(value);
      else if (field === 'id') this.lastEventId = value;
      else if (field === 'event') event = value;
      else if (field === 'retry') this.retry = Number(value);
      else data += value;
    }
    if (data !== '') this.messages.push({ event, id: this.lastEventId, data: JSON.parse(data) });
  }
}
