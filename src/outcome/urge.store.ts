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
  repliedAt: Date | null;
  repliedBy: string | null;
  /** Replied to, or the case ended. */
  endedAt: Date | null;
}

const ADD = statement(
  'urge.add',
  `INSERT INTO urge (id, alert_id, by_agency_id, to_agency_id, urged_at, urged_by, reply_by) VALUES ($1, $2, $3, $4, $5, $6, $7)`,
);
const REPLY = statement(
  'urge.reply',
  `UPDATE urge SET replied_at = $2, replied_by = $3, ended_at = $2 WHERE alert_id = $1 AND ended_at IS NULL`,
);
const END = statement('urge.end', `UPDATE urge SET ended_at = $2 WHERE alert_id = $1 AND ended_at IS NULL`);

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
    ]);
  }

  /** One reply answers every urge that is open on the case. */
  reply(tx: Tx, alertId: string, by: string | null): void {
    tx.send(REPLY, [alertId, tx.now.toISOString(), by]);
  }

  end(tx: Tx, alertId: string): void {
    tx.send(END, [alertId, tx.now.toISOString()]);
  }
}
