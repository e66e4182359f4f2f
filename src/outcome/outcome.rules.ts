import type { Alert, Result } from '../alert/alert.js';
import type { Tier } from '../organization/agency.js';
import { STEPS, type LadderPolicy, type ReviewPolicy, type Step } from '../organization/policy.js';
import type { RiskLevel } from '../organization/risk.js';
import type { Fault } from '../platform/http/problem.js';
import type { OutcomeBody } from './outcome.dto.js';

type Tried = Pick<Alert, 'smsAttempts' | 'callAttempts' | 'visitAttempts'>;

/** Results that need no step of the ladder: there was nobody to dissuade, or it was too late. */
const NO_LADDER: readonly Result[] = ['false-alarm', 'already-defrauded', 'defrauded-after-warning'];

/** Faults of the money in an outcome (spec page 1, "Results"); amounts in fen. */
export function moneyFaults(
  body: Pick<OutcomeBody, 'result' | 'interceptedFen' | 'interceptedBasis' | 'lossFen'>,
): Fault[] {
  const faults: Fault[] = [];
  const mustLose = ['partial-loss', 'already-defrauded', 'defrauded-after-warning'].includes(body.result);
  const nothing = ['false-alarm', 'unreachable', 'refused'].includes(body.result);
  if (mustLose && body.lossFen === 0)
    faults.push({ pointer: '/lossFen', message: `must be more than 0 where the result is ${body.result}` });
  if (!mustLose && body.lossFen > 0)
    faults.push({ pointer: '/lossFen', message: `must be 0 where the result is ${body.result}` });
  if (nothing && body.interceptedFen > 0)
    faults.push({ pointer: '/interceptedFen', message: `must be 0 where the result is ${body.result}` });
  if (body.interceptedFen > 0 && body.interceptedBasis == null) {
    faults.push({ pointer: '/interceptedBasis', message: 'is needed where interceptedFen is more than 0' });
  }
  return faults;
}

/** Steps that are still missing before a result is taken; a higher step stands for a lower one. */
export function missingSteps(
  result: Result,
  riskLevel: RiskLevel,
  visitRequired: boolean,
  tried: Tried,
  policy: LadderPolicy,
): string[] {
  if (NO_LADDER.includes(result)) return [];
  const made: Record<Step, number> = { sms: tried.smsAttempts, call: tried.callAttempts, visit: tried.visitAttempts };
  const needed: Step = visitRequired ? 'visit' : policy.needed[riskLevel];
  const missing: string[] = [];
  if (!STEPS.slice(STEPS.indexOf(needed)).some((step) => made[step] > 0)) missing.push(needed);
  if (result === 'unreachable' || result === 'refused') {
    const calls = policy.minCallAttempts - made.call;
    if (calls > 0) missing.push(`${calls} more call${calls > 1 ? 's' : ''}`);
    if ((riskLevel === 'high' || riskLevel === 'urgent') && made.visit === 0 && !missing.includes('visit'))
      missing.push('visit');
  }
  return missing;
}

/** `refused` may be given only for what was escalated first, unless there is nothing higher to escalate to. */
export function mustEscalateFirst(result: Result, alert: Pick<Alert, 'riskLevel' | 'escalated'>): boolean {
  return result === 'refused' && !alert.escalated && alert.riskLevel !== 'urgent';
}

/** The tier that must review an outcome; null where policy needs no review. */
export function reviewTier(
  holderTier: Tier,
  body: Pick<OutcomeBody, 'result' | 'interceptedFen'>,
  riskLevel: RiskLevel,
  policy: ReviewPolicy,
): 'county' | 'city' | null {
  if (holderTier === 'township') return 'county';
  const toCity =
    body.interceptedFen >= policy.interceptedFen ||
    policy.results.includes(body.result) ||
    (body.result === 'unreachable' && policy.unreachableLevels.includes(riskLevel)) ||
    (body.result === 'refused' && policy.refusedLevels.includes(riskLevel));
  return toCity ? 'city' : null;
}

const HOUR = 60;
const DAY = 24 * HOUR;
const PLAN: Record<RiskLevel, readonly number[]> = {
  urgent: [24 * HOUR, 72 * HOUR, 7 * DAY],
  high: [72 * HOUR, 7 * DAY],
  medium: [7 * DAY],
  low: [],
};

/** When a closed case is to be followed up (回访). */
export function followUpPlan(result: Result, riskLevel: RiskLevel, closedAt: Date): Date[] {
  if (!['dissuaded', 'partial-loss', 'refused'].includes(result)) return [];
  return PLAN[riskLevel].map((minutes) => new Date(closedAt.getTime() + minutes * 60_000));
}

/** Clocks of servers and officers differ by so much. */
const SKEW_MS = 60_000;

/** What is wrong with the moment of an act; undefined where nothing is. */
export function momentFault(at: Date, notBefore: Date, now: Date): string | undefined {
  if (at.getTime() > now.getTime() + SKEW_MS) return 'lies in the future';
  if (at.getTime() < notBefore.getTime()) return 'lies before the signal was detected';
  return undefined;
}
