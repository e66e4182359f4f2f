import { Injectable } from '@nestjs/common';
import { binaryColumn } from '../platform/database/binary-column.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion } from '../platform/database/insertion.js';
import type { Assignment, EndedHow, ReturnReason } from './assignment.js';

const HOPS = new Insertion<NewAssignment>('assignment.insert', 'assignment', {
  alertId: 'uuid',
  hop: 'smallint',
  agencyId: 'integer',
  how: 'text',
  reason: 'text',
  firstHere: 'boolean',
  assignedAt: 'timestamptz',
  assignedBy: 'uuid',
  acceptDueAt: 'timestamptz',
  acceptedAt: 'timestamptz',
  acceptedBy: 'uuid',
});
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
  insert(tx: Tx, hops: NewAssignment[]): void {
    if (hops.length > 0) tx.send(...HOPS.of(hops));
  }

  accept(tx: Tx, alertId: string, hop: number, by: string | null): void {
    tx.send(ACCEPT, [alertId, hop, tx.now.toISOString(), by], 1);
  }

  /** @param returnReason exactly where `how` is `return` */
  end(tx: Tx, alertId: string, hop: number, how: EndedHow, returnReason?: ReturnReason): void {
    tx.send(END, [alertId, hop, tx.now.toISOString(), how, returnReason ?? null], 1);
  }

  /** The deadline for signing moved forward because the level rose. */
  setAcceptDue(tx: Tx, hops: { alertId: string; hop: number; acceptDueAt: Date }[]): void {
    if (hops.length === 0) return;
    tx.send(SET_ACCEPT_DUE, [
      binaryColumn('uuid', hops, 'alertId'),
      binaryColumn('smallint', hops, 'hop'),
      binaryColumn('timestamptz', hops, 'acceptDueAt'),
    ]);
  }
}
