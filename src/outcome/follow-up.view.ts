import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { FOLLOW_UP_FIELDS, type FollowUp } from './follow-up.store.js';

const WAITING = `f.due_at < $2 AND f.done_at IS NULL AND f.cancelled_at IS NULL`;
// Walks the list of each agency and merges the heads; cases are looked up for the page alone.
const DUE = statement(
  'follow-up.due',
  `SELECT ${columns(FOLLOW_UP_FIELDS, 'f')}, a.alert_no AS "alertNo", a.risk_level AS "riskLevel"
   FROM (
     SELECT f.id FROM unnest($1::int[]) AS h(id) CROSS JOIN LATERAL (
       SELECT f.id, f.due_at FROM follow_up f
       WHERE f.agency_id = h.id AND ${WAITING} AND (f.due_at, f.id) > ($3::timestamptz, $4::uuid)
       ORDER BY f.agency_id, f.due_at, f.id LIMIT $5
     ) f ORDER BY f.due_at, f.id LIMIT $5
   ) page JOIN follow_up f ON f.id = page.id JOIN alert a ON a.id = f.alert_id ORDER BY f.due_at, f.id`,
);
const COUNT = statement(
  'follow-up.count-due',
  `SELECT count(*) AS total FROM follow_up f WHERE f.agency_id = ANY($1::int[]) AND ${WAITING}`,
);

@Injectable()
export class FollowUpView {
  async due(
    tx: Tx,
    agencies: number[],
    before: Date,
    after: [string, string] | undefined,
    limit: number,
  ): Promise<(FollowUp & { alertNo: string; riskLevel: string })[]> {
    const [due, id] = after ?? ['-infinity', '00000000-0000-0000-0000-000000000000'];
    return tx.rows(DUE, [agencies, before.toISOString(), due, id, limit]);
  }

  async countDue(tx: Tx, agencies: number[], before: Date): Promise<number> {
    return (await tx.row<{ total: number }>(COUNT, [agencies, before.toISOString()]))!.total;
  }
}
