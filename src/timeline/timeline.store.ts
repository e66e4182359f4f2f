import { Injectable } from '@nestjs/common';
import { BlindIndex, Keyring } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/database.js';
import { Insertion } from '../platform/database/insertion.js';
import { extendChain } from './chain.rules.js';
import type { ChainHead, EventDraft, EventRow } from './event.js';

const EVENTS = new Insertion<EventRow>('timeline.append', 'event', {
  caseId: 'uuid',
  seq: 'integer',
  at: 'timestamptz',
  type: 'text',
  actorId: 'uuid',
  agencyId: 'integer',
  data: 'text',
  noteDigest: 'bytea',
  hash: 'bytea',
});
const NOTES = new Insertion<SealedNote>('timeline.append-notes', 'event_note', {
  caseId: 'uuid',
  seq: 'integer',
  sealed: 'bytea',
});

interface SealedNote {
  caseId: string;
  seq: number;
  sealed: Buffer;
}

export interface Author {
  actorId: string | null;
  agencyId: number | null;
}

/** Events made but not yet written: linked, so that their chain heads can be stored with the cases first. */
export class PendingEvents {
  readonly rows: EventRow[] = [];
  readonly notes: SealedNote[] = [];

  add({ rows, notes }: PendingEvents): void {
    this.rows.push(...rows);
    this.notes.push(...notes);
  }
}

/** The only writer of the history. */
@Injectable()
export class TimelineStore {
  constructor(
    private readonly keyring: Keyring,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** Links drafts behind the head of a case; `write` sends them. Gives the new head, which the case must store. */
  link(
    pending: PendingEvents,
    caseId: string,
    head: ChainHead,
    at: Date,
    author: Author,
    drafts: EventDraft[],
  ): ChainHead {
    const linked = extendChain(
      head,
      drafts.map(({ type, data, note }) => ({
        caseId,
        at,
        type,
        actorId: author.actorId,
        agencyId: author.agencyId,
        data: JSON.stringify(data),
        noteDigest: note === undefined ? null : this.blindIndex.digest(note),
      })),
    );
    linked.rows.forEach((row, index) => {
      pending.rows.push(row);
      const note = drafts[index]!.note;
      if (note !== undefined)
        pending.notes.push({ caseId, seq: row.seq, sealed: this.keyring.seal(note, noteContext(caseId, row.seq)) });
    });
    return linked.head;
  }

  /** One statement for all events, one for all notes, however many cases they are of. */
  write(tx: Tx, { rows, notes }: PendingEvents): void {
    if (rows.length > 0) tx.send(...EVENTS.of(rows));
    if (notes.length > 0) tx.send(...NOTES.of(notes));
  }
}

/** What a note's seal is bound to. */
export function noteContext(caseId: string, seq: number): string {
  return `event_note:${caseId}:${seq}`;
}
