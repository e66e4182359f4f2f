import { Injectable } from '@nestjs/common';
import { BlindIndex, Keyring } from '../platform/crypto/keyring.js';
import { binaryColumn } from '../platform/database/binary-column.js';
import { statement, type Tx } from '../platform/database/database.js';
import { extendChain } from './chain.rules.js';
import type { ChainHead, EventDraft, EventRow } from './event.js';

const APPEND = statement(
  'timeline.append',
  `INSERT INTO event (case_id, seq, at, type, actor_id, agency_id, data, note_digest, hash)
   SELECT * FROM unnest($1::uuid[], $2::int[], $3::timestamptz[], $4::text[], $5::uuid[], $6::int[], $7::text[], $8::bytea[], $9::bytea[])`,
);
const APPEND_NOTES = statement(
  'timeline.append-notes',
  `INSERT INTO event_note (case_id, seq, sealed) SELECT * FROM unnest($1::uuid[], $2::int[], $3::bytea[])`,
);

export interface Author {
  actorId: string | null;
  agencyId: number | null;
}

/** Events made but not yet written: linked, so that their chain heads can be stored with the cases first. */
export class PendingEvents {
  readonly rows: EventRow[] = [];
  readonly notes: { caseId: string; seq: number; sealed: Buffer }[] = [];
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
  async write(tx: Tx, pending: PendingEvents): Promise<void> {
    const { rows, notes } = pending;
    if (rows.length === 0) return;
    await Promise.all([
      tx.run(APPEND, [
        binaryColumn('uuid', rows, 'caseId'),
        binaryColumn('integer', rows, 'seq'),
        binaryColumn('timestamptz', rows, 'at'),
        binaryColumn('text', rows, 'type'),
        binaryColumn('uuid', rows, 'actorId'),
        binaryColumn('integer', rows, 'agencyId'),
        binaryColumn('text', rows, 'data'),
        binaryColumn('bytea', rows, 'noteDigest'),
        binaryColumn('bytea', rows, 'hash'),
      ]),
      notes.length === 0
        ? undefined
        : tx.run(APPEND_NOTES, [
            binaryColumn('uuid', notes, 'caseId'),
            binaryColumn('integer', notes, 'seq'),
            binaryColumn('bytea', notes, 'sealed'),
          ]),
    ]);
  }
}

/** What a note's seal is bound to. */
export function noteContext(caseId: string, seq: number): string {
  return `event_note:${caseId}:${seq}`;
}
