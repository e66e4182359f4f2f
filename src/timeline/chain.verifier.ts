import { Injectable } from '@nestjs/common';
import { BlindIndex, Keyring } from '../platform/crypto/keyring.js';
import { statement, type Tx } from '../platform/database/database.js';
import { noteContext } from './timeline.store.js';

/** The exact place where a history does not hold. */
export interface ChainBreak {
  caseId: string;
  seq: number;
  what:
    | 'event-changed'
    | 'event-missing'
    | 'head-differs'
    | 'case-without-history'
    | 'history-without-case'
    | 'note-changed'
    | 'note-missing';
}

const BREAKS = statement(
  'chain.breaks',
  `SELECT case_id AS "caseId", seq, CASE WHEN expected_seq <> seq THEN 'event-missing' ELSE 'event-changed' END AS what
   FROM (
     SELECT e.*, row_number() OVER chain AS expected_seq,
       lag(hash, 1, decode(repeat('00', 32), 'hex')) OVER chain AS previous
     FROM event e WINDOW chain AS (PARTITION BY case_id ORDER BY seq)
   ) linked
   WHERE expected_seq <> seq OR hash <> chain_hash(previous, case_id, seq, at, type, actor_id, agency_id, note_digest, data)
   ORDER BY case_id, seq LIMIT $1`,
);
const HEADS = statement(
  'chain.heads',
  `SELECT coalesce(c.id, last.case_id) AS "caseId", coalesce(c.event_seq, last.seq) AS seq,
     CASE WHEN last.case_id IS NULL THEN 'case-without-history' WHEN c.id IS NULL THEN 'history-without-case' ELSE 'head-differs' END AS what
   FROM (SELECT id, event_seq, event_hash FROM alert UNION ALL SELECT id, event_seq, event_hash FROM incident) c
   FULL JOIN (SELECT DISTINCT ON (case_id) case_id, seq, hash FROM event ORDER BY case_id, seq DESC) last ON last.case_id = c.id
   WHERE c.id IS NULL OR last.case_id IS NULL OR c.event_seq <> last.seq OR c.event_hash <> last.hash
   ORDER BY 1 LIMIT $1`,
);
const NOTES = statement(
  'chain.notes',
  `SELECT e.case_id AS "caseId", e.seq, e.note_digest AS digest, n.sealed
   FROM event e LEFT JOIN event_note n USING (case_id, seq)
   WHERE e.note_digest IS NOT NULL AND (e.case_id, e.seq) > ($1::uuid, $2::int) ORDER BY e.case_id, e.seq LIMIT 5000`,
);
const COUNTS = statement('chain.counts', `SELECT count(*) AS events, count(DISTINCT case_id) AS cases FROM event`);

/** Proves that the history is the one that was written: every link, every head, every note. */
@Injectable()
export class ChainVerifier {
  constructor(
    private readonly keyring: Keyring,
    private readonly blindIndex: BlindIndex,
  ) {}

  async verify(tx: Tx, most = 20): Promise<{ events: number; cases: number; breaks: ChainBreak[] }> {
    const counts = await tx.row<{ events: number; cases: number }>(COUNTS);
    const breaks = [
      ...(await tx.rows<ChainBreak>(BREAKS, [most])),
      ...(await tx.rows<ChainBreak>(HEADS, [most])),
      ...(await this.notes(tx, most)),
    ];
    return { ...counts!, breaks: breaks.slice(0, most) };
  }

  private async notes(tx: Tx, most: number): Promise<ChainBreak[]> {
    const breaks: ChainBreak[] = [];
    let from: [string, number] = ['00000000-0000-0000-0000-000000000000', 0];
    for (;;) {
      const rows = await tx.rows<{ caseId: string; seq: number; digest: Buffer; sealed: Buffer | null }>(NOTES, from);
      for (const { caseId, seq, digest, sealed } of rows) {
        if (!sealed) breaks.push({ caseId, seq, what: 'note-missing' });
        else if (!this.holds(caseId, seq, digest, sealed)) breaks.push({ caseId, seq, what: 'note-changed' });
        if (breaks.length >= most) return breaks;
      }
      const last = rows.at(-1);
      if (!last) return breaks;
      from = [last.caseId, last.seq];
    }
  }

  private holds(caseId: string, seq: number, digest: Buffer, sealed: Buffer): boolean {
    try {
      return this.blindIndex.digest(this.keyring.openText(sealed, noteContext(caseId, seq))).equals(digest);
    } catch {
      return false;
    }
  }
}
