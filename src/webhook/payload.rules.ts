import { formatPosition, type FeedEvent } from '../feed/feed.js';
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
  'at',
  'attemptId',
  'before',
  'clock',
  'defraudedAfterWarning',
  'delivered',
  'divisionCode',
  'dueAt',
  'followUpId',
  'followUps',
  'fraudType',
  'from',
  'fromAgency',
  'fromNo',
  'fromRiskLevel',
  'holder',
  'hop',
  'interceptedBasis',
  'interceptedFen',
  'into',
  'intoNo',
  'kind',
  'late',
  'lossFen',
  'method',
  'outcomeId',
  'participants',
  'previousAlerts',
  'reachedAt',
  'reached',
  'replyBy',
  'result',
  'returns',
  'reviewByTier',
  'riskLevel',
  'riskRaised',
  'signal',
  'signalNo',
  'source',
  'status',
  'stoppedTransfer',
  'system',
  'told',
  'urged',
  'urgeId',
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
      alertId: event.caseId,
      alertNo: event.alertNo,
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
