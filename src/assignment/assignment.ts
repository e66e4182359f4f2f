export type How = 'intake' | 'push' | 'forward' | 'return' | 'transfer' | 'recall' | 'reopen' | 'unmerge';
export const RETURN_REASONS = ['wrong-jurisdiction', 'not-local', 'wrong-info', 'other'] as const;
export type ReturnReason = (typeof RETURN_REASONS)[number];
export type EndedHow = 'forward' | 'return' | 'transfer' | 'recall' | 'closed' | 'withdraw' | 'push';

/** One hop: an alert handed to an agency, from then until it moves on. */
export interface Assignment {
  alertId: string;
  hop: number;
  agencyId: number;
  how: How;
  reason: string | null;
  /** The agency has not held this alert before: what cohorts count. */
  firstHere: boolean;
  assignedAt: Date;
  assignedBy: string | null;
  acceptDueAt: Date | null;
  acceptedAt: Date | null;
  acceptedBy: string | null;
  endedAt: Date | null;
  endedHow: EndedHow | null;
  /** Why the agency gave it back, where the hop ended so: a case returned as `wrong-info` was never a valid one of it. */
  returnReason: ReturnReason | null;
}
