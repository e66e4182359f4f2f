import { Injectable } from '@nestjs/common';
import { newId } from '../platform/clock/id.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion } from '../platform/database/insertion.js';
import type { Deadline, DeadlineKind } from './deadline.js';

const FIELDS = ['id', 'kind', 'subjectId', 'caseId', 'dueAt'] as const satisfies readonly (keyof Deadline)[];
const DEADLINES = new Insertion<Deadline>('deadline.plan', 'deadline', {
  id: 'uuid',
  kind: 'text',
  subjectId: 'uuid',
  caseId: 'uuid',
  dueAt: 'timestamptz',
});
const CANCEL = statement(
  'deadline.cancel',
  `UPDATE deadline SET cancelled_at = $3
   WHERE subject_id = $1 AND kind = ANY($2::text[]) AND fired_at IS NULL AND cancelled_at IS NULL`,
);
const DUE = statement(
  'deadline.due',
  `SELECT ${columns(FIELDS)} FROM deadline
   WHERE due_at <= $1 AND fired_at IS NULL AND cancelled_at IS NULL AND id <> ALL($2::uuid[]) ORDER BY due_at, id LIMIT $3`,
);
const TAKE = statement(
  'deadline.take',
  `UPDATE deadline SET fired_at = $2 WHERE id = $1 AND fired_at IS NULL AND cancelled_at IS NULL`,
);

/** Every statement that writes `deadline`. Written with the change that starts, ends or moves what falls due. */
@Injectable()
export class DeadlineStore {
  /** Each of them fires once; of a subject and a kind only one runs at a time. */
  plan(tx: Tx, deadlines: readonly Omit<Deadline, 'id'>[]): void {
    const rows = deadlines.map((deadline) => ({ ...deadline, id: newId(tx.now) }));
    if (rows.length > 0) tx.send(...DEADLINES.of(rows));
  }

  /** What has not fired of these kinds never will. */
  cancel(tx: Tx, subjectId: string, ...kinds: DeadlineKind[]): void {
    tx.send(CANCEL, [subjectId, kinds, tx.now.toISOString()]);
  }

  /** What is due and has not fired, the longest due first; not those that have failed of late. */
  async due(tx: Tx, now: Date, except: readonly string[], limit: number): Promise<Deadline[]> {
    return tx.rows<Deadline>(DUE, [now.toISOString(), except, limit]);
  }

  /** Marks one as fired. @returns false where it has fired already, or was cancelled */
  async take(tx: Tx, id: string): Promise<boolean> {
    return (await tx.run(TAKE, [id, tx.now.toISOString()])) === 1;
  }
}
