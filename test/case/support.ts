import pg from 'pg';
import type { Logger } from '../../src/platform/log/logger.js';
import { Officer, signal, TestApp } from '../support/app.js';

/** Two counties of Nanyang with two townships each, and another city. */
export const PLACES = {
  city: '4113',
  county: '411322',
  township: '411322101',
  township2: '411322102',
  county2: '411325',
  township3: '411325102',
  otherCity: '4201',
  otherCounty: '420102',
} as const;
export type Place = keyof typeof PLACES;

export interface Answer {
  readonly status: number;
  readonly headers: Record<string, string | string[] | number | undefined>;
  readonly text: string;
  /** The parsed body; null where it is none. */
  readonly body: ReturnType<typeof JSON.parse>;
}

export interface Call {
  method?: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE';
  /** Below /api/v1, unless it begins with /api. */
  path: string;
  body?: unknown;
  headers?: Record<string, string>;
}

/** One request, without a socket: fast enough for thousands. */
export async function call(
  app: TestApp,
  who: Officer | undefined,
  { method = 'GET', path, body, headers }: Call,
): Promise<Answer> {
  const answer = await app.app.inject({
    method,
    url: path.startsWith('/api') ? path : `/api/v1${path}`,
    headers: { ...who?.headers, ...(body === undefined ? {} : { 'content-type': 'application/json' }), ...headers },
    ...(body === undefined
      ? {}
      : { payload: typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body) }),
  });
  const json = /json/.test(String(answer.headers['content-type'] ?? ''));
  return {
    status: answer.statusCode,
    headers: answer.headers,
    text: answer.payload,
    body: json ? JSON.parse(answer.payload) : null,
  };
}

/** What a test of cases works with: the application, and one person of each place who may do whatever its tier may. */
export class World {
  private constructor(
    readonly app: TestApp,
    readonly feed: Officer,
    private readonly people: Map<string, Officer>,
    private readonly client: pg.Client,
  ) {}

  static async start(
    places: readonly Place[] = Object.keys(PLACES) as Place[],
    cities = ['4113', '4201'],
    logger?: Logger,
  ): Promise<World> {
    const app = await TestApp.start(cities, undefined, undefined, logger);
    const client = new pg.Client({ connectionString: app.database.url });
    client.on('error', () => undefined);
    await client.connect();
    const people = new Map<string, Officer>();
    for (const place of places) people.set(place, await app.user(PLACES[place], 'officer', 'supervisor'));
    return new World(app, await app.feed(), people, client);
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.app.stop();
  }

  as(place: Place): Officer {
    const found = this.people.get(place);
    if (!found) throw new Error(`nobody of ${place} was made`);
    return found;
  }

  get now(): string {
    return this.app.clock.now().toISOString();
  }

  async sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.client.query(text, values)).rows as T[];
  }

  get(place: Place, path: string): Promise<Answer> {
    return call(this.app, this.as(place), { path });
  }

  post(place: Place, path: string, body: unknown = {}, headers: Record<string, string> = {}): Promise<Answer> {
    return call(this.app, this.as(place), { method: 'POST', path, body, headers });
  }

  give(
    place: Place,
    id: string,
    command: string,
    body: unknown = {},
    headers: Record<string, string> = {},
  ): Promise<Answer> {
    return this.post(place, `/alerts/${id}/${command}`, body, headers);
  }

  /** Gives a command that must be taken. @returns the answer's body */
  async must(place: Place, id: string, command: string, body: unknown = {}): Promise<Answer['body']> {
    const answer = await this.give(place, id, command, body);
    if (answer.status > 201) throw new Error(`${command} by ${place}: ${answer.status} ${answer.text}`);
    return answer.body;
  }

  intake(overrides: Record<string, unknown> = {}): Promise<Answer> {
    return call(this.app, this.feed, {
      method: 'POST',
      path: '/alerts',
      body: signal({ detectedAt: this.now, ...overrides }),
    });
  }

  /** A new alert, assigned to the county. @returns its id */
  async alert(overrides: Record<string, unknown> = {}): Promise<string> {
    const answer = await this.intake(overrides);
    if (answer.status !== 201) throw new Error(`intake: ${answer.status} ${answer.text}`);
    return answer.body.id as string;
  }

  attempt(method: 'sms' | 'call' | 'visit', more: Record<string, unknown> = {}): Record<string, unknown> {
    return { method, at: this.now, reached: true, participants: [{ kind: 'police' }], ...more };
  }
}

/** An outcome that needs no step of the ladder and no money. */
export const FALSE_ALARM = { result: 'false-alarm', interceptedFen: 0, lossFen: 0, note: '核实为误报' };

export function outcome(overrides: Record<string, unknown> = {}): Record<string, unknown> {
  return { result: 'dissuaded', interceptedFen: 0, lossFen: 0, note: '已劝阻', ...overrides };
}

/** How often each value occurs. */
export function tally(values: readonly (string | number)[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const value of values) counts[value] = (counts[value] ?? 0) + 1;
  return counts;
}
