import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { AlertPresenter, holderAnswer } from '../alert/alert.presenter.js';
import { maskText } from '../alert/mask.rules.js';
import { mayReach } from '../identity/access.policy.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { TIERS, type Agency, type Tier } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { Clock } from '../platform/clock/clock.js';
import { formatInstant, localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { forbidden, invalid, notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { DEFINITIONS } from './definitions.js';
import { figuresOf } from './figures.rules.js';
import { INDICATORS } from './indicators.js';
import { stillWatched } from './rate.rules.js';
import { scopeOf, type ScopeRequest } from './report.scope.js';
import { TierReportCasesView, type CountedItem, type Position } from './tier-report.cases.view.js';
import { tierReportCsv, tierReportFileName } from './tier-report.csv.js';
import type {
  CountedFactAnswer,
  ReportPeriodQuery,
  TierReportAnswer,
  TierReportCaseAnswer,
  TierReportCasesQuery,
  TierReportQuery,
} from './tier-report.dto.js';
import { TierReportView } from './tier-report.view.js';

/** 三级报表: what each unit of a tier received, did in time, saved and lost; and the cases behind each number. */
@Injectable()
export class TierReportService {
  constructor(
    private readonly database: Database,
    private readonly view: TierReportView,
    private readonly casesView: TierReportCasesView,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly presenter: AlertPresenter,
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
    return {
      tier: scope.tier,
      from: scope.from,
      to: scope.to,
      parent: scope.parent.code,
      filters: scope.filters,
      asOf: formatInstant(scope.asOf, this.config.timeZone),
      rows: scope.rows.map(({ id, code, name }) => ({
        agency: { code, name },
        ...figuresOf(rows.get(id)!, provisional),
      })),
      total: figuresOf(total, provisional),
      definitions: DEFINITIONS,
    } as TierReportAnswer;
  }

  /** What stands behind one number, newest first. */
  async cases(caller: Caller, tier: Tier, query: TierReportCasesQuery): Promise<Page<TierReportCaseAnswer>> {
    const organization = await this.organization.current();
    const request = requestOf(caller, tier, query, organization);
    const only = query.agency === undefined ? undefined : rowOf(query.agency, request, organization);
    const indicator = INDICATORS[query.indicator]!;
    return this.database.readSnapshot(caller.session, async (tx) => {
      const scope = scopeOf(request, organization, this.config.timeZone, tx.now, only);
      const { limit, cursor, count, ...asked } = query;
      const signed = { list: 'tier-report', tier, caller: caller.agency.id, asked };
      const after = cursor === undefined ? undefined : positionOf(this.cursors.decode(signed, cursor));
      const items = await this.casesView.items(tx, scope, indicator, after, limit + 1);
      const alerts = await this.casesView.alerts(
        tx,
        items.map(({ alertId, itemId }) => (indicator.list === 'signals' ? itemId : alertId)),
      );
      const page = this.cursors.page(
        signed,
        limit,
        items,
        ({ alertId, itemId }) => [alertId, itemId],
        (item) => ({
          ...this.presenter.answer(
            alerts.get(indicator.list === 'signals' ? item.itemId : item.alertId)!,
            caller,
            organization,
            tx.now,
          ),
          counted: this.counted(item, organization),
        }),
      );
      return count ? { ...page, total: await this.casesView.count(tx, scope, indicator) } : page;
    });
  }

  private counted(item: CountedItem, organization: OrganizationSnapshot): CountedFactAnswer | null {
    if (item.agencyId === null && item.tenths === null) return null;
    return {
      agency: item.agencyId === null ? null : holderAnswer(organization.byId(item.agencyId)),
      at: this.presenter.moment(item.at),
      method: item.method,
      reached: item.reached,
      result: item.result,
      amountFen: item.amountFen,
      minutes: item.tenths === null ? null : item.tenths / 10,
    };
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

/**
 * @throws Problem `forbidden` for a tier above the caller's, `not-found` for a parent outside the caller's jurisdiction,
 * `invalid` for a period or filter that is none
 */
function requestOf(
  caller: Caller,
  tier: Tier,
  query: ReportPeriodQuery,
  organization: OrganizationSnapshot,
): ScopeRequest {
  const { from, to, riskLevel, fraudType, kind, source } = query;
  if (isAbove(tier, caller.agency.tier)) {
    throw forbidden.with(
      `The figures of the tier ${tier} are for that tier and those above it; yours is ${caller.agency.tier}.`,
    );
  }
  const parent = query.parent === undefined ? caller.agency : organization.byCode(query.parent);
  if (!parent || !mayReach(caller, parent.path)) throw noSuchAgency();
  const errors: Fault[] = [];
  if (isAbove(tier, parent.tier))
    errors.push({ pointer: '/parent', message: `is of the tier ${parent.tier}: no ${tier} lies below it` });
  if (from > to) errors.push({ pointer: '/to', message: `must not lie before from (${from})` });
  if (fraudType !== undefined && !organization.fraudTypes.has(fraudType)) {
    errors.push({ pointer: '/fraudType', message: 'is not the code of a fraud type; GET /fraud-types lists them' });
  }
  if (errors.length > 0) throw invalid.with('The report cannot be made so: see errors.', { errors });
  const filters = Object.fromEntries(
    Object.entries({ riskLevel, fraudType, kind, source }).filter(([, value]) => value !== undefined),
  );
  return { tier, parent, from, to, filters };
}

/** The agency of a row. @throws Problem `not-found` where the report has no such row for the caller, `invalid` for another tier's */
function rowOf(code: string, { tier, parent }: ScopeRequest, organization: OrganizationSnapshot): Agency {
  const agency = organization.byCode(code);
  if (!agency || !organization.within(agency, parent)) throw noSuchAgency();
  if (agency.tier === tier) return agency;
  throw invalid.with(`${agency.name} is no row of this report.`, {
    errors: [{ pointer: '/agency', message: `is of the tier ${agency.tier}, not ${tier}` }],
  });
}

const isAbove = (tier: Tier, other: Tier): boolean => TIERS.indexOf(tier) < TIERS.indexOf(other);

function noSuchAgency(): ReturnType<typeof notFound.with> {
  return notFound.with('No agency of that code lies in your jurisdiction. GET /agencies lists those that do.');
}

function positionOf(decoded: unknown[]): Position {
  const [alertId, itemId] = decoded as [string, string];
  return { alertId, itemId };
}
