import type { LocalDate } from '../platform/clock/local-date.js';
import type { ReturnMethod } from './allocation.rules.js';

/** Where a return (返还) is in its life. `returned`: sent back for correction. `lapsed`: its freeze has ended. */
export const RETURN_STATUSES = [
  'applied',
  'proposed',
  'returned',
  'refused',
  'approved',
  'notice',
  'payable',
  'at-bank',
  'paid',
  'lapsed',
] as const;
export type ReturnStatus = (typeof RETURN_STATUSES)[number];

/** One row of `fund_return`. Money is fen. */
export interface FundReturn {
  id: string;
  freezeId: string;
  /** The incident of the freeze. */
  incidentId: string;
  accountId: string;
  cityId: number;
  /** The freezing agency: whose figures it counts in. */
  agencyId: number;
  /** Agencies that see it beside those of the freeze's incident: those whose victims claim. */
  heldBy: number[];
  status: ReturnStatus;
  proposedMethod: ReturnMethod;
  /** Confirmed by an officer with a reason. */
  method: ReturnMethod | null;
  /** F when the shares were computed. */
  frozenFen: number;
  /** T. */
  inflowFen: number;
  residualFen: number;
  /** Counted up by whatever makes approval and notice begin anew. */
  round: number;
  appliedAt: Date;
  appliedBy: string | null;
  proposedAt: Date | null;
  proposedBy: string | null;
  decidedAt: Date | null;
  decidedBy: string | null;
  publishedOn: LocalDate | null;
  /** From this moment on it may be paid. */
  payableFrom: Date | null;
  officerOne: string | null;
  officerTwo: string | null;
  /** When the officers took the notice to the bank. */
  atBankAt: Date | null;
  paymentDueAt: Date | null;
  endedAt: Date | null;
  version: number;
}

/** What a victim claims, and gets: one row of `return_claim`. */
export interface Claim {
  id: string;
  returnId: string;
  no: number;
  incidentId: string;
  /** Numbers of the incident's transfers that it rests on; empty where none is known. */
  transferNos: number[];
  firstTransferAt: Date;
  claimFen: number;
  refundedFen: number;
  returnFen: number;
  /** Whose claim it is. */
  personIx: Buffer;
  /** Blind index of the account that is paid to. */
  payeeIx: Buffer;
  bank: string;
  /** `SealedClaim`, bound to `claimContext`. */
  sealed: Buffer;
  paidAt: Date | null;
  receiptNo: string | null;
  paidBy: string | null;
  /** Another claim of the return took its place. */
  withdrawnAt: Date | null;
}

export interface SealedClaim {
  /** The account that the victim is paid to. */
  account: string;
}

/** 异议: one row of `return_objection`. */
export interface Objection {
  id: string;
  returnId: string;
  /** The round of the return that it is about. */
  round: number;
  /** `SealedObjection`, bound to `objectionContext`. */
  sealed: Buffer;
  raisedAt: Date;
  recordedBy: string | null;
  decision: ObjectionDecision | null;
  decidedAt: Date | null;
  decidedBy: string | null;
}

export interface SealedObjection {
  name: string;
  reason: string;
}

export const OBJECTION_DECISIONS = ['upheld', 'dismissed'] as const;
export type ObjectionDecision = (typeof OBJECTION_DECISIONS)[number];

export function claimContext(claimId: string): string {
  return `return_claim:${claimId}`;
}

export function objectionContext(objectionId: string): string {
  return `return_objection:${objectionId}`;
}

/** Fields of the rows, in the order of the interfaces. */
export const RETURN_FIELDS = [
  'id',
  'freezeId',
  'incidentId',
  'accountId',
  'cityId',
  'agencyId',
  'heldBy',
  'status',
  'proposedMethod',
  'method',
  'frozenFen',
  'inflowFen',
  'residualFen',
  'round',
  'appliedAt',
  'appliedBy',
  'proposedAt',
  'proposedBy',
  'decidedAt',
  'decidedBy',
  'publishedOn',
  'payableFrom',
  'officerOne',
  'officerTwo',
  'atBankAt',
  'paymentDueAt',
  'endedAt',
  'version',
] as const satisfies readonly (keyof FundReturn)[];

export const CLAIM_FIELDS = [
  'id',
  'returnId',
  'no',
  'incidentId',
  'transferNos',
  'firstTransferAt',
  'claimFen',
  'refundedFen',
  'returnFen',
  'personIx',
  'payeeIx',
  'bank',
  'sealed',
  'paidAt',
  'receiptNo',
  'paidBy',
  'withdrawnAt',
] as const satisfies readonly (keyof Claim)[];

export const OBJECTION_FIELDS = [
  'id',
  'returnId',
  'round',
  'sealed',
  'raisedAt',
  'recordedBy',
  'decision',
  'decidedAt',
  'decidedBy',
] as const satisfies readonly (keyof Objection)[];
