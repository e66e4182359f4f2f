import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import pg, { type PoolClient } from 'pg';
import { BareIntake } from './bare/intake.js';
import { readContext } from './bare/city.reader.js';
import { TokenCheck } from './bare/token.check.js';
import { Refused, stepsOver, transition } from './bare/transitions.js';
import { answerCalls } from './support/child.js';
import type { City } from './support/city.js';

/** The comparator: what somebody would write who wants only speed, `node:http` and `pg` with prepared statements, pipelined. */
let pool: pg.Pool | undefined;
let server: Server | undefined;

/** As many connections as the product has. */
const POOL_SIZE = 10;
const COMMAND = /^\/api\/v1\/alerts\/([0-9a-f-]{36})\/([a-z]+)$/;

type Handler = (client: PoolClient, request: IncomingMessage, body: unknown) => Promise<unknown>;

answerCalls(
  {
    async start({ url, city }: { url: string; city: City }): Promise<number> {
      const connections = (pool = new pg.Pool({
        connectionString: url,
        max: POOL_SIZE,
        pipeline: true,
      } as pg.PoolConfig));
      const context = await readContext(url);
      const intake = new BareIntake(city, context, 'bare-server');
      const keys = new Set([city.feedKey]);
      const tokens = new TokenCheck(
        Buffer.from(city.tokenKey, 'base64'),
        new Map(city.counties.map(({ officer, id }) => [officer.id, id])),
      );
      const steps = stepsOver(new Map(context.organization.agencies.map(({ code, id }) => [code, id])));
      const feed = ({ headers }: IncomingMessage): void => {
        if (!keys.has(String(headers['x-api-key']))) throw new Refused(401, 'unauthenticated');
      };
      const handlerOf = (path: string): [number, Handler] => {
        if (path === '/api/v1/alerts') {
          return [201, (client, request, body) => (feed(request), intake.one(client, body))];
        }
        if (path === '/api/v1/alerts/batch') {
          return [200, (client, request, body) => (feed(request), intake.many(client, body as { alerts: unknown[] }))];
        }
        const [, id, command = ''] = COMMAND.exec(path) ?? [];
        const step = steps[command];
        if (!id || !step) throw new Refused(404, 'not-found');
        return [
          command === 'attempts' ? 201 : 200,
          (client, { headers }, body) => {
            const caller = tokens.check(headers.authorization, Date.now());
            if (!caller) throw new Refused(401, 'unauthenticated');
            return transition(client, id, step, caller, headers['if-match'], body as Record<string, unknown>);
          },
        ];
      };
      server = createServer((request, response) => void answer(connections, handlerOf, request, response));
      await new Promise<void>((resolve) => server!.listen(0, '127.0.0.1', resolve));
      return (server.address() as AddressInfo).port;
    },
  },
  async () => {
    server?.close();
    await pool?.end();
  },
);

async function answer(
  connections: pg.Pool,
  handlerOf: (path: string) => [number, Handler],
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  try {
    const [status, handler] = handlerOf(request.url!);
    const body: unknown = JSON.parse(await textOf(request));
    const client = await connections.connect();
    try {
      send(response, status, await handler(client, request, body));
    } finally {
      client.release();
    }
  } catch (error) {
    send(response, error instanceof Refused ? error.status : 500, { detail: (error as Error).message });
  }
}

function textOf(request: IncomingMessage): Promise<string> {
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => resolve((chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks)).toString()));
    request.on('error', reject);
  });
}

function send(response: ServerResponse, status: number, body: unknown): void {
  const text = JSON.stringify(body);
  response
    .writeHead(status, { 'content-type': 'application/json; charset=utf-8', 'content-length': Buffer.byteLength(text) })
    .end(text);
}
