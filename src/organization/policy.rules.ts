import type { Fault } from '../platform/http/problem.js';
import {
  ALERT_RESULTS,
  STEPS,
  type ClockPolicy,
  type FundPolicy,
  type LadderPolicy,
  type LevelClocks,
  type MessagePolicy,
  type Policies,
  type PolicyKind,
  type ReviewPolicy,
  type RoutingPolicy,
} from './policy.js';
import { DocumentReader } from './document-reader.js';
import { readRanking } from './ranking-policy.rules.js';
import { RISK_LEVELS, type RiskLevel } from './risk.js';

export const MAX_CLOCK_MINUTES = 30 * 24 * 60;
export const MAX_CALL_ATTEMPTS = 20;
export const MAX_WATCH_DAYS = 365;
export const MAX_RETURNS = 20;
export const MIN_SMS_TEXT = 10;
export const MAX_SMS_TEXT = 300;
/** How far ahead a policy may be scheduled. */
export const MAX_AHEAD_DAYS = 366;

const MAX_FEN = Number.MAX_SAFE_INTEGER;
const DAY_MS = 86_400_000;
const AT = '/document';

export type PolicyReading<Kind extends PolicyKind> =
  | { readonly document: Policies[Kind]; readonly faults: readonly [] }
  | { readonly document: undefined; readonly faults: readonly Fault[] };

const readers: { [Kind in PolicyKind]: (reader: DocumentReader, document: unknown) => Policies[Kind] | undefined } = {
  clocks: readClocks,
  ladder: readLadder,
  review: readReview,
  routing: readRouting,
  messages: readMessages,
  funds: readFunds,
  ranking: (reader, document) => readRanking(reader, document, AT),
};

/** Reads a policy from outside: whole, with no field too many, and sensible. Names every fault that it has. */
export function readPolicy<Kind extends PolicyKind>(kind: Kind, document: unknown): PolicyReading<Kind> {
  const reader = new DocumentReader();
  const read = readers[kind](reader, document);
  return read && reader.faults.length === 0
    ? { document: read, faults: [] }
    : { document: undefined, faults: reader.faults };
}

/** A policy holds from now or later: the past is not rewritten, and a typing error does not hide in the far future. */
export function effectiveFromFaults(effectiveFrom: Date | undefined, now: Date): Fault[] {
  const fault = (message: string): Fault[] => [{ pointer: '/effectiveFrom', message }];
  if (!effectiveFrom) return fault('must be a moment such as 2023-07-01T00:00:00+08:00');
  if (effectiveFrom < now) return fault('lies in the past; leave it out to begin at once');
  if (effectiveFrom.getTime() > now.getTime() + MAX_AHEAD_DAYS * DAY_MS) return fault('lies more than a year ahead');
  return [];
}

function readClocks(reader: DocumentReader, document: unknown): ClockPolicy | undefined {
  const levels = reader.object(document, AT, RISK_LEVELS);
  if (!levels) return undefined;
  const entries = RISK_LEVELS.map((level) => [level, readLevel(reader, levels[level], `${AT}/${level}`)] as const);
  const clocks = Object.fromEntries(entries) as Record<RiskLevel, LevelClocks | undefined>;
  if (reader.faults.length > 0 || Object.values(clocks).includes(undefined)) return undefined;
  const complete = clocks as ClockPolicy;
  return complete;
}

const CLOCKS = ['acceptMinutes', 'callMinutes', 'visitMinutes', 'feedbackMinutes'] as const;

function readLevel(reader: DocumentReader, value: unknown, pointer: string): LevelClocks | undefined {
  const level = reader.object(value, pointer, CLOCKS);
  if (!level) return undefined;
  const minutes = (name: (typeof CLOCKS)[number]): number =>
    reader.integer(level[name], `${pointer}/${name}`, 1, MAX_CLOCK_MINUTES);
  const optional = (name: (typeof CLOCKS)[number]): number | null => (level[name] === null ? null : minutes(name));
  return {
    acceptMinutes: minutes('acceptMinutes'),
    callMinutes: optional('callMinutes'),
    visitMinutes: optional('visitMinutes'),
    feedbackMinutes: minutes('feedbackMinutes'),
  };
}

function readLadder(reader: DocumentReader, document: unknown): LadderPolicy | undefined {
  const ladder = reader.object(document, AT, ['needed', 'minCallAttempts']);
  if (!ladder) return undefined;
  const minCallAttempts = reader.integer(ladder['minCallAttempts'], `${AT}/minCallAttempts`, 1, MAX_CALL_ATTEMPTS);
  const steps = reader.object(ladder['needed'], `${AT}/needed`, RISK_LEVELS);
  if (!steps) return undefined;
  const needed = Object.fromEntries(
    RISK_LEVELS.map((level) => [level, reader.oneOf(steps[level], `${AT}/needed/${level}`, STEPS)]),
  ) as LadderPolicy['needed'];
  if (reader.faults.length > 0) return undefined;
  for (const [index, level] of RISK_LEVELS.entries()) {
    const lower = RISK_LEVELS[index - 1];
    if (lower && STEPS.indexOf(needed[level]) < STEPS.indexOf(needed[lower])) {
      reader.fault(`${AT}/needed/${level}`, `must not be less than at ${lower} (${needed[lower]})`);
    }
  }
  return { needed, minCallAttempts };
}

