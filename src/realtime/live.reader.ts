import { Inject, Injectable } from '@nestjs/common';
import type { FeedEvent, Position } from '../feed/feed.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import type { Config } from '../platform/config/config.js';
import { Loop } from '../platform/jobs/loop.js';
import type { Logger } from '../platform/log/logger.js';
import { CONFIG, LOGGER } from '../platform/platform.module.js';
import type { EventStream } from './event-stream.js';
import { audienceOf, comparePositions, frameOf, hears, laterOf, type Frame } from './message.rules.js';
import { RealtimeSettings } from './realtime.settings.js';
import { SettledView, type FeedPage } from './settled.view.js';

const EVERY_MS = 250;

/**
 * The one reader of the feed in a process, while anybody listens: hands each event to the streams of the agencies
 * concerned. A stream whose reader is slow is put out; it reads by itself until it is level again.
 */
@Injectable()
export class LiveReader {
  /** Up to here everything was handed on; undefined while nobody listens. */
  private position: Position | undefined;
  private readonly byAgency = new Map<number, Set<EventStream>>();
  /** Streams of feeds, by their city. */
  private readonly byCity = new Map<number, Set<EventStream>>();
  private readonly loop: Loop;
  private goodAt = 0;
  private fallenBehind: (stream: EventStream) => void = () => undefined;

  constructor(
    private readonly view: SettledView,
    private readonly registry: OrganizationRegistry,
    private readonly clock: Clock,
    private readonly settings: RealtimeSettings,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) logger: Logger,
  ) {
    this.loop = new Loop('event-streams', EVERY_MS, () => this.round(), logger, clock);
  }

  /** @param what is done with a stream that could not take what it should have been handed */
  onFallenBehind(what: (stream: EventStream) => void): void {
    this.fallenBehind = what;
  }

  /** Whether anybody listens: a stream that is as far as the reader needs to read nothing by itself. */
  get reading(): boolean {
    return this.position !== undefined;
  }

  /** Lets a stream hear of everything from now on. @returns false where the reader is further than the stream */
  join(stream: EventStream): boolean {
    if (this.position && comparePositions(stream.served, this.position) < 0) return false;
    const index = indexOf(stream, this.byAgency, this.byCity);
    const key = keyOf(stream);
    index.set(key, (index.get(key) ?? new Set()).add(stream));
    if (!this.position) {
      this.position = stream.served;
      this.goodAt = this.clock.now().getTime();
      this.loop.start();
    }
    return true;
  }

  leave(stream: EventStream): void {
    const index = indexOf(stream, this.byAgency, this.byCity);
    const key = keyOf(stream);
    const streams = index.get(key);
    if (!streams?.delete(stream)) return;
    stream.served = this.servedOf(stream);
    if (streams.size === 0) index.delete(key);
    if (this.byAgency.size + this.byCity.size > 0) return;
    this.position = undefined;
    void this.loop.stop();
  }

  /** How far a stream has been served: one that listens has got, or was not to get, everything up to the reader's position. */
  private servedOf(stream: EventStream): Position {
    return this.position ? laterOf(stream.served, this.position) : stream.served;
  }

  /** Brings the stream's own record level with the reader's, e.g. before it is told where it is. */
  level(stream: EventStream): void {
    if (indexOf(stream, this.byAgency, this.byCity).get(keyOf(stream))?.has(stream)) {
      stream.served = this.servedOf(stream);
    }
  }

  /** Reads now. */
  wake(): void {
    if (this.position) this.loop.wake();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
  }

  /** Age of the oldest event not yet handed on, or time since the last good look, in seconds; 0 while nobody listens. */
  async lagSeconds(): Promise<number> {
    const { position } = this;
    if (!position) return 0;
    const since = await this.view.waitingSince(position).catch(() => undefined);
    const oldest = Math.min(this.goodAt, since?.getTime() ?? Infinity);
    return Math.max(0, this.clock.now().getTime() - oldest) / 1000;
  }

  private async round(): Promise<boolean> {
    const from = this.position;
    if (!from) return false;
    const page = await this.view.page(from);
    // After the events: they may be of an agency that was made a moment ago.
    const organization = await this.registry.current();
    this.goodAt = this.clock.now().getTime();
    // All have left meanwhile, and others have come who begin elsewhere.
    if (this.position !== from) return true;
    this.handOn(page, organization);
    return page.more;
  }

  private handOn(page: FeedPage, organization: OrganizationSnapshot): void {
    const mail = this.sort(page, organization);
    for (const [stream, frames] of mail) {
      if (stream.buffered <= this.settings.mostBuffered) {
        stream.hand(frames);
        continue;
      }
      this.leave(stream);
      this.fallenBehind(stream);
    }
    if (this.position) this.position = page.position;
  }

  /** What each stream gets of a page; whatever can fail does so before anybody has got anything. */
  private sort({ events }: FeedPage, organization: OrganizationSnapshot): Map<EventStream, Frame[]> {
    const mail = new Map<EventStream, Frame[]>();
    for (const event of events) {
      let frame: Frame | undefined;
      for (const stream of this.hearersOf(event, organization)) {
        frame ??= frameOf(event, organization, this.config.timeZone);
        const frames = mail.get(stream);
        if (frames) frames.push(frame);
        else mail.set(stream, [frame]);
      }
    }
    return mail;
  }

  private *hearersOf(event: FeedEvent, organization: OrganizationSnapshot): Generator<EventStream> {
    if (this.byAgency.size > 0) {
      for (const id of audienceOf(event, organization)) yield* this.byAgency.get(id) ?? [];
    }
    for (const stream of this.byCity.get(event.cityId) ?? []) {
      if (hears(stream.caller, event, organization)) yield stream;
    }
  }
}

type Index = Map<number, Set<EventStream>>;

function indexOf({ caller }: EventStream, byAgency: Index, byCity: Index): Index {
  return caller.sources === null ? byAgency : byCity;
}

function keyOf({ caller: { sources, agency } }: EventStream): number {
  return sources === null ? agency.id : agency.cityId;
}
