import type { Protection, ProtectionStatus } from './protection.js';

const HOUR_MS = 3_600_000;
const MINUTE_MS = 60_000;

/** Its state at a moment. At the very moment at which it expires it holds no more, whether or not the clock has told so. */
export function stateAt({ status, expiresAt }: Pick<Protection, 'status' | 'expiresAt'>, now: Date): ProtectionStatus {
  return status === 'effective' && expiresAt.getTime() <= now.getTime() ? 'expired' : status;
}

/** Until when an account is protected: so many times 3,600 seconds, whatever clocks and calendars say. */
export function endOf(startsAt: Date, hours: number): Date {
  return new Date(startsAt.getTime() + hours * HOUR_MS);
}

/** By when the owner is to be answered. */
export function answerDue(askedAt: Date, minutes: number): Date {
  return new Date(askedAt.getTime() + minutes * MINUTE_MS);
}

/** Whether the owner has asked for its release and waits for the answer. */
export function ownerWaits({
  ownerAskedAt,
  ownerAnsweredAt,
}: Pick<Protection, 'ownerAskedAt' | 'ownerAnsweredAt'>): boolean {
  return ownerAskedAt !== null && ownerAnsweredAt === null;
}
