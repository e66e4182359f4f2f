import { setTimeout as delay } from 'node:timers/promises';
import { startProcess, type RunningProcess } from '../support/process.js';

interface Place {
  /** Where its server listens; undefined while it is away. */
  port: number | undefined;
  server: RunningProcess | undefined;
  coming: Promise<void>;
}

export interface FleetAnswer {
  status: number;
  body: Record<string, unknown>;
}

/** Several servers over one database, each a process of its own that is killed and comes again. */
export class Fleet {
  private readonly started: RunningProcess[] = [];
  private readonly places: Place[];
  private stopped = false;
  private turn = 0;

  private constructor(
    size: number,
    private readonly env: Record<string, string>,
  ) {
    this.places = Array.from({ length: size }, () => {
      const place: Place = { port: undefined, server: undefined, coming: Promise.resolve() };
      place.coming = this.serve(place);
      return place;
    });
  }

  static async start(size: number, env: Record<string, string>): Promise<Fleet> {
    const fleet = new Fleet(size, env);
    await fleet.complete();
    return fleet;
  }

  /** Waits until every server is up. */
  async complete(): Promise<void> {
    await Promise.all(this.places.map(({ coming }) => coming));
  }

  /** Ports of the servers that are up. */
  get ports(): number[] {
    return this.places.flatMap(({ port }) => port ?? []);
  }

  /** Kills a server once all are up, so that another one lives, and starts it again. */
  async kill(index: number): Promise<void> {
    await this.complete();
    const place = this.places[index]!;
    place.port = undefined;
    await place.server!.end('SIGKILL');
    place.coming = this.serve(place);
  }

  /** Posts to whichever server lives, by turns, until one of them has answered. */
  async post(path: string, headers: Record<string, string>, body: object): Promise<FleetAnswer> {
    for (; ; await delay(50)) {
      const { ports } = this;
      const port = ports[this.turn++ % ports.length];
      if (port === undefined) continue;
      try {
        const answer = await fetch(`http://127.0.0.1:${port}/api/v1${path}`, {
          method: 'POST',
          headers: { ...headers, 'content-type': 'application/json' },
          body: JSON.stringify(body),
        });
        const answered = (await answer.json()) as FleetAnswer['body'];
        if (answer.status < 500) return { status: answer.status, body: answered };
      } catch {
        // Killed before it answered: whether it did the work is not known.
      }
    }
  }

  /** Lets the servers end what they have begun. */
  async end(): Promise<void> {
    await this.complete();
    this.stopped = true;
    for (const place of this.places) place.port = undefined;
    await Promise.all(this.places.map(({ server }) => server!.end('SIGTERM')));
  }

  /** Leaves no process behind, whatever happened. */
  async stop(): Promise<void> {
    this.stopped = true;
    for (const place of this.places) place.port = undefined;
    await Promise.all(this.started.map((server) => server.end('SIGKILL')));
    await this.complete();
  }

  /** Starts a server; again where it comes up while the database is away. */
  private async serve(place: Place): Promise<void> {
    while (!this.stopped) {
      const server = startProcess('test/clock/server.ts', [], { env: this.env });
      this.started.push(server);
      const up = await server.waitFor(/serves (\d+)/).catch(() => undefined);
      if (up && !this.stopped) {
        place.server = server;
        place.port = Number(up[1]);
        return;
      }
      await server.end('SIGKILL');
      await delay(200);
    }
  }
}
