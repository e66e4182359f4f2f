export type How = 'intake' | 'push' | 'forward' | 'return' | 'transfer' | 'recall' | 'reopen' | 'unmerge';
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
}
