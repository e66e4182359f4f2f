import { Injectable } from '@nestjs/common';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { ImportCounts, ImportJob, SealedReject } from './import.job.js';
import { JOB_FIELDS } from './import.view.js';

/** What a job begins with; the rest are the table's defaults. */
const NEW = [
  'id',
  'subject',
  'agencyId',
  'callerKind',
  'createdBy',
  'sources',
  'sealedName',
  'dryRun',
  'columns',
  'createdAt',
] as const satisfies readonly (keyof ImportJob)[];
export type NewImportJob = Pick<ImportJob, (typeof NEW)[number]>;

/** What a dry run has seen of its file. */
export interface SeenSignal {
  source: string;
  sourceRef: string;
  contentHash: Buffer;
  /** Of a signal that would open an alert; null where it would join one. */
  phoneIx: Buffer | null;
  identityIx: Buffer | null;
}

const ADD = statement(
  'import_job.add',
  `INSERT INTO import_job (${NEW.map(snake).join(', ')}, status, total)
   VALUES (${NEW.map((_, index) => `$${index + 1}`).join(', ')}, 'queued', 0)`,
);
const ADD_CHUNK = statement(
  'import_chunk.add',
  `INSERT INTO import_chunk (job_id, first_row, row_count, sealed) VALUES ($1, $2, $3, $4)`,
);
const COMPLETE_UPLOAD = statement('import_job.upload', `UPDATE import_job SET total = $2, dry_run = $3 WHERE id = $1`);
const CLAIM = statement(
  'import_job.claim',
  `SELECT ${columns(JOB_FIELDS)} FROM import_job WHERE id = $1 AND status IN ('queued', 'running') FOR UPDATE SKIP LOCKED`,
);
const ADVANCE = statement(
  'import_job.advance',
  `UPDATE import_job SET processed = processed + $2 + $3 + $4 + $5, created = created + $2, duplicates = duplicates + $3,
     merged = merged + $4, rejected = rejected + $5, attempts = 0,
     status = CASE WHEN $6 THEN 'completed' ELSE 'running' END, finished_at = CASE WHEN $6 THEN $7::timestamptz END
   WHERE id = $1`,
);
const FAILED_ONCE = statement(
  'import_job.failed-once',
  `UPDATE import_job SET attempts = attempts + 1 WHERE id = $1 AND status IN ('queued', 'running') RETURNING attempts`,
);
const FAIL = statement(
  'import_job.fail',
  `UPDATE import_job SET status = 'failed', failure = $2, finished_at = $3 WHERE id = $1 AND status IN ('queued', 'running')`,
);
const PURGE = statement('import_job.purge', `DELETE FROM import_job WHERE finished_at < $1`);
const DROP_CHUNK = statement('import_chunk.drop', `DELETE FROM import_chunk WHERE job_id = $1 AND first_row = $2`);
const DROP_CHUNKS = statement('import_chunk.drop-all', `DELETE FROM import_chunk WHERE job_id = $1`);
const DROP_SEEN = statement('import_seen.drop-all', `DELETE FROM import_seen WHERE job_id = $1`);
const ADD_REJECTS = statement(
  'import_reject.add',
  `INSERT INTO import_reject (job_id, row_no, sealed) SELECT $1, * FROM unnest($2::int[], $3::bytea[])`,
);
const ADD_SEEN = statement(
  'import_seen.add',
  `INSERT INTO import_seen (job_id, source, source_ref, content_hash, phone_ix, identity_ix)
   SELECT $1, * FROM unnest($2::text[], $3::text[], $4::bytea[], $5::bytea[], $6::bytea[])`,
);

/** Every statement that writes the tables of imports. */
@Injectable()
export class ImportStore {
  async add(tx: Tx, job: NewImportJob): Promise<void> {
    await tx.run(
      ADD,
      NEW.map((field) => job[field]),
    );
  }

  async addChunk(tx: Tx, jobId: string, firstRow: number, rowCount: number, sealed: Buffer): Promise<void> {
    await tx.run(ADD_CHUNK, [jobId, firstRow, rowCount, sealed]);
  }

  /** What is known when the last row is there. */
  async completeUpload(tx: Tx, jobId: string, total: number, dryRun: boolean): Promise<void> {
    await tx.run(COMPLETE_UPLOAD, [jobId, total, dryRun]);
  }

  /** Holds a job until the transaction ends; undefined where another instance does, or it is done. */
  async claim(tx: Tx, jobId: string): Promise<ImportJob | undefined> {
    return tx.row<ImportJob>(CLAIM, [jobId]);
  }

  /** Counts what became of a chunk and forgets the chunk; after the last one the job is completed. */
  async advance(tx: Tx, jobId: string, firstRow: number, counts: ImportCounts, last: boolean): Promise<void> {
    const { created, duplicates, merged, rejected } = counts;
    await Promise.all([
      tx.run(DROP_CHUNK, [jobId, firstRow]),
      last ? tx.run(DROP_SEEN, [jobId]) : undefined,
      tx.run(ADVANCE, [jobId, created, duplicates, merged, rejected, last, tx.now]),
    ]);
  }

  async addRejects(tx: Tx, jobId: string, rejects: readonly SealedReject[]): Promise<void> {
    if (rejects.length === 0) return;
    await tx.run(ADD_REJECTS, [jobId, rejects.map(({ rowNo }) => rowNo), rejects.map(({ sealed }) => sealed)]);
  }

  async addSeen(tx: Tx, jobId: string, seen: readonly SeenSignal[]): Promise<void> {
    if (seen.length === 0) return;
    await tx.run(ADD_SEEN, [
      jobId,
      seen.map(({ source }) => source),
      seen.map(({ sourceRef }) => sourceRef),
      seen.map(({ contentHash }) => contentHash),
      seen.map(({ phoneIx }) => phoneIx),
      seen.map(({ identityIx }) => identityIx),
    ]);
  }

  /** @returns how often in a row the next chunk has failed now; 0 where the job is over */
  async failedOnce(tx: Tx, jobId: string): Promise<number> {
    return (await tx.row<{ attempts: number }>(FAILED_ONCE, [jobId]))?.attempts ?? 0;
  }

  /** Gives a job up and forgets the rows that are still waiting. */
  async fail(tx: Tx, jobId: string, failure: string): Promise<void> {
    if ((await tx.run(FAIL, [jobId, failure, tx.now])) === 0) return;
    await Promise.all([tx.run(DROP_CHUNKS, [jobId]), tx.run(DROP_SEEN, [jobId])]);
  }

  /** Forgets jobs that were over before a moment, with their rejected rows. @returns how many */
  async purge(tx: Tx, before: Date): Promise<number> {
    return tx.run(PURGE, [before]);
  }
}
