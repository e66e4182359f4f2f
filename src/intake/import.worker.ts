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
import { ImportReader } from './import.reader.js';
import { ImportStore } from './import.store.js';
import type { ReadRows, RowOutcome } from './import.subject.js';
import { ImportSubjects } from './import.subjects.js';
import { ImportView, type WaitingJob } from './import.view.js';
import { ReasonWriter } from './import.wording.js';
import { IntakeApi } from './intake.api.js';
import type { IntakeContext } from './reader.rules.js';

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
  readonly rows: Promise<ReadRows<unknown>[]>;
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
    private readonly subjects: ImportSubjects,
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
    return actingCaller(tx, organization, { kind, id, agencyId }, this.subjects.of(job.subject).operation);
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
    read: readonly ReadRows<unknown>[],
    caller: Caller,
    context: IntakeContext,
  ): Promise<ImportCounts> {
    const subject = this.subjects.of(job.subject);
    const right = read.flatMap((one) => ('item' in one ? [one] : []));
    const items = right.map(({ item }) => item);
    const outcomes = job.dryRun
      ? await subject.foresee(tx, job.id, caller, items)
      : await subject.take(tx, caller, items, context);
    const conflicts = right.flatMap(({ rows }, index) =>
      outcomes[index] === 'conflict' ? rows.map(({ row }) => ({ row, faults: [subject.conflict] })) : [],
    );
    const wrong = [...read.flatMap((one) => ('faults' in one ? one.faults : [])), ...conflicts];
    const writer = new ReasonWriter(subject.columns, subject.wordings, job.columns);
    const rejects = wrong.map(({ row: [rowNo, cells], faults }): SealedReject => {
      const reject = JSON.stringify({ cells, reason: writer.reasonOf(faults) });
      return { rowNo, sealed: this.keyring.seal(reject, rejectContext(job.id, rowNo)) };
    });
    await this.store.addRejects(tx, job.id, rejects);
    const counts = { created: 0, duplicates: 0, merged: 0, rejected: rejects.length };
    right.forEach(({ rows }, index) => {
      rows.forEach(({ repeats }, place) => {
        const field = COUNTED_AS[place === 0 ? outcomes[index]! : followed(outcomes[index]!, repeats)];
        if (field) counts[field] += 1;
      });
    });
    return counts;
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

  private read(job: ImportJob, chunk: ImportChunk, context: IntakeContext): Promise<ReadRows<unknown>[]> {
    const subject = this.subjects.of(job.subject);
    return this.reader.read(subject, job.id, job.columns, chunk.firstRow, chunk.sealed!, context);
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

/** Where a row is counted; those in conflict are among the rejected ones. */
const COUNTED_AS: Record<RowOutcome, Exclude<keyof ImportCounts, 'rejected'> | undefined> = {
  created: 'created',
  duplicate: 'duplicates',
  merged: 'merged',
  conflict: undefined,
};

/** What a row counts for that goes on with another. */
function followed(outcome: RowOutcome, repeats: true | undefined): RowOutcome {
  return outcome === 'created' ? (repeats ? 'duplicate' : 'merged') : outcome;
}

function sameRights(one: Caller, other: Caller): boolean {
  // The session names the actor, the agency and the roles.
  return one.session.begin === other.session.begin && String(one.sources) === String(other.sources);
}
