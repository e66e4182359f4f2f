import { createHash } from 'node:crypto';
import type { ChainHead, EventRow } from './event.js';

/**
 * The hash of an event: SHA-256 over the former event's hash (32 zero bytes for the first) followed by the event's
 * fields, a line each, in UTF-8. `chain_hash()` in the database computes the same; the verifier uses that one.
 */
export function hashEvent(previous: Buffer, event: Omit<EventRow, 'hash'>): Buffer {
  return createHash('sha256')
    .update(previous)
    .update(
      `${event.caseId}\n${event.seq}\n${event.at.getTime()}\n${event.type}\n${event.actorId ?? '-'}\n${event.agencyId ?? '-'}\n${
        event.noteDigest?.toString('hex') ?? '-'
      }\n${event.data}`,
    )
    .digest();
}

/** Links events behind a chain's head and gives the new head. */
export function extendChain(
  head: ChainHead,
  events: Omit<EventRow, 'hash' | 'seq'>[],
): { rows: EventRow[]; head: ChainHead } {
  let { eventSeq, eventHash } = head;
  const rows = events.map((event) => {
    eventSeq += 1;
    const numbered = { ...event, seq: eventSeq };
    eventHash = hashEvent(eventHash, numbered);
    return { ...numbered, hash: eventHash };
  });
  return { rows, head: { eventSeq, eventHash } };
}
