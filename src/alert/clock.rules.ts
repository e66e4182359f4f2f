import type { ClockPolicy, LevelClocks } from '../organization/policy.js';
import type { RiskLevel } from '../organization/risk.js';
import { isOpen, type Alert } from './alert.js';

/**
 * The clocks of a case (spec page 1, "Clocks"): deadlines and the minutes they gave are stored when a clock starts and
 * never recomputed from a later policy. `accept` is of the hop, the other three are of the case and start at the first
 * push.
 */
export const CLOCKS = ['accept', 'call', 'visit', 'feedback'] as const;
export type ClockName = (typeof CLOCKS)[number];

/** Half of the limit: the holder is reminded. The limit: overdue. Half as much again: it climbs to the city. */
export const STAGES = ['reminded', 'overdue', 'climbed'] as const;
export type StageName = (typeof STAGES)[number];

export type ClockFields = Pick<
  Alert,
  | 'status'
  | 'clocksStartedAt'
  | 'acceptDueAt'
  | 'acceptLimit'
  | 'acceptStage'
  | 'callDueAt'
  | 'callMetAt'
  | 'callLimit'
  | 'callStage'
  | 'visitDueAt'
  | 'visitMetAt'
  | 'visitLimit'
  | 'visitStage'
  | 'feedbackDueAt'
  | 'feedbackMetAt'
  | 'feedbackLimit'
  | 'feedbackStage'
  | 'nextDueAt'
  | 'nextStageAt'
>;

interface ClockColumns {
  readonly due: 'acceptDueAt' | 'callDueAt' | 'visitDueAt' | 'feedbackDueAt';
  /** `accept` has none: its deadline goes when the case is signed for. */
  readonly met: 'callMetAt' | 'visitMetAt' | 'feedbackMetAt' | undefined;
  readonly limit: 'acceptLimit' | 'callLimit' | 'visitLimit' | 'feedbackLimit';
  readonly stage: 'acceptStage' | 'callStage' | 'visitStage' | 'feedbackStage';
  readonly minutes: keyof LevelClocks;
}

const COLUMNS: Readonly<Record<ClockName, ClockColumns>> = {
  accept: { due: 'acceptDueAt', met: undefined, limit: 'acceptLimit', stage: 'acceptStage', minutes: 'acceptMinutes' },
  call: { due: 'callDueAt', met: 'callMetAt', limit: 'callLimit', stage: 'callStage', minutes: 'callMinutes' },
  visit: { due: 'visitDueAt', met: 'visitMetAt', limit: 'visitLimit', stage: 'visitStage', minutes: 'visitMinutes' },
  feedback: {
    due: 'feedbackDueAt',
    met: 'feedbackMetAt',
    limit: 'feedbackLimit',
    stage: 'feedbackStage',
    minutes: 'feedbackMinutes',
  },
};
const CASE_CLOCKS = CLOCKS.filter((clock) => clock !== 'accept');

const MINUTE = 60_000;
const LAST_STAGE = STAGES.length;

/** A stage that a clock has reached. */
export interface ClockStage {
  readonly clock: ClockName;
  /** 1 reminded, 2 overdue, 3 climbed. */
  readonly stage: number;
  /** When it was reached. */
  readonly at: Date;
  readonly dueAt: Date;
}

/** The deadline of a clock that still runs; undefined where there is none, or it was met. */
function running(alert: ClockFields, clock: ClockName): Date | undefined {
  const { due, met } = COLUMNS[clock];
  if (met !== undefined && alert[met] !== null) return undefined;
  return alert[due] ?? undefined;
}

/** When a clock reaches a stage: half of its limit before its deadline, at it, half of its limit after it. */
function stageAt(dueAt: Date, limitMinutes: number, stage: number): Date {
  return new Date(dueAt.getTime() + (stage - 2) * (limitMinutes / 2) * MINUTE);
}

function set(alert: ClockFields, clock: ClockName, minutes: number | null, from: Date): void {
  const { due, limit } = COLUMNS[clock];
  alert[due] = minutes === null ? null : new Date(from.getTime() + minutes * MINUTE);
  alert[limit] = minutes;
}

/** A hop begins: its own clock, and the case's clocks if this is the first push. */
export function startHop(alert: ClockFields, riskLevel: RiskLevel, policy: ClockPolicy, now: Date): void {
  const limits = policy[riskLevel];
  set(alert, 'accept', limits.acceptMinutes, now);
  alert.acceptStage = 0;
  if (alert.clocksStartedAt === null) {
    alert.clocksStartedAt = now;
    for (const clock of CASE_CLOCKS) set(alert, clock, limits[COLUMNS[clock].minutes], now);
  }
  refreshClocks(alert);
}

