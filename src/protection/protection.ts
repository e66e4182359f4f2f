/** Where a protective limit (保护性止付) is in its life. `expired`: also shown before the clock has told of it. */
export const PROTECTION_STATUSES = ['effective', 'released', 'expired'] as const;
export type ProtectionStatus = (typeof PROTECTION_STATUSES)[number];

export const OWNER_ANSWERS = ['release', 'keep'] as const;
export type OwnerAnswer = (typeof OWNER_ANSWERS)[number];

/** One row of `protection`: an account of the warned person, who may not pay from it for a time. */
export interface Protection {
  id: string;
  alertId: string;
  accountIx: Buffer;
  bank: string;
  /** `SealedProtection`, bound to `protectionContext`. */
  sealed: Buffer;
  /** Who put it in place. */
  agencyId: number;
  requestedBy: string | null;
  status: ProtectionStatus;
  startsAt: Date;
  /** From this moment on it holds no more. */
  expiresAt: Date;
  extendedAt: Date | null;
  /** When the owner last asked for its release … */
  ownerAskedAt: Date | null;
  /** … by when that is to be answered … */
  ownerDueAt: Date | null;
  /** … and how it was. */
  ownerAnsweredAt: Date | null;
  ownerAnswer: OwnerAnswer | null;
  endedAt: Date | null;
  version: number;
}

export interface SealedProtection {
  account: string;
  /** Why the owner asks for its release. */
  ownerReason?: string;
}

/** Fields of a row, in the order of the interface. */
export const PROTECTION_FIELDS = [
  'id',
  'alertId',
  'accountIx',
  'bank',
  'sealed',
  'agencyId',
  'requestedBy',
  'status',
  'startsAt',
  'expiresAt',
  'extendedAt',
  'ownerAskedAt',
  'ownerDueAt',
  'ownerAnsweredAt',
  'ownerAnswer',
  'endedAt',
  'version',
] as const satisfies readonly (keyof Protection)[];

/** What the seal of an account and of its owner's words is bound to. */
export function protectionContext(protectionId: string): string {
  return `protection:${protectionId}`;
}
