import { setTimeout as delay } from 'node:timers/promises';
import { Listener } from '../realtime/listener.js';
import type { Officer } from '../support/app.js';

/** Somebody's screen: reads the stream of whichever server there is and, when it ends, goes on at the next one with the last id. */
export class Follower {
  /** How many streams it has had. */
  streams = 0;
  private readonly read: string[] = [];
  private current: Listener | undefined;
  private lastEventId = '';
  private stopped = false;
  private readonly following: Promise<void>;

  /**
   * @param ports where servers are at the moment
   * @param patience messages of one stream after which it hangs up by itself
   */
  constructor(
    private readonly who: Officer,
    public ports: () => number[],
    private readonly patience = Infinity,
  ) {
    this.following = this.follow();
  }

  /** Ids of all that it was told, in order. */
  get ids(): string[] {
    return [...this.read, ...(this.current?.ids ?? [])];
  }

  async stop(): Promise<void> {
    this.stopped = true;
    this.current?.cut();
    await this.following;
  }

  private async follow(): Promise<void> {
    for (; !this.stopped; await delay(20)) {
      const ports = this.ports();
      const port = ports[this.streams % ports.length];
      if (port === undefined) continue;
      const known = this.lastEventId === '' ? undefined : this.lastEventId;
      const listener = await Listener.at(port, this.who, { lastEventId: known }).catch(() => undefined);
      if (!listener) continue;
      this.streams += 1;
      this.current = listener;
      listener.read(() => {
        if (listener.messages.length >= this.patience) listener.cut();
      });
      if (this.stopped) listener.cut();
      await listener.closed;
      // As it stands: what was not read to its end was not told.
      this.current = undefined;
      this.read.push(...listener.ids);
      this.lastEventId = listener.lastEventId || this.lastEventId;
    }
  }
}
