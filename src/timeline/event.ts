/** What can happen to a case. The wording for officers is in wording.ts; a type is never renamed, because history keeps it. */
export const EVENT_TYPES = [
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
] as const;
export type EventType = (typeof EVENT_TYPES)[number];

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
