import { Injectable } from '@nestjs/common';
import type { LocalDate } from '../platform/clock/local-date.js';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { InstitutionKind, InstitutionNotice, InstitutionNoticeEvent, Measure } from './institution-notice.js';
import { NOTICE_FIELDS } from './institution-notice.store.js';

const EVENTS = statement(
  'institution_notice_event.of-notices',
  `SELECT ${columns(['noticeId', 'at', 'action', 'actorId', 'actorName', 'text'])} FROM institution_notice_event
   WHERE notice_id = ANY($1::uuid[]) ORDER BY notice_id, at, action`,
);

export interface NoticeFilter {
  readonly cityId: number;
  readonly kind?: InstitutionKind;
  readonly measure?: Measure;
  /** Those that hold on a day. */
  readonly holdsOn?: LocalDate;
}

@Injectable()
export class InstitutionNoticeView {
  /** The last issued first. */
  async list(tx: Tx, filter: NoticeFilter, beforeId: string | undefined, limit: number): Promise<InstitutionNotice[]> {
    const where = conditionsOf(filter);
    if (beforeId !== undefined) where.add(`id < ${where.value(beforeId)}::uuid`);
    return tx.adHoc<InstitutionNotice>(
      `SELECT ${columns(NOTICE_FIELDS)} FROM institution_notice WHERE ${where.toString()}
       ORDER BY id DESC LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: NoticeFilter): Promise<number> {
    const where = conditionsOf(filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*)::int AS total FROM institution_notice WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }

  async events(tx: Tx, noticeIds: readonly string[]): Promise<InstitutionNoticeEvent[]> {
    return tx.rows<InstitutionNoticeEvent>(EVENTS, [noticeIds]);
  }
}

function conditionsOf({ cityId, kind, measure, holdsOn }: NoticeFilter): Conditions {
  const where = new Conditions();
  where.add(`city_id = ${where.value(cityId)}`);
  if (kind) where.add(`kind = ${where.value(kind)}`);
  if (measure) where.add(`measure = ${where.value(measure)}`);
  if (holdsOn) {
    const day = `${where.value(holdsOn)}::date`;
    where.add(`lifted_at IS NULL AND from_day <= ${day} AND coalesce(until_day, ${day}) >= ${day}`);
  }
  return where;
}
