import { Inject, Injectable } from '@nestjs/common';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { Config } from '../platform/config/config.js';
import { Gate } from '../platform/database/gate.js';
import type { Logger } from '../platform/log/logger.js';
import { CONFIG, LOGGER } from '../platform/platform.module.js';
import type { EventStream } from './event-stream.js';
import { LiveReader } from './live.reader.js';
import { frameOf, hears, laterOf } from './message.rules.js';
import { SettledView, type FeedPage } from './settled.view.js';

/** Pages that are read for streams behind at one time: the others of the pool's connections are for requests. */
const AT_ONCE = 2;
/** A stream that gets no turn for so long is ended; its client comes again. */
const PATIENCE_MS = 60_000;

/** Brings a stream from where it is to where the live reader is: page by page, each when the former was taken. */
@Injectable()
export class CatchUp {
  private readonly gate = new Gate(AT_ONCE, PATIENCE_MS);
  private readonly running = new Set<Promise<void>>();

  constructor(
    private readonly view: SettledView,
    private readonly live: LiveReader,
    private readonly registry: OrganizationRegistry,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    live.onFallenBehind((stream) => this.begin(stream));
  }

  begin(stream: EventStream): void {
    const running = this.follow(stream)
      .catch((error: unknown) => {
        this.logger.warn({ err: error }, 'an event stream could not catch up and was ended; its client comes again');
        stream.end();
      })
      .finally(() => this.running.delete(running));
    this.running.add(running);
  }

  /** Waits for those under way, whose streams have been ended. */
  async settled(): Promise<void> {
    await Promise.all(this.running);
  }

  private async follow(stream: EventStream): Promise<void> {
    for (let level = stream.served; ;) {
      await stream.drained();
      if (!stream.open) return;
      // Most begin where the reader is: hundreds that come at once would else wait for a page each, while more happens.
      if (this.live.reading && this.joined(stream)) return;
      const page = await this.read(stream);
      const organization = await this.registry.current();
      if (!stream.open) return;
      const heard = page.events.filter((event) => hears(stream.caller, event, organization));
      stream.hand(heard.map((event) => frameOf(event, organization, this.config.timeZone)));
      // Where nothing was found, nothing lies before what was settled when the search began.
      stream.served = page.events.length > 0 ? page.position : laterOf(page.position, level);
      if (page.more) continue;
      if (this.joined(stream)) return;
      level = await this.view.end();
    }
  }

  private joined(stream: EventStream): boolean {
    if (!this.live.join(stream)) return false;
    stream.note('live');
    return true;
  }

  private async read(stream: EventStream): Promise<FeedPage> {
    await this.gate.enter();
    try {
      return await this.view.page(stream.served);
    } finally {
      this.gate.leave();
    }
  }
}
