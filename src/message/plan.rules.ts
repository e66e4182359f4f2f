import type { Role } from '../identity/role.js';
import type { FeedEvent } from '../feed/feed.js';
import type { EventType } from '../timeline/event.js';

/** Who is to hear of an event. */
export interface Audience {
  /** Code of the agency; undefined for whoever holds the case. */
  readonly agency: string | undefined;
  readonly role: Extract<Role, 'officer' | 'supervisor'>;
}

/** What an event says that a message repeats. */
export interface Facts {
  readonly clock: string | null;
  readonly dueAt: Date | null;
}

type Data = Record<string, unknown>;

const text = (value: unknown): string | undefined => (typeof value === 'string' && value !== '' ? value : undefined);
const officers = ({ agency }: Data): Audience => ({ agency: text(agency), role: 'officer' });
/** Nobody is told where the event names nobody. */
const supervisors = ({ told }: Data): Audience[] => {
  const agency = text(told);
  return agency === undefined ? [] : [{ agency, role: 'supervisor' }];
};

const AUDIENCES: Partial<Record<EventType, (data: Data) => Audience[]>> = {
  'clock-reminded': (data) => [officers(data)],
  'clock-overdue': supervisors,
  'clock-climbed': (data) => [...supervisors(data), officers(data)],
  urged: (data) => [officers(data)],
  'urge-overdue': (data) => [officers(data)],
  'follow-up-due': (data) => [officers(data)],
  'follow-up-overdue': (data) => [officers(data)],
  'stop-request-reminded': (data) => [officers(data)],
  'stop-request-overdue': supervisors,
  'stop-request-climbed': (data) => [...supervisors(data), officers(data)],
  'freeze-verification-due': (data) => [officers(data)],
  'freeze-renewal-due': (data) => [officers(data)],
  'freeze-release-overdue': (data) => [officers(data)],
  'return-payable': (data) => [officers(data)],
  'return-payment-overdue': (data) => [officers(data)],
};
/** Events that may have handed the alert to somebody for the first time. */
const HANDED_OUT: readonly EventType[] = ['received', 'pushed', 'unmerged'];

/** How long after an event somebody is still told of it: what was missed for longer is seen in the worklist. */
export const REMINDER_MS = 3_600_000;
/** How long after it was assigned the first SMS is still worth sending. */
export const FIRST_SMS_MS = 24 * REMINDER_MS;

export function audiencesOf(event: FeedEvent, data: Data): Audience[] {
  return AUDIENCES[event.type]?.(data) ?? [];
}

export function factsOf(data: Data): Facts {
  const due = text(data['dueAt']) ?? text(data['replyBy']);
  return { clock: text(data['clock']) ?? null, dueAt: due === undefined ? null : new Date(due) };
}

/** Whether an event assigned its alert: with auto-push off, or the county unknown, it names no agency. */
export function isAssigned(event: FeedEvent, data: Data): boolean {
  return HANDED_OUT.includes(event.type) && text(data['agency']) !== undefined;
}

/** Waits between tries, milliseconds: 15 s, doubled each time, at most 10 minutes. */
const FIRST_WAIT_MS = 15_000;
const LONGEST_WAIT_MS = 600_000;
/** A reminder that could not be delivered for so long is given up. */
const GIVE_UP_MS = 3_600_000;

/** When a message is tried again; undefined where it is given up. */
export function nextTry(tries: number, createdAt: Date, now: Date): Date | undefined {
  const next = now.getTime() + Math.min(FIRST_WAIT_MS * 2 ** (tries - 1), LONGEST_WAIT_MS);
  return next > createdAt.getTime() + GIVE_UP_MS ? undefined : new Date(next);
}