/** The hop waits for no signature: it was given, or none is needed. */
export function endAcceptClock(alert: ClockFields): void {
  alert.acceptDueAt = null;
  alert.acceptLimit = null;
  alert.acceptStage = 0;
  refreshClocks(alert);
}

/**
 * The level rises: a clock not yet met gets the new level's limit from this moment on, but never a later deadline than
 * it had (docs/decisions: the limits run from the rise, or officers would be late for what nobody had asked of them).
 * What it has told of already it does not tell again.
 */
export function raiseClocks(alert: ClockFields, riskLevel: RiskLevel, policy: ClockPolicy, now: Date): void {
  const limits = policy[riskLevel];
  const raise = (clock: ClockName): void => {
    const { due, minutes } = COLUMNS[clock];
    const allowed = limits[minutes];
    if (allowed === null) return;
    const until = alert[due];
    if (until === null || until.getTime() > now.getTime() + allowed * MINUTE) set(alert, clock, allowed, now);
  };
  if (alert.acceptDueAt !== null) raise('accept');
  if (alert.clocksStartedAt !== null) {
    for (const clock of CASE_CLOCKS) if (alert[COLUMNS[clock].met!] === null) raise(clock);
  }
  refreshClocks(alert);
}

/**
 * A case ends: clocks that had not run out by then stop and count for nobody, as their stored deadlines are taken away;
 * what ran out before stays late, and has nothing more to tell should the case be reopened.
 */
export function stopClocks(alert: ClockFields, now: Date): void {
  const ranOut = (due: Date | null): boolean => due !== null && due.getTime() <= now.getTime();
  for (const clock of CASE_CLOCKS) {
    const { due, met, limit, stage } = COLUMNS[clock];
    if (alert[met!] !== null) continue;
    if (ranOut(alert[due])) alert[stage] = LAST_STAGE;
    else alert[due] = alert[limit] = null;
  }
  alert.acceptDueAt = null;
  alert.acceptLimit = null;
  alert.acceptStage = 0;
  alert.nextDueAt = null;
  alert.nextStageAt = null;
}

/** Sets what is read off the clocks. Called after every change of them, of the status, and of what meets them. */
export function refreshClocks(alert: ClockFields): void {
  alert.nextDueAt = isOpen(alert.status) ? earliest(CLOCKS.flatMap((clock) => running(alert, clock) ?? [])) : null;
  alert.nextStageAt = nextStage(alert);
}

/** When the next stage of any running clock is reached. */
export function nextStage(alert: ClockFields): Date | null {
  if (!isOpen(alert.status)) return null;
  return earliest(
    CLOCKS.flatMap((clock) => {
      const stage = alert[COLUMNS[clock].stage];
      const dueAt = running(alert, clock);
      return dueAt && stage < LAST_STAGE ? stageAt(dueAt, alert[COLUMNS[clock].limit]!, stage + 1) : [];
    }),
  );
}

/**
 * Marks every stage that was reached before a moment as told.
 * @returns them, in the order in which they were reached; what happens at the very millisecond of a limit is in time
 */
export function takeStages(alert: ClockFields, now: Date): ClockStage[] {
  if (alert.nextStageAt === null || alert.nextStageAt.getTime() >= now.getTime()) return [];
  const reached = CLOCKS.flatMap((clock): ClockStage[] => {
    const { limit, stage: told } = COLUMNS[clock];
    const dueAt = running(alert, clock);
    if (!dueAt) return [];
    const stages: ClockStage[] = [];
    for (let stage = alert[told] + 1; stage <= LAST_STAGE; stage++) {
      const at = stageAt(dueAt, alert[limit]!, stage);
      if (at.getTime() >= now.getTime()) break;
      stages.push({ clock, stage, at, dueAt });
      alert[told] = stage;
    }
    return stages;
  });
  refreshClocks(alert);
  return reached.sort((a, b) => a.at.getTime() - b.at.getTime() || CLOCKS.indexOf(a.clock) - CLOCKS.indexOf(b.clock));
}

function earliest(moments: readonly Date[]): Date | null {
  return moments.reduce<Date | null>(
    (first, next) => (first && first.getTime() <= next.getTime() ? first : next),
    null,
  );
}