function readReview(reader: DocumentReader, document: unknown): ReviewPolicy | undefined {
  const review = reader.object(document, AT, ['interceptedFen', 'results', 'unreachableLevels', 'refusedLevels']);
  if (!review) return undefined;
  return {
    interceptedFen: reader.integer(review['interceptedFen'], `${AT}/interceptedFen`, 0, MAX_FEN),
    results: reader.listOf(review['results'], `${AT}/results`, ALERT_RESULTS),
    unreachableLevels: reader.listOf(review['unreachableLevels'], `${AT}/unreachableLevels`, RISK_LEVELS),
    refusedLevels: reader.listOf(review['refusedLevels'], `${AT}/refusedLevels`, RISK_LEVELS),
  };
}

function readRouting(reader: DocumentReader, document: unknown): RoutingPolicy | undefined {
  const routing = reader.object(document, AT, ['autoPush', 'watchDays', 'maxReturns']);
  if (!routing) return undefined;
  return {
    autoPush: reader.boolean(routing['autoPush'], `${AT}/autoPush`),
    watchDays: reader.integer(routing['watchDays'], `${AT}/watchDays`, 1, MAX_WATCH_DAYS),
    maxReturns: reader.integer(routing['maxReturns'], `${AT}/maxReturns`, 0, MAX_RETURNS),
  };
}

/** What a text may leave open. */
const PLACEHOLDERS = ['{{caseNo}}', '{{agency}}'];
/** As long as a mobile phone or longer: one text goes to everybody, so a number of a person has no place in it. */
const PERSONAL_NUMBER = /\d(?:[ -]?\d){10,}/;

function readMessages(reader: DocumentReader, document: unknown): MessagePolicy | undefined {
  const messages = reader.object(document, AT, ['autoSmsLevels', 'smsText']);
  if (!messages) return undefined;
  const at = `${AT}/smsText`;
  const smsText = reader.text(messages['smsText'], at, MIN_SMS_TEXT, MAX_SMS_TEXT);
  const open = smsText.match(/\{\{.*?\}\}|\{\{|\}\}/g) ?? [];
  if (open.some((placeholder) => !PLACEHOLDERS.includes(placeholder))) {
    reader.fault(at, `may leave open only ${PLACEHOLDERS.join(' and ')}`);
  }
  if (PERSONAL_NUMBER.test(smsText))
    reader.fault(at, 'holds what looks like the number of a person; it goes to everybody');
  return { autoSmsLevels: reader.listOf(messages['autoSmsLevels'], `${AT}/autoSmsLevels`, RISK_LEVELS), smsText };
}

/** What each number of the money policy may be: the law's own figure is the loosest. */
export const FUND_RANGES = {
  stopRequestMinutes: [1, 24 * 60],
  stopHours: [1, 48],
  protectionHours: [1, 48],
  protectionExtendedHours: [1, 72],
  ownerRequestMinutes: [1, 24 * 60],
  freezeMonths: [1, 6],
  freezeMonthsByCity: [1, 12],
  cityFreezeFen: [0, 200_000_000],
  renewalAlarmDays: [10, 60],
  releaseDays: [1, 3],
  noticeDays: [30, 180],
  paymentWorkingDays: [1, 3],
} as const satisfies Record<Exclude<keyof FundPolicy, 'identifiedInflowOnly'>, readonly [number, number]>;

function readFunds(reader: DocumentReader, document: unknown): FundPolicy | undefined {
  const names = Object.keys(FUND_RANGES) as (keyof typeof FUND_RANGES)[];
  const funds = reader.object(document, AT, [...names, 'identifiedInflowOnly']);
  if (!funds) return undefined;
  const numbers = Object.fromEntries(
    names.map((name) => {
      const [least, most] = FUND_RANGES[name];
      return [name, reader.integer(funds[name], `${AT}/${name}`, least, most)];
    }),
  ) as Record<keyof typeof FUND_RANGES, number>;
  if (numbers.protectionExtendedHours < numbers.protectionHours)
    reader.fault(`${AT}/protectionExtendedHours`, 'must not be less than protectionHours');
  if (numbers.freezeMonthsByCity < numbers.freezeMonths)
    reader.fault(`${AT}/freezeMonthsByCity`, 'must not be less than freezeMonths');
  return {
    ...numbers,
    identifiedInflowOnly: reader.boolean(funds['identifiedInflowOnly'], `${AT}/identifiedInflowOnly`),
  };
}
