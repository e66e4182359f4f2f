import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { tierBelow, type Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import type { FileOrder } from '../platform/http/file.order.js';
import type { Page, PageQuery } from '../platform/http/page.js';
import { invalid, notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { periodFaults } from './agency-report.desk.js';
import { OPEN_REPORTS, type OpenReportName } from './breakdown.openings.js';
import type { CountedAnswer } from './counted.presenter.js';
import { FUNDS_OPENINGS, ofOtherBanks, OTHERS } from './funds-report.openings.js';
import { OWN_ROW, withOwnRow } from './funds-report.rules.js';
import { FundsReportView, TOP_BANKS } from './funds-report.view.js';
import { OFFICERS } from './officers.openings.js';
import type { OpenReport } from './open-report.js';
import { OpeningFiles } from './opening.files.js';
import { OpeningService, type Opened } from './opening.service.js';
import { reportCasesFile, type OpenedReport } from './report-cases.file.js';
import type { FundsCasesQuery, OfficerCasesQuery, ReportCasesQuery } from './report-cases.dto.js';
import { parentOf, requestOf } from './report.request.js';
import { scopeOf, type ReportScope } from './report.scope.js';

type Asked = Pick<ReportCasesQuery, 'from' | 'to' | 'indicator' | 'key' | 'format'>;

/** What stands behind the numbers of the reports about one agency, and of the funds report. */
@Injectable()
export class ReportCasesService {
  constructor(
    private readonly organization: OrganizationRegistry,
    private readonly openings: OpeningService,
    private readonly files: OpeningFiles,
    private readonly fundsView: FundsReportView,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  cases(caller: Caller, name: OpenReportName, query: ReportCasesQuery): Promise<Page<CountedAnswer> | FileOrder> {
    return this.ofAgency(caller, name, OPEN_REPORTS[name], query);
  }

  ofOfficers(caller: Caller, query: OfficerCasesQuery): Promise<Page<CountedAnswer> | FileOrder> {
    return this.ofAgency(caller, 'officers', OFFICERS, query);
  }

  /**
   * @throws Problem `not-found` for a parent or row outside the caller's jurisdiction, `invalid` for a period that is none,
   * and a key where the number has none
   */
  async ofFunds(caller: Caller, query: FundsCasesQuery): Promise<Page<CountedAnswer> | FileOrder> {
    const { from, to, indicator, key } = query;
    const organization = await this.organization.current();
    const parent = parentOf(caller, query.parent, organization);
    const request = requestOf(
      caller,
      tierBelow(parent.tier) ?? parent.tier,
      { from, to, parent: parent.code },
      organization,
    );
    if (key !== undefined && (!indicator.startsWith('banks.') || indicator.startsWith(OTHERS))) {
      const errors = [{ pointer: '/key', message: `names a bank, and ${indicator} is not of one bank` }];
      throw invalid.with('The number cannot be opened so: see errors.', { errors });
    }
    const agency = query.agency === undefined ? parent : organization.byCode(query.agency);
    return this.answer(caller, 'funds', agency ?? parent, query, organization, async (tx) => {
      const whole = withOwnRow(scopeOf(request, organization, this.config.timeZone, tx.now), organization);
      const scope = query.agency === undefined ? whole : onlyRow(whole, query.agency);
      const kind = indicator.endsWith('stoppedFen') ? 'stopped' : 'frozen';
      const opening = indicator.startsWith(OTHERS)
        ? ofOtherBanks(kind, await this.namedBanks(tx, scope))
        : FUNDS_OPENINGS[indicator]!(key);
      return { scope, opening };
    });
  }

  private async namedBanks(tx: Tx, scope: ReportScope): Promise<string[]> {
    const { top } = await this.fundsView.banks(tx, scope, TOP_BANKS);
    return top.map(({ bank }) => bank);
  }

  private async ofAgency(
    caller: Caller,
    name: OpenedReport,
    report: OpenReport,
    query: ReportCasesQuery,
  ): Promise<Page<CountedAnswer> | FileOrder> {
    const { from, to, indicator, key } = query;
    const organization = await this.organization.current();
    const agency = parentOf(caller, query.agency, organization);
    const errors = [...periodFaults({ from, to }), ...faultsOf(report, indicator, key)];
    if (errors.length > 0) throw invalid.with('The number cannot be opened so: see errors.', { errors });
    const { opening, filters = {} } = report.openings[indicator]!(key);
    return this.answer(caller, name, agency, query, organization, (tx) => ({
      scope: this.scopeOf(agency, { from, to, filters }, organization, tx),
      opening,
    }));
  }

  /** A page, or all of it as a file. */
  private answer(
    caller: Caller,
    report: OpenedReport,
    agency: Agency,
    query: PageQuery & Asked,
    organization: OrganizationSnapshot,
    at: (tx: Tx) => Promise<Opened> | Opened,
  ): Promise<Page<CountedAnswer>> | FileOrder {
    const { format } = query;
    if (format === 'json') return this.openings.page(caller, { list: `${report}-report` }, query, organization, at);
    return this.files.order(caller, { ...query, format }, organization, reportCasesFile(report, agency, query), at);
  }

  /** The agency as the one row. */
  private scopeOf(
    agency: Agency,
    asked: Pick<ReportScope, 'from' | 'to' | 'filters'>,
    organization: OrganizationSnapshot,
    tx: Tx,
  ): ReportScope {
    const request = { tier: agency.tier, parent: agency, ...asked };
    return scopeOf(request, organization, this.config.timeZone, tx.now, agency);
  }
}

function faultsOf({ openings, key: rule, unopened }: OpenReport, indicator: string, key: string | undefined): Fault[] {
  const faults: Fault[] = [];
  if (!Object.hasOwn(openings, indicator)) {
    const known = Object.keys(openings).join(', ');
    faults.push({ pointer: '/indicator', message: `is no number of this report, which has: ${known}` });
  }
  if (key === undefined) {
    if (rule?.required) faults.push({ pointer: '/key', message: `is required: ${rule.name}` });
    return faults;
  }
  const { of } = rule ?? {};
  if (!rule) faults.push({ pointer: '/key', message: 'names a part, and this report has none' });
  else if (of instanceof RegExp ? !of.test(key) : of !== undefined && !of.includes(key)) {
    faults.push({
      pointer: '/key',
      message: `must be ${rule.name}${of instanceof RegExp ? '' : `: ${of!.join(', ')}`}`,
    });
  } else if (unopened?.(indicator, key)) {
    faults.push({ pointer: '/indicator', message: `is not told of ${key}` });
  }
  return faults;
}

/** One row of the funds report. @throws Problem `not-found` where there is none of that code */
function onlyRow(scope: ReportScope, code: string): ReportScope {
  const row = scope.rows.find((agency) => agency.code === code);
  const rowId = row?.id ?? (code === scope.parent.code ? OWN_ROW : undefined);
  if (rowId === undefined) throw notFound.with('No agency of that code is a row of this report.');
  const members = scope.members.filter((member) => member.rowId === rowId);
  return { ...scope, rows: [row ?? scope.parent], members };
}
