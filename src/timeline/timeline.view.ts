import { Injectable } from '@nestjs/common';
import { Keyring } from '../platform/crypto/keyring.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { EventData, EventType } from './event.js';
import { noteContext } from './timeline.store.js';

export interface TimelineEvent {
  seq: number;
  at: Date;
  type: EventType;
  actorId: string | null;
  actorName: string | null;
  agencyId: number | null;
  data: EventData;
  note: string | null;
  hash: string;
}

interface Row {
  caseId: string;
  seq: number;
  at: Date;
  type: EventType;
  actorId: string | null;
  actorName: string | null;
  agencyId: number | null;
  data: string;
  sealed: Buffer | null;
  hash: string;
}

const LIST = statement(
  'timeline.list',
  `SELECT e.case_id AS "caseId", e.seq, e.at, e.type, e.actor_id AS "actorId", coalesce(u.display_name, k.name) AS "actorName",
     e.agency_id AS "agencyId", e.data, n.sealed, encode(e.hash, 'hex') AS hash
   FROM event e
   LEFT JOIN event_note n USING (case_id, seq)
   LEFT JOIN user_account u ON u.id = e.actor_id
   LEFT JOIN api_key k ON k.id = e.actor_id
   WHERE e.case_id = $1 AND e.seq > $2 ORDER BY e.seq LIMIT $3`,
);

@Injectable()
export class TimelineView {
  constructor(private readonly keyring: Keyring) {}

  /** Events of a case after a position, oldest first. */
  async events(tx: Tx, caseId: string, afterSeq: number, limit: number): Promise<TimelineEvent[]> {
    const rows = await tx.rows<Row>(LIST, [caseId, afterSeq, limit]);
    return rows.map(({ sealed, data, ...row }) => ({
      ...row,
      data: JSON.parse(data) as EventData,
      note: sealed ? this.keyring.openText(sealed, noteContext(row.caseId, row.seq)) : null,
    }));
  }
}
