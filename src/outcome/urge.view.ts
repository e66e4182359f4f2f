import { Injectable } from '@nestjs/common';
import { statement, type Statement, type Tx } from '../platform/database/database.js';
import type { Urge } from '../alert/urge.store.js';
import type { UrgeState } from './urge.dto.js';

export type ListedUrge = Pick<
  Urge,
  'id' | 'alertId' | 'byAgencyId' | 'toAgencyId' | 'urgedAt' | 'replyBy' | 'repliedAt' | 'bySystem' | 'endedAt'
> & { alertNo: string };

const STATES: Record<UrgeState | 'all', string> = {
  all: 'true',
  open: 'u.ended_at IS NULL',
  overdue: 'u.ended_at IS NULL AND u.reply_by < $5',
  replied: 'u.replied_at IS NOT NULL',
};
const LISTS = Object.fromEntries(
  Object.entries(STATES).map(([state, condition]) => [
    state,
    statement(
      `urge.list-${state}`,
      // Walks the urges of each agency and merges the heads; cases are looked up for the page alone.
      `SELECT u.id, u.alert_id AS "alertId", a.alert_no AS "alertNo", u.by_agency_id AS "byAgencyId",
         u.to_agency_id AS "toAgencyId", u.urged_at AS "urgedAt", u.reply_by AS "replyBy", u.replied_at AS "repliedAt",
         u.by_system AS "bySystem", u.ended_at AS "endedAt"
       FROM (
         SELECT u.* FROM unnest($1::int[]) AS h(id) CROSS JOIN LATERAL (
           SELECT u.* FROM urge u
           WHERE u.to_agency_id = h.id AND (u.urged_at, u.id) < ($2::timestamptz, $3::uuid)
             AND ${condition}
           ORDER BY u.to_agency_id DESC, u.urged_at DESC, u.id DESC LIMIT $4
         ) u ORDER BY u.urged_at DESC, u.id DESC LIMIT $4
       ) u JOIN alert a ON a.id = u.alert_id ORDER BY u.urged_at DESC, u.id DESC`,
    ),
  ]),
) as Record<UrgeState | 'all', Statement>;

@Injectable()
export class UrgeView {
  /** Urges of agencies, the latest first, before a position. */
  async list(
    tx: Tx,
    agencies: readonly number[],
    state: UrgeState | undefined,
    before: [string, string] | undefined,
    limit: number,
  ): Promise<ListedUrge[]> {
    const [urgedAt, id] = before ?? ['infinity', 'ffffffff-ffff-ffff-ffff-ffffffffffff'];
    const values = [agencies, urgedAt, id, limit, ...(state === 'overdue' ? [tx.now.toISOString()] : [])];
    return tx.rows<ListedUrge>(LISTS[state ?? 'all'], values);
  }
}
