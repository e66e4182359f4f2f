import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { FileDesk } from '../identity/file.desk.js';
import type { Tier } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { Snapshots } from '../platform/database/snapshots.js';
import type { FileOrder } from '../platform/http/file.order.js';
import type { Page } from '../platform/http/page.js';
import { invalid } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { CellKeeper } from './cells/cell.keeper.js';
import { CellView } from './cells/cell.view.js';
import type { Pending } from './cells/pending.view.js';
import type { CountedAnswer } from './counted.presenter.js';
import { DEFINITIONS } from './definitions.js';
import { figuresOf } from './figures.rules.js';
import { INDICATORS } from './indicators.js';
import { MONEY_INDICATORS } from './money.indicators.js';
import { ALERT_FILTERS, moneyApplies } from './money.rules.js';
import { MoneyView } from './money.view.js';
import { OpeningFiles } from './opening.files.js';
import { OpeningService, type Opened } from './opening.service.js';
import { stillWatched } from './rate.rules.js';
import { requestOf, rowOf } from './report.request.js';
import { isFiltered, scopeOf, type ReportFilters, type ScopeRequest } from './report.scope.js';
import { tierReportCasesFile, tierReportFile } from './tier-report.file.js';
import type { TierReportAnswer, TierReportCasesQuery, TierReportQuery } from './tier-report.dto.js';
import { openingOf } from './tier-report.openings.js';
import { TierReportView } from './tier-report.view.js';

/** 三级报表: what each unit of a tier received, did in time, saved and lost; and the cases behind each number. */
@Injectable()
export class TierReportService {
  constructor(
    private readonly files: FileDesk,
    private readonly view: TierReportView,
    private readonly cells: CellView,
    private readonly keeper: CellKeeper,
    private readonly moneyView: MoneyView,
    private readonly snapshots: Snapshots,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly openings: OpeningService,
    private readonly openingFiles: OpeningFiles,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The report as JSON, or as a file where that is asked for. */
  async answer(caller: Caller, tier: Tier, query: TierReportQuery): Promise<TierReportAnswer | FileOrder> {
    const organization = await this.organization.current();
    const request = requestOf(caller, tier, query, organization);
    await this.keeper.settle();
    const read = (): Promise<TierReportAnswer> =>
      this.snapshots.read(caller.session, (tx) => this.report(tx, request, organization));
    if (query.format === 'json') return read();
    return this.files.order(caller, { format: query.format, read: async () => tierReportFile(await read()) });
  }

  /**
   * The figures of a scope as one snapshot sees them: cases and acts out of the prepared cells, at most some seconds old
   * (`asOf`); under filters, and while no cells are ready, counted.
   * @param pending what has changed since the cells were counted: with it the figures are those of now
   * @throws Problem `amount-too-large`
   */
  async report(
    tx: Tx,
    request: ScopeRequest,
    organization: OrganizationSnapshot,
    pending?: Pending,
  ): Promise<TierReportAnswer> {
    const standing = isFiltered(request.filters) ? undefined : (pending?.standing ?? (await this.cells.standing(tx)));
    const asOf = pending ? tx.now : (standing?.asOf ?? tx.now);
    const scope = scopeOf(request, organization, this.config.timeZone, asOf);
    const { routing } = await this.policies.at(request.parent.cityId, scope.asOf);
    const provisional = stillWatched(scope.to, routing.watchDays, this.config.timeZone, scope.asOf);
    const [{ rows, total }, money] = await Promise.all([
      standing ? this.cells.tallies(tx, standing, scope, pending?.tooMuch) : this.view.tallies(tx, scope),
      moneyApplies(scope.filters) ? this.moneyView.tallies(tx, { ...scope, asOf: tx.now }) : undefined,
    ]);
    return {
      tier: scope.tier,
      from: scope.from,
      to: scope.to,
      parent: scope.parent.code,
      filters: scope.filters,
      asOf: formatInstant(scope.asOf, this.config.timeZone),
      rows: scope.rows.map(({ id, code, name }) => ({
        agency: { code, name },
        ...figuresOf(rows.get(id)!, money?.rows.get(id), provisional),
      })),
      total: figuresOf(total, money?.total, provisional),
      definitions: DEFINITIONS,
    } as TierReportAnswer;
  }

  /** What stands behind one number, newest first: a page of it, or all as a file. */
  async cases(caller: Caller, tier: Tier, query: TierReportCasesQuery): Promise<Page<CountedAnswer> | FileOrder> {
    const organization = await this.organization.current();
    const request = requestOf(caller, tier, query, organization);
    const only = query.agency === undefined ? undefined : rowOf(query.agency, request, organization);
    const indicator = INDICATORS[query.indicator]!;
    requireTold(query.indicator, request.filters);
    const opening = openingOf(indicator);
    const at = (tx: Tx): Opened => ({
      scope: scopeOf(request, organization, this.config.timeZone, tx.now, only),
      opening,
    });
    const { format } = query;
    if (format === 'json') return this.openings.page(caller, { list: 'tier-report', tier }, query, organization, at);
    const content = tierReportCasesFile(request, query.indicator, only ?? request.parent);
    return this.openingFiles.order(caller, { ...query, format }, organization, content, at);
  }
}

/** @throws Problem `invalid` for a number that is not told under a filter */
function requireTold(indicator: string, filters: ReportFilters): void {
  if (!Object.hasOwn(MONEY_INDICATORS, indicator) || moneyApplies(filters)) return;
  const errors = ALERT_FILTERS.filter((filter) => filters[filter] !== undefined).map((filter) => ({
    pointer: `/${filter}`,
    message: `is of warnings only: ${indicator} is not told with it`,
  }));
  throw invalid.with('Nothing stands behind this number under these filters: see errors.', { errors });
}
