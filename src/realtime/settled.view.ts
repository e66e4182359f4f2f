import { Injectable } from '@nestjs/common';
import type { FeedEvent, Position } from '../feed/feed.js';
import { FeedView } from '../feed/feed.view.js';
import { Database, session, statement } from '../platform/database/database.js';
import { behindTransaction } from './message.rules.js';
import { RealtimeSettings } from './realtime.settings.js';

/** A part of the feed. */
export interface FeedPage {
  readonly events: readonly FeedEvent[];
  /** Where the next part begins. */
  readonly position: Position;
  /** There may be more at once. */
  readonly more: boolean;
}

const WAITING_SINCE = statement(
  'realtime.waiting-since',
  `SELECT at FROM event WHERE (tx, case_id, seq) > ($1::bigint, $2::uuid, $3::int) ORDER BY tx, case_id, seq LIMIT 1`,
);
const who = session({ actor: 'realtime', agency_path: '', roles: 'system' });

/** Reads the feed for streams: a transaction a page, so that a long catch-up holds nobody up. */
@Injectable()
export class SettledView {
  constructor(
    private readonly database: Database,
    private readonly feed: FeedView,
    private readonly settings: RealtimeSettings,
  ) {}

  /** @throws Problem `unavailable` */
  async page(from: Position): Promise<FeedPage> {
    const most = this.settings.page;
    const events = await this.database.read(who, (tx) => this.feed.after(tx, from, most));
    const last = events.at(-1);
    if (!last) return { events, position: from, more: false };
    // What a transaction wrote is settled all at once: where the page is not full, that transaction is done with.
    return events.length < most
      ? { events, position: behindTransaction(last.tx), more: false }
      : { events, position: last, more: true };
  }

  /** Behind the last settled event. */
  async end(): Promise<Position> {
    return this.database.read(who, (tx) => this.feed.end(tx));
  }

  /** When the first event behind a position happened, settled or not; undefined where there is none. */
  async waitingSince({ tx: number, caseId, seq }: Position): Promise<Date | undefined> {
    const first = await this.database.readAlone(who, (tx) =>
      tx.row<{ at: Date }>(WAITING_SINCE, [number, caseId, seq]),
    );
    return first?.at;
  }
}
