import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { HttpAdapterHost } from '@nestjs/core';
import { actingCaller } from '../identity/acting.caller.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database, session, type Tx } from '../platform/database/database.js';
import { Problem } from '../platform/http/problem.js';
import { Loop } from '../platform/jobs/loop.js';
import type { Logger } from '../platform/log/logger.js';
import { LOGGER } from '../platform/platform.module.js';
import { rejectContext, type ImportChunk, type ImportCounts, type ImportJob, type SealedReject } from './import.job.js';
import { ImportPreview, type DigestedSignal } from './import.preview.js';
import { ImportReader, type ReadRow } from './import.reader.js';
import { ImportStore } from './import.store.js';
import { ImportView, type WaitingJob } from './import.view.js';
import { ReasonWriter } from './import.wording.js';
import { CONFLICT, IntakeApi } from './intake.api.js';
import type { Taken } from './intake.service.js';
import type { IntakeContext } from './signal.rules.js';

/** How the database knows the worker where it acts for nobody in particular. */
export const importSession = session({ actor: 'imports', agency_path: '', roles: 'system' });

const EVERY_MS = 2_000;
const HOUR_MS = 3_600_000;
/** Jobs looked at for one that nobody else works on. */
const MOST_WAITING = 16;
const MOST_ATTEMPTS = 5;
/** Days that a finished import and its rejected rows can be asked for. */
export const KEPT_DAYS = 7;

type Acting = { caller: Caller } | { gone: string };

/** A chunk that was read before its turn. */
interface Ahead {
  readonly jobId: string;
  readonly firstRow: number;
  readonly organization: OrganizationSnapshot;
  readonly rows: Promise<ReadRow[]>;
}

/**
 * Works files off, a chunk a transaction: take the signals, note the rejected rows, count, forget the chunk. After a crash
 * all of that has happened or none. A job is locked while one of its chunks is worked on, so that several instances share
 * the jobs and each job keeps its order.
 */
