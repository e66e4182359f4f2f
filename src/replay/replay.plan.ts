import type { RiskLevel } from '../organization/risk.js';
import { homeIn, weightOf, type CityMap } from '../simulation/city.map.js';
import { Random } from '../simulation/random.js';
import { apportion } from './apportion.rules.js';
import { planIncidents, shuffle, type LostCase } from './incident.plan.js';
import {
  ACTS,
  actsOf,
  type CaseGroup,
  type DayPlan,
  type GroupKind,
  type PlanInput,
  type ReplayPlan,
  type WarnedCase,
} from './plan.js';
import { dayAt, daysOf } from './profile.rules.js';

/** A figure does not go into this replay: a scale or period so small that its parts contradict each other. */
export class PlanError extends Error {
  override readonly name = 'PlanError';
}

/** Signals that a batch has at least, and how many batches a day has at most. */
const LEAST_BATCH = 25;
const MOST_BATCHES = 48;
/** Minutes of the day between which signals are handed in … */
const FIRST_BATCH = 6 * 60 + 30;
const LAST_BATCH = 22 * 60 + 30;
/** … and until which they open cases of the desks, so that these are worked on the same day. */
const LAST_OPENING = 18 * 60;
/** Cases of a desk that are worked together. */
const LEAST_GROUP = 5;
const MOST_GROUP = 60;
/** One case of the desks in so many acts whose person cannot be reached. */
const UNREACHABLE_SHARE = 0.001;
const LATE = 0.07;

const DESK_KINDS: readonly (readonly [GroupKind, number])[] = [
  ['message', 60],
  ['call', 31],
  ['second-call', 9],
];
const SAVED_LEVELS: readonly (readonly [RiskLevel, number])[] = [
  ['urgent', 25],
  ['high', 45],
  ['medium', 30],
];

/**
 * Everything that is to happen, so that the period comes to its figures exactly. The same for the same options.
 * @throws PlanError where they cannot be brought together
 */
export function planReplay(input: PlanInput): ReplayPlan {
  const { options, targets, map } = input;
  const random = new Random(`replay ${options.seed} ${options.city}`);
  const days = daysOf(options.from, options.to);
  const { reported, lost } = planIncidents(input, random.fork('incidents'));
  const warned = planWarned(input, lost, days, random.fork('warned'));

  const acts = targets.attempts - warned.reduce((sum, each) => sum + actsOf(each), 0);
  if (acts < 0) throw new PlanError('There are fewer acts of dissuasion than cases that need one.');
  const unreachable = Math.floor((acts * UNREACHABLE_SHARE) / ACTS.unreachable);
  const weights = Array.from({ length: days }, (_, day) => (isWeekend(dayAt(options.from, day)) ? 0.85 : 1));
  const unreachableBy = apportion(unreachable, weights);
  const actsBy = apportion(acts - unreachable * ACTS.unreachable, weights);
  const signalsADay = targets.signals / days;
  const batches = batchesOf(signalsADay);
  const groups = actsBy.map((actsOfDay, day) =>
    planGroups(map, actsOfDay, unreachableBy[day]!, batches, random.fork(`groups ${day}`)),
  );
  const opened = groups.map((ofDay) => ofDay.reduce((sum, { cases }) => sum + cases, 0));
  const repeats = targets.signals - warned.length - opened.reduce((sum, cases) => sum + cases, 0);
  if (repeats < 0) throw new PlanError('There are fewer signals than cases that begin with one.');
  if (repeats > 0 && opened.every((cases) => cases === 0))
    throw new PlanError('There is no case that signals can join.');
  const repeatsBy = apportion(repeats, opened);
  const plans = groups.map((ofDay, index): DayPlan => ({
    index,
    date: dayAt(options.from, index),
    batches,
    groups: ofDay,
    repeats: repeatsBy[index]!,
  }));
  return { input, days: plans, warned, incidents: reported };
}

/** Cases that are worked one by one: those that succeed, and those that fail. */
function planWarned(
  { targets, map }: PlanInput,
  lost: readonly LostCase[],
  days: number,
  random: Random,
): WarnedCase[] {
  const amounts = apportion(
    targets.successes === 0 ? 0 : targets.interceptedFen,
    Array.from({ length: targets.successes }, () => random.lognormal(20_000, 0.9)),
  );
  const types = map.fraudTypes.map((code, rank) => [code, 0.78 ** rank] as const);
  const saved = amounts.map((interceptedFen) => ({
    day: random.integer(0, days - 1),
    fraudType: random.weighted(types),
    home: homeIn(map, random),
    riskLevel: random.weighted(SAVED_LEVELS),
    // A part was gone already, now and then.
    ...(random.chance(0.03)
      ? { result: 'partial-loss' as const, lossFen: 1_000 * random.integer(200, 3_000) }
      : { result: 'dissuaded' as const, lossFen: 0 }),
    interceptedFen,
  }));
  const failed = lost.map((fraud) => ({ ...fraud, riskLevel: 'medium' as const, interceptedFen: 0 }));
  return shuffle([...saved, ...failed], random)
    .sort((a, b) => a.day - b.day)
    .map((each, no) => ({
      ...each,
      no,
      minute: random.integer(7 * 60, 20 * 60),
      delay: random.chance(LATE) ? { urgent: 6, high: 12, medium: 50, low: 0 }[each.riskLevel] : 0,
    }));
}

/** Cases of the desks, until the day's acts are all given out. */
function planGroups(
  map: CityMap,
  acts: number,
  unreachable: number,
  batches: readonly number[],
  random: Random,
): CaseGroup[] {
  const opening = batches.filter((minute) => minute <= LAST_OPENING).length;
  const size = Math.min(MOST_GROUP, Math.max(LEAST_GROUP, Math.round(acts / 60)));
  const group = (kind: GroupKind, cases: number): CaseGroup => ({
    kind,
    cases,
    county: random.weighted(map.counties.map((county) => [county.code, weightOf(county)] as const)),
    batch: random.integer(0, opening - 1),
    late: random.chance(LATE),
  });
  const groups = Array.from({ length: unreachable }, () => group('unreachable', 1));
  for (let left = acts; left > 0;) {
    const drawn = random.weighted(DESK_KINDS);
    const kind = left < ACTS[drawn] ? 'message' : drawn;
    const cases = Math.min(size, Math.floor(left / ACTS[kind]));
    groups.push(group(kind, cases));
    left -= cases * ACTS[kind];
  }
  return groups;
}

/** @param signals of an average day */
function batchesOf(signals: number): number[] {
  const count = Math.min(MOST_BATCHES, Math.max(2, Math.ceil(signals / LEAST_BATCH)));
  return Array.from({ length: count }, (_, at) =>
    Math.round(FIRST_BATCH + ((LAST_BATCH - FIRST_BATCH) * at) / (count - 1)),
  );
}

function isWeekend(date: string): boolean {
  const day = new Date(`${date}T00:00:00Z`).getUTCDay();
  return day === 0 || day === 6;
}
