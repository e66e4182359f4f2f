import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { maskText } from '../alert/mask.rules.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import type { Tier } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { Clock } from '../platform/clock/clock.js';
import { formatInstant, localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { invalid } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { CountedPresenter, type CountedAnswer } from './counted.presenter.js';
import { DEFINITIONS } from './definitions.js';
import { figuresOf } from './figures.rules.js';
import { INDICATORS } from './indicators.js';
import { MONEY_INDICATORS } from './money.indicators.js';
import { ALERT_FILTERS, moneyApplies } from './money.rules.js';
import { MoneyView } from './money.view.js';
import { stillWatched } from './rate.rules.js';
import { requestOf, rowOf } from './report.request.js';
import { scopeOf, type ReportFilters, type ScopeRequest } from './report.scope.js';
import { TierReportCasesView, type Position } from './tier-report.cases.view.js';
import { tierReportCsv, tierReportFileName } from './tier-report.csv.js';
import type { TierReportAnswer, TierReportCasesQuery, TierReportQuery } from './tier-report.dto.js';
import { TierReportView } from './tier-report.view.js';

/** 三级报表: what each unit of a tier received, did in time, saved and lost; and the cases behind each number. */
@Injectable()
export class TierReportService {
  constructor(
    private readonly database: Database,
    private readonly view: TierReportView,
    private readonly moneyView: MoneyView,
    private readonly casesView: TierReportCasesView,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly counted: CountedPresenter,
    private readonly cursors: Cursors,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The report as JSON, or as a file where that is asked for. */
  async answer(caller: Caller, tier: Tier, query: TierReportQuery): Promise<TierReportAnswer | StreamableFile> {
    const organization = await this.organization.current();
    const request = requestOf(caller, tier, query, organization);
    const report = await this.database.readSnapshot(caller.session, (tx) => this.report(tx, request, organization));
    return query.format === 'csv' ? this.file(caller, report) : report;
  }

  /**
   * The figures of a scope as one snapshot sees them.
   * @throws Problem `amount-too-large`
   */
  async report(tx: Tx, request: ScopeRequest, organization: OrganizationSnapshot): Promise<TierReportAnswer> {
    const scope = scopeOf(request, organization, this.config.timeZone, tx.now);
    const { routing } = await this.policies.at(request.parent.cityId, scope.asOf);
    const provisional = stillWatched(scope.to, routing.watchDays, this.config.timeZone, scope.asOf);
    const { rows, total } = await this.view.tallies(tx, scope);
    const money = moneyApplies(scope.filters) ? await this.moneyView.tallies(tx, scope) : undefined;
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

  /** What stands behind one number, newest first. */
  async cases(caller: Caller, tier: Tier, query: TierReportCasesQuery): Promise<Page<CountedAnswer>> {
    const organization = await this.organization.current();
    const request = requestOf(caller, tier, query, organization);
    const only = query.agency === undefined ? undefined : rowOf(query.agency, request, organization);
    const indicator = INDICATORS[query.indicator]!;
    requireTold(query.indicator, request.filters);
    return this.database.readSnapshot(caller.session, async (tx) => {
      const scope = scopeOf(request, organization, this.config.timeZone, tx.now, only);
      const { limit, cursor, count, ...asked } = query;
      const signed = { list: 'tier-report', tier, caller: caller.agency.id, asked };
      const after = cursor === undefined ? undefined : positionOf(this.cursors.decode(signed, cursor));
      const items = await this.casesView.items(tx, scope, indicator, after, limit + 1);
      const present = await this.counted.of(tx, items, indicator.list === 'signals', caller, organization);
      const page = this.cursors.page(signed, limit, items, ({ alertId, itemId }) => [alertId, itemId], present);
      return count ? { ...page, total: await this.casesView.count(tx, scope, indicator) } : page;
    });
  }

  /** What leaves the system as a file is on record before it does. */
  private async file(caller: Caller, report: TierReportAnswer): Promise<StreamableFile> {
    const { tier, from, to, parent, filters } = report;
    const source = filters.source === undefined ? {} : { source: maskText(filters.source, {}) };
    await this.database.transaction(caller.session, (tx) =>
      recordAudit(tx, {
        action: 'report.exported',
        caller,
        objectKind: 'tier-report',
        objectId: `${parent}/${tier}/${from}/${to}`,
        data: { tier, from, to, parent, format: 'csv', rows: report.rows.length, ...filters, ...source },
      }),
    );
    const at = localMinuteOf(this.clock.now(), this.config.timeZone);
    const text = tierReportCsv(report, {
      person: caller.name,
      agency: `${caller.agency.name}(${caller.agency.code})`,
      at,
    });
    return new StreamableFile(Buffer.from(text, 'utf8'), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${tierReportFileName(report)}"`,
    });
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

function positionOf(decoded: unknown[]): Position {
  const [alertId, itemId] = decoded as [string | null, string];
  return { alertId, itemId };
}