@Injectable()
export class ImportWorker implements OnApplicationBootstrap, OnModuleDestroy {
  readonly loop: Loop;
  private readonly housekeeping: Loop;
  private ahead: Ahead | undefined;
  /** The job that has more, and in whose name. */
  private going: { job: WaitingJob; caller: Caller } | undefined;

  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly view: ImportView,
    private readonly store: ImportStore,
    private readonly reader: ImportReader,
    private readonly preview: ImportPreview,
    private readonly api: IntakeApi,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    private readonly host: HttpAdapterHost,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    this.loop = new Loop('imports', EVERY_MS, () => this.round(), logger, clock);
    this.housekeeping = new Loop('imports: housekeeping', HOUR_MS, () => this.purge(), logger, clock);
  }

  /** In the background only where the application is served: a command of the command line does what it was asked for. */
  onApplicationBootstrap(): void {
    if (!this.host.httpAdapter) return;
    this.loop.start();
    this.housekeeping.start();
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all([this.loop.stop(), this.housekeeping.stop()]);
  }

  /** Works on one chunk of the oldest job that nobody else works on. @returns whether there was one */
  async round(): Promise<boolean> {
    let failure: unknown;
    for await (const job of this.candidates()) {
      try {
        if (await this.step(job)) return true;
      } catch (error) {
        // The others must not wait for this one.
        failure = error;
      }
    }
    if (failure !== undefined) throw failure;
    return false;
  }

  /**
   * Works on the next chunk of a job.
   * @returns false where another instance does, or the job is over
   * @throws whatever went wrong, after counting it
   */
  async step(job: WaitingJob): Promise<boolean> {
    try {
      for (;;) {
        const acting = this.going?.job.id === job.id ? this.going : await this.actingFor(job);
        if ('gone' in acting) {
          await this.giveUp(job.id, `The import was stopped: ${acting.gone}. What it had taken in by then stays.`);
          return true;
        }
        const { caller } = acting;
        const context = await this.api.contextFor(caller);
        const done = await this.database.transaction(caller.session, (tx) => this.nextChunk(tx, job, caller, context));
        if (done !== 'others-rights') return done === 'worked';
        this.going = undefined;
      }
    } catch (error) {
      await this.noteFailure(job.id, error);
      throw error;
    }
  }

  /** Forgets what was finished a week ago. */
  async purge(): Promise<boolean> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 24 * HOUR_MS);
    await this.database.transaction(importSession, (tx) => this.store.purge(tx, before));
    return false;
  }

  /** The job that is under way here, then all that wait, the oldest first. */
  private async *candidates(): AsyncGenerator<WaitingJob> {
    const going = this.going?.job;
    if (going) yield going;
    const waiting = await this.database.read(importSession, (tx) => this.view.waiting(tx, MOST_WAITING));
    for (const job of waiting) if (job.id !== going?.id) yield job;
  }

  private async actingFor(job: WaitingJob): Promise<Acting> {
    const organization = await this.organization.current();
    return this.database.read(importSession, (tx) => this.acting(tx, organization, job));
  }

  private acting(tx: Tx, organization: OrganizationSnapshot, job: WaitingJob): Promise<Acting> {
    const { callerKind: kind, createdBy: id, agencyId } = job;
    return actingCaller(tx, organization, { kind, id, agencyId }, 'importAlerts');
  }

  /** @returns `others-rights` where whoever handed the file in may do less, or other things, than when it was asked last */
  private async nextChunk(
    tx: Tx,
    waiting: WaitingJob,
    caller: Caller,
    context: IntakeContext,
  ): Promise<'worked' | 'elsewhere' | 'others-rights'> {
    const known =
      this.ahead?.jobId === waiting.id && this.ahead.organization === context.organization ? this.ahead : undefined;
    const [job, acting, [chunk, after]] = await Promise.all([
      this.store.claim(tx, waiting.id),
      this.acting(tx, context.organization, waiting),
      this.view.nextChunks(tx, waiting.id, known?.firstRow ?? 0),
    ]);
    if (!job || !chunk) {
      this.going = undefined;
      return 'elsewhere';
    }
    if ('gone' in acting || !sameRights(acting.caller, caller)) return 'others-rights';
    const rows = await (known?.firstRow === chunk.firstRow ? known.rows : this.read(job, chunk, context));
    this.ahead = after && this.readAhead(job, after, context, known);
    this.going = after && { job: waiting, caller };
    const counts = await this.work(tx, job, rows, caller, context);
    await this.store.advance(tx, job.id, chunk.firstRow, counts, !after);
    return 'worked';
  }

  private async work(
    tx: Tx,
    job: ImportJob,
    rows: readonly ReadRow[],
    caller: Caller,
    context: IntakeContext,
  ): Promise<ImportCounts> {
    const read = rows.flatMap((one) => ('signal' in one ? [one] : []));
    const outcomes = job.dryRun
      ? await this.preview.foresee(tx, job.id, caller, read)
      : await this.take(tx, caller, read, context);
    const conflicts = new Set(read.filter((_, index) => outcomes[index] === 'conflict'));
    const writer = new ReasonWriter(job.columns);
    const rejects = rows.flatMap((one): SealedReject[] => {
      const faults = 'faults' in one ? one.faults : conflicts.has(one) ? [CONFLICT] : [];
      if (faults.length === 0) return [];
      const [rowNo, cells] = one.row;
      const reject = JSON.stringify({ cells, reason: writer.reasonOf(faults) });
      return [{ rowNo, sealed: this.keyring.seal(reject, rejectContext(job.id, rowNo)) }];
    });
    await this.store.addRejects(tx, job.id, rejects);
    const count = (outcome: Taken['outcome']): number => outcomes.filter((one) => one === outcome).length;
    return {
      created: count('created'),
      duplicates: count('duplicate'),
      merged: count('merged'),
      rejected: rejects.length,
    };
  }

  private async take(
    tx: Tx,
    caller: Caller,
    read: readonly DigestedSignal[],
    context: IntakeContext,
  ): Promise<Taken['outcome'][]> {
    const signals = read.map(({ signal }) => signal);
    const digests = read.map((one) => one.digests);
    return (await this.api.take(tx, caller, signals, context, digests)).map(({ outcome }) => outcome);
  }

  /** Reads the chunk after this one while the database is busy with this one. */
  private readAhead(job: ImportJob, after: ImportChunk, context: IntakeContext, known: Ahead | undefined): Ahead {
    // Where this chunk is tried again, the one after it has been read already.
    if (known?.firstRow === after.firstRow) return known;
    const rows = this.read(job, after, context);
    // Whoever awaits it hears of its failure; perhaps nobody does.
    rows.catch(() => undefined);
    return { jobId: job.id, firstRow: after.firstRow, organization: context.organization, rows };
  }

  private read(job: ImportJob, chunk: ImportChunk, context: IntakeContext): Promise<ReadRow[]> {
    return this.reader.read(job.id, job.columns, chunk.firstRow, chunk.sealed!, context);
  }

  /** Counts a failure, and gives the job up when it was one too many. A database that is away is no fault of the job. */
  private async noteFailure(jobId: string, error: unknown): Promise<void> {
    this.ahead = undefined;
    this.going = undefined;
    if (error instanceof Problem && error.kind.status === 503) return;
    const attempts = await this.database.transaction(importSession, (tx) => this.store.failedOnce(tx, jobId));
    this.logger.error({ err: error, importId: jobId, attempts }, 'rows of an import could not be taken in');
    if (attempts < MOST_ATTEMPTS) return;
    await this.giveUp(
      jobId,
      `The server could not take in the rows that came next, ${attempts} times over; its log says why. What it had taken in by then stays: hand in the file again, rows that are in already count as duplicates.`,
    );
  }

  private async giveUp(jobId: string, failure: string): Promise<void> {
    await this.database.transaction(importSession, (tx) => this.store.fail(tx, jobId, failure));
  }
}

function sameRights(one: Caller, other: Caller): boolean {
  // The session names the actor, the agency and the roles.
  return one.session.begin === other.session.begin && String(one.sources) === String(other.sources);
}
