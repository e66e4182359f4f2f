import type { Tx } from '../platform/database/database.js';

/** What can fall due by itself. A name is never reused for something else: the table keeps those that have fired. */
export const DEADLINE_KINDS = [
  'stop-request-reminded',
  'stop-request-overdue',
  'stop-request-climbed',
  'stop-expires',
  'protection-expires',
  'protection-owner-overdue',
  'freeze-verification-1',
  'freeze-verification-3',
  'freeze-renewal',
  'freeze-lapses',
  'freeze-release-overdue',
  'return-payable',
  'return-payment-overdue',
] as const;
export type DeadlineKind = (typeof DEADLINE_KINDS)[number];

export interface Deadline {
  id: string;
  kind: DeadlineKind;
  /** The stop-payment, freeze, return, protection or incident that it is of. */
  subjectId: string;
  caseId: string;
  dueAt: Date;
}

/**
 * Does what a deadline brings about, in the transaction given. Holds what it changes first, in the order account →
 * alert or incident → its own row; then `take()`: false where somebody else was quicker or the deadline was cancelled,
 * and nothing is to be done.
 * @param late it fires noticeably after it was due, and its line says so
 */
export type DeadlineHandler = (
  tx: Tx,
  deadline: Deadline,
  take: () => Promise<boolean>,
  late: boolean,
) => Promise<void>;
