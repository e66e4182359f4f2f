/** Where a stop-payment (紧急止付) is in its life. `expired`: its hours are over; also shown before the clock has told of it. */
export const STOP_STATUSES = ['requested', 'effective', 'refused', 'expired', 'frozen', 'released'] as const;
export type StopStatus = (typeof STOP_STATUSES)[number];

/** Whom the money went to when a stop was released: back to whoever had paid it, or to the holder of the account. */
export const RELEASED_TO = ['payer', 'holder'] as const;
export type ReleasedTo = (typeof RELEASED_TO)[number];

/** One row of `stop_payment`. Moments are whole milliseconds, money is fen. */
export interface StopPayment {
  id: string;
  incidentId: string;
  cityId: number;
  /** The stop-payment of the account that the money came from; null at the first level. */
  parentId: string | null;
  /** 1: an account that the victim paid into; each account that the money moved on to is one more. */
  level: number;
  accountId: string;
  /** Which of the two that an account may have; null where it was refused: that one does not count. */
  ordinal: number | null;
  bank: string;
  /** The holder's name, bound to `stopContext`. */
  sealed: Buffer;
  transferFen: number;
  transferAt: Date;
  /** Who asked for it: whose figures it counts in. */
  agencyId: number;
  requestedAt: Date;
  requestedBy: string | null;
  status: StopStatus;
  stoppedAt: Date | null;
  stoppedFen: number | null;
  /** From this moment on it holds no more. */
  expiresAt: Date | null;
  endedAt: Date | null;
  releasedTo: ReleasedTo | null;
  version: number;
}

/** Fields of a row, in the order of the interface. */
export const STOP_FIELDS = [
  'id',
  'incidentId',
  'cityId',
  'parentId',
  'level',
  'accountId',
  'ordinal',
  'bank',
  'sealed',
  'transferFen',
  'transferAt',
  'agencyId',
  'requestedAt',
  'requestedBy',
  'status',
  'stoppedAt',
  'stoppedFen',
  'expiresAt',
  'endedAt',
  'releasedTo',
  'version',
] as const satisfies readonly (keyof StopPayment)[];

/** What the seal of a holder's name is bound to. */
export function stopContext(stopId: string): string {
  return `stop_payment:${stopId}`;
}
