import type { Kind, Result, Status } from '../alert/alert.js';
import type { EndedHow, How, ReturnReason } from '../assignment/assignment.js';
import type { RiskLevel } from '../organization/risk.js';
import type { EventData, EventType } from '../timeline/event.js';

/** A case as it lies in the tables, with nothing derived: what a recount starts from. Moments are milliseconds. */
export interface StoredCase {
  id: string;
  alertNo: string;
  cityId: number;
  kind: Kind;
  riskLevel: RiskLevel;
  receivedAt: number;
  status: Status;
  holderId: number | null;
  heldBy: number[];
  hop: number;
  returns: number;
  visitRequired: boolean;
  urged: boolean;
  result: Result | null;
  endedAt: number | null;
  mergedInto: string | null;
  mergedIntoStatus: Status | null;
  mergedIntoCityId: number | null;
  split: boolean;
  defraudedAfterWarning: boolean;
  clocksStartedAt: number | null;
  acceptDueAt: number | null;
  callDueAt: number | null;
  callMetAt: number | null;
  callMetBy: number | null;
  visitDueAt: number | null;
  visitMetAt: number | null;
  visitMetBy: number | null;
  feedbackDueAt: number | null;
  feedbackMetAt: number | null;
  feedbackMetBy: number | null;
  nextDueAt: number | null;
  smsAttempts: number;
  callAttempts: number;
  visitAttempts: number;
  hops: StoredHop[];
  attempts: StoredAttempt[];
  outcomes: StoredOutcome[];
  followUps: StoredFollowUp[];
  urges: StoredUrge[];
  /** Incidents that it is linked to. */
  links: StoredLink[];
  events: StoredEvent[];
  /** Signals that joined it. */
  signals: number;
}

export interface StoredHop {
  hop: number;
  agencyId: number;
  how: How;
  firstHere: boolean;
  assignedAt: number;
  acceptDueAt: number | null;
  acceptedAt: number | null;
  endedAt: number | null;
  endedHow: EndedHow | null;
  returnReason: ReturnReason | null;
}

export interface StoredAttempt {
  id: string;
  agencyId: number;
  method: 'sms' | 'call' | 'visit';
  at: number;
  reached: boolean;
}

export interface StoredOutcome {
  id: string;
  agencyId: number;
  result: Result;
  interceptedFen: number;
  interceptedBasis: string | null;
  lossFen: number;
  submittedAt: number;
  decision: 'approve' | 'reject' | null;
  decidedAt: number | null;
  voidedAt: number | null;
}

export interface StoredFollowUp {
  id: string;
  agencyId: number;
  dueAt: number | null;
  doneAt: number | null;
  result: string | null;
  lossFen: number | null;
  recordedAt: number | null;
  cancelledAt: number | null;
}

export interface StoredUrge {
  id: string;
  toAgencyId: number;
  urgedAt: number;
  replyBy: number | null;
  repliedAt: number | null;
  endedAt: number | null;
}

export interface StoredLink {
  incidentId: string;
  how: 'person' | 'outcome' | 'follow-up';
  warned: boolean;
  linkedAt: number;
}

export interface StoredEvent {
  seq: number;
  at: number;
  type: EventType;
  agencyId: number | null;
  data: EventData;
}

/** The earliest of some acts; the first recorded of several at one moment. */
export function earliest<T extends { at: number }>(acts: readonly T[]): T | undefined {
  return acts.reduce<T | undefined>(
    (first, act) => (first === undefined || act.at < first.at ? act : first),
    undefined,
  );
}

/** Who held a case at a moment: a case that ended held still at its very end; between two hops it lay at the city. */
export function holderWhen({ hops, cityId }: Pick<StoredCase, 'hops' | 'cityId'>, moment: number): number {
  const hop = hops.findLast(({ assignedAt }) => assignedAt <= moment);
  if (!hop || hop.endedAt === null || moment < hop.endedAt) return hop?.agencyId ?? cityId;
  return moment === hop.endedAt && (hop.endedHow === 'closed' || hop.endedHow === 'withdraw') ? hop.agencyId : cityId;
}

/** The outcome that closed the case and still stands. */
export function standingOutcome({ outcomes }: Pick<StoredCase, 'outcomes'>): StoredOutcome | undefined {
  return outcomes.find(({ decision, voidedAt }) => decision === 'approve' && voidedAt === null);
}

interface Span {
  from: number;
  to: number;
}

/**
 * Since when the case has been marked as defrauded after its warning; undefined where it is not. A follow-up marks it
 * for good, an outcome until it is voided, an incident as long as no outcome says that the fraud came before the warning.
 */
export function markedSince({
  outcomes,
  followUps,
  links,
}: Pick<StoredCase, 'outcomes' | 'followUps' | 'links'>): number | undefined {
  const stood = (wanted: Result): Span[] =>
    outcomes
      .filter(({ result, decision }) => result === wanted && decision === 'approve')
      .map(({ decidedAt, voidedAt }) => ({ from: decidedAt!, to: voidedAt ?? Infinity }));
  const before = stood('already-defrauded');
  const spans = [
    ...stood('defrauded-after-warning'),
    ...followUps
      .filter(({ result }) => result === 'defrauded')
      .map(({ recordedAt }) => ({ from: recordedAt!, to: Infinity })),
    ...links
      .filter(({ how, warned }) => how === 'person' && warned)
      .flatMap(({ linkedAt }) => before.reduce(without, [{ from: linkedAt, to: Infinity }])),
  ].sort((a, b) => b.from - a.from);
  const lasting = spans.filter(({ to }) => to === Infinity);
  if (lasting.length === 0) return undefined;
  let since = Math.min(...lasting.map(({ from }) => from));
  for (const { from, to } of spans) if (from < since && to > since) since = from;
  return since;
}

/** What is left of some spans where another is cut out. */
function without(spans: readonly Span[], { from, to }: Span): Span[] {
  return spans.flatMap((span) =>
    [
      { from: span.from, to: Math.min(span.to, from) },
      { from: Math.max(span.from, to), to: span.to },
    ].filter((rest) => rest.from < rest.to),
  );
}

/** The last event that marked the case as defrauded after its warning. */
export function markingEvent({ events }: Pick<StoredCase, 'events'>): StoredEvent | undefined {
  return events.findLast(({ type }) => type === 'defrauded-after-warning');
}

/** Number of the last hop that had begun before an event, as the history tells it; 0 where nobody had been given the case. */
export function hopBefore({ events }: Pick<StoredCase, 'events'>, seq: number): number {
  return events
    .filter((event) => event.seq < seq)
    .reduce((hop, { type, data }) => {
      if (type === 'reopened') return hop + 1;
      return BEGINS.includes(type) && typeof data['hop'] === 'number' ? data['hop'] : hop;
    }, 0);
}

/** Events that may begin a hop. */
const BEGINS: readonly EventType[] = [
  'received',
  'unmerged',
  'pushed',
  'forwarded',
  'returned',
  'transferred',
  'recalled',
];
