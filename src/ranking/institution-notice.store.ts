import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { InstitutionNotice, InstitutionNoticeEvent } from './institution-notice.js';

export const NOTICE_FIELDS = [
  'id',
  'cityId',
  'kind',
  'institution',
  'measure',
  'reason',
  'fromDay',
  'untilDay',
  'liftedAt',
] as const satisfies readonly (keyof InstitutionNotice)[];

const INSERT = statement(
  'institution_notice.insert',
  `INSERT INTO institution_notice (id, city_id, kind, institution, measure, reason, from_day, until_day)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)`,
);
const LOCK = statement(
  'institution_notice.lock',
  `SELECT ${columns(NOTICE_FIELDS)} FROM institution_notice WHERE id = $1 AND city_id = $2 FOR UPDATE`,
);
const LIFT = statement(
  'institution_notice.lift',
  `UPDATE institution_notice SET lifted_at = $2 WHERE id = $1 AND lifted_at IS NULL`,
);
const TELL = statement(
  'institution_notice_event.insert',
  `INSERT INTO institution_notice_event (notice_id, at, action, actor_id, actor_name, text) VALUES ($1, $2, $3, $4, $5, $6)`,
);

@Injectable()
export class InstitutionNoticeStore {
  insert(tx: Tx, notice: InstitutionNotice): void {
    const { id, cityId, kind, institution, measure, reason, fromDay, untilDay } = notice;
    tx.send(INSERT, [id, cityId, kind, institution, measure, reason, fromDay, untilDay]);
  }

  /** A notice of a city, held until the end of the transaction. */
  async lock(tx: Tx, id: string, cityId: number): Promise<InstitutionNotice | undefined> {
    return tx.row<InstitutionNotice>(LOCK, [id, cityId]);
  }

  lift(tx: Tx, id: string, at: Date): void {
    tx.send(LIFT, [id, at], 1);
  }

  tell(tx: Tx, { noticeId, at, action, actorId, actorName, text }: InstitutionNoticeEvent): void {
    tx.send(TELL, [noticeId, at, action, actorId, actorName, text]);
  }
}
