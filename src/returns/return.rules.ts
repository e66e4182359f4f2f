import { addDays, startOfLocalDate, type LocalDate } from '../platform/clock/local-date.js';
import type { FundReturn, ReturnStatus } from './return.js';

/** The steps of a return (spec page 4). */
export const RETURN_COMMANDS = [
  'propose',
  'approve',
  'send-back',
  'refuse',
  'amend',
  'publish',
  'objections',
  'decide',
  'bank-notice',
  'paid',
  'reverse',
] as const;
export type ReturnCommand = (typeof RETURN_COMMANDS)[number];

interface Rule {
  from: readonly ReturnStatus[];
  /** Who: the freezing agency, also those whose victims claim, or the city. */
  by: 'freezing' | 'applicant' | 'city';
  /** What else must be so, in words, and the test of it. */
  when?: { words: string; holds: (at: Moment) => boolean };
}

/** What the life of a return hangs on at a moment. */
export interface Moment {
  readonly row: Pick<FundReturn, 'status' | 'method' | 'payableFrom' | 'publishedOn'>;
  /** Objections that nobody has decided. */
  readonly open: number;
  /** Whether any claim has been paid. */
  readonly paid: boolean;
  /** The freeze holds at this moment. */
  readonly frozen: boolean;
  readonly now: Date;
}

const nothingPaid = { words: 'before anything is paid', holds: (at: Moment): boolean => !at.paid };
const RUNNING = ['notice', 'payable', 'at-bank'] as const;

const TABLE: Record<ReturnCommand, Rule> = {
  propose: { from: ['applied', 'proposed'], by: 'freezing' },
  approve: { from: ['proposed'], by: 'city' },
  'send-back': { from: ['applied', 'proposed', 'approved', ...RUNNING], by: 'freezing', when: nothingPaid },
  refuse: { from: ['applied', 'proposed'], by: 'city' },
  amend: { from: ['returned', 'applied'], by: 'applicant' },
  publish: { from: ['approved'], by: 'freezing' },
  objections: {
    from: RUNNING,
    by: 'applicant',
    when: {
      words: 'after publication and before anything is paid',
      holds: (at) => at.row.publishedOn !== null && !at.paid,
    },
  },
  decide: { from: RUNNING, by: 'freezing', when: { words: 'with an open objection', holds: (at) => at.open > 0 } },
  'bank-notice': {
    from: ['payable'],
    by: 'freezing',
    when: { words: 'with no objection open', holds: (at) => at.open === 0 },
  },
  paid: {
    from: ['at-bank'],
    by: 'freezing',
    when: { words: 'with no objection open', holds: (at) => at.open === 0 },
  },
  reverse: {
    from: ['at-bank', 'paid', 'lapsed'],
    by: 'freezing',
    when: { words: 'with a payment made', holds: (at) => at.paid },
  },
};

/**
 * The state at a moment: what time alone brings about counts from that moment on, whether or not the clock has told of it.
 * At 00:00 of the day after the notice it is payable.
 */
export function stateAt({ row, open, frozen, now }: Moment): ReturnStatus {
  if (isEnded(row.status)) return row.status;
  if (!frozen) return 'lapsed';
  const reached = row.payableFrom !== null && row.payableFrom.getTime() <= now.getTime();
  return row.status === 'notice' && reached && open === 0 ? 'payable' : row.status;
}

/** Whether a state and what goes with it allow a command. */
export function allows(command: ReturnCommand, at: Moment): boolean {
  const { from, when } = TABLE[command];
  return from.includes(stateAt(at)) && when?.holds(at) !== false;
}

/** Who gives a command. */
export function givenBy(command: ReturnCommand): Rule['by'] {
  return TABLE[command].by;
}

/** What a command starts from, in words. */
export function startOf(command: ReturnCommand): string {
  const { from, when } = TABLE[command];
  return `${from.join(' or ')}${when ? ` ${when.words}` : ''}`;
}

export function isEnded(status: ReturnStatus): boolean {
  return status === 'refused' || status === 'paid' || status === 'lapsed';
}

/** Approved, and not paid yet: its money is no longer there for others. */
export const ALLOTTED_STATUSES = ['approved', ...RUNNING] as const satisfies readonly ReturnStatus[];

/** Days back that a publication may be written down late. */
const LATEST_ENTRY_DAYS = 7;

/** Why a notice cannot have been published on a day; undefined where it can. */
export function publicationFault(day: LocalDate, approvedOn: LocalDate, today: LocalDate): string | undefined {
  if (day > today) return 'lies in the future';
  if (day < approvedOn) return 'lies before the approval';
  if (day < addDays(today, -LATEST_ENTRY_DAYS)) return `lies more than ${LATEST_ENTRY_DAYS} days back`;
  return undefined;
}

/**
 * Day 1 of the notice is the day after publication; it is paid from 00:00 of the day after the last.
 * @param days of notice, 30
 */
export function payableFrom(publishedOn: LocalDate, days: number, timeZone: string): Date {
  return startOfLocalDate(addDays(publishedOn, days + 1), timeZone);
}

/** Clocks of others may be ahead of ours. */
const SKEW_MS = 5 * 60_000;

/** People and banks write whole seconds; our own moments have thousandths. */
export function wholeSecond(at: Date): Date {
  return new Date(Math.floor(at.getTime() / 1_000) * 1_000);
}

/** Why something cannot have happened at a moment; undefined where it can. */
export function momentFault(at: Date, notBefore: readonly [Date, string][], now: Date): string | undefined {
  if (at.getTime() > now.getTime() + SKEW_MS) return 'lies in the future';
  const missed = notBefore.find(([earliest]) => at.getTime() < wholeSecond(earliest).getTime());
  return missed && `lies before ${missed[1]}`;
}
