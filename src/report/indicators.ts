import { RESULTS } from '../alert/alert.js';
import { BIT, DURATIONS, RESULT_BIT, type Duration } from './case.facts.js';
import { MONEY_INDICATORS, type MoneyIndicator } from './money.indicators.js';

/** Which lines of a row's cohort something counts: those with one of `any` and none of `none`. */
export interface CaseTest {
  readonly any: number;
  readonly none?: number;
}

const { dissuaded, 'partial-loss': partialLoss, 'false-alarm': falseAlarm } = RESULT_BIT;
const CLOSED = Object.values(RESULT_BIT).reduce((bits, bit) => bits | bit, 0);

/** Numerator and denominator of every rate. */
export const RATES = {
  acceptOnTimeRate: { numerator: { any: BIT.acceptOnTime }, denominator: { any: BIT.acceptDue } },
  contactOnTimeRate: { numerator: { any: BIT.contactOnTime }, denominator: { any: BIT.contactDue } },
  visitRate: { numerator: { any: BIT.visited }, denominator: { any: BIT.visitRequired } },
  visitOnTimeRate: { numerator: { any: BIT.visitOnTime }, denominator: { any: BIT.visitDue } },
  feedbackOnTimeRate: { numerator: { any: BIT.feedbackOnTime }, denominator: { any: BIT.feedbackDue } },
  dissuasionRate: { numerator: { any: BIT.dissuasion }, denominator: { any: BIT.valid } },
  successRate: {
    numerator: { any: dissuaded | partialLoss },
    denominator: { any: CLOSED & ~falseAlarm & ~RESULT_BIT['already-defrauded'] },
  },
  defraudedAfterRate: { numerator: { any: BIT.defraudedAfter }, denominator: { any: BIT.reached } },
  fundSuccessRate: { numerator: { any: BIT.fundValid, none: BIT.fundFailed }, denominator: { any: BIT.fundValid } },
  returnRate: { numerator: { any: BIT.returned }, denominator: { any: BIT.received } },
} as const satisfies Record<string, { numerator: CaseTest; denominator: CaseTest }>;
export type RateField = keyof typeof RATES;
export const RATE_FIELDS = Object.keys(RATES) as RateField[];

export const RECEIVED: CaseTest = { any: BIT.received };

/** Conditions on an attempt `t`, made in the period by an agency of the row. */
export const ATTEMPTS = {
  sms: `t.method = 'sms'`,
  call: `t.method = 'call'`,
  visit: `t.method = 'visit'`,
  visitReached: `t.method = 'visit' AND t.reached`,
} as const;

/** Conditions on an outcome `o`, approved in the period and not voided, of an agency of the row; and the amount of each. */
export const MONEY = {
  dissuasion: { where: `o.intercepted_fen > 0 AND o.intercepted_basis <> 'bank-blocked'`, amount: 'o.intercepted_fen' },
  bank: { where: `o.intercepted_fen > 0 AND o.intercepted_basis = 'bank-blocked'`, amount: 'o.intercepted_fen' },
  loss: { where: `o.loss_fen > 0`, amount: 'o.loss_fen' },
} as const;

/** Conditions on an urge's `part p` that concerns an agency of the row; the rate of replies is `inTime` ÷ `ended`. */
export const URGES = {
  made: `p.part = 'made'`,
  inTime: `p.part = 'in-time'`,
  ended: `p.part <> 'made'`,
} as const;

/** Conditions on the `state s` of a planned follow-up of an agency of the row; its rate is `inTime` ÷ `ended`. */
export const FOLLOW_UPS = {
  due: 'true',
  done: `s.state IN ('in-time', 'late')`,
  overdue: `s.state IN ('late', 'missed')`,
  inTime: `s.state = 'in-time'`,
  ended: `s.state <> 'waiting'`,
} as const;
/** Those of them that the row shows. */
export const FOLLOW_UP_FIELDS = ['due', 'done', 'overdue'] as const;

/** Conditions on an open alert `a` that an agency of the row holds now; `asOf` is asked for where it is needed. */
export const HELD = {
  open: (_asOf: () => string) => 'true',
  overdue: (asOf: () => string) => `a.next_due_at <= ${asOf()}`,
  urged: (_asOf: () => string) => 'a.urged',
} as const;
export type HeldField = keyof typeof HELD;

