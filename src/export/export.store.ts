import { Injectable } from '@nestjs/common';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { ClaimedExport, ExportJob } from './export.js';
import { EXPORT_FIELDS } from './export.view.js';

/** What a job begins with; the rest are the table's defaults. */
const NEW = [
  'id',
  'agencyId',
  'callerKind',
  'createdBy',
  'report',
  'sealedQuery',
  'format',
  'createdAt',
] as const satisfies readonly (keyof ExportJob)[];
export type NewExport = Pick<ExportJob, (typeof NEW)[number]>;

/** A file that is whole. */
export type FinishedFile = Required<{
  [Field in 'fileName' | 'mediaType' | 'bytes' | 'sha256' | 'rows' | 'expiresAt']: NonNullable<ExportJob[Field]>;
}>;

const TAKE_TURN = statement(
  'export_job.take-turn',
  `SELECT pg_advisory_xact_lock(hashtextextended('exports of ' || $1::text, 0))`,
);
const ADD = statement(
  'export_job.add',
  `INSERT INTO export_job (${NEW.map(snake).join(', ')}, state)
   VALUES (${NEW.map((_, index) => `$${index + 1}`).join(', ')}, 'queued')`,
);
const CLAIM = statement(
  'export_job.claim',
  `UPDATE export_job SET state = 'running', lease = gen_random_uuid(), lease_until = $2, attempts = attempts + 1, rows = 0,
     started_at = coalesce(started_at, $1)
   WHERE id = (
     SELECT id FROM export_job WHERE state = 'queued' OR (state = 'running' AND lease_until <= $1)
     ORDER BY id LIMIT 1 FOR UPDATE SKIP LOCKED
   ) RETURNING ${columns(EXPORT_FIELDS)}, lease`,
);
const HELD = `WHERE id = $1 AND lease = $2 AND state = 'running'`;
const GO_ON = statement(
  'export_job.go-on',
  `UPDATE export_job SET lease_until = $3, rows = coalesce($4, rows), expected_rows = coalesce($5, expected_rows) ${HELD}`,
);
const COMPLETE = statement(
  'export_job.complete',
  `UPDATE export_job SET state = 'completed', lease = NULL, lease_until = NULL, finished_at = $3, file_name = $4,
     media_type = $5, bytes = $6, sha256 = $7, rows = $8, expected_rows = $8, expires_at = $9 ${HELD}`,
);
const FAIL = statement(
  'export_job.fail',
  `UPDATE export_job SET state = 'failed', lease = NULL, lease_until = NULL, finished_at = $3, failure = $4 ${HELD}`,
);
const GIVE_BACK = statement(
  'export_job.give-back',
  `UPDATE export_job SET state = 'queued', lease = NULL, lease_until = NULL, attempts = attempts - $3 ${HELD}`,
);
const EXPIRE = statement(
  'export_job.expire',
  `WITH gone AS (
     UPDATE export_job SET state = 'expired' WHERE state = 'completed' AND expires_at <= $1 RETURNING id
   ) DELETE FROM export_chunk USING gone WHERE job_id = gone.id`,
);
const FORGET = statement('export_job.forget', 'DELETE FROM export_job WHERE finished_at <= $1');
const REMOVE = statement('export_job.remove', 'DELETE FROM export_job WHERE id = $1');
const ADD_CHUNK = statement('export_chunk.add', 'INSERT INTO export_chunk (job_id, seq, sealed) VALUES ($1, $2, $3)');
const DROP_CHUNKS = statement('export_chunk.drop-all', 'DELETE FROM export_chunk WHERE job_id = $1');

/** Every statement that writes the tables of exports. */
@Injectable()
export class ExportStore {
  /** Whoever asks for two at once asks for one after the other. */
  async takeTurn(tx: Tx, createdBy: string): Promise<void> {
    await tx.row(TAKE_TURN, [createdBy]);
  }

  async add(tx: Tx, job: NewExport): Promise<void> {
    await tx.run(
      ADD,
      NEW.map((field) => job[field]),
    );
  }

  /** The oldest job that nobody works on, or no longer; what a former turn wrote of it is gone. */
  async claim(tx: Tx, until: Date): Promise<ClaimedExport | undefined> {
    const job = await tx.row<ClaimedExport>(CLAIM, [tx.now, until]);
    if (job) await tx.run(DROP_CHUNKS, [job.id]);
    return job;
  }

  /** @returns false where the job is somebody else's by now, or gone */
  async goOn(
    tx: Tx,
    { id, lease }: ClaimedExport,
    until: Date,
    progress: { rows?: number; expectedRows?: number | null } = {},
  ): Promise<boolean> {
    return (await tx.run(GO_ON, [id, lease, until, progress.rows ?? null, progress.expectedRows ?? null])) === 1;
  }

  async addChunk(tx: Tx, jobId: string, seq: number, sealed: Buffer): Promise<void> {
    await tx.run(ADD_CHUNK, [jobId, seq, sealed]);
  }

  /** @returns false where the job is somebody else's by now, or gone */
  async complete(tx: Tx, { id, lease }: ClaimedExport, file: FinishedFile): Promise<boolean> {
    const { fileName, mediaType, bytes, sha256, rows, expiresAt } = file;
    return (await tx.run(COMPLETE, [id, lease, tx.now, fileName, mediaType, bytes, sha256, rows, expiresAt])) === 1;
  }

  /** Gives a job up; nothing of its file is kept. */
  async fail(tx: Tx, { id, lease }: ClaimedExport, failure: string): Promise<void> {
    if ((await tx.run(FAIL, [id, lease, tx.now, failure])) === 1) await tx.run(DROP_CHUNKS, [id]);
  }

  /** Lets another turn begin it anew; nothing of its file is kept. @param unspent this turn was no attempt */
  async giveBack(tx: Tx, { id, lease }: ClaimedExport, unspent: boolean): Promise<void> {
    if ((await tx.run(GIVE_BACK, [id, lease, unspent ? 1 : 0])) === 1) await tx.run(DROP_CHUNKS, [id]);
  }

  /** Removes files whose time has come. */
  async expire(tx: Tx): Promise<void> {
    await tx.run(EXPIRE, [tx.now]);
  }

  /** Forgets jobs that ended before a moment. */
  async forget(tx: Tx, before: Date): Promise<void> {
    await tx.run(FORGET, [before]);
  }

  /** With its file; who works on it finds it gone. */
  async remove(tx: Tx, id: string): Promise<void> {
    await tx.run(REMOVE, [id]);
  }
}
