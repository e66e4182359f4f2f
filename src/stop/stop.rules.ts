import type { StopPayment, StopStatus } from './stop.js';

const HOUR_MS = 3_600_000;
/** Clocks of others may be ahead of ours. */
const SKEW_MS = 5 * 60_000;

/** How far the trace of an incident goes: accounts behind accounts … */
export const MOST_LEVELS = 20;
/** … and stop-payments in all. */
export const MOST_STOPS = 500;

/** What can be done about a stop-payment, and from which state. */
export const STOP_COMMANDS = ['effective', 'refused', 'release', 'correct'] as const;
export type StopCommand = (typeof STOP_COMMANDS)[number];

const FROM: Record<StopCommand, StopStatus> = {
  effective: 'requested',
  refused: 'requested',
  release: 'effective',
  correct: 'effective',
};

/** Its state at a moment. At the very moment at which it expires it holds no more, whether or not the clock has told so. */
export function stateAt({ status, expiresAt }: Pick<StopPayment, 'status' | 'expiresAt'>, now: Date): StopStatus {
  return status === 'effective' && expiresAt!.getTime() <= now.getTime() ? 'expired' : status;
}

/** Until when an account is stopped: so many times 3,600 seconds, whatever clocks and calendars say. */
export function endOf(stoppedAt: Date, hours: number): Date {
  return new Date(stoppedAt.getTime() + hours * HOUR_MS);
}

/** @returns the commands that a state leaves open */
export function commandsOf(state: StopStatus): StopCommand[] {
  return STOP_COMMANDS.filter((command) => FROM[command] === state);
}

/** The state that a command starts from. */
export function startOf(command: StopCommand): StopStatus {
  return FROM[command];
}

/** An account may be stopped twice. @returns which of the two is left; undefined: none */
export function freeOrdinal(taken: readonly (number | null)[]): number | undefined {
  return [1, 2].find((ordinal) => !taken.includes(ordinal));
}

/** The victim's payment, or the one that moved the money on. */
export function transferFault(at: Date, now: Date): string | undefined {
  return at.getTime() > now.getTime() + SKEW_MS ? 'lies in the future' : undefined;
}

/** The bank may act on a telephone call, before the request is on record here; never before the money came. */
export function stoppedFault(at: Date, transferAt: Date, now: Date): string | undefined {
  if (at.getTime() > now.getTime()) return 'lies in the future';
  if (at.getTime() < transferAt.getTime()) return 'lies before the transfer that it is to stop';
  return undefined;
}
