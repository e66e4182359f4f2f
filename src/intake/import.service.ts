import { Readable } from 'node:stream';
import { setTimeout as delay } from 'node:timers/promises';
import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { mayCall } from '../identity/access.policy.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { isId } from '../platform/clock/id.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import { Gate, GateTimeout } from '../platform/database/gate.js';
import { invalid, notFound, tooLarge, tooManyRequests } from '../platform/http/problem.js';
import type { Upload } from '../platform/http/upload.js';
import { CONFIG } from '../platform/platform.module.js';
import type { Bytes } from '../platform/tabular/byte-source.js';
import { CSV_BOM, csvLine } from '../platform/tabular/csv.js';
import type { ImportAnswer } from './import.dto.js';
import { nameContext, rejectContext, type ImportJob, type Reject, type SealedReject } from './import.job.js';
import { ImportStaging } from './import.staging.js';
import type { SubjectName } from './import.subject.js';
import { ImportSubjects } from './import.subjects.js';
import { ImportView } from './import.view.js';
import { ImportWorker } from './import.worker.js';

const FILE_FIELD = 'file';
const DRY_RUN = 'dryRun';
/** What multipart adds to a file: boundaries, part headers, the other fields. */
const MULTIPART_BYTES = 64 * 1024;
const WAIT_FOR_TURN_MS = 10_000;
const LOOK_AGAIN_MS = 200;
const REJECTS_A_PAGE = 250;
/** What the rejects have more than the file they came from, or instead of the same columns of one that was corrected. */
const REJECT_COLUMNS = ['行号', '原因'];

export interface RunFileOptions {
  /** What it is a file of; alerts where nothing is said. */
  of?: SubjectName;
  dryRun?: boolean;
  /** Told after each chunk. */
  onProgress?: (answer: ImportAnswer) => void;
}

/** Files of signals: taken over, asked after, and what was wrong with them. */
@Injectable()
export class ImportService {
  /** Each upload holds a connection as long as its client takes; the others are for everybody else. */
  private readonly uploads: Gate;

