import { sha256 } from '../platform/crypto/sha256.js';
import type { ChainHead, EventRow } from './event.js';

/**
 * The hash of an event: SHA-256 over the former event's hash (32 zero bytes for the first) followed by the event's
 * fields, a line each, in UTF-8. `chain_hash()` in the database computes the same; the verifier uses that one.
 */
export function hashEvent(previous: Buffer, event: Omit<EventRow, 'hash'>): Buffer {
  const { caseId, seq, at, type, actorId, agencyId, noteDigest, data } = event;
  const digest = noteDigest?.toString('hex') ?? '-';
  const lines = `${caseId}\n${seq}\n${at.getTime()}\n${type}\n${actorId ?? '-'}\n${agencyId ?? '-'}\n${digest}\n${data}`;
  return sha256(Buffer.concat([previous, Buffer.from(lines)]));
}

/** Links events behind a chain's head and gives the new head. */
export function extendChain(
  head: ChainHead,
  events: Omit<EventRow, 'hash' | 'seq'>[],
): { rows: EventRow[]; head: ChainHead } {
  let { eventSeq, eventHash } = head;
  const rows = events.map((event) => {
    eventSeq += 1;
    const row = { ...event, seq: eventSeq, hash: eventHash };
    row.hash = eventHash = hashEvent(eventHash, row);
    return row;
  });
  return { rows, head: { eventSeq, eventHash } };
}
