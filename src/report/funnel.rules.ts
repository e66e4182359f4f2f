import { rateOf, type Rate } from './rate.rules.js';

/** Steps of a case after it became one, each with its bit. */
export const CASE_STEP = {
  pushed: 1 << 0,
  accepted: 1 << 1,
  reached: 1 << 2,
  visited: 1 << 3,
  closed: 1 << 4,
  dissuaded: 1 << 5,
} as const;
export type CaseStep = keyof typeof CASE_STEP;

export const FUNNEL_STEPS = [
  'signals',
  'alerts',
  'pushed',
  'accepted',
  'reached',
  'visited',
  'closed',
  'dissuaded',
] as const;
export type FunnelStep = (typeof FUNNEL_STEPS)[number];

/** What is counted for one funnel. */
export interface FunnelTally {
  /** Signals that joined cases. */
  joined: number;
  /** Cases by the steps they took (CASE_STEP). */
  cases: Map<number, number>;
}

export interface Step {
  step: FunnelStep;
  count: number;
  shareOfBefore: Rate | null;
  dropOff: Rate | null;
}

/**
 * The funnel with its losses. Steps are counted each by itself, because a case may be closed without a visit: so a step
 * may have more than the one before, and what is lost between two is counted over the cases of the former.
 */
export function funnelOf({ joined, cases }: FunnelTally): Step[] {
  const having = (bits: number): number => {
    let sum = 0;
    for (const [steps, times] of cases) if ((steps & bits) === bits) sum += times;
    return sum;
  };
  const alerts = having(0);
  let before = { count: alerts, bit: 0 };
  return [
    { step: 'signals', count: alerts + joined, shareOfBefore: null, dropOff: null },
    stepAfter('alerts', alerts + joined, alerts, alerts),
    ...(Object.keys(CASE_STEP) as CaseStep[]).map((step): Step => {
      const bit = CASE_STEP[step];
      const made = stepAfter(step, before.count, having(bit), having(before.bit | bit));
      before = { count: made.count, bit };
      return made;
    }),
  ];
}

/** @param both how many of those before took this step, too */
function stepAfter(step: FunnelStep, before: number, count: number, both: number): Step {
  return { step, count, shareOfBefore: rateOf(both, before), dropOff: rateOf(before - both, before) };
}
