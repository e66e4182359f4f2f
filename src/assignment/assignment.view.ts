import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Assignment } from './assignment.js';

const FIELDS = [
  'alertId',
  'hop',
  'agencyId',
  'how',
  'reason',
  'firstHere',
  'assignedAt',
  'assignedBy',
  'acceptDueAt',
  'acceptedAt',
  'acceptedBy',
  'endedAt',
  'endedHow',
  'returnReason',
] as const satisfies readonly (keyof Assignment)[];

const LIST = statement('assignment.list', `SELECT ${columns(FIELDS)} FROM assignment WHERE alert_id = $1 ORDER BY hop`);

@Injectable()
export class AssignmentView {
  /** Hops of an alert in order. */
  async list(tx: Tx, alertId: string): Promise<Assignment[]> {
    return tx.rows<Assignment>(LIST, [alertId]);
  }
}
