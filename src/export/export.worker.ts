import { createHash } from 'node:crypto';
import { Inject, Injectable, type OnApplicationBootstrap, type OnModuleDestroy } from '@nestjs/common';
import { actingCaller } from '../identity/acting.caller.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { Clock } from '../platform/clock/clock.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database, patient, QUERY_CANCELED, session } from '../platform/database/database.js';
import type { FileInHand, FileOrder } from '../platform/http/file.order.js';
import { Problem, tooLarge } from '../platform/http/problem.js';
import { Loop } from '../platform/jobs/loop.js';
import type { Logger } from '../platform/log/logger.js';
import { ReadinessChecks } from '../platform/ops/readiness.js';
import { BACKGROUND, LOGGER } from '../platform/platform.module.js';
import { ExportCatalogue } from './export.catalogue.js';
import { chunkContext, queryContext, type ClaimedExport } from './export.js';
import { ExportStore } from './export.store.js';

/** How the database knows the worker where it acts for nobody in particular. */
export const exportSession = session({ actor: 'exports', agency_path: '', roles: 'system' });

const EVERY_MS = 2_000;
const TIDY_EVERY_MS = 600_000;
const HOUR_MS = 3_600_000;
/** `/readyz` turns red where no round has ended for so long: a round is a whole file. */
const SILENT_MS = 2 * HOUR_MS;
/** Hours that a file can be fetched. */
export const KEPT_HOURS = 24;
/** Days that an export is told of after it has ended. */
export const TOLD_DAYS = 7;
/** Whoever says nothing for so long has crashed, and somebody else begins anew. */
export const LEASE_MS = 60_000;
const MOST_ATTEMPTS = 3;
const CHUNK_BYTES = 512 * 1024;
/** What a file may have at most, bytes: it is kept where everything else is. */
export const MOST_FILE_BYTES = 2 ** 30;

/** The job is somebody else's by now, or was removed. */
class LostTurn extends Error {
  override readonly name = 'LostTurn';
}

/** This process is being stopped: another one begins the job anew. */
class Stopped extends Error {
  override readonly name = 'Stopped';
}

/**
 * Makes the files that were asked for, one at a time in each instance: with the rights that the asker has by now, in
 * pieces that are kept in the database. A job is held by a lease; after a crash another turn begins it anew.
 */
