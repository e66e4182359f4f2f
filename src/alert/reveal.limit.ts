import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { statement, type Tx } from '../platform/database/database.js';
import { revealLimited } from './alert.problems.js';

const MOST_AN_HOUR = 60;

const ONE_AT_A_TIME = statement(
  'reveal.one-at-a-time',
  `SELECT pg_advisory_xact_lock(hashtextextended('reveal ' || $1::text, 0))`,
);
const COUNT = statement(
  'reveal.count',
  `SELECT count(*) AS count, min(at) AS oldest FROM audit_entry
   WHERE action IN ('alert.revealed', 'incident.revealed', 'return.revealed') AND actor_id = $1 AND at > $2`,
);

/** Keeps one account from carrying the whole register away: so many records an hour, counted in the audit log itself. */
@Injectable()
export class RevealLimit {
  /** @throws Problem `reveal-limited` */
  async check(tx: Tx, caller: Caller): Promise<void> {
    const since = new Date(tx.now.getTime() - 3_600_000);
    await tx.run(ONE_AT_A_TIME, [caller.id]);
    const done = await tx.row<{ count: number; oldest: Date | null }>(COUNT, [caller.id, since]);
    if (!done || done.count < MOST_AN_HOUR) return;
    const seconds = Math.max(1, Math.ceil(((done.oldest ?? tx.now).getTime() + 3_600_000 - tx.now.getTime()) / 1000));
    throw revealLimited.with(
      `You have opened ${MOST_AN_HOUR} personal records within an hour. Wait, or have a colleague open this one.`,
      {
        headers: { 'retry-after': String(seconds) },
      },
    );
  }
}
