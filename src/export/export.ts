import type { Caller } from '../identity/caller.js';
import type { FileFormat } from '../platform/tabular/file.format.js';

export const EXPORT_STATES = ['queued', 'running', 'completed', 'failed', 'expired'] as const;
export type ExportState = (typeof EXPORT_STATES)[number];

/** A file that somebody asked for, and how far it is. */
export interface ExportJob {
  id: string;
  /** Whose figures: the agency of whoever asked. */
  agencyId: number;
  callerKind: Exclude<Caller['kind'], 'system'>;
  createdBy: string;
  /** As `POST /exports` names it. */
  report: string;
  sealedQuery: Buffer;
  format: FileFormat;
  state: ExportState;
  /** How often it was begun. */
  attempts: number;
  /** Of its first table, written by now. */
  rows: number;
  /** null where nobody knew before it was made. */
  expectedRows: number | null;
  fileName: string | null;
  mediaType: string | null;
  bytes: number | null;
  sha256: Buffer | null;
  /** Why there is none, in a sentence. */
  failure: string | null;
  createdAt: Date;
  startedAt: Date | null;
  finishedAt: Date | null;
  expiresAt: Date | null;
}

/** A job whose turn it is here, until somebody else holds another lease. */
export interface ClaimedExport extends ExportJob {
  lease: string;
}

/** What each sealed value is bound to. */
export function queryContext(jobId: string): string {
  return `export_job:${jobId}:query`;
}

export function chunkContext(jobId: string, seq: number): string {
  return `export_chunk:${jobId}:${seq}`;
}
