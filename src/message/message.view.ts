import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import { columns } from '../platform/database/columns.js';
import type { Line, Recipient } from './message.js';

/** People of some agencies who work there now and can be reached, and the agencies' own contacts. */
const RECIPIENTS = statement(
  'message.recipients',
  `SELECT c.id AS "contactId", c.channel, coalesce(u.agency_id, c.agency_id) AS "agencyId", u.roles
   FROM message_contact c LEFT JOIN user_account u ON u.id = c.user_id
   WHERE c.channel IS NOT NULL AND u.disabled_at IS NULL AND coalesce(u.agency_id, c.agency_id) = ANY($1::int[])
   ORDER BY c.id`,
);
/** Who has waited for the whole window, and has not had too many of late. */
const READY = statement(
  'message.ready',
  `SELECT c.id AS "contactId", c.channel, w.agency_id AS "agencyId"
   FROM (SELECT contact_id, min(agency_id) AS agency_id FROM message_line WHERE message_id IS NULL
         GROUP BY contact_id HAVING min(planned_at) <= $1) w
   JOIN message_contact c ON c.id = w.contact_id
   WHERE (SELECT count(*) FROM message m WHERE m.contact_id = c.id AND m.created_at > $2) < $3
   ORDER BY c.id LIMIT 200`,
);
const LINES = statement(
  'message.lines',
  `SELECT message_id AS "messageId", ${columns(['caseId', 'alertNo', 'type', 'clock', 'dueAt', 'plannedAt'])}
   FROM message_line WHERE message_id = ANY($1::uuid[]) ORDER BY message_id, planned_at, case_id, seq`,
);
const WAITING = statement(
  'message.waiting',
  `SELECT (SELECT count(*) FROM message_line WHERE message_id IS NULL) AS lines,
     (SELECT count(*) FROM message WHERE next_at IS NOT NULL) AS messages,
     (SELECT count(*) FROM first_sms WHERE status IN ('planned', 'claimed')) AS sms`,
);
/** The earliest line that waits to be bundled. */
const OLDEST_LINE = statement(
  'message.oldest-line',
  `SELECT min(planned_at) AS at FROM message_line WHERE message_id IS NULL`,
);

export type MessageLine = Pick<Line, 'caseId' | 'alertNo' | 'type' | 'clock' | 'dueAt'> & { messageId: string };

export interface Ready {
  contactId: string;
  channel: string;
  agencyId: number;
}

@Injectable()
export class MessageView {
  async recipients(tx: Tx, agencyIds: readonly number[]): Promise<Recipient[]> {
    return agencyIds.length === 0 ? [] : tx.rows<Recipient>(RECIPIENTS, [agencyIds]);
  }

  /**
   * @param before lines planned by then have waited for others long enough
   * @param since beginning of the hour that counts, in which a recipient got fewer than `most` messages
   */
  async ready(tx: Tx, before: Date, since: Date, most: number): Promise<Ready[]> {
    return tx.rows<Ready>(READY, [before, since, most]);
  }

  async linesOf(tx: Tx, messageIds: readonly string[]): Promise<MessageLine[]> {
    return messageIds.length === 0 ? [] : tx.rows<MessageLine>(LINES, [messageIds]);
  }

  async waiting(tx: Tx): Promise<{ lines: number; messages: number; sms: number }> {
    return (await tx.row<{ lines: number; messages: number; sms: number }>(WAITING))!;
  }

  async oldestLine(tx: Tx): Promise<Date | null> {
    return (await tx.row<{ at: Date | null }>(OLDEST_LINE))!.at;
  }
}
