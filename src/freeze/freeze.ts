/** What becomes of a freeze (冻结). The order of its life; which command leads where is in freeze.rules.ts. */
export const FREEZE_STATUSES = [
  'requested',
  'rejected',
  'approved',
  'waiting',
  'refused',
  'effective',
  'lapsed',
  'released',
] as const;
export type FreezeStatus = (typeof FREEZE_STATUSES)[number];

/** Who has to approve, at least. */
export const APPROVER_TIERS = ['county', 'city'] as const;
export type ApproverTier = (typeof APPROVER_TIERS)[number];

/** Money of one account, asked to be frozen for a time for one incident (spec page 4, "Freeze"). */
export interface Freeze {
  id: string;
  incidentId: string;
  cityId: number;
  accountId: string;
  /** The stop-payment that it follows. */
  stopId: string | null;
  bank: string;
  /** The holder's name, bound to `freezeContext`. */
  sealed: Buffer | null;
  /** What was asked for. */
  amountFen: number;
  /** Local dates, both inclusive. */
  fromOn: string;
  untilOn: string;
  /** The freezing agency: that of whoever asked. It counts in its figures. */
  agencyId: number;
  /** Agencies that see it beside those of its incident: those whose victims claim from it. */
  heldBy: number[];
  requestedAt: Date;
  requestedBy: string | null;
  /** Before the approval: who has to approve at least. After: the tier of whoever did. */
  approverTier: ApproverTier;
  /** Whom the request waits for; the approval of another of sufficient tier is as good. */
  namedApprover: string | null;
  status: FreezeStatus;
  approvedAt: Date | null;
  approvedBy: string | null;
  /** Since when it stands in the line of its account (轮候). */
  waitingSince: Date | null;
  effectiveAt: Date | null;
  /** What the bank holds, which need not be what was asked for. */
  frozenFen: number | null;
  unrelatedAt: Date | null;
  releaseDueAt: Date | null;
  endedAt: Date | null;
  version: number;
}

/** Fields of a row, in the order of the interface. */
export const FREEZE_FIELDS = [
  'id',
  'incidentId',
  'cityId',
  'accountId',
  'stopId',
  'bank',
  'sealed',
  'amountFen',
  'fromOn',
  'untilOn',
  'agencyId',
  'heldBy',
  'requestedAt',
  'requestedBy',
  'approverTier',
  'namedApprover',
  'status',
  'approvedAt',
  'approvedBy',
  'waitingSince',
  'effectiveAt',
  'frozenFen',
  'unrelatedAt',
  'releaseDueAt',
  'endedAt',
  'version',
] as const satisfies readonly (keyof Freeze)[];

/** What the seal of a freeze's holder is bound to. */
export function freezeContext(freezeId: string): string {
  return `fund_freeze:${freezeId}`;
}

export const RENEWAL_DECISIONS = ['approve', 'reject', 'late'] as const;
export type RenewalDecision = (typeof RENEWAL_DECISIONS)[number];

/** 续冻: a freeze is to go on behind its last day. */
export interface Renewal {
  id: string;
  freezeId: string;
  /** The day after the last one that the freeze had then. */
  fromOn: string;
  untilOn: string;
  askedAt: Date;
  askedBy: string | null;
  approverTier: ApproverTier;
  /** `late`: the freeze ended before anybody had decided. */
  decision: RenewalDecision | null;
  decidedAt: Date | null;
  decidedBy: string | null;
}

export const RENEWAL_FIELDS = [
  'id',
  'freezeId',
  'fromOn',
  'untilOn',
  'askedAt',
  'askedBy',
  'approverTier',
  'decision',
  'decidedAt',
  'decidedBy',
] as const satisfies readonly (keyof Renewal)[];
