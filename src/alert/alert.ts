import { ALERT_RESULTS, type AlertResult } from '../organization/policy.js';
import type { RiskLevel } from '../organization/risk.js';

export const STATUSES = ['new', 'assigned', 'in_progress', 'pending_review', 'closed', 'merged', 'withdrawn'] as const;
export type Status = (typeof STATUSES)[number];
/** Somebody still has something to do. */
export const OPEN_STATUSES: readonly Status[] = ['new', 'assigned', 'in_progress', 'pending_review'];

export const KINDS = ['fund', 'telecom', 'network', 'bank-counter', 'hotline'] as const;
export type Kind = (typeof KINDS)[number];

export const GROUPS = ['elderly', 'student', 'minor', 'finance-staff', 'none'] as const;
export type Group = (typeof GROUPS)[number];

export const RESULTS = ALERT_RESULTS;
export type Result = AlertResult;

/** The warned-of person and the suspect in clear: sealed as one value, bound to the alert's id. */
export interface SealedPart {
  subject: { name?: string; phone: string; idNumber?: string; address?: string };
  suspect?: { phone?: string; account?: string; app?: string; url?: string };
  summary?: string;
}

/** One row of `alert`. Moments are whole milliseconds, money is fen. */
export interface Alert {
  id: string;
  alertNo: string;
  cityId: number;
  source: string;
  sourceRef: string;
  /** Keyed digest of the signal's content: tells a repeat from a conflict. */
  contentHash: Buffer;
  kind: Kind;
  riskLevel: RiskLevel;
  fraudType: string;
  divisionCode: string | null;
  subjectGroup: Group;
  phoneIx: Buffer;
  identityIx: Buffer | null;
  sealed: Buffer;
  amountAtRiskFen: number | null;
  detectedAt: Date;
  receivedAt: Date;
  status: Status;
  /** Where it is: the city at `new`, the last holder once ended; null only when merged. */
  holderId: number | null;
  /** Every agency that ever held it, in order of first hop: what decides who may see it. */
  heldBy: number[];
  hop: number;
  returns: number;
  escalated: boolean;
  visitRequired: boolean;
  urged: boolean;
  result: Result | null;
  /** When it was closed or withdrawn. */
  endedAt: Date | null;
  mergedInto: string | null;
  /** Split off by a person: stands beside other open alerts of the same phone. */
  split: boolean;
  previousAlerts: number;
  defraudedAfterWarning: boolean;
  /** First push: the case's clocks run from here. */
  clocksStartedAt: Date | null;
  /** Of the present hop while it waits to be signed for. */
  acceptDueAt: Date | null;
  callDueAt: Date | null;
  callMetAt: Date | null;
  callMetBy: number | null;
  visitDueAt: Date | null;
  visitMetAt: Date | null;
  visitMetBy: number | null;
  feedbackDueAt: Date | null;
  feedbackMetAt: Date | null;
  feedbackMetBy: number | null;
  /** Earliest clock not yet met; null when none runs. */
  nextDueAt: Date | null;
  /** Minutes that a clock gave; null where there is none. */
  acceptLimit: number | null;
  /** How far a clock has been told of: 0 nothing, 1 reminded, 2 overdue, 3 climbed. */
  acceptStage: number;
  callLimit: number | null;
  callStage: number;
  visitLimit: number | null;
  visitStage: number;
  feedbackLimit: number | null;
  feedbackStage: number;
  /** When the earliest stage of a running clock is to be told of; null when none is left. */
  nextStageAt: Date | null;
  smsAttempts: number;
  callAttempts: number;
  visitAttempts: number;
  version: number;
  eventSeq: number;
  eventHash: Buffer;
}

export function isOpen(status: Status): boolean {
  return OPEN_STATUSES.includes(status);
}
