import { OPEN_STATUSES, type Status } from '../alert/alert.js';
import type { AlertEventType, EventType } from '../timeline/event.js';
import { placeOf } from './case.checks.js';
import type { StoredCase, StoredEvent } from './stored.case.js';
import type { Findings } from './verify.result.js';

/** A case as its history alone tells it. */
interface Told {
  status: Status | undefined;
  holder: string | undefined;
  riskLevel: unknown;
  result: unknown;
  urged: boolean;
  split: boolean;
  hops: number;
}

const WORKED: readonly Status[] = ['in_progress', 'pending_review'];
const HANDED: readonly Status[] = ['assigned', 'in_progress'];
const ANY: readonly Status[] = [...OPEN_STATUSES, 'closed', 'merged', 'withdrawn'];

/** The states in which each event can happen (spec page 1, "Life of an alert"); none: it begins the history. */
const FROM_OF_ALERTS: Record<AlertEventType, readonly Status[]> = {
  received: [],
  merged: [],
  'signal-joined': OPEN_STATUSES,
  unmerged: ['merged'],
  'signal-left': ANY,
  pushed: ['new'],
  accepted: ['assigned'],
  forwarded: ['in_progress'],
  returned: HANDED,
  transferred: OPEN_STATUSES,
  recalled: HANDED,
  attempted: WORKED,
  'outcome-submitted': ['in_progress'],
  'outcome-approved': ['pending_review'],
  'outcome-rejected': ['pending_review'],
  'outcome-dropped': ['pending_review'],
  closed: WORKED,
  reopened: ['closed'],
  escalated: OPEN_STATUSES,
  urged: OPEN_STATUSES,
  replied: OPEN_STATUSES,
  withdrawn: OPEN_STATUSES,
  'followed-up': ['closed'],
  'defrauded-after-warning': [...OPEN_STATUSES, 'closed'],
  'incident-due': [...WORKED, 'closed'],
  revealed: [...OPEN_STATUSES, 'closed', 'merged'],
  'clock-reminded': OPEN_STATUSES,
  'clock-overdue': OPEN_STATUSES,
  'clock-climbed': OPEN_STATUSES,
  'urge-overdue': OPEN_STATUSES,
  'follow-up-due': ['closed'],
  'follow-up-overdue': ['closed'],
  messaged: ANY,
  'incident-linked': [...OPEN_STATUSES, 'closed'],
  protected: WORKED,
  'protection-extended': ANY,
  'protection-owner-asked': ANY,
  'protection-owner-overdue': ANY,
  'protection-kept': ANY,
  'protection-released': ANY,
  'protection-expired': ANY,
};

/** Events of incidents have no place in the history of an alert. */
const FROM: Partial<Record<EventType, readonly Status[]>> = FROM_OF_ALERTS;

/**
 * Tells a case anew from its history and compares the end with the row; also that nothing happened in a state that does
 * not allow it, and that every act on record has its event.
 * @param codeOf code of an agency by its id
 */
export function checkHistory(stored: StoredCase, codeOf: (id: number) => string, findings: Findings): void {
  const where = placeOf(stored);
  const city = codeOf(stored.cityId);
  const told: Told = {
    status: undefined,
    holder: undefined,
    riskLevel: undefined,
    result: null,
    urged: false,
    split: false,
    hops: 0,
  };
  for (const event of stored.events) {
    const from = isAutomatic(event) ? ANY : FROM[event.type];
    const possible =
      from === undefined
        ? false
        : from.length === 0
          ? told.status === undefined
          : told.status !== undefined && from.includes(told.status);
    if (!possible)
      findings.add(
        `${where} event ${event.seq}`,
        `${event.type} in the state ${told.status ?? 'before all'}`,
        from?.join(', ') || 'the first event',
        told.status,
      );
    tell(told, event, city);
  }
  const expect = (what: string, expected: unknown, found: unknown): void =>
    findings.compare(where, `${what}, by its history`, expected, found);
  expect('status', told.status, stored.status);
  expect(
    'holder',
    stored.status === 'merged' ? null : told.holder,
    stored.holderId === null ? null : codeOf(stored.holderId),
  );
  expect('risk level', told.riskLevel, stored.riskLevel);
  expect('result', told.result, stored.result);
  expect('urged', told.urged, stored.urged);
  expect('split off', told.split, stored.split);
  expect('hops', told.hops, stored.hops.length);
  expect('received', stored.events[0]?.at, stored.receivedAt);
  expect('urges', stored.events.filter(({ type }) => type === 'urged').length, stored.urges.length);
  checkActs(stored, expect);
}

