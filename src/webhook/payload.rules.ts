import { caseNameOf, formatPosition, type FeedEvent } from '../feed/feed.js';
import type { EventType } from '../timeline/event.js';
import { EVERY_EVENT } from './webhook.js';

/**
 * Facts that may leave the house: codes, numbers, moments and ids. A new fact of an event stays inside until it stands
 * here; what a person wrote (`reason`, `purpose`, notes) and references that others made never do.
 */
const FACTS: ReadonlySet<string> = new Set([
  'acceptDueAt',
  'after',
  'agency',
  'amountAtRiskFen',
  'amountFen',
  'approverTier',
  'at',
  'attemptId',
  'before',
  'claimFen',
  'claimId',
  'claims',
  'clock',
  'decision',
  'defraudedAfterWarning',
  'delivered',
  'divisionCode',
  'dueAt',
  'expiresAt',
  'filedAt',
  'followUpId',
  'followUps',
  'fraudType',
  'freezeId',
  'from',
  'fromAgency',
  'fromNo',
  'fromRiskLevel',
  'frozenFen',
  'holder',
  'hop',
  'interceptedBasis',
  'interceptedFen',
  'into',
  'intoNo',
  'kind',
  'late',
  'level',
  'lossFen',
  'method',
  'months',
  'objectionId',
  'outcomeId',
  'participants',
  'payableFrom',
  'previousAlerts',
  'protectionId',
  'publishedOn',
  'reached',
  'reachedAt',
  'releasedFen',
  'releaseDueAt',
  'renewalId',
  'replyBy',
  'reportedAt',
  'result',
  'returnFen',
  'returnId',
  'returns',
  'reviewByTier',
  'riskLevel',
  'riskRaised',
  'signal',
  'signalNo',
  'source',
  'status',
  'stopDueAt',
  'stopId',
  'stopMetAt',
  'stoppedAt',
  'stoppedFen',
  'stoppedTransfer',
  'system',
  'told',
  'transferFen',
  'transfers',
  'until',
  'urged',
  'urgeId',
  'victimKind',
  'visitRequired',
]);
/** Facts that are codes in some events and words in others. */
const CODES_OF: Partial<Record<EventType, readonly string[]>> = { returned: ['reason'], messaged: ['purpose'] };

/** Whether a webhook asked for an event. */
export function asksFor(types: readonly string[], type: EventType): boolean {
  return types.includes(EVERY_EVENT) || types.includes(`case.${type}`);
}

/**
 * The body that is signed and sent: its text is made once and kept, so that every attempt sends the same bytes.
 * @param timestamp when it happened, RFC 3339 with offset
 * @param agency code of the agency that acted, as in /events; null: the system
 */
export function payloadOf(event: FeedEvent, timestamp: string, agency: string | null): string {
  const { agency: concerns, ...facts } = pick(
    JSON.parse(event.data) as Record<string, unknown>,
    CODES_OF[event.type] ?? [],
  );
  return JSON.stringify({
    type: `case.${event.type}`,
    timestamp,
    data: {
      ...caseNameOf(event),
      seq: event.seq,
      position: formatPosition(event),
      agency,
      // The agency that the event is about, where that is another one: pushed to, urged, overdue at.
      ...(concerns === undefined ? {} : { concerns }),
      ...facts,
    },
  });
}

function pick(facts: Record<string, unknown>, more: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(facts)
      .filter(([name]) => FACTS.has(name) || more.includes(name))
      .map(([name, value]) => [name, isObject(value) ? pick(value, []) : value]),
  );
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
