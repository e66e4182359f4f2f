import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { ImportChunk, ImportJob, SealedReject } from './import.job.js';

export const JOB_FIELDS = [
  'id',
  'subject',
  'agencyId',
  'callerKind',
  'createdBy',
  'sources',
  'sealedName',
  'dryRun',
  'status',
  'columns',
  'total',
  'processed',
  'created',
  'duplicates',
  'merged',
  'rejected',
  'attempts',
  'failure',
  'createdAt',
  'finishedAt',
] as const satisfies readonly (keyof ImportJob)[];

/** As much of a waiting job as tells for whom it is worked on. */
export type WaitingJob = Pick<ImportJob, 'id' | 'subject' | 'agencyId' | 'callerKind' | 'createdBy'>;

const GET = statement('import_job.get', `SELECT ${columns(JOB_FIELDS)} FROM import_job WHERE id = $1`);
const WAITING = statement(
  'import_job.waiting',
  `SELECT ${columns(['id', 'subject', 'agencyId', 'callerKind', 'createdBy'])} FROM import_job
   WHERE status IN ('queued', 'running') ORDER BY id LIMIT $1`,
);
const NEXT_CHUNKS = statement(
  'import_chunk.next',
  `SELECT first_row AS "firstRow", row_count AS "rowCount", CASE WHEN first_row <> $2 THEN sealed END AS sealed
   FROM import_chunk WHERE job_id = $1 ORDER BY first_row LIMIT 2`,
);
const REJECTS = statement(
  'import_reject.page',
  `SELECT row_no AS "rowNo", sealed FROM import_reject WHERE job_id = $1 AND row_no > $2 ORDER BY row_no LIMIT $3`,
);
const SEEN_REFERENCES = statement(
  'import_seen.references',
  `SELECT i.ord::int AS ord, s.content_hash AS "contentHash"
   FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i(source, source_ref, ord)
   JOIN import_seen s ON s.job_id = $1 AND s.source = i.source AND s.source_ref = i.source_ref`,
);
const SEEN_PERSONS = statement(
  'import_seen.persons',
  `SELECT source, source_ref AS "sourceRef", phone_ix AS "phoneIx", identity_ix AS "identityIx" FROM import_seen
   WHERE job_id = $1 AND (phone_ix = ANY($2::bytea[]) OR identity_ix = ANY($3::bytea[]))`,
);

export interface SeenPerson {
  source: string;
  sourceRef: string;
  phoneIx: Buffer;
  identityIx: Buffer | null;
}

/** Reads of the tables of imports. */
@Injectable()
export class ImportView {
  async find(tx: Tx, id: string): Promise<ImportJob | undefined> {
    return tx.row<ImportJob>(GET, [id]);
  }

  /** Jobs that are not over, the oldest first. */
  async waiting(tx: Tx, limit: number): Promise<WaitingJob[]> {
    return tx.rows<WaitingJob>(WAITING, [limit]);
  }

  /** The next chunk and the one after it; the content of the one that begins at `known` is left out. */
  async nextChunks(tx: Tx, jobId: string, known: number): Promise<ImportChunk[]> {
    return tx.rows<ImportChunk>(NEXT_CHUNKS, [jobId, known]);
  }

  /** Rejected rows after one of them, in the order of the file. */
  async rejects(tx: Tx, jobId: string, afterRow: number, limit: number): Promise<SealedReject[]> {
    return tx.rows<SealedReject>(REJECTS, [jobId, afterRow, limit]);
  }

  /** What a dry run has seen of references; `ord` counts from 1 in the order asked. */
  async seenReferences(
    tx: Tx,
    jobId: string,
    sources: string[],
    refs: string[],
  ): Promise<{ ord: number; contentHash: Buffer }[]> {
    return tx.rows(SEEN_REFERENCES, [jobId, sources, refs]);
  }

  /** Persons for whom a dry run has seen an alert opened. */
  async seenPersons(tx: Tx, jobId: string, phones: Buffer[], identities: Buffer[]): Promise<SeenPerson[]> {
    return tx.rows<SeenPerson>(SEEN_PERSONS, [jobId, phones, identities]);
  }
}
