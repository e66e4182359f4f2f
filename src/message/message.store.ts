import { Injectable } from '@nestjs/common';
import { formatPosition, parsePosition, type Position } from '../feed/feed.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion } from '../platform/database/insertion.js';
import type { Delivery } from './gateway.js';
import type { ClaimedMessage, Line } from './message.js';

const READER = 'messages';

const PEEK = statement('message_cursor.peek', `SELECT position FROM message_cursor WHERE reader = '${READER}'`);
const BEGIN = statement(
  'message_cursor.begin',
  `INSERT INTO message_cursor (reader, position, moved_at) VALUES ('${READER}', $1, $2) ON CONFLICT DO NOTHING`,
);
const TAKE = statement(
  'message_cursor.take',
  `SELECT position FROM message_cursor WHERE reader = '${READER}' FOR UPDATE SKIP LOCKED`,
);
const MOVE = statement(
  'message_cursor.move',
  `UPDATE message_cursor SET position = $1, moved_at = $2 WHERE reader = '${READER}'`,
);
const LINES = new Insertion<Line>(
  'message_line.add',
  'message_line',
  {
    contactId: 'uuid',
    caseId: 'uuid',
    seq: 'integer',
    agencyId: 'integer',
    alertNo: 'text',
    type: 'text',
    clock: 'text',
    dueAt: 'timestamptz',
    plannedAt: 'timestamptz',
  },
  // Somebody may be told twice of one event, as officer and as supervisor.
  { clause: 'ON CONFLICT DO NOTHING' },
);
/** Lines for people who have left the agency or the service, or want no messages any more. */
const FORGET = statement(
  'message_line.forget',
  `DELETE FROM message_line l USING message_contact c LEFT JOIN user_account u ON u.id = c.user_id
   WHERE l.message_id IS NULL AND c.id = l.contact_id
     AND (c.channel IS NULL OR u.disabled_at IS NOT NULL OR coalesce(u.agency_id, c.agency_id) <> l.agency_id)`,
);
interface NewMessage {
  id: string;
  contactId: string;
  agencyId: number;
  channel: string;
  status: string;
  nextAt: Date;
  createdAt: Date;
}
const MESSAGES = new Insertion<NewMessage>('message.add', 'message', {
  id: 'uuid',
  contactId: 'uuid',
  agencyId: 'integer',
  channel: 'text',
  status: 'text',
  nextAt: 'timestamptz',
  createdAt: 'timestamptz',
});
const BUNDLE = statement(
  'message_line.bundle',
  `UPDATE message_line l SET message_id = m.id FROM message m
   WHERE m.id = ANY($1::uuid[]) AND l.contact_id = m.contact_id AND l.message_id IS NULL`,
);
const CLAIM = statement(
  'message.claim',
  `UPDATE message m SET tries = m.tries + 1, next_at = $2
   FROM (SELECT id FROM message WHERE next_at <= $1 ORDER BY next_at LIMIT $3 FOR UPDATE SKIP LOCKED) due
   WHERE m.id = due.id
   RETURNING m.id, m.contact_id AS "contactId", m.agency_id AS "agencyId", m.channel, m.tries, m.created_at AS "createdAt",
     (SELECT c.sealed FROM message_contact c LEFT JOIN user_account u ON u.id = c.user_id
      WHERE c.id = m.contact_id AND c.channel = m.channel AND u.disabled_at IS NULL
        AND coalesce(u.agency_id, c.agency_id) = m.agency_id) AS sealed`,
);
/** The try is this one's to settle unless it took so long that another instance has begun the next. */
const LOCK = statement(
  'message.lock',
  `SELECT id FROM message WHERE id = $1 AND status = 'waiting' AND tries = $2 FOR UPDATE`,
);
const END = statement(
  'message.end',
  `UPDATE message SET status = $2, reason = $3, reference = $4, ended_at = $5, next_at = NULL WHERE id = $1`,
);
const RETRY = statement('message.retry', `UPDATE message SET next_at = $2, reason = $3 WHERE id = $1`);
const PURGE = statement('message.purge', `DELETE FROM message WHERE ended_at < $1`);

/** Every statement that writes the cursor, lines and messages. */
@Injectable()
export class MessageStore {
  /** Where reading has come to; undefined before the first time. */
  async position(tx: Tx): Promise<Position | undefined> {
    return positionOf(await tx.row<{ position: string }>(PEEK));
  }

  async begin(tx: Tx, position: Position): Promise<void> {
    await tx.run(BEGIN, [formatPosition(position), tx.now]);
  }

  /** Makes this transaction the only one that plans. undefined where another is at it. */
  async take(tx: Tx): Promise<Position | undefined> {
    return positionOf(await tx.row<{ position: string }>(TAKE));
  }

  move(tx: Tx, position: Position): void {
    tx.send(MOVE, [formatPosition(position), tx.now.toISOString()], 1);
  }

  async addLines(tx: Tx, lines: Line[]): Promise<number> {
    return lines.length === 0 ? 0 : tx.run(...LINES.of(lines));
  }

  async forgetLines(tx: Tx): Promise<void> {
    await tx.run(FORGET);
  }

  /** Makes messages, each of all the lines that wait for its recipient. */
  async bundle(
    tx: Tx,
    messages: readonly Pick<NewMessage, 'id' | 'contactId' | 'agencyId' | 'channel'>[],
  ): Promise<void> {
    if (messages.length === 0) return;
    const facts = { status: 'waiting', nextAt: tx.now, createdAt: tx.now };
    await tx.run(...MESSAGES.of(messages.map((message) => ({ ...message, ...facts }))));
    await tx.run(BUNDLE, [messages.map(({ id }) => id)]);
  }

  /**
   * Takes messages whose time has come.
   * @param lost when another instance may think this try lost with its process
   */
  async claim(tx: Tx, lost: Date, limit: number): Promise<ClaimedMessage[]> {
    return tx.rows<ClaimedMessage>(CLAIM, [tx.now, lost, limit]);
  }

  async lock(tx: Tx, id: string, tries: number): Promise<boolean> {
    return (await tx.row(LOCK, [id, tries])) !== undefined;
  }

  end(tx: Tx, id: string, delivery: Delivery): void {
    const [status, reason, reference] = delivery.delivered
      ? ['delivered', null, delivery.reference]
      : ['failed', delivery.reason, null];
    tx.send(END, [id, status, reason, reference, tx.now.toISOString()], 1);
  }

  retry(tx: Tx, id: string, at: Date, reason: string): void {
    tx.send(RETRY, [id, at.toISOString(), reason], 1);
  }

  async purge(tx: Tx, before: Date): Promise<void> {
    await tx.run(PURGE, [before]);
  }
}

function positionOf(row: { position: string } | undefined): Position | undefined {
  if (!row) return undefined;
  const position = parsePosition(row.position);
  if (!position) throw new Error(`message_cursor holds no position: ${row.position}`);
  return position;
}
