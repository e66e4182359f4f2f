import { Readable } from 'node:stream';
import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { newId } from '../platform/clock/id.js';
import { formatInstant } from '../platform/clock/local-date.js';
import { Clock } from '../platform/clock/clock.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page, type PageQuery } from '../platform/http/page.js';
import { notFound } from '../platform/http/problem.js';
import { Reply } from '../platform/http/reply.js';
import { CONFIG } from '../platform/platform.module.js';
import { ExportCatalogue } from './export.catalogue.js';
import type { CreateExportBody, ExportAnswer } from './export.dto.js';
import { chunkContext, queryContext, type ExportJob, type ExportState } from './export.js';
import { exportNotReady, tooManyExports } from './export.problems.js';
import { ExportStore } from './export.store.js';
import { ExportView, type Asker } from './export.view.js';
import { ExportWorker } from './export.worker.js';

/** Exports of one person that are waiting or being made. */
export const MOST_UNFINISHED = 5;
/** Whoever has files of so many bytes asks for no more. */
export const MOST_KEPT_BYTES = 2 * 2 ** 30;
const LOCATION = '/api/v1/exports';

/** 导出: files that are made in the background, for those who asked and nobody else. */
@Injectable()
export class ExportService {
  constructor(
    private readonly database: Database,
    private readonly catalogue: ExportCatalogue,
    private readonly store: ExportStore,
    private readonly view: ExportView,
    private readonly worker: ExportWorker,
    private readonly keyring: Keyring,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Takes an export on; it is made in the background, with the rights that the caller has then.
   * @throws Problem as the report's own route, at once; `too-many-exports`
   */
  async create(caller: Caller, { report, query, format }: CreateExportBody): Promise<Reply<ExportAnswer>> {
    await this.catalogue.order(caller, report, query, format);
    const { createdBy, agencyId } = askerOf(caller);
    const answer = await this.database.transaction(caller.session, async (tx) => {
      await this.store.takeTurn(tx, createdBy);
      if ((await this.view.unfinished(tx, createdBy)) >= MOST_UNFINISHED) {
        throw tooManyExports.with(
          `${MOST_UNFINISHED} of your exports are waiting or being made. Wait for one of them, or remove one: GET /exports lists them, DELETE /exports/{id} removes.`,
        );
      }
      if ((await this.view.keptBytes(tx, createdBy)) >= MOST_KEPT_BYTES) {
        throw tooManyExports.with(
          'Your files take up 2 GiB, and no more is kept for one person. Remove what you have fetched: GET /exports lists it, DELETE /exports/{id} removes.',
        );
      }
      const id = newId(tx.now);
      await this.store.add(tx, {
        id,
        agencyId,
        callerKind: caller.kind as ExportJob['callerKind'],
        createdBy,
        report,
        sealedQuery: this.keyring.seal(JSON.stringify(query), queryContext(id)),
        format,
        createdAt: tx.now,
      });
      await this.record(tx, caller, 'export.asked', id, { report, format });
      tx.afterCommit(() => this.worker.wake());
      return this.answer((await this.view.find(tx, id, { createdBy, agencyId }))!, tx.now);
    });
    return new Reply(202, answer, undefined, { location: `${LOCATION}/${answer.id}` });
  }

  async get(caller: Caller, id: string): Promise<ExportAnswer> {
    return this.database.read(caller.session, async (tx) => this.answer(await this.own(tx, caller, id), tx.now));
  }

  async list(caller: Caller, { limit, cursor, count }: PageQuery): Promise<Page<ExportAnswer>> {
    const asker = askerOf(caller);
    const signed = { list: 'exports', ...asker };
    return this.database.read(caller.session, async (tx) => {
      const [before] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.list(tx, asker, before, limit + 1);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        ({ id }) => [id],
        (job) => this.answer(job, tx.now),
      );
      return count ? { ...page, total: await this.view.count(tx, asker) } : page;
    });
  }

