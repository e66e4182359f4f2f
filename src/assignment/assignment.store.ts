import { Injectable } from '@nestjs/common';
import { binaryColumn } from '../platform/database/binary-column.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Assignment, EndedHow, ReturnReason } from './assignment.js';

const INSERT = statement(
  'assignment.insert',
  `INSERT INTO assignment (alert_id, hop, agency_id, how, reason, first_here, assigned_at, assigned_by, accept_due_at, accepted_at, accepted_by)
   SELECT * FROM unnest($1::uuid[], $2::smallint[], $3::int[], $4::text[], $5::text[], $6::boolean[], $7::timestamptz[], $8::uuid[],
     $9::timestamptz[], $10::timestamptz[], $11::uuid[])`,
);
const ACCEPT = statement(
  'assignment.accept',
  `UPDATE assignment SET accepted_at = greatest($3, assigned_at), accepted_by = $4 WHERE alert_id = $1 AND hop = $2 AND ended_at IS NULL AND accepted_at IS NULL`,
);
const END = statement(
  'assignment.end',
  `UPDATE assignment SET ended_at = greatest($3, assigned_at), ended_how = $4, return_reason = $5 WHERE alert_id = $1 AND hop = $2 AND ended_at IS NULL`,
);
// `ended_at IS NULL` would lead a planner without statistics to walk the index of all open hops.
const SET_ACCEPT_DUE = statement(
  'assignment.set-accept-due',
  `UPDATE assignment SET accept_due_at = r.due FROM unnest($1::uuid[], $2::smallint[], $3::timestamptz[]) AS r(alert_id, hop, due)
   WHERE assignment.alert_id = r.alert_id AND assignment.hop = r.hop AND num_nulls(assignment.ended_at, assignment.accepted_at) = 2`,
);

export type NewAssignment = Omit<Assignment, 'endedAt' | 'endedHow' | 'returnReason'>;

/** Every statement that writes `assignment`. A hop never ends before it began, whatever two servers' clocks say. */
@Injectable()
export class AssignmentStore {
  /** Opens hops, one statement however many. */
  async insert(tx: Tx, hops: NewAssignment[]): Promise<void> {
    if (hops.length === 0) return;
    await tx.run(INSERT, [
      binaryColumn('uuid', hops, 'alertId'),
      binaryColumn('smallint', hops, 'hop'),
      binaryColumn('integer', hops, 'agencyId'),
      binaryColumn('text', hops, 'how'),
      binaryColumn('text', hops, 'reason'),
      binaryColumn('boolean', hops, 'firstHere'),
      binaryColumn('timestamptz', hops, 'assignedAt'),
      binaryColumn('uuid', hops, 'assignedBy'),
      binaryColumn('timestamptz', hops, 'acceptDueAt'),
      binaryColumn('timestamptz', hops, 'acceptedAt'),
      binaryColumn('uuid', hops, 'acceptedBy'),
    ]);
  }

  async accept(tx: Tx, alertId: string, hop: number, by: string | null): Promise<void> {
    const touched = await tx.run(ACCEPT, [alertId, hop, tx.now.toISOString(), by]);
    if (touched !== 1) throw new Error(`alert ${alertId} has no open hop ${hop} to accept`);
  }

  /** @param returnReason exactly where `how` is `return` */
  async end(tx: Tx, alertId: string, hop: number, how: EndedHow, returnReason?: ReturnReason): Promise<void> {
    const touched = await tx.run(END, [alertId, hop, tx.now.toISOString(), how, returnReason ?? null]);
    if (touched !== 1) throw new Error(`alert ${alertId} has no open hop ${hop} to end`);
  }

  /** The deadline for signing moved forward because the level rose. */
  async setAcceptDue(tx: Tx, hops: { alertId: string; hop: number; acceptDueAt: Date }[]): Promise<void> {
    if (hops.length === 0) return;
    await tx.run(SET_ACCEPT_DUE, [
      binaryColumn('uuid', hops, 'alertId'),
      binaryColumn('smallint', hops, 'hop'),
      binaryColumn('timestamptz', hops, 'acceptDueAt'),
    ]);
  }
}