/** How the cases behind a number are found. */
export type Indicator =
  | { list: 'cases'; test: CaseTest }
  | { list: 'signals' }
  | { list: 'durations'; duration: Duration }
  | { list: 'attempts'; where: string }
  | { list: 'outcomes'; where: string; amount: string }
  /** All that is intercepted: of outcomes, and of stop-payments that went back. */
  | { list: 'intercepted'; where: string; amount: string }
  | { list: 'urges'; where: string }
  | { list: 'follow-ups'; where: string }
  | { list: 'held'; field: HeldField }
  | MoneyIndicator;

const cases = (test: CaseTest): Indicator => ({ list: 'cases', test });
const attempts = (where: string): Indicator => ({ list: 'attempts', where });
const urges = (where: string): Indicator => ({ list: 'urges', where });
const followUps = (where: string): Indicator => ({ list: 'follow-ups', where });

const INTERCEPTED: Indicator = {
  list: 'intercepted',
  where: 'o.intercepted_fen > 0',
  amount: 'o.intercepted_fen',
};

/** Every number of a row by its name. A rate by itself stands for its denominator, a group for all that is in it. */
export const INDICATORS: Readonly<Record<string, Indicator>> = {
  received: cases(RECEIVED),
  signals: { list: 'signals' },
  ...Object.fromEntries(
    RATE_FIELDS.flatMap((field): [string, Indicator][] => [
      [field, cases(RATES[field].denominator)],
      [`${field}.numerator`, cases(RATES[field].numerator)],
      [`${field}.denominator`, cases(RATES[field].denominator)],
    ]),
  ),
  results: cases({ any: CLOSED }),
  ...Object.fromEntries(
    RESULTS.map((result): [string, Indicator] => [`results.${result}`, cases({ any: RESULT_BIT[result] })]),
  ),
  attempts: attempts('true'),
  ...Object.fromEntries(
    Object.entries(ATTEMPTS).map(([name, where]): [string, Indicator] => [`attempts.${name}`, attempts(where)]),
  ),
  interceptedFen: INTERCEPTED,
  'interceptedFen.total': INTERCEPTED,
  'interceptedFen.dissuasion': { list: 'outcomes', ...MONEY.dissuasion },
  'interceptedFen.bank': { list: 'outcomes', ...MONEY.bank },
  lossFen: { list: 'outcomes', ...MONEY.loss },
  ...MONEY_INDICATORS,
  urges: urges(URGES.made),
  urgeReplyOnTimeRate: urges(URGES.ended),
  'urgeReplyOnTimeRate.numerator': urges(URGES.inTime),
  'urgeReplyOnTimeRate.denominator': urges(URGES.ended),
  followUps: followUps(FOLLOW_UPS.due),
  ...Object.fromEntries(
    FOLLOW_UP_FIELDS.map((field): [string, Indicator] => [`followUps.${field}`, followUps(FOLLOW_UPS[field])]),
  ),
  followUpOnTimeRate: followUps(FOLLOW_UPS.ended),
  'followUpOnTimeRate.numerator': followUps(FOLLOW_UPS.inTime),
  'followUpOnTimeRate.denominator': followUps(FOLLOW_UPS.ended),
  ...Object.fromEntries(
    DURATIONS.flatMap((duration) =>
      ['', '.p50', '.p90'].map((part): [string, Indicator] => [
        `${duration}Minutes${part}`,
        { list: 'durations', duration },
      ]),
    ),
  ),
  ...Object.fromEntries(
    (Object.keys(HELD) as HeldField[]).map((field): [string, Indicator] => [field, { list: 'held', field }]),
  ),
};
export const INDICATOR_NAMES = Object.keys(INDICATORS);

/** Whether a line of such flags passes. */
export function passes(flags: number, { any, none = 0 }: CaseTest): boolean {
  return (flags & any) !== 0 && (flags & none) === 0;
}

/** The same as a condition of SQL. */
export function passesSql(flags: string, { any, none = 0 }: CaseTest): string {
  return `(${flags} & ${any}) <> 0 AND (${flags} & ${none}) = 0`;
}