  /**
   * The file, from whichever instance; on record before its first byte.
   * @throws Problem `export-not-ready`, `forbidden` for somebody who may not ask for the report any more
   */
  async file(caller: Caller, id: string): Promise<Reply<StreamableFile>> {
    const job = await this.database.transaction(caller.session, async (tx) => {
      const found = await this.own(tx, caller, id);
      this.catalogue.requireRight(caller, found.report);
      const state = stateAt(found, tx.now);
      if (state !== 'completed') {
        throw exportNotReady.with(WITHOUT_FILE[state], { members: { state } });
      }
      await this.record(tx, caller, 'export.fetched', id, { report: found.report, file: found.fileName });
      return found;
    });
    const hash = job.sha256!.toString('hex');
    const file = new StreamableFile(Readable.from(this.pieces(caller, id, job.bytes!), { objectMode: false }), {
      type: job.mediaType!,
      disposition: `attachment; filename="${job.fileName}"`,
      length: job.bytes!,
    });
    return new Reply(200, file, undefined, { etag: `"${hash}"` });
  }

  /** Stops it where it is not finished, and removes its file. */
  async remove(caller: Caller, id: string): Promise<void> {
    await this.database.transaction(caller.session, async (tx) => {
      const { report } = await this.own(tx, caller, id);
      await this.store.remove(tx, id);
      await this.record(tx, caller, 'export.removed', id, { report });
    });
  }

  /** @throws Error where it is removed meanwhile: so the connection is cut, and a part is not taken for the whole */
  private async *pieces(caller: Caller, id: string, bytes: number): AsyncGenerator<Buffer, void> {
    let left = bytes;
    for (let seq = 1; left > 0; seq++) {
      const sealed = await this.database.read(caller.session, (tx) => this.view.chunk(tx, id, seq));
      if (!sealed) throw new Error(`the file of export ${id} is gone, ${left} bytes before its end`);
      const piece = this.keyring.open(sealed, chunkContext(id, seq));
      left -= piece.length;
      yield piece;
    }
  }

  /** @throws Problem `not-found` for what another person asked for, or oneself at another agency */
  private async own(tx: Parameters<ExportView['find']>[0], caller: Caller, id: string): Promise<ExportJob> {
    const job = await this.view.find(tx, id, askerOf(caller));
    if (!job) throw notFound.with('You have no export of that id. GET /exports lists yours.');
    return job;
  }

  private async record(
    tx: Parameters<typeof recordAudit>[0],
    caller: Caller,
    action: string,
    objectId: string,
    data: Record<string, unknown>,
  ): Promise<void> {
    await recordAudit(tx, { action, caller, objectKind: 'export', objectId, data });
  }

  private answer(job: ExportJob, now: Date): ExportAnswer {
    const moment = (at: Date | null): string | null => at && formatInstant(at, this.config.timeZone);
    return {
      id: job.id,
      report: job.report,
      format: job.format,
      state: stateAt(job, now),
      progress: { rows: job.rows, of: job.expectedRows },
      createdAt: formatInstant(job.createdAt, this.config.timeZone),
      startedAt: moment(job.startedAt),
      finishedAt: moment(job.finishedAt),
      expiresAt: moment(job.expiresAt),
      fileName: job.fileName,
      bytes: job.bytes,
      sha256: job.sha256 && job.sha256.toString('hex'),
      error: job.failure,
    };
  }
}

const WITHOUT_FILE: Readonly<Record<Exclude<ExportState, 'completed'>, string>> = {
  queued: 'The export waits for its turn. Ask GET /exports/{id} how far it is.',
  running: 'The export is being made. Ask GET /exports/{id} how far it is.',
  failed: 'The export failed; GET /exports/{id} says why. Ask for it anew with POST /exports.',
  expired: 'The file was kept for its time and is gone. Ask for it anew with POST /exports.',
};

/** A file whose time has come is gone, whether or not it has been removed yet. */
function stateAt({ state, expiresAt }: ExportJob, now: Date): ExportState {
  return state === 'completed' && expiresAt!.getTime() <= now.getTime() ? 'expired' : state;
}

function askerOf({ id, agency }: Caller): Asker {
  return { createdBy: id!, agencyId: agency.id };
}
