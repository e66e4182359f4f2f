import { isOpen } from '../alert/alert.js';
import type { RiskLevel } from '../organization/risk.js';
import {
  earliest,
  markedSince,
  markingEvent,
  standingOutcome,
  type StoredCase,
  type StoredHop,
} from './stored.case.js';
import type { Findings } from './verify.result.js';

/** How a hop may begin, by how the one before it ended; from the city's desk it is pushed or transferred. */
const NEXT: Record<string, readonly string[]> = {
  forward: ['forward'],
  return: ['return', 'push', 'transfer'],
  transfer: ['transfer'],
  recall: ['recall', 'push', 'transfer'],
  closed: ['reopen'],
  withdraw: [],
  push: [],
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;
/** 回访: when, after closing, a person is asked again. */
const FOLLOW_UPS: Record<RiskLevel, readonly number[]> = {
  urgent: [DAY, 3 * DAY, 7 * DAY],
  high: [3 * DAY, 7 * DAY],
  medium: [7 * DAY],
  low: [],
};
const FOLLOWED_UP: readonly unknown[] = ['dissuaded', 'partial-loss', 'refused'];

/** Holds a case against itself: what its row says against what its hops, attempts, outcomes and urges give. */
export function checkCase(stored: StoredCase, findings: Findings): void {
  const where = placeOf(stored);
  const expect = (what: string, expected: unknown, found: unknown): void =>
    findings.compare(where, what, expected, found);
  checkHops(stored, expect);
  checkClocks(stored, expect);
  checkOutcomes(stored, expect);
  checkFollowUps(stored, expect);
  expect(
    'open urges',
    stored.urged ? 'some' : 'none',
    stored.urges.some(({ endedAt }) => endedAt === null) ? 'some' : 'none',
  );
  if (!isOpen(stored.status)) expect('urged although it is not open', false, stored.urged);
  if (stored.status === 'merged') {
    expect('city of the alert it joined', stored.cityId, stored.mergedIntoCityId);
    expect('the alert it joined is itself merged', false, stored.mergedIntoStatus === 'merged');
  }
}

/** An alert as people name it, and as the database does. */
export function placeOf({ alertNo, id }: Pick<StoredCase, 'alertNo' | 'id'>): string {
  return `alert ${alertNo} (${id})`;
}

type Expect = (what: string, expected: unknown, found: unknown) => void;

function checkHops(stored: StoredCase, expect: Expect): void {
  const { hops, status } = stored;
  const held = isOpen(status) && status !== 'new';
  const open = hops.filter(({ endedAt }) => endedAt === null);
  expect('open assignments', held ? 1 : 0, open.length);
  expect(
    'numbers of its hops',
    hops.map((_, index) => index + 1),
    hops.map(({ hop }) => hop),
  );
  expect('hop', hops.length, stored.hop);
  expect('agencies that held it', [...new Set(hops.map(({ agencyId }) => agencyId))], stored.heldBy);
  const last = hops.at(-1);
  if (held) {
    expect('agency of the open assignment', stored.holderId, open[0]?.agencyId);
    expect('number of the open assignment', stored.hop, open[0]?.hop);
    expect('signed for', status === 'assigned' ? 'no' : 'yes', open[0]?.acceptedAt == null ? 'no' : 'yes');
  }
  if (status === 'new') expect('holder', stored.cityId, stored.holderId);
  if (status === 'merged') expect('holder', null, stored.holderId);
  if (status === 'closed') expect('holder', last?.agencyId, stored.holderId);
  if (status === 'withdrawn')
    expect('holder', last?.endedHow === 'withdraw' ? last.agencyId : stored.cityId, stored.holderId);
  expect('returns', hops.filter(({ endedHow }) => endedHow === 'return').length, stored.returns);
  hops.forEach((hop, index) => checkHop(hop, hops.slice(0, index), expect));
}

function checkHop(hop: StoredHop, before: readonly StoredHop[], expect: Expect): void {
  const what = (detail: string): string => `hop ${hop.hop}: ${detail}`;
  const previous = before.at(-1);
  expect(what('first at the agency'), !before.some(({ agencyId }) => agencyId === hop.agencyId), hop.firstHere);
  if (!previous) {
    expect(what('begins the case'), true, ['intake', 'push', 'transfer', 'unmerge'].includes(hop.how));
    return;
  }
  expect(
    what('begins after the one before ended'),
    true,
    previous.endedAt !== null && previous.endedAt <= hop.assignedAt,
  );
  expect(
    what(`follows a hop that ended by ${previous.endedHow}`),
    true,
    NEXT[previous.endedHow ?? '']?.includes(hop.how) ?? false,
  );
}

function checkClocks(stored: StoredCase, expect: Expect): void {
  const { attempts, hops, status } = stored;
  const made = (method: string): number => attempts.filter((attempt) => attempt.method === method).length;
  expect('sms attempts', made('sms'), stored.smsAttempts);
  expect('call attempts', made('call'), stored.callAttempts);
  expect('visit attempts', made('visit'), stored.visitAttempts);
  const calls = attempts.filter(({ method }) => method === 'call');
  const visits = attempts.filter(({ method, reached }) => method === 'visit' && reached);
  const call = checkMet('first call', calls, stored.callMetAt, stored.callMetBy, expect);
  const visit = checkMet('first visit that met the person', visits, stored.visitMetAt, stored.visitMetBy, expect);
  const submitted = stored.outcomes.map(({ agencyId, submittedAt }) => ({ agencyId, at: submittedAt }));
  const feedback = checkMet('first outcome', submitted, stored.feedbackMetAt, stored.feedbackMetBy, expect);

  const open = hops.find(({ endedAt }) => endedAt === null);
  expect('clocks started', hops[0]?.assignedAt, stored.clocksStartedAt);
  expect('accept limit', status === 'assigned' ? open?.acceptDueAt : null, stored.acceptDueAt);
  const clocks = [
    { name: 'call', due: stored.callDueAt, met: call },
    { name: 'visit', due: stored.visitDueAt, met: visit },
    { name: 'feedback', due: stored.feedbackDueAt, met: feedback },
  ];
  const running = clocks.flatMap(({ due, met }) => (met === undefined && due !== null ? [due] : []));
  const next = isOpen(status) ? Math.min(...running, stored.acceptDueAt ?? Infinity) : Infinity;
  expect('next due', next === Infinity ? null : next, stored.nextDueAt);
  for (const { name, due, met } of clocks) {
    if (due !== null && met === undefined && stored.endedAt !== null) {
      expect(`${name} limit of an ended case had run out`, true, due <= stored.endedAt);
    }
  }
}

/** @returns when the clock was met; undefined where it was not */
function checkMet(
  what: string,
  acts: readonly { at: number; agencyId: number }[],
  storedAt: number | null,
  storedBy: number | null,
  expect: Expect,
): number | undefined {
  const first = earliest(acts);
  expect(what, first?.at, storedAt);
  // Of several at one moment whichever was written down first counts; two servers may number them the other way round.
  const by = acts.filter(({ at }) => at === first?.at).map(({ agencyId }) => agencyId);
  expect(`agency of the ${what}`, storedBy !== null && by.includes(storedBy) ? storedBy : by[0], storedBy);
  return first?.at;
}

function checkOutcomes(stored: StoredCase, expect: Expect): void {
  const { outcomes, status } = stored;
  const standing = outcomes.filter(({ decision, voidedAt }) => decision === 'approve' && voidedAt === null);
  expect('outcomes that stand', status === 'closed' ? 1 : 0, standing.length);
  expect(
    'outcomes that wait for review',
    status === 'pending_review' ? 1 : 0,
    outcomes.filter(({ decision }) => decision === null).length,
  );
  const [outcome] = standing;
  if (status === 'closed' && outcome) {
    expect('result', outcome.result, stored.result);
    expect('closed at', outcome.decidedAt, stored.endedAt);
    expect('agency of the outcome', stored.holderId, outcome.agencyId);
  }
  const since = markedSince(stored);
  expect('defrauded after warning', since !== undefined, stored.defraudedAfterWarning);
  if (since !== undefined) expect('defrauded after warning since, by its history', since, markingEvent(stored)?.at);
}

function checkFollowUps(stored: StoredCase, expect: Expect): void {
  const { followUps, status, endedAt } = stored;
  const waiting = followUps.filter(({ doneAt, cancelledAt }) => doneAt === null && cancelledAt === null);
  if (status !== 'closed' || endedAt === null) {
    expect('follow-ups that wait although it is not closed', 0, waiting.length);
    return;
  }
  const planned = FOLLOWED_UP.includes(standingOutcome(stored)?.result) ? FOLLOW_UPS[stored.riskLevel] : [];
  const kept = new Set(followUps.filter(({ cancelledAt }) => cancelledAt === null).map(({ dueAt }) => dueAt));
  for (const after of planned)
    expect(`follow-up ${after / HOUR} h after closing`, 'planned', kept.has(endedAt + after) ? 'planned' : 'missing');
  const due = new Set(planned.map((after) => endedAt + after));
  expect('follow-ups that were not planned', 0, waiting.filter(({ dueAt }) => !due.has(dueAt!)).length);
}
