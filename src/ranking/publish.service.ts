import { Inject, Injectable, type StreamableFile } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { FileDesk } from '../identity/file.desk.js';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { newId } from '../platform/clock/id.js';
import { formatInstant, parseInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { sha256 } from '../platform/crypto/sha256.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { conflict, invalid, notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { TierReportService } from '../report/tier-report.service.js';
import { canonicalJson } from './canonical.rules.js';
import { namesAPerson } from './card.rules.js';
import type {
  EditionAnswer,
  EditionFormat,
  ListEditionsQuery,
  PublishBody,
  WholeEditionAnswer,
} from './edition.dto.js';
import { editionFile } from './edition.file.js';
import type { Edition, EditionContent } from './edition.js';
import { differences, publishedRanking, publishedTierReport } from './edition.rules.js';
import { EditionStore } from './edition.store.js';
import { EditionView, LAST_EDITION, type StoredEdition } from './edition.view.js';
import { isOver, periodOfMonth, type Month } from './month.rules.js';
import { CellKeeper } from '../report/cells/cell.keeper.js';
import { CellView } from '../report/cells/cell.view.js';
import { RankingMaker } from './ranking.maker.js';
import { monthNotOver, nothingNew } from './ranking.problems.js';
import { RANKED_TIERS, type RankedTier } from './ranking.js';

type Report = EditionContent['report'];

/** 通报: figures of a month as they were told to the whole city, never changed afterwards. */
@Injectable()
export class PublishService {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly maker: RankingMaker,
    private readonly keeper: CellKeeper,
    private readonly cells: CellView,
    private readonly reports: TierReportService,
    private readonly store: EditionStore,
    private readonly view: EditionView,
    private readonly cursors: Cursors,
    private readonly files: FileDesk,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Publishes the ranking or the tier report of a month that has ended, as the next edition of it.
   * @throws Problem `month-not-over`, `nothing-new`, `conflict` where figures read later were published meanwhile, `invalid`
   */
  async publish(caller: Caller, month: Month, body: PublishBody): Promise<WholeEditionAnswer> {
    refuseFaults(body);
    const { kind, tier, note } = body;
    const organization = await this.organization.current();
    const city = organization.cityOf(caller.agency);
    await this.keeper.settle();
    const { report, asOf } = await this.database.readSnapshot(caller.session, (tx) =>
      this.report(tx, organization, city, month, body),
    );
    return this.database.transaction(caller.session, async (tx) => {
      await this.store.takeTurn(tx, city.id);
      tx.restamp();
      const former = await this.view.before(tx, { cityId: city.id, kind, tier, month }, LAST_EDITION);
      if (former) refuseRepetition(former, report, asOf);
      const content: EditionContent = {
        kind,
        tier,
        month,
        city: { code: city.code, name: city.name },
        edition: (former?.edition ?? 0) + 1,
        previous: former?.hash.toString('hex') ?? null,
        asOf: formatInstant(asOf, this.config.timeZone),
        publishedBy: { name: caller.name, agency: caller.agency.code },
        note: note.trim(),
        report,
      };
      const bytes = Buffer.from(canonicalJson(content), 'utf8');
      const edition: Edition = {
        id: newId(tx.now),
        cityId: city.id,
        kind,
        tier,
        month,
        edition: content.edition,
        hash: sha256(bytes),
        asOf,
        publishedAt: tx.now,
        publishedBy: caller.id!,
        publishedByName: caller.name,
        note: content.note,
      };
      await this.store.insert(tx, edition, bytes);
      await recordAudit(tx, {
        action: 'report.published',
        caller,
        objectKind: 'edition',
        objectId: edition.id,
        data: { kind, tier, month, edition: edition.edition, hash: edition.hash.toString('hex') },
      });
      return this.whole({ ...edition, content: bytes }, former);
    });
  }

  async list(caller: Caller, query: ListEditionsQuery): Promise<Page<EditionAnswer>> {
    const { limit, cursor, count, kind, tier, month } = query;
    const filter = { cityId: caller.agency.cityId, kind, tier, month };
    const signed = { list: 'published', ...filter };
    return this.database.read(caller.session, async (tx) => {
      const [before] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.list(tx, filter, before, limit + 1);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        ({ id }) => [id],
        (edition) => this.answer(edition),
      );
      return count ? { ...page, total: await this.view.count(tx, filter) } : page;
    });
  }

  /** @throws Problem `not-found` for an edition of another city */
  async get(caller: Caller, id: string, format: EditionFormat): Promise<WholeEditionAnswer | StreamableFile> {
    const [edition, former] = await this.database.read(caller.session, async (tx) => {
      const found = await this.view.find(tx, id);
      if (!found || found.cityId !== caller.agency.cityId) {
        throw notFound.with('Your city has published nothing of that id. GET /reports/published lists what it has.');
      }
      return [found, await this.view.before(tx, found, found.edition)];
    });
    const answer = this.whole(edition, former);
    if (format === 'json') return answer;
    const file = editionFile(answer);
    if (format !== 'canonical') return this.files.order(caller, { format, read: async () => file });
    const { name, record } = file;
    const stored = { name: `${name}.json`, mediaType: 'application/json', bytes: edition.content };
    return this.files.stored(caller, { ...stored, record: { ...record, data: { ...record.data, format } } });
  }

  private async report(
    tx: Tx,
    organization: OrganizationSnapshot,
    city: Agency,
    month: Month,
    { kind, tier }: PublishBody,
  ): Promise<{ report: Report; asOf: Date }> {
    const period = periodOfMonth(month);
    const requireOver = (moment: Date): void => {
      if (!isOver(period, this.config.timeZone, moment))
        throw monthNotOver.with(`A month is published when it has ended; ${month} has not.`);
    };
    requireOver(tx.now);
    await this.cells.requireWhole(tx);
    const { from, to } = period;
    const made =
      kind === 'ranking'
        ? await this.maker.make(tx, organization, city, tier as RankedTier, period)
        : await this.reports.report(tx, { tier, parent: city, from, to, filters: {} }, organization);
    // Prepared figures are some seconds old: those of a moment before the end would lack its last seconds.
    const asOf = parseInstant(made.asOf)!;
    requireOver(asOf);
    const report: Report = 'policy' in made ? publishedRanking(made) : publishedTierReport(made);
    // As it will be read back: what is compared is what is stored.
    return { report: JSON.parse(canonicalJson(report)) as Report, asOf };
  }

  private answer(edition: Edition): EditionAnswer {
    const { id, kind, tier, month, hash, asOf, publishedAt, publishedByName, note } = edition;
    return {
      id,
      kind,
      tier,
      month,
      edition: edition.edition,
      hash: hash.toString('hex'),
      asOf: formatInstant(asOf, this.config.timeZone),
      publishedAt: formatInstant(publishedAt, this.config.timeZone),
      publishedBy: publishedByName,
      note,
    };
  }

  private whole(edition: StoredEdition, former: StoredEdition | undefined): WholeEditionAnswer {
    const content = contentOf(edition);
    return {
      ...this.answer(edition),
      previous: former ? { id: former.id, edition: former.edition, hash: former.hash.toString('hex') } : null,
      changes: former ? differences(contentOf(former).report, content.report) : [],
      content,
    };
  }
}

function contentOf({ content }: StoredEdition): EditionContent {
  return JSON.parse(content.toString('utf8')) as EditionContent;
}

function refuseFaults({ kind, tier, note }: PublishBody): void {
  const errors: Fault[] = [];
  if (kind === 'ranking' && !(RANKED_TIERS as readonly string[]).includes(tier))
    errors.push({ pointer: '/tier', message: `must be one of ${RANKED_TIERS.join(', ')} for a ranking` });
  if (namesAPerson(note))
    errors.push({ pointer: '/note', message: 'holds what looks like the number of a person; the whole city reads it' });
  if (errors.length > 0)
    throw invalid.with('It cannot be published so: see errors. Nothing was published.', { errors });
}

function refuseRepetition(former: StoredEdition, report: Report, asOf: Date): void {
  if (former.asOf.getTime() > asOf.getTime()) {
    throw conflict.with('Figures read later than yours were published at this moment. Read that edition first.');
  }
  if (differences(contentOf(former).report, report).length > 0) return;
  throw nothingNew.with(
    `Edition ${former.edition} of this month says the same in every figure, rule and definition. Nothing was published.`,
    { members: { edition: former.edition, id: former.id } },
  );
}
