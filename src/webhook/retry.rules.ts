const SECOND_MS = 1_000;
const HOUR_MS = 3_600_000;

/** So long after its first attempt a delivery is given up: parked. */
export const PATIENCE_MS = 24 * HOUR_MS;
const FIRST_WAIT_MS = 5 * SECOND_MS;
const LONGEST_WAIT_MS = HOUR_MS;
/** One failure may be the delivery's own fault; from the second in a row on the receiver itself is left alone. */
const FAILURES_OF_A_RECEIVER = 2;
const FIRST_PAUSE_MS = 2 * SECOND_MS;
const LONGEST_PAUSE_MS = 300 * SECOND_MS;

/** Doubled with each step up to a limit, then between half of it and the whole: those who failed together do not return together. */
function wait(first: number, longest: number, step: number, chance: number): number {
  const full = Math.min(first * 2 ** Math.min(step, 30), longest);
  return Math.round(full * (0.5 + chance / 2));
}

/**
 * When a delivery is tried again.
 * @param attempts made so far, at least 1
 * @param chance from 0 to 1
 * @returns undefined where its time is over: it is parked
 */
export function nextAttempt(now: Date, firstAttemptAt: Date, attempts: number, chance: number): Date | undefined {
  if (now.getTime() - firstAttemptAt.getTime() >= PATIENCE_MS) return undefined;
  // The last attempt comes when its time is over, not up to an hour later.
  const next = now.getTime() + wait(FIRST_WAIT_MS, LONGEST_WAIT_MS, attempts - 1, chance);
  return new Date(Math.min(next, firstAttemptAt.getTime() + PATIENCE_MS));
}

/**
 * Until when a webhook is left alone whose attempts fail one after the other; null where it is not.
 * It ends in time for the last attempt of the delivery that just failed.
 * @param failures in a row, this one included
 */
export function pauseAfter(now: Date, firstAttemptAt: Date, failures: number, chance: number): Date | null {
  if (failures < FAILURES_OF_A_RECEIVER) return null;
  const pause = now.getTime() + wait(FIRST_PAUSE_MS, LONGEST_PAUSE_MS, failures - FAILURES_OF_A_RECEIVER, chance);
  const last = firstAttemptAt.getTime() + PATIENCE_MS;
  return new Date(last > now.getTime() ? Math.min(pause, last) : pause);
}
