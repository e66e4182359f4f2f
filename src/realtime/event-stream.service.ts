import type { OutgoingHttpHeaders } from 'node:http';
import { Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import type { FastifyReply, FastifyRequest } from 'fastify';
import { parsePosition, type Position } from '../feed/feed.js';
import type { Caller } from '../identity/caller.js';
import { Clock } from '../platform/clock/clock.js';
import { malformed } from '../platform/http/problem.js';
import type { Metrics } from '../platform/ops/metrics.js';
import { CatchUp } from './catch-up.js';
import { EventStream } from './event-stream.js';
import { LiveReader } from './live.reader.js';
import { comparePositions } from './message.rules.js';
import { noStreamNow, tooManyStreams } from './realtime.problems.js';
import { RealtimeSettings } from './realtime.settings.js';
import { SettledView } from './settled.view.js';
import { StreamWatch } from './stream.watch.js';

const COME_AGAIN_SECONDS = '5';

/** Opens event streams, counts them, and ends them all when the server stops. */
@Injectable()
export class EventStreamService implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly streams = new Set<EventStream>();
  /** Streams open or being opened, by caller and all together. */
  private readonly places = new Map<string, number>();
  private taken = 0;
  private stopping = false;

  constructor(
    private readonly view: SettledView,
    private readonly live: LiveReader,
    private readonly catchUp: CatchUp,
    private readonly watch: StreamWatch,
    private readonly settings: RealtimeSettings,
    private readonly clock: Clock,
  ) {}

  /**
   * Answers a request with a stream.
   * @param lastEventId where the client was; undefined: it begins now
   * @throws Problem `malformed-request`, `too-many-streams`, `no-stream-now`, `unavailable`
   */
  async open(
    caller: Caller,
    lastEventId: string | undefined,
    request: FastifyRequest,
    reply: FastifyReply,
  ): Promise<void> {
    const wanted = lastEventId === undefined ? undefined : positionOf(lastEventId);
    const giveBack = this.takePlace(caller);
    let from: Position;
    try {
      from = await this.startOf(wanted);
      if (this.stopping) throw full();
    } catch (error) {
      giveBack();
      throw error;
    }
    if (request.method === 'HEAD' || request.raw.socket.destroyed) {
      giveBack();
      void reply.header('content-type', 'text/event-stream; charset=utf-8').send();
      return;
    }
    reply.hijack();
    this.run(new EventStream(caller, request.headers, reply.raw, from, this.clock.now().getTime()), reply, giveBack);
  }

  measure(metrics: Metrics): void {
    metrics.gauge('sanji_event_streams', 'Event streams that are open', () => this.streams.size);
    metrics.gauge('sanji_event_stream_buffered_bytes', 'Bytes that readers of event streams have not yet taken', () =>
      [...this.streams].reduce((sum, { buffered }) => sum + buffered, 0),
    );
    metrics.gauge(
      'sanji_event_stream_lag_seconds',
      'Age of the oldest event not yet handed to event streams, or time since the feed was last read; 0 while nobody listens',
      () => this.live.lagSeconds(),
    );
  }

  onApplicationBootstrap(): void {
    this.watch.start(this.streams);
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    const all = [...this.streams];
    for (const stream of all) stream.end();
    await this.watch.stop();
    await this.live.stop();
    await Promise.all(all.map(({ closed }) => closed));
    await this.catchUp.settled();
  }

  private run(stream: EventStream, reply: FastifyReply, giveBack: () => void): void {
    this.streams.add(stream);
    void stream.closed.then(() => {
      this.live.leave(stream);
      this.streams.delete(stream);
      giveBack();
    });
    stream.begin(reply.getHeaders() as OutgoingHttpHeaders);
    this.catchUp.begin(stream);
  }

  private async startOf(wanted: Position | undefined): Promise<Position> {
    const end = await this.view.end();
    if (wanted === undefined) return end;
    // Of another database, or made up: nothing would be heard until the feed has come so far.
    if (comparePositions(wanted, end) > 0) throw wrongPosition();
    return wanted;
  }

  /** @returns gives the place back, once */
  private takePlace({ kind, id }: Caller): () => void {
    const key = `${kind} ${id}`;
    const own = this.places.get(key) ?? 0;
    if (this.stopping || this.taken >= this.settings.perProcess) throw full();
    if (own >= this.settings.perCaller) {
      throw tooManyStreams.with(
        `You have ${own} event streams open, and may have ${this.settings.perCaller}. Close one, or share one among your windows.`,
        { headers: { 'retry-after': COME_AGAIN_SECONDS } },
      );
    }
    this.places.set(key, own + 1);
    this.taken += 1;
    return () => {
      this.taken -= 1;
      const left = this.places.get(key)! - 1;
      if (left === 0) this.places.delete(key);
      else this.places.set(key, left);
    };
  }
}

function positionOf(text: string): Position {
  const position = parsePosition(text);
  if (!position) throw wrongPosition();
  return position;
}

function wrongPosition(): Error {
  return malformed.with(
    'The last event id is not one of this feed. Send an id as you received it, or none to begin now.',
  );
}

function full(): Error {
  return noStreamNow.with('The server is stopping, or serves as many event streams as it can. Come again shortly.', {
    headers: { 'retry-after': COME_AGAIN_SECONDS },
  });
}
