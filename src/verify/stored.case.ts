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
  dueAt: number | null;
  doneAt: number | null;
  result: string | null;
  lossFen: number | null;
  recordedAt: number | null;
  cancelledAt: number | null;
}

export interface StoredUrge {
  id: string;
  replyBy: number | null;
  endedAt: number | null;
}

export interface StoredEvent {
  seq: number;
  at: number;
  type: EventType;
  data: EventData;
}

/** The earliest of some acts; the first recorded of several at one moment. */
export function earliest<T extends { at: number }>(acts: readonly T[]): T | undefined {
  return acts.reduce<T | undefined>(
    (first, act) => (first === undefined || act.at < first.at ? act : first),
    undefined,
  );
}

/** The last hop that had been closed by a moment. */
export function closedHopAt({ hops }: Pick<StoredCase, 'hops'>, moment: number): StoredHop | undefined {
  return hops.findLast(({ endedHow, endedAt }) => endedHow === 'closed' && endedAt! <= moment);
}

/** The outcome that closed the case and still stands. */
export function standingOutcome({ outcomes }: Pick<StoredCase, 'outcomes'>): StoredOutcome | undefined {
  return outcomes.find(({ decision, voidedAt }) => decision === 'approve' && voidedAt === null);
}

/**
 * Since when the case has been marked as defrauded after its warning; undefined where it is not. A follow-up marks it
 * for good, an outcome until it is voided.
 */
export function markedSince({ outcomes, followUps }: Pick<StoredCase, 'outcomes' | 'followUps'>): number | undefined {
  const spans = [
    ...outcomes
      .filter(({ result, decision }) => result === 'defrauded-after-warning' && decision === 'approve')
      .map(({ decidedAt, voidedAt }) => ({ from: decidedAt!, to: voidedAt ?? Infinity })),
    ...followUps
      .filter(({ result }) => result === 'defrauded')
      .map(({ recordedAt }) => ({ from: recordedAt!, to: Infinity })),
  ].sort((a, b) => b.from - a.from);
  const lasting = spans.filter(({ to }) => to === Infinity);
  if (lasting.length === 0) return undefined;
  let since = Math.min(...lasting.map(({ from }) => from));
  for (const { from, to } of spans) if (from < since && to > since) since = from;
  return since;
}
