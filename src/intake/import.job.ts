import type { Caller } from '../identity/caller.js';
import type { SubjectName } from './import.subject.js';

export type ImportStatus = 'queued' | 'running' | 'completed' | 'failed';

export interface ImportCounts {
  created: number;
  duplicates: number;
  merged: number;
  rejected: number;
}

/** One file that was handed in, and how far it is. */
export interface ImportJob extends ImportCounts {
  id: string;
  /** What it is a file of. */
  subject: SubjectName;
  /** Whose file it is. */
  agencyId: number;
  /** Who handed it in, and acts while it is worked off; null for the system itself. */
  callerKind: Caller['kind'];
  createdBy: string | null;
  /** The sources of the feed that handed it in; null for everybody else. */
  sources: string[] | null;
  /** Its name, sealed: people call files after persons. */
  sealedName: Buffer;
  dryRun: boolean;
  status: ImportStatus;
  /** The header row as it came. */
  columns: string[];
  total: number;
  processed: number;
  /** Failures in a row of the chunk that is next. */
  attempts: number;
  /** Why it failed, in a sentence. */
  failure: string | null;
  createdAt: Date;
  finishedAt: Date | null;
}

/** A row of a file as it came: its number in a spreadsheet program, and its cells. */
export type ImportRow = readonly [rowNo: number, cells: readonly string[]];

/** Rows that wait; sealed until they are worked on. */
export interface ImportChunk {
  firstRow: number;
  rowCount: number;
  /** Null where whoever asked has it already. */
  sealed: Buffer | null;
}

export interface SealedReject {
  rowNo: number;
  sealed: Buffer;
}

/** A row that was not taken, and why. */
export interface Reject {
  cells: readonly string[];
  reason: string;
}

/** What each sealed value is bound to. */
export function chunkContext(jobId: string, firstRow: number): string {
  return `import_chunk:${jobId}:${firstRow}`;
}

export function rejectContext(jobId: string, rowNo: number): string {
  return `import_reject:${jobId}:${rowNo}`;
}

export function nameContext(jobId: string): string {
  return `import_job:${jobId}:name`;
}
