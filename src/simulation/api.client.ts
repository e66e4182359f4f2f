import { Agent, request as send, type IncomingMessage } from 'node:http';

export interface Answer {
  readonly status: number;
  /** Parsed JSON. */
  readonly body: unknown;
}

/** Calls the API as every client does: HTTP/1.1 with connections that stay open. */
export class ApiClient {
  private readonly agent: Agent;
  private closed = false;
  /** Requests answered so far. */
  answered = 0;

  /**
   * @param base where the server listens, e.g. `http://127.0.0.1:3000`
   * @param connections at most
   */
  constructor(
    private readonly base: string,
    connections: number,
  ) {
    this.agent = new Agent({ keepAlive: true, maxSockets: connections });
  }

  /** @param path below /api/v1 */
  request(method: string, path: string, headers: Record<string, string>, body?: object): Promise<Answer> {
    if (this.closed) return Promise.reject(new Error('nothing is asked any more'));
    const bytes = body === undefined ? undefined : Buffer.from(JSON.stringify(body));
    return new Promise((resolve, reject) => {
      const outgoing = send(
        `${this.base}/api/v1${path}`,
        {
          method,
          agent: this.agent,
          headers: bytes
            ? { ...headers, 'content-type': 'application/json', 'content-length': String(bytes.length) }
            : headers,
        },
        (incoming) => {
          this.answered += 1;
          read(incoming).then(resolve, reject);
        },
      );
      outgoing.once('error', reject);
      outgoing.end(bytes);
    });
  }

  /** Ends what is under way. Who asks after it is refused: a new connection would keep the server from ending. */
  close(): void {
    this.closed = true;
    this.agent.destroy();
  }
}

async function read(incoming: IncomingMessage): Promise<Answer> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const text = Buffer.concat(chunks).toString('utf8');
  return { status: incoming.statusCode ?? 0, body: text === '' ? undefined : (JSON.parse(text) as unknown) };
}

/** Somebody who calls the API. */
export class Person {
  constructor(
    readonly name: string,
    private readonly client: ApiClient,
    private readonly headers: Record<string, string>,
  ) {}

  get(path: string): Promise<Answer> {
    return this.client.request('GET', path, this.headers);
  }

  /** @param key Idempotency-Key: given again within 24 hours, the first answer comes again and nothing is done */
  post(path: string, body: object = {}, key?: string): Promise<Answer> {
    const headers = key === undefined ? this.headers : { ...this.headers, 'idempotency-key': key };
    return this.client.request('POST', path, headers, body);
  }
}

/** An answer that nobody in the play was prepared for: it stops the play, because it is a fault of ours. */
export class UnexpectedAnswer extends Error {
  override readonly name = 'UnexpectedAnswer';

  constructor(who: string, what: string, { status, body }: Answer) {
    const { code, detail } = (body ?? {}) as { code?: string; detail?: string };
    super(`${who} got ${[status, code].filter(Boolean).join(' ')} for ${what}${detail ? `: ${detail}` : ''}`);
  }
}

/** The body of an answer that succeeded. @throws UnexpectedAnswer */
export function expectDone<T>(who: Person, what: string, answer: Answer): T {
  if (answer.status >= 300) throw new UnexpectedAnswer(who.name, what, answer);
  return answer.body as T;
}
