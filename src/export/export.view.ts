import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { ExportJob } from './export.js';

export const EXPORT_FIELDS = [
  'id',
  'agencyId',
  'callerKind',
  'createdBy',
  'report',
  'sealedQuery',
  'format',
  'state',
  'attempts',
  'rows',
  'expectedRows',
  'fileName',
  'mediaType',
  'bytes',
  'sha256',
  'failure',
  'createdAt',
  'startedAt',
  'finishedAt',
  'expiresAt',
] as const satisfies readonly (keyof ExportJob)[];

/** Whose exports: nobody else's are told of. */
export interface Asker {
  createdBy: string;
  agencyId: number;
}

const LAST_ID = 'ffffffff-ffff-ffff-ffff-ffffffffffff';
const OWN = statement(
  'export_job.own',
  `SELECT ${columns(EXPORT_FIELDS)} FROM export_job WHERE id = $1 AND created_by = $2 AND agency_id = $3`,
);
const LIST = statement(
  'export_job.list',
  `SELECT ${columns(EXPORT_FIELDS)} FROM export_job
   WHERE created_by = $1 AND agency_id = $2 AND id < $3 ORDER BY id DESC LIMIT $4`,
);
const COUNT = statement(
  'export_job.count',
  'SELECT count(*) AS total FROM export_job WHERE created_by = $1 AND agency_id = $2',
);
const UNFINISHED = statement(
  'export_job.unfinished',
  `SELECT count(*) AS total FROM export_job WHERE created_by = $1 AND state IN ('queued', 'running')`,
);
const KEPT_BYTES = statement(
  'export_job.kept-bytes',
  `SELECT coalesce(sum(bytes), 0)::bigint AS total FROM export_job
   WHERE created_by = $1 AND state = 'completed' AND expires_at > $2`,
);
const CHUNK = statement('export_chunk.get', 'SELECT sealed FROM export_chunk WHERE job_id = $1 AND seq = $2');

/** Reads of the tables of exports. */
@Injectable()
export class ExportView {
  async find(tx: Tx, id: string, { createdBy, agencyId }: Asker): Promise<ExportJob | undefined> {
    return tx.row<ExportJob>(OWN, [id, createdBy, agencyId]);
  }

  /** The newest first. */
  async list(tx: Tx, { createdBy, agencyId }: Asker, beforeId = LAST_ID, limit: number): Promise<ExportJob[]> {
    return tx.rows<ExportJob>(LIST, [createdBy, agencyId, beforeId, limit]);
  }

  async count(tx: Tx, { createdBy, agencyId }: Asker): Promise<number> {
    return (await tx.row<{ total: number }>(COUNT, [createdBy, agencyId]))!.total;
  }

  /** How many of a person's are waiting or being made. */
  async unfinished(tx: Tx, createdBy: string): Promise<number> {
    return (await tx.row<{ total: number }>(UNFINISHED, [createdBy]))!.total;
  }

  /** What the files of a person take up. */
  async keptBytes(tx: Tx, createdBy: string): Promise<number> {
    return (await tx.row<{ total: number }>(KEPT_BYTES, [createdBy, tx.now]))!.total;
  }

  /** A piece of the file, from 1; undefined behind the last. */
  async chunk(tx: Tx, id: string, seq: number): Promise<Buffer | undefined> {
    return (await tx.row<{ sealed: Buffer }>(CHUNK, [id, seq]))?.sealed;
  }
}
