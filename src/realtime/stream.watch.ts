import { Inject, Injectable } from '@nestjs/common';
import { AccessGuard } from '../identity/access.guard.js';
import type { Caller } from '../identity/caller.js';
import { Clock } from '../platform/clock/clock.js';
import { Problem } from '../platform/http/problem.js';
import { Loop } from '../platform/jobs/loop.js';
import type { Logger } from '../platform/log/logger.js';
import { LOGGER } from '../platform/platform.module.js';
import type { EventStream } from './event-stream.js';
import { LiveReader } from './live.reader.js';
import { RealtimeSettings } from './realtime.settings.js';

/** Operation id of the stream, to which the access policy is keyed. */
export const STREAM_EVENTS = 'streamEvents';

const EVERY_MS = 1_000;

/** Looks after open streams: heartbeats, whether their callers still may listen, readers that take nothing any more. */
@Injectable()
export class StreamWatch {
  private streams: ReadonlySet<EventStream> = new Set();
  private readonly reviews = new Set<Promise<void>>();
  private readonly loop: Loop;

  constructor(
    private readonly guard: AccessGuard,
    private readonly live: LiveReader,
    private readonly clock: Clock,
    private readonly settings: RealtimeSettings,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('event-stream-watch', EVERY_MS, async () => this.round(), logger, clock);
  }

  /** @param streams those that are open, now and later */
  start(streams: ReadonlySet<EventStream>): void {
    this.streams = streams;
    this.loop.start();
  }

  /** Looks now. */
  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    await Promise.all(this.reviews);
  }

  private round(): boolean {
    const now = this.clock.now().getTime();
    for (const stream of this.streams) {
      if (stream.stalledFor(now) > this.settings.patienceSeconds * 1000) stream.cut();
      else if (now - stream.beatAt >= this.settings.heartbeatSeconds * 1000) this.beat(stream, now);
    }
    return false;
  }

  private beat(stream: EventStream, now: number): void {
    stream.beatAt = now;
    this.live.level(stream);
    if (stream.buffered === 0) stream.note('heartbeat');
    if (stream.inReview) return;
    stream.inReview = true;
    const review = this.review(stream).finally(() => {
      stream.inReview = false;
      this.reviews.delete(review);
    });
    this.reviews.add(review);
  }

  /** Ends the stream of somebody who may no longer listen, or would now hear of other things. */
  private async review(stream: EventStream): Promise<void> {
    try {
      const caller = await this.guard.callerOf(stream.headers, STREAM_EVENTS);
      if (!sameRights(caller, stream.caller)) stream.end();
    } catch (error) {
      // While the database is away nothing can be said, and nothing is heard of either.
      if (error instanceof Problem && error.kind.status >= 500) return;
      if (!(error instanceof Problem))
        this.logger.error({ err: error }, 'the caller of an event stream was not recognised');
      stream.end();
    }
  }
}

function sameRights(a: Caller, b: Caller): boolean {
  const sorted = (texts: Iterable<string> | null): string => (texts === null ? '*' : [...texts].sort().join());
  return a.agency.id === b.agency.id && sorted(a.sources) === sorted(b.sources) && sorted(a.roles) === sorted(b.roles);
}
