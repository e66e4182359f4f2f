/** What can happen to an alert. The wording for officers is in wording.ts; a type is never renamed, because history keeps it. */
export const ALERT_EVENT_TYPES = [
  'received',
  'merged',
  'signal-joined',
  'unmerged',
  'signal-left',
  'pushed',
  'accepted',
  'forwarded',
  'returned',
  'transferred',
  'recalled',
  'attempted',
  'outcome-submitted',
  'outcome-approved',
  'outcome-rejected',
  'outcome-dropped',
  'closed',
  'reopened',
  'escalated',
  'urged',
  'replied',
  'withdrawn',
  'followed-up',
  'defrauded-after-warning',
  'incident-due',
  'revealed',
  'clock-reminded',
  'clock-overdue',
  'clock-climbed',
  'urge-overdue',
  'follow-up-due',
  'follow-up-overdue',
  'messaged',
  'incident-linked',
  'protected',
  'protection-extended',
  'protection-owner-asked',
  'protection-owner-overdue',
  'protection-kept',
  'protection-released',
  'protection-expired',
] as const;
export type AlertEventType = (typeof ALERT_EVENT_TYPES)[number];

/** What can happen to an incident and to the money that was taken. The wording is in incident.wording.ts. */
export const INCIDENT_EVENT_TYPES = [
  'incident-received',
  'alert-linked',
  'incident-filed',
  'incident-transferred',
  'incident-revealed',
  'stop-request-reminded',
  'stop-request-overdue',
  'stop-request-climbed',
  'stop-requested',
  'stop-effective',
  'stop-refused',
  'stop-expired',
  'stop-frozen',
  'stop-released',
  'stop-corrected',
  'freeze-requested',
  'freeze-rejected',
  'freeze-approved',
  'freeze-refused',
  'freeze-waiting',
  'freeze-effective',
  'freeze-corrected',
  'freeze-verification-due',
  'freeze-renewal-due',
  'freeze-renewal-requested',
  'freeze-renewal-rejected',
  'freeze-renewed',
  'freeze-unrelated',
  'freeze-release-overdue',
  'freeze-released',
  'freeze-lapsed',
  'return-applied',
  'return-proposed',
  'return-sent-back',
  'return-refused',
  'return-approved',
  'return-published',
  'return-objected',
  'return-objection-decided',
  'return-recomputed',
  'return-payable',
  'return-at-bank',
  'return-payment-overdue',
  'return-paid',
  'return-payment-reversed',
  'return-lapsed',
] as const;
export type IncidentEventType = (typeof INCIDENT_EVENT_TYPES)[number];

export const EVENT_TYPES = [...ALERT_EVENT_TYPES, ...INCIDENT_EVENT_TYPES] as const;
export type EventType = AlertEventType | IncidentEventType;

/** Facts of an event. Never personal data: history cannot be anonymised. What a person wrote goes into `note`. */
export type EventData = Record<string, unknown>;

export interface EventDraft {
  type: EventType;
  data: EventData;
  /** Free text, kept sealed beside the history. */
  note?: string;
}

/** The end of a case's chain: how many events it has, and the hash of the last. */
export interface ChainHead {
  eventSeq: number;
  eventHash: Buffer;
}

export interface EventRow {
  caseId: string;
  seq: number;
  at: Date;
  type: EventType;
  actorId: string | null;
  agencyId: number | null;
  /** JSON text, byte for byte as hashed. */
  data: string;
  noteDigest: Buffer | null;
  hash: Buffer;
}

export const EMPTY_CHAIN: ChainHead = { eventSeq: 0, eventHash: Buffer.alloc(32) };