@Injectable()
export class ExportWorker implements OnApplicationBootstrap, OnModuleDestroy {
  private readonly loop: Loop;
  private readonly tidying: Loop;
  private stopping = false;

  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly catalogue: ExportCatalogue,
    private readonly store: ExportStore,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    readiness: ReadinessChecks,
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(BACKGROUND) private readonly background: boolean,
  ) {
    this.loop = new Loop('exports', EVERY_MS, () => this.round(), logger);
    this.tidying = new Loop('exports: housekeeping', TIDY_EVERY_MS, () => this.tidy(), logger);
    if (background) readiness.add(this.loop.readiness(SILENT_MS), this.tidying.readiness(3 * TIDY_EVERY_MS));
  }

  onApplicationBootstrap(): void {
    if (!this.background) return;
    this.loop.start();
    this.tidying.start();
  }

  async onModuleDestroy(): Promise<void> {
    this.stopping = true;
    await Promise.all([this.loop.stop(), this.tidying.stop()]);
  }

  /** Something waits. */
  wake(): void {
    this.loop.wake();
  }

  /** Makes the file of the oldest job that nobody works on. @returns whether there was one */
  async round(): Promise<boolean> {
    const job = await this.database.transaction(exportSession, (tx) => this.store.claim(tx, this.leaseEnd()));
    if (!job) return false;
    const heart = setInterval(() => void this.beat(job), LEASE_MS / 4);
    heart.unref();
    try {
      if (job.attempts > MOST_ATTEMPTS)
        await this.giveUp(job, 'The file could not be made: the server failed each time.');
      else await this.make(job);
    } catch (error) {
      await this.failed(job, error);
    } finally {
      clearInterval(heart);
    }
    return true;
  }

  /** Removes files whose time has come, and forgets what ended long ago. */
  async tidy(): Promise<boolean> {
    await this.database.transaction(exportSession, async (tx) => {
      await this.store.expire(tx);
      await this.store.forget(tx, new Date(tx.now.getTime() - TOLD_DAYS * 24 * HOUR_MS));
    });
    return false;
  }

  private async make(job: ClaimedExport): Promise<void> {
    const organization = await this.organization.current();
    const acting = await this.database.read(exportSession, (tx) =>
      actingCaller(
        tx,
        organization,
        { kind: job.callerKind, id: job.createdBy, agencyId: job.agencyId },
        this.catalogue.operationOf(job.report),
      ),
    );
    if ('gone' in acting) return this.giveUp(job, `The file was not made: ${acting.gone}.`);
    const { caller } = acting;
    const query = JSON.parse(this.keyring.openText(job.sealedQuery, queryContext(job.id))) as Record<string, unknown>;
    const orderedBy = (who: Caller): Promise<FileOrder> => this.catalogue.order(who, job.report, query, job.format);
    // How many rows there will be is good to know, but not worth as long a wait as the rows themselves.
    await this.goOn(job, { expectedRows: await expectedRows(await orderedBy(caller)) });
    const order = await orderedBy({ ...caller, session: patient(caller.session) });
    await this.keep(job, caller, await order.open());
  }

  /** Writes a file in pieces as it is made. */
  private async keep(job: ClaimedExport, caller: Caller, { name, mediaType, bytes, count }: FileInHand): Promise<void> {
    const hash = createHash('sha256');
    let size = 0;
    let seq = 0;
    let held: Buffer[] = [];
    let heldBytes = 0;
    const flush = async (): Promise<void> => {
      if (heldBytes === 0) return;
      const piece = Buffer.concat(held, heldBytes);
      held = [];
      heldBytes = 0;
      hash.update(piece);
      size += piece.length;
      seq += 1;
      await this.goOn(job, { rows: count.rows }, { seq, piece });
    };
    for await (const bit of bytes) {
      if (this.stopping) throw new Stopped('this process is being stopped');
      if (size + heldBytes + bit.length > MOST_FILE_BYTES) {
        throw tooLarge.with('The file would be larger than 1 GiB. Ask for fewer days, or with more filters.');
      }
      held.push(bit);
      heldBytes += bit.length;
      if (heldBytes >= CHUNK_BYTES) await flush();
    }
    await flush();
    const sha256 = hash.digest();
    await this.database.transaction(exportSession, async (tx) => {
      const expiresAt = new Date(tx.now.getTime() + KEPT_HOURS * HOUR_MS);
      const file = { fileName: name, mediaType, bytes: size, sha256, rows: count.rows, expiresAt };
      if (!(await this.store.complete(tx, job, file))) throw new LostTurn(job.id);
      await recordAudit(tx, {
        action: 'export.made',
        caller,
        objectKind: 'export',
        objectId: job.id,
        data: { report: job.report, file: name, rows: count.rows, bytes: size, sha256: sha256.toString('hex') },
      });
    });
  }

  /** Says that the job is still worked on here, and what there is of it. @throws LostTurn */
  private async goOn(
    job: ClaimedExport,
    progress: { rows?: number; expectedRows?: number | null },
    chunk?: { seq: number; piece: Buffer },
  ): Promise<void> {
    await this.database.transaction(exportSession, async (tx) => {
      if (!(await this.store.goOn(tx, job, this.leaseEnd(), progress))) throw new LostTurn(job.id);
      if (!chunk) return;
      const sealed = this.keyring.seal(chunk.piece, chunkContext(job.id, chunk.seq));
      await this.store.addChunk(tx, job.id, chunk.seq, sealed);
    });
  }

  /** A report may take longer to begin than a lease lasts. */
  private async beat(job: ClaimedExport): Promise<void> {
    try {
      await this.goOn(job, {});
    } catch (error) {
      if (!(error instanceof LostTurn)) this.logger.warn({ err: error, export: job.id }, 'a lease was not renewed');
    }
  }

  private async giveUp(job: ClaimedExport, failure: string): Promise<void> {
    await this.database.transaction(exportSession, (tx) => this.store.fail(tx, job, failure));
  }

  /** What cannot be made is given up; what failed on our side is tried again, but not for ever. */
  private async failed(job: ClaimedExport, error: unknown): Promise<void> {
    if (error instanceof LostTurn) return;
    if (error instanceof Problem && error.kind.status < 500) return this.giveUp(job, error.message);
    // Whatever failed may fail each time, and a disk that is full fails for everybody: only being stopped was no attempt.
    const unspent = error instanceof Stopped;
    await this.database.transaction(exportSession, (tx) => this.store.giveBack(tx, job, unspent));
    if (!unspent) throw error;
  }

  private leaseEnd(): Date {
    return new Date(this.clock.now().getTime() + LEASE_MS);
  }
}

/** @returns null where nobody knows, or to count them would take too long */
async function expectedRows(order: FileOrder): Promise<number | null> {
  try {
    return await order.expected();
  } catch (error) {
    if ((error as { code?: string }).code === QUERY_CANCELED) return null;
    throw error;
  }
}