  constructor(
    private readonly database: Database,
    private readonly view: ImportView,
    private readonly staging: ImportStaging,
    private readonly worker: ImportWorker,
    private readonly subjects: ImportSubjects,
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {
    this.uploads = new Gate(Math.max(1, Math.floor(config.poolSize / 3)), WAIT_FOR_TURN_MS);
  }

  /**
   * Takes a file over that streams in.
   * @param wish the query parameter; a field of the form says the same
   * @throws Problem `unreadable-file`, `invalid`, `too-large`, `malformed-request`, `too-many-requests`
   */
  async accept(
    caller: Caller,
    upload: Upload,
    wish: string | undefined,
    of: SubjectName = 'alerts',
  ): Promise<{ id: string }> {
    try {
      if ((upload.declaredBytes ?? 0) > this.config.importMaxBytes + MULTIPART_BYTES) throw this.tooLarge();
      await this.turn();
      try {
        await upload.open(FILE_FIELD, [DRY_RUN]);
        const dryRun = async (): Promise<boolean> => dryRunOf(wish, (await upload.fields([DRY_RUN])).get(DRY_RUN));
        const subject = this.subjects.of(of);
        const source = { subject, bytes: upload.bytes(), fileName: upload.fileName, dryRun };
        const accepted = await this.staging.take(caller, source);
        this.worker.loop.wake();
        return accepted;
      } finally {
        this.uploads.leave();
      }
    } finally {
      void upload.drain();
    }
  }

  /** @throws Problem `not-found`, for the imports of others too */
  async get(caller: Caller, id: string): Promise<ImportAnswer> {
    return this.answer(this.visible(caller, await this.find(caller, id)));
  }

  /**
   * The rejected rows as they came, in clear: each call is in the audit log before the first byte.
   * @throws Problem `not-found`, for the imports of others too
   */
  async rejects(caller: Caller, id: string): Promise<StreamableFile> {
    const job = this.visible(caller, await this.find(caller, id));
    await this.database.transaction(caller.session, (tx) =>
      recordAudit(tx, {
        action: 'import.rejects-downloaded',
        caller,
        objectKind: 'import',
        objectId: job.id,
        data: { rows: job.rejected },
      }),
    );
    return new StreamableFile(Readable.from(this.rejectLines(caller, job), { objectMode: false }), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="rejects-${job.id}.csv"`,
    });
  }

  /**
   * Takes a local file over and works it off to its end, here or together with the servers that run.
   * @throws Problem as for an upload; Error where the work on it fails
   */
  async runFile(caller: Caller, bytes: Bytes, fileName: string, options: RunFileOptions = {}): Promise<ImportAnswer> {
    const dryRun = async (): Promise<boolean> => options.dryRun ?? false;
    const subject = this.subjects.of(options.of ?? 'alerts');
    const { id } = await this.staging.take(caller, { subject, bytes, fileName, dryRun });
    for (;;) {
      const job = (await this.find(caller, id))!;
      const answer = this.answer(job);
      options.onProgress?.(answer);
      if (job.finishedAt) return answer;
      // The failure is counted with the job, and ends it after a few.
      const worked = await this.worker.step(job).catch(() => false);
      if (!worked) await delay(LOOK_AGAIN_MS);
    }
  }

  private async find(caller: Caller, id: string): Promise<ImportJob | undefined> {
    return isId(id) ? this.database.read(caller.session, (tx) => this.view.find(tx, id)) : undefined;
  }

  /** A page at a time: however many there are, a few are in memory, and no transaction stays open for a slow reader. */
  private async *rejectLines(caller: Caller, job: ImportJob): AsyncGenerator<string> {
    const kept = job.columns.flatMap((name, index) => (REJECT_COLUMNS.includes(name) ? [] : [index]));
    yield CSV_BOM + csvLine([...kept.map((index) => job.columns[index]), ...REJECT_COLUMNS]);
    for (let after = 0; ;) {
      const page = await this.database.read(caller.session, (tx) =>
        this.view.rejects(tx, job.id, after, REJECTS_A_PAGE),
      );
      if (page.length === 0) return;
      yield page.map((reject) => this.rejectLine(job, kept, reject)).join('');
      after = page.at(-1)!.rowNo;
    }
  }

  private rejectLine(job: ImportJob, kept: readonly number[], { rowNo, sealed }: SealedReject): string {
    const { cells, reason } = JSON.parse(this.keyring.openText(sealed, rejectContext(job.id, rowNo))) as Reject;
    // Cells beyond the header stay in the file, behind everything else.
    return csvLine([...kept.map((index) => cells[index]), String(rowNo), reason, ...cells.slice(job.columns.length)]);
  }

  private async turn(): Promise<void> {
    try {
      await this.uploads.enter();
    } catch (error) {
      if (!(error instanceof GateTimeout)) throw error;
      throw tooManyRequests.with('Other files are being handed in at the moment. Send yours again shortly.', {
        headers: { 'retry-after': '10' },
      });
    }
  }

  private tooLarge(): Error {
    const most = Math.floor(this.config.importMaxBytes / 1024 / 1024);
    return tooLarge.with(`The file is larger than ${most} MB. Split it into several files.`);
  }

  /**
   * An import belongs to the agency that handed it in, and to those there who might hand such a file in. Of a feed's, another
   * feed sees those whose sources are its own as well: what it could have handed in itself.
   * @throws Problem `not-found`
   */
  private visible(caller: Caller, job: ImportJob | undefined): ImportJob {
    const own = caller.kind === 'system' || job?.agencyId === caller.agency.id;
    const { sources } = caller;
    const mine = sources === null || (job?.sources?.every((source) => sources.includes(source)) ?? false);
    if (!job || !own || !mine || !mayCall(caller, this.subjects.of(job.subject).operation))
      throw notFound.with('There is no import of this id, or it is longer over than a week.');
    return job;
  }

  private answer(job: ImportJob): ImportAnswer {
    const zone = this.config.timeZone;
    const { id, subject, status, dryRun, total, processed, created, duplicates, merged, rejected, failure } = job;
    return {
      id,
      subject,
      status,
      dryRun,
      fileName: this.keyring.openText(job.sealedName, nameContext(id)),
      total,
      processed,
      created,
      duplicates,
      merged,
      rejected,
      failure,
      createdAt: formatInstant(job.createdAt, zone),
      finishedAt: job.finishedAt && formatInstant(job.finishedAt, zone),
    };
  }
}

/** @throws Problem `invalid` */
function dryRunOf(query: string | undefined, field: string | undefined): boolean {
  const said = field ?? query ?? 'false';
  const message =
    said !== 'true' && said !== 'false'
      ? 'must be true or false'
      : query !== undefined && query !== said
        ? 'says something else than the query parameter'
        : undefined;
  if (message !== undefined) {
    throw invalid.with('One field is not right: see errors.', { errors: [{ pointer: `/${DRY_RUN}`, message }] });
  }
  return said === 'true';
}
