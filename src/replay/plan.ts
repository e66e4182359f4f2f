import type { Result } from '../alert/alert.js';
import type { RiskLevel } from '../organization/risk.js';
import type { LocalDate } from '../platform/clock/local-date.js';
import type { CityMap, Home } from '../simulation/city.map.js';
import type { Targets, TypeShare } from './profile.rules.js';

export interface ReplayOptions {
  readonly city: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly scale: number;
  readonly seed: string;
}

export interface PlanInput {
  readonly options: ReplayOptions;
  readonly targets: Targets;
  readonly types: readonly TypeShare[];
  readonly map: CityMap;
}

/** A case that is worked by itself: somebody is in danger. */
export interface WarnedCase {
  /** From 0; names the case, and its person. */
  readonly no: number;
  /** Day of the period, from 0. */
  readonly day: number;
  /** Minute of the day at which it comes in. */
  readonly minute: number;
  readonly riskLevel: RiskLevel;
  readonly result: Result;
  readonly fraudType: string;
  readonly home: Home;
  readonly interceptedFen: number;
  readonly lossFen: number;
  /** Minutes by which everything about it is late. */
  readonly delay: number;
}

/** What a county's desk does about cases that turn out to be nothing. */
export const GROUP_KINDS = ['message', 'call', 'second-call', 'unreachable'] as const;
export type GroupKind = (typeof GROUP_KINDS)[number];

/** Acts that a case of the kind takes. */
export const ACTS: Readonly<Record<GroupKind, number>> = { message: 1, call: 1, 'second-call': 2, unreachable: 3 };

/** Cases of one county that come in together and are worked together. */
export interface CaseGroup {
  readonly kind: GroupKind;
  readonly county: string;
  readonly cases: number;
  /** Which of the day's batches opens them, from 0. */
  readonly batch: number;
  readonly late: boolean;
}

export interface DayPlan {
  /** From 0. */
  readonly index: number;
  readonly date: LocalDate;
  /** Minutes of the day at which signals are handed in. */
  readonly batches: readonly number[];
  readonly groups: readonly CaseGroup[];
  /** Signals about people whose case is open. */
  readonly repeats: number;
}

/** What is done about the money of an incident. */
export interface MoneyPlan {
  /** What the bank holds, fen; undefined: it refuses. */
  readonly stoppedFen?: number;
  readonly frozen: boolean;
  readonly back?: ReturnPlan;
}

export interface ReturnPlan {
  readonly returnFen: number;
  readonly method: 'direct-single' | 'pro-rata';
  /** Days of the period on which: asked for, approved (and published), taken to the bank, paid. */
  readonly asked: number;
  readonly approved: number;
  readonly notified: number;
  readonly paid: number;
}

/** A fraud that the victim reports. */
export interface PlannedIncident {
  readonly no: number;
  readonly day: number;
  readonly minute: number;
  readonly fraudType: string;
  readonly lossFen: number;
  readonly home: Home;
  readonly money: MoneyPlan;
}

export interface ReplayPlan {
  readonly input: PlanInput;
  readonly days: readonly DayPlan[];
  readonly warned: readonly WarnedCase[];
  readonly incidents: readonly PlannedIncident[];
}

/** Days from the closing after which a case is followed up, by level. */
export const FOLLOW_UP_DAYS: Readonly<Record<RiskLevel, readonly number[]>> = {
  urgent: [1, 3, 7],
  high: [3, 7],
  medium: [7],
  low: [],
};

/** Acts of dissuasion that a case takes. */
export function actsOf({ riskLevel, result }: Pick<WarnedCase, 'riskLevel' | 'result'>): number {
  const home = riskLevel === 'high' || riskLevel === 'urgent';
  return home && (result === 'dissuaded' || result === 'partial-loss') ? 2 : 1;
}
