import { homeIn } from '../simulation/city.map.js';
import { lureOf } from '../simulation/lures.js';
import type { Random } from '../simulation/random.js';
import { apportion } from './apportion.rules.js';
import type { MoneyPlan, PlanInput, PlannedIncident, ReturnPlan, WarnedCase } from './plan.js';
import { daysOf, type TypeShare } from './profile.rules.js';

/** How many incidents come of a warning instead of a report, in percent. */
const AFTER_WARNING = 3;
const BEFORE_WARNING = 5;
/** Stopped money is spread over accounts into which at least so much more was paid. */
const PAID_IN = 1.25;
/** Frozen for returning is at least so many times what is returned: the rest is of victims not found yet. */
const FROZEN_FOR = 2.5;
/** One stop-payment in so many is frozen without a return. */
const FROZEN_EVERY = 5;
/** One return in so many is not traceable, and is shared out after a notice. */
const SHARED_EVERY = 3;
/** Days from a report to the application, the approval and the payment; a notice takes a month more. */
const STEPS = { asked: 14, approved: 18, notified: 20, paid: 21 };
const NOTICE = { notified: 51, paid: 52 };

/** A case that ends in an incident. */
export type LostCase = Pick<WarnedCase, 'day' | 'fraudType' | 'lossFen' | 'home' | 'result'>;

/** Frauds of a period: those that victims report, with what is done about the money, and those that came of a warning. */
export function planIncidents(input: PlanInput, random: Random): { reported: PlannedIncident[]; lost: LostCase[] } {
  const { targets, types, options, map } = input;
  const days = daysOf(options.from, options.to);
  const counts = byTypes(
    targets.incidents,
    types,
    types.map((type) => type.incidents),
  );
  // A type without an incident has no loss either: in tiny replays.
  const losses = byTypes(
    targets.incidents === 0 ? 0 : targets.incidentLossFen,
    types,
    types.map((type, index) => (counts[index]! > 0 ? type.loss : 0)),
  );
  const frauds = types.flatMap(({ fraudType }, index) => {
    const { medianYuan } = lureOf(fraudType);
    const weights = Array.from({ length: counts[index]! }, () => random.lognormal(medianYuan, 0.8));
    return apportion(losses[index]!, weights).map((lossFen) => ({
      fraudType,
      lossFen,
      day: random.integer(0, days - 1),
      home: homeIn(map, random),
    }));
  });
  const share = (percent: number): number => (targets.signals === 0 ? 0 : Math.floor((frauds.length * percent) / 100));
  const shuffled = shuffle(frauds, random);
  const after = share(AFTER_WARNING);
  const before = after + share(BEFORE_WARNING);
  const lost = shuffled
    .slice(0, before)
    .map((fraud, at): LostCase => ({ ...fraud, result: at < after ? 'defrauded-after-warning' : 'already-defrauded' }));
  const reported = shuffled
    .slice(before)
    // In the order of time, so that whoever reads the plan finds it in the files.
    .sort((a, b) => a.day - b.day)
    .map((fraud, no) => ({ ...fraud, no, minute: 10 * random.integer(51, 72) }));
  const money = planMoney(input, reported, random, days);
  return { reported: reported.map((fraud) => ({ ...fraud, money: money.get(fraud.no) ?? { frozen: false } })), lost };
}

/** First the named types together and the others together, then each: so the sum of the named ones is right, too. */
function byTypes(total: number, types: readonly TypeShare[], weights: readonly number[]): number[] {
  const of = (named: boolean): number[] => weights.map((weight, index) => (types[index]!.named === named ? weight : 0));
  const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0);
  const [named, others] = [of(true), of(false)];
  const [first, second] = apportion(total, [sum(named), sum(others)]);
  const [a, b] = [apportion(first!, named), apportion(second!, others)];
  return weights.map((_, index) => a[index]! + b[index]!);
}

type Reported = Omit<PlannedIncident, 'money'>;

/** Which accounts are stopped, which frozen, and out of which is given back, so that the sums come out. */
function planMoney(
  { targets }: PlanInput,
  reported: readonly Reported[],
  random: Random,
  days: number,
): Map<number, MoneyPlan> {
  const stops: Reported[] = [];
  let paidIn = 0;
  for (const fraud of shuffle(reported, random)) {
    if (paidIn >= targets.controlledFen * PAID_IN) break;
    stops.push(fraud);
    paidIn += fraud.lossFen;
  }
  if (stops.length === 0) return new Map();
  const amounts = apportion(
    targets.controlledFen,
    stops.map(({ lossFen }) => lossFen),
  );
  // Earlier ones first: a return takes its time.
  const order = stops.map((fraud, index) => ({ fraud, stoppedFen: amounts[index]! }));
  order.sort((a, b) => a.fraud.day - b.fraud.day || a.fraud.no - b.fraud.no);
  // Every second of the early ones, so that returns go on all through the period; the others where these are not enough.
  const preferred = order.filter(() => random.chance(0.5));
  const pots: typeof order = [];
  let frozen = 0;
  for (const stop of new Set([...preferred, ...order])) {
    if (frozen >= targets.returnedFen * FROZEN_FOR) break;
    pots.push(stop);
    frozen += stop.stoppedFen;
  }
  const backs = apportion(
    pots.length === 0 ? 0 : targets.returnedFen,
    pots.map(({ stoppedFen }) => stoppedFen),
  );
  const plans = new Map<number, MoneyPlan>();
  order.forEach(({ fraud, stoppedFen }, index) => {
    const at = pots.findIndex((pot) => pot.fraud === fraud);
    const returnFen = at < 0 ? 0 : backs[at]!;
    plans.set(fraud.no, {
      stoppedFen,
      frozen: at >= 0 || index % FROZEN_EVERY === 0,
      ...(returnFen > 0 ? { back: returnOf(fraud, returnFen, at, days) } : {}),
    });
  });
  return plans;
}

/** @param at of the returns, from 0 */
function returnOf({ day, lossFen }: Reported, returnFen: number, at: number, days: number): ReturnPlan {
  const left = days - 1 - day;
  // Half of what came into a shared account is nobody's known loss: the claim is twice what it gets.
  const shared = at % SHARED_EVERY === SHARED_EVERY - 1 && left >= NOTICE.paid && returnFen * 2 <= lossFen;
  const after = shared ? { ...STEPS, ...NOTICE } : STEPS;
  // Where the period ends before, the officers hurry: the law sets longest times, not shortest.
  const on = (step: number): number => day + (left >= after.paid ? step : Math.floor((left * step) / after.paid));
  return {
    returnFen,
    method: shared ? 'pro-rata' : 'direct-single',
    asked: on(after.asked),
    approved: on(after.approved),
    notified: on(after.notified),
    paid: on(after.paid),
  };
}

export function shuffle<T>(values: readonly T[], random: Random): T[] {
  const shuffled = [...values];
  for (let at = shuffled.length - 1; at > 0; at--) {
    const other = random.integer(0, at);
    [shuffled[at], shuffled[other]] = [shuffled[other]!, shuffled[at]!];
  }
  return shuffled;
}
