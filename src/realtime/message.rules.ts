import { sees } from '../alert/transitions.js';
import {
  beforeTransaction,
  caseNameOf,
  formatPosition,
  type CaseName,
  type FeedEvent,
  type Position,
} from '../feed/feed.js';
import { mayUseSource } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { EventType } from '../timeline/event.js';

/** What a message carries of the fields that an event changed: what everybody is shown who may read the case. */
export const SHOWN_CHANGES = [
  'status',
  'riskLevel',
  'amountAtRiskFen',
  'visitRequired',
  'result',
  'urged',
  'defraudedAfterWarning',
  'caseNo',
  'stopMetAt',
  'holder',
] as const;
export type Changes = Partial<Record<(typeof SHOWN_CHANGES)[number], unknown>>;

/** The data of one message. No personal data, and nothing that a person wrote. */
export type CaseMessage = CaseName & {
  seq: number;
  type: EventType;
  at: string;
  /** Code of the agency that acted; null: the system. */
  agency: string | null;
  status?: unknown;
  before?: Changes;
  after?: Changes;
};

/** One event as it goes over the wire: made once, however many hear of it. */
export interface Frame extends Position {
  readonly text: string;
}

export function frameOf(event: FeedEvent, organization: OrganizationSnapshot, timeZone: string): Frame {
  const { tx, caseId, seq } = event;
  const id = formatPosition(event);
  return {
    tx,
    caseId,
    seq,
    text: `event: case\nid: ${id}\ndata: ${JSON.stringify(messageOf(event, organization, timeZone))}\n\n`,
  };
}

export function messageOf(event: FeedEvent, organization: OrganizationSnapshot, timeZone: string): CaseMessage {
  const data = JSON.parse(event.data) as Record<string, unknown>;
  const before = shown(data['before']);
  const after = shown(data['after']);
  return {
    ...caseNameOf(event),
    seq: event.seq,
    type: event.type,
    at: formatInstant(event.at, timeZone),
    agency: event.agencyId === null ? null : organization.byId(event.agencyId).code,
    ...(after?.status === undefined ? {} : { status: after.status }),
    ...(before ? { before } : {}),
    ...(after ? { after } : {}),
  };
}

/** Named fields only: whatever else an event's data may come to hold stays inside. */
function shown(changes: unknown): Changes | undefined {
  if (typeof changes !== 'object' || changes === null) return undefined;
  const some = changes as Changes;
  const fields = SHOWN_CHANGES.filter((field) => some[field] !== undefined);
  return fields.length === 0 ? undefined : Object.fromEntries(fields.map((field) => [field, some[field]]));
}

/** The rule of GET /alerts/{id} and GET /incidents/{id}: a feed hears of its sources in its city, everybody else of what the own subtree holds or held. */
export function hears(caller: Caller, event: FeedEvent, organization: OrganizationSnapshot): boolean {
  if (caller.sources !== null) return caller.agency.cityId === event.cityId && mayUseSource(caller, event.source);
  return sees(caller.agency, { cityId: event.cityId, heldBy: [...event.heldBy] }, organization);
}

/** Ids of the agencies whose people hear of an event: the same rule from the other end. */
export function audienceOf(
  { cityId, heldBy }: Pick<FeedEvent, 'cityId' | 'heldBy'>,
  organization: OrganizationSnapshot,
): Set<number> {
  const audience = new Set([cityId]);
  for (const id of heldBy) {
    let agency: Agency | undefined = organization.byId(id);
    for (; agency && !audience.has(agency.id); agency = organization.parentOf(agency)) audience.add(agency.id);
  }
  return audience;
}

/** Negative where `a` comes first, as PostgreSQL orders them. */
export function comparePositions(a: Position, b: Position): number {
  if (a.tx !== b.tx) return BigInt(a.tx) < BigInt(b.tx) ? -1 : 1;
  if (a.caseId !== b.caseId) return a.caseId < b.caseId ? -1 : 1;
  return a.seq - b.seq;
}

export function laterOf(a: Position, b: Position): Position {
  return comparePositions(a, b) < 0 ? b : a;
}

/** Behind everything that a settled transaction wrote. */
export function behindTransaction(tx: string): Position {
  return beforeTransaction(String(BigInt(tx) + 1n));
}

/** A position as it may be told to anybody, at or before the given one: without the id of a case that is not theirs. */
export function tellable(position: Position): Position {
  return position.seq === 0 ? position : beforeTransaction(position.tx);
}
