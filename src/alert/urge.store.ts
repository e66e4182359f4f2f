import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';

export interface Urge {
  id: string;
  alertId: string;
  byAgencyId: number;
  toAgencyId: number;
  urgedAt: Date;
  urgedBy: string | null;
  replyBy: Date | null;
  /** Made by the system when a clock climbed, in the name of `byAgencyId`. */
  bySystem: boolean;
  repliedAt: Date | null;
  repliedBy: string | null;
  /** Replied to, or the case ended. */
  endedAt: Date | null;
}

const ADD = statement(
  'urge.add',
  `INSERT INTO urge (id, alert_id, by_agency_id, to_agency_id, urged_at, urged_by, reply_by, by_system) VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const REPLY = statement(
  'urge.reply',
  `UPDATE urge SET replied_at = $2, replied_by = $3, ended_at = $2 WHERE alert_id = $1 AND ended_at IS NULL`,
);
const END = statement('urge.end', `UPDATE urge SET ended_at = $2 WHERE alert_id = $1 AND ended_at IS NULL`);

const UNANSWERED = statement(
  'urge.unanswered',
  `SELECT id, alert_id AS "alertId" FROM urge
   WHERE reply_by < $1 AND ended_at IS NULL AND overdue_told_at IS NULL AND alert_id <> ALL($2::uuid[]) ORDER BY reply_by LIMIT $3`,
);
const TAKE_OVERDUE = statement(
  'urge.take-overdue',
  `UPDATE urge SET overdue_told_at = $2 WHERE id = ANY($1::uuid[]) AND ended_at IS NULL AND overdue_told_at IS NULL
   RETURNING id, alert_id AS "alertId", to_agency_id AS "toAgencyId", reply_by AS "replyBy"`,
);

/** Every statement that writes `urge`. */
@Injectable()
export class UrgeStore {
  add(tx: Tx, urge: Omit<Urge, 'repliedAt' | 'repliedBy' | 'endedAt'>): void {
    tx.send(ADD, [
      urge.id,
      urge.alertId,
      urge.byAgencyId,
      urge.toAgencyId,
      urge.urgedAt.toISOString(),
      urge.urgedBy,
      urge.replyBy?.toISOString() ?? null,
      urge.bySystem,
    ]);
  }

  /** One reply answers every urge that is open on the case. */
  reply(tx: Tx, alertId: string, by: string | null): void {
    tx.send(REPLY, [alertId, tx.now.toISOString(), by]);
  }

  /** Urges whose time to reply has passed, the longest waiting first; not of cases that have failed of late. */
  async unanswered(
    tx: Tx,
    before: Date,
    except: readonly string[],
    limit: number,
  ): Promise<{ id: string; alertId: string }[]> {
    return tx.rows(UNANSWERED, [before.toISOString(), except, limit]);
  }

  /** Marks them as told, under the locks of their cases. @returns those that were still to be told */
  async takeOverdue(
    tx: Tx,
    ids: readonly string[],
  ): Promise<Pick<Urge, 'id' | 'alertId' | 'toAgencyId' | 'replyBy'>[]> {
    return tx.rows(TAKE_OVERDUE, [ids, tx.now.toISOString()]);
  }

  end(tx: Tx, alertId: string): void {
    tx.send(END, [alertId, tx.now.toISOString()]);
  }
}
