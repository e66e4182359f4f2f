import { isOpen, type Alert } from '../alert/alert.js';
import type { ClockPolicy } from '../organization/policy.js';
import type { RiskLevel } from '../organization/risk.js';

/**
 * The clocks of a case (spec page 1, "Clocks"): deadlines are stored when a clock starts and never recomputed from a
 * later policy. `accept` is of the hop, the other three are of the case and start at the first push.
 */
export type ClockFields = Pick<
  Alert,
  | 'status'
  | 'clocksStartedAt'
  | 'acceptDueAt'
  | 'callDueAt'
  | 'callMetAt'
  | 'visitDueAt'
  | 'visitMetAt'
  | 'feedbackDueAt'
  | 'feedbackMetAt'
  | 'nextDueAt'
>;

const MINUTE = 60_000;

/** `minutes` after a moment; null where there is no such clock. */
function after(moment: Date, minutes: number | null): Date | null {
  return minutes === null ? null : new Date(moment.getTime() + minutes * MINUTE);
}

function earlier(a: Date | null, b: Date | null): Date | null {
  if (a === null || b === null) return a ?? b;
  return a.getTime() <= b.getTime() ? a : b;
}

/** A hop begins: its own clock, and the case's clocks if this is the first push. */
export function startHop(alert: ClockFields, riskLevel: RiskLevel, policy: ClockPolicy, now: Date): void {
  const limits = policy[riskLevel];
  alert.acceptDueAt = after(now, limits.acceptMinutes);
  if (alert.clocksStartedAt === null) {
    alert.clocksStartedAt = now;
    alert.callDueAt = after(now, limits.callMinutes);
    alert.visitDueAt = after(now, limits.visitMinutes);
    alert.feedbackDueAt = after(now, limits.feedbackMinutes);
  }
}

/**
 * The level rises: a clock not yet met gets the new level's limit from this moment on, but never a later deadline than
 * it had (docs/decisions: the limits run from the rise, or officers would be late for what nobody had asked of them).
 */
export function raiseClocks(alert: ClockFields, riskLevel: RiskLevel, policy: ClockPolicy, now: Date): void {
  const limits = policy[riskLevel];
  if (alert.acceptDueAt !== null) alert.acceptDueAt = earlier(alert.acceptDueAt, after(now, limits.acceptMinutes));
  if (alert.clocksStartedAt === null) return;
  if (alert.callMetAt === null) alert.callDueAt = earlier(alert.callDueAt, after(now, limits.callMinutes));
  if (alert.visitMetAt === null) alert.visitDueAt = earlier(alert.visitDueAt, after(now, limits.visitMinutes));
  if (alert.feedbackMetAt === null)
    alert.feedbackDueAt = earlier(alert.feedbackDueAt, after(now, limits.feedbackMinutes));
}

/** Earliest clock of an open case that is not met. */
export function nextDue(alert: ClockFields): Date | null {
  if (!isOpen(alert.status)) return null;
  return [
    alert.acceptDueAt,
    alert.callMetAt === null ? alert.callDueAt : null,
    alert.visitMetAt === null ? alert.visitDueAt : null,
    alert.feedbackMetAt === null ? alert.feedbackDueAt : null,
  ].reduce(earlier, null);
}

/**
 * A case ends: clocks that had not run out by then stop and count for nobody, as their stored deadlines are taken away;
 * what ran out before stays late.
 */
export function stopClocks(alert: ClockFields, now: Date): void {
  const ranOut = (due: Date | null): boolean => due !== null && due.getTime() <= now.getTime();
  alert.acceptDueAt = null;
  if (alert.callMetAt === null && !ranOut(alert.callDueAt)) alert.callDueAt = null;
  if (alert.visitMetAt === null && !ranOut(alert.visitDueAt)) alert.visitDueAt = null;
  if (alert.feedbackMetAt === null && !ranOut(alert.feedbackDueAt)) alert.feedbackDueAt = null;
  alert.nextDueAt = null;
}
