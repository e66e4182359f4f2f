import type { FundPolicy } from '../organization/policy.js';
import { addDays, localDateOf, type LocalDate } from '../platform/clock/local-date.js';
import type { Fault } from '../platform/http/problem.js';
import { APPROVER_TIERS, type ApproverTier, type Freeze, type FreezeStatus } from './freeze.js';
import { addMonths, fitsMonths, lapseOf, renewalAlarmOf, verificationOf } from './period.rules.js';

/** What can be done to a freeze, and the states it is done in. */
export const FREEZE_COMMANDS = [
  'approve',
  'reject',
  'effective',
  'refused',
  'correct',
  'renewals',
  'approve-renewal',
  'reject-renewal',
  'unrelated',
  'release',
] as const;
export type FreezeCommand = (typeof FREEZE_COMMANDS)[number];

const FROM: Record<FreezeCommand, readonly FreezeStatus[]> = {
  approve: ['requested'],
  reject: ['requested'],
  effective: ['approved'],
  refused: ['approved'],
  correct: ['effective'],
  renewals: ['effective'],
  'approve-renewal': ['effective'],
  'reject-renewal': ['effective'],
  unrelated: ['effective'],
  release: ['approved', 'waiting', 'effective'],
};

export function mayFollow(command: FreezeCommand, status: FreezeStatus): boolean {
  return FROM[command].includes(status);
}

/** The states that a command starts from, in words. */
export function startOf(command: FreezeCommand): string {
  return FROM[command].join(' or ');
}

/** States in which the last day ends it: whoever waits in line has its days still before it. */
const RUNNING: readonly FreezeStatus[] = ['requested', 'approved', 'effective'];

/** Whether its last day is over, also where the clock has not told so yet. */
export function isOver(freeze: Pick<Freeze, 'status' | 'untilOn'>, now: Date, timeZone: string): boolean {
  return RUNNING.includes(freeze.status) && now.getTime() >= lapseOf(freeze.untilOn, timeZone).getTime();
}

/** The status as it is at a moment. */
export function statusAt(freeze: Pick<Freeze, 'status' | 'untilOn'>, now: Date, timeZone: string): FreezeStatus {
  return isOver(freeze, now, timeZone) ? 'lapsed' : freeze.status;
}

/** How far back, and how far ahead, a freeze may begin: papers are entered late, or made ready. */
const DAYS_BACK = 7;
const DAYS_AHEAD = 30;

/** What is wrong with the days of a request. @param filedOn the local day on which the incident was filed */
export function periodFaults(
  period: { from: LocalDate; until: LocalDate },
  filedOn: LocalDate,
  today: LocalDate,
  { freezeMonthsByCity }: FundPolicy,
): Fault[] {
  const faults: Fault[] = [];
  const { from, until } = period;
  if (from < addDays(today, -DAYS_BACK)) faults.push(of('/from', `lies more than ${DAYS_BACK} days back`));
  else if (from < filedOn) faults.push(of('/from', `lies before the day of filing, ${filedOn}`));
  if (from > addDays(today, DAYS_AHEAD)) faults.push(of('/from', `lies more than ${DAYS_AHEAD} days ahead`));
  if (until < from) faults.push(of('/until', `lies before the first day, ${from}`));
  else if (until < today) faults.push(of('/until', 'is over already'));
  else if (!fitsMonths(from, until, freezeMonthsByCity)) {
    faults.push(of('/until', tooLong(from, freezeMonthsByCity)));
  }
  return faults;
}

/** What is wrong with the new last day of a freeze that is to be renewed. */
export function renewalFaults(current: LocalDate, until: LocalDate, { freezeMonthsByCity }: FundPolicy): Fault[] {
  const from = addDays(current, 1);
  if (until < from) return [of('/until', `does not lie behind the present last day, ${current}`)];
  return fitsMonths(from, until, freezeMonthsByCity) ? [] : [of('/until', tooLong(from, freezeMonthsByCity))];
}

function tooLong(from: LocalDate, months: number): string {
  return `is ${addMonths(from, months)} at the latest: ${months} months from ${from}, with the approval of the city`;
}

/** Clocks of servers and banks differ by so much. */
const SKEW_MS = 5 * 60_000;
/** Callers write whole seconds; our own moments have thousandths. */
const SECOND_MS = 1_000;

/**
 * What is wrong with the moment at which the bank froze an account.
 * @param freeSince when the freeze before it ended, where there was one
 */
export function effectiveFault(
  freeze: Freeze,
  at: Date,
  freeSince: Date | null,
  now: Date,
  timeZone: string,
): string | undefined {
  if (at.getTime() > now.getTime() + SKEW_MS) return 'lies in the future';
  if (at.getTime() + SECOND_MS <= freeze.approvedAt!.getTime()) return 'lies before the approval';
  if (localDateOf(at, timeZone) < freeze.fromOn) return `lies before the first day, ${freeze.fromOn}`;
  if (at.getTime() >= lapseOf(freeze.untilOn, timeZone).getTime()) return `lies behind the last day, ${freeze.untilOn}`;
  if (freeSince && at.getTime() < freeSince.getTime()) return 'lies before the end of the freeze that held the account';
  return undefined;
}

/**
 * Who has to approve, at least.
 * @param exceeds with what is frozen and asked for on the account it is more than a county may have frozen
 */
export function approverTierOf(
  period: { from: LocalDate; until: LocalDate },
  exceeds: boolean,
  { freezeMonths }: FundPolicy,
): ApproverTier {
  return exceeds || !fitsMonths(period.from, period.until, freezeMonths) ? 'city' : 'county';
}

export function higherTier(one: ApproverTier, other: ApproverTier): ApproverTier {
  return APPROVER_TIERS[Math.max(APPROVER_TIERS.indexOf(one), APPROVER_TIERS.indexOf(other))]!;
}

/** Months after which it is verified that the money belongs to the case. */
export const VERIFICATIONS = [1, 3] as const;

/** Moments of an effective freeze, in the order of their kinds. */
export interface FreezeMoments {
  /** Those within the freeze. */
  readonly verifications: readonly { months: (typeof VERIFICATIONS)[number]; at: Date }[];
  readonly renewalAt: Date;
  readonly lapsesAt: Date;
}

export function momentsOf(
  { effectiveAt, untilOn }: Pick<Freeze, 'effectiveAt' | 'untilOn'>,
  { renewalAlarmDays }: FundPolicy,
  timeZone: string,
): FreezeMoments {
  const lapsesAt = lapseOf(untilOn, timeZone);
  const verifications = VERIFICATIONS.map((months) => ({ months, at: verificationOf(effectiveAt!, months, timeZone) }));
  const alarm = renewalAlarmOf(untilOn, renewalAlarmDays, timeZone);
  return {
    verifications: verifications.filter(({ at }) => at < lapsesAt),
    // A freeze that is shorter than the alarm calls for its renewal from the first.
    renewalAt: alarm > effectiveAt! ? alarm : effectiveAt!,
    lapsesAt,
  };
}

/** When a freeze shown to be unrelated has to be released: days of 24 hours. */
export function releaseDueOf(unrelatedAt: Date, { releaseDays }: FundPolicy): Date {
  return new Date(unrelatedAt.getTime() + releaseDays * 86_400_000);
}

function of(pointer: string, message: string): Fault {
  return { pointer, message };
}