/** The first SMS is sent by the system: while it was under way the case may have come back, moved on or ended. */
function isAutomatic({ type, data }: StoredEvent): boolean {
  return type === 'attempted' && data['automatic'] === true;
}

/** Every attempt, outcome and follow-up is on record as its event tells it, and none is missing or too many. */
function checkActs(
  { events, attempts, outcomes, followUps }: StoredCase,
  expect: (what: string, expected: unknown, found: unknown) => void,
): void {
  const acts = (type: EventType, id: string, facts: readonly string[]): Map<string, string> =>
    new Map(
      events
        .filter((event) => event.type === type)
        .map(({ data }) => [String(data[id]), JSON.stringify(facts.map((fact) => data[fact] ?? null))]),
    );
  const same = (what: string, told: Map<string, string>, stored: Map<string, string>): void => {
    for (const id of new Set([...told.keys(), ...stored.keys()])) expect(`${what} ${id}`, told.get(id), stored.get(id));
  };
  const stored = <T extends { id: string }>(rows: readonly T[], facts: (row: T) => unknown[]): Map<string, string> =>
    new Map(rows.map((row) => [row.id, JSON.stringify(facts(row))]));
  const moment = (at: number | null): string | null => (at === null ? null : new Date(at).toISOString());
  same(
    'attempt',
    acts('attempted', 'attemptId', ['method', 'at', 'reached']),
    stored(attempts, ({ method, at, reached }) => [method, moment(at), reached]),
  );
  same(
    'outcome',
    acts('outcome-submitted', 'outcomeId', ['result', 'interceptedFen', 'interceptedBasis', 'lossFen']),
    stored(outcomes, ({ result, interceptedFen, interceptedBasis, lossFen }) => [
      result,
      interceptedFen,
      interceptedBasis,
      lossFen,
    ]),
  );
  same(
    'follow-up',
    acts('followed-up', 'followUpId', ['at', 'result', 'lossFen']),
    stored(
      followUps.filter(({ doneAt }) => doneAt !== null),
      ({ doneAt, result, lossFen }) => [moment(doneAt), result, lossFen],
    ),
  );
}

function tell(told: Told, { type, data }: StoredEvent, city: string): void {
  const to = data['agency'] as string | undefined;
  const hand = (status: Status): void => {
    told.status = status;
    told.holder = to;
    told.hops += 1;
  };
  const lay = (): void => {
    told.status = 'new';
    told.holder = city;
  };
  switch (type) {
    case 'received':
    case 'unmerged':
      if (type === 'unmerged') told.split = true;
      else told.riskLevel = data['riskLevel'];
      if (to === undefined) lay();
      else hand('assigned');
      break;
    case 'merged':
      told.status = 'merged';
      told.riskLevel = data['riskLevel'];
      break;
    case 'signal-joined':
    case 'escalated':
      told.riskLevel = data['riskLevel'];
      break;
    case 'pushed':
    case 'forwarded':
    case 'transferred':
      hand('assigned');
      break;
    case 'returned':
      if (to === city) lay();
      else hand('assigned');
      break;
    case 'recalled':
      if (to === city) lay();
      else hand('in_progress');
      break;
    case 'reopened':
      hand('in_progress');
      told.result = null;
      break;
    case 'accepted':
    case 'outcome-rejected':
      told.status = 'in_progress';
      break;
    case 'outcome-submitted':
      if (data['reviewByTier'] !== null) told.status = 'pending_review';
      break;
    case 'closed':
      told.status = 'closed';
      told.result = data['result'];
      told.urged = false;
      break;
    case 'withdrawn':
      told.status = 'withdrawn';
      told.urged = false;
      break;
    case 'urged':
      told.urged = true;
      break;
    case 'replied':
      told.urged = false;
      break;
    default:
      break;
  }
}
