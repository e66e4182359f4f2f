import { randomUUID } from 'node:crypto';
import { InsertLoad } from './bare/insert.load.js';
import { answerCalls } from './support/child.js';
import type { City } from './support/city.js';
import { expect, HttpConnection, requestOf } from './support/http-client.js';
import { JOINING_EVERY, signalBody } from './support/signals.js';
import { Subscribers } from './support/subscribers.js';

/** The load in a process of its own: what it sends is made before the watch starts. */

let connections: HttpConnection[] = [];
let inserts: InsertLoad | undefined;
let subscribers: Subscribers | undefined;

const EARLIER_MS = 60_000;

export interface BatchLoad {
  port: number;
  city: City;
  connections: number;
  batches: number;
  /** Signals of a batch. */
  size: number;
  /** Serial of the first signal. */
  from: number;
}

/** One case as far as the load knows it. */
export interface LoadedCase {
  id: string;
  version: number;
  /** Index into the city's counties. */
  county: number;
}

answerCalls(
  {
    /** @returns signals a second */
    async batches({ port, city, connections: width, batches, size, from }: BatchLoad): Promise<number> {
      const requests = Array.from({ length: batches }, (_, batch) => {
        const at = new Date(Date.now() - EARLIER_MS).toISOString();
        const alerts = Array.from({ length: size }, (_, index) =>
          signalBody(from + batch * size + index, city.divisions, at),
        );
        const headers = { 'x-api-key': city.feedKey, 'idempotency-key': randomUUID() };
        return Buffer.from(requestOf('/api/v1/alerts/batch', headers, JSON.stringify({ alerts })));
      });
      await open(port, width);
      return timed(batches * size, async () => {
        await everyConnection(async (connection) => {
          for (let request = requests.pop(); request; request = requests.pop()) {
            const { body } = expect(await connection.send(request), 200);
            if (!body.includes('"rejected":0')) throw new Error(`rejected: ${body.toString().slice(0, 500)}`);
          }
        });
      });
    },

    /** @returns rows of `alert` a second, by bare INSERT … SELECT FROM unnest */
    async inserts({
      url,
      city,
      connections: width,
      batches,
      size,
      from,
    }: BatchLoad & { url: string }): Promise<number> {
      inserts ??= await InsertLoad.open(url, city, width);
      const prepared = inserts.prepare(batches, size, from);
      return timed(batches * size, prepared);
    },

    /** One signal after the other on each connection, each of a person of its own. @returns signals a second */
    async singles({
      port,
      city,
      connections: width,
      seconds,
      from,
    }: BatchLoad & { seconds: number }): Promise<{ rate: number; sent: number }> {
      await open(port, width);
      let serial = from;
      const rate = await during(seconds, async (connection) => {
        const body = JSON.stringify(
          signalBody(serial++ * JOINING_EVERY, city.divisions, new Date(Date.now() - EARLIER_MS).toISOString()),
        );
        expect(await connection.send(requestOf('/api/v1/alerts', { 'x-api-key': city.feedKey }, body)), 201);
        return 1;
      });
      return { rate, sent: serial - from };
    },

    /** Accept, attempt, forward, each on the version that the former left. @returns transitions a second, and cases used */
    async transitions({
      port,
      city,
      connections: width,
      seconds,
      cases,
    }: {
      port: number;
      city: City;
      connections: number;
      seconds: number;
      cases: LoadedCase[];
    }): Promise<{ rate: number; used: number }> {
      await open(port, width);
      const tokens = city.counties.map(({ officer }) => `Bearer ${officer.token}`);
      let next = 0;
      const rate = await during(seconds, async (connection) => {
        const at = cases[next++];
        if (!at) throw new Error('there are too few cases for this machine');
        const { townships } = city.counties[at.county]!;
        const steps = [
          ['accept', '{}', 200],
          ['attempts', attemptBody(), 201],
          ['forward', JSON.stringify({ agency: townships[next % townships.length] }), 200],
        ] as const;
        let { version } = at;
        for (const [command, body, status] of steps) {
          const headers = { authorization: tokens[at.county]!, 'if-match': `"${version}"` };
          expect(await connection.send(requestOf(`/api/v1/alerts/${at.id}/${command}`, headers, body)), status);
          version += 1;
        }
        return steps.length;
      });
      return { rate, used: next };
    },

    /** Opens event streams that stay open beside other work. */
    async subscribe({ port, tokens, count }: { port: number; tokens: string[]; count: number }): Promise<void> {
      subscribers = await Subscribers.open(port, tokens, count);
    },

    /** @returns how many events their readers heard of */
    unsubscribe(): number {
      const { lost, messages } = subscribers!;
      subscribers!.close();
      if (lost > 0) throw new Error(`${lost} streams were ended by the server`);
      return messages;
    },
  },
  async () => {
    subscribers?.close();
    close();
    await inserts?.close();
  },
);

function attemptBody(): string {
  const participants = [{ kind: 'police', name: '李警官' }];
  return JSON.stringify({ method: 'call', at: new Date().toISOString(), reached: true, participants });
}

async function open(port: number, width: number): Promise<void> {
  close();
  connections = await Promise.all(Array.from({ length: width }, () => HttpConnection.open(port)));
}

function close(): void {
  for (const connection of connections) connection.close();
  connections = [];
}

async function everyConnection(work: (connection: HttpConnection) => Promise<void>): Promise<void> {
  await Promise.all(connections.map(work));
}

/** @returns how many a second */
async function timed(count: number, work: () => Promise<void>): Promise<number> {
  const start = performance.now();
  await work();
  return (count * 1_000) / (performance.now() - start);
}

/** Repeats `work` on every connection until the time is over. @returns how much of it was done a second */
async function during(seconds: number, work: (connection: HttpConnection) => Promise<number>): Promise<number> {
  const start = performance.now();
  let done = 0;
  await everyConnection(async (connection) => {
    while (performance.now() - start < seconds * 1_000) {
      // Not `done += await …`: that adds to what was done before the wait.
      const some = await work(connection);
      done += some;
    }
  });
  return (done * 1_000) / (performance.now() - start);
}
