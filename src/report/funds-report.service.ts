import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { tierBelow } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import { formatInstant, localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { exactFen } from './fen.rules.js';
import { fundsReportCsv, fundsReportFileName } from './funds-report.csv.js';
import { FUNDS_DEFINITIONS } from './funds-report.definitions.js';
import type { BanksAnswer, FundsReportAnswer, FundsReportQuery } from './funds-report.dto.js';
import { fundsFiguresOf, OWN_ROW, sumOf, withOwnRow, type FundsFigures } from './funds-report.rules.js';
import { FundTally } from './fund.tally.js';
import { FundsReportView } from './funds-report.view.js';
import { parentOf, requestOf } from './report.request.js';
import { scopeOf, type ReportScope, type ScopeRequest } from './report.scope.js';

/** How many banks are told by name. */
const TOP_BANKS = 20;

/** 涉案资金: what was stopped, frozen, given back and lost, as the ledger has it. */
@Injectable()
export class FundsReportService {
  constructor(
    private readonly database: Database,
    private readonly view: FundsReportView,
    private readonly organization: OrganizationRegistry,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The report of the tier below the parent as JSON, or as a file where that is asked for. */
  async answer(caller: Caller, query: FundsReportQuery): Promise<FundsReportAnswer | StreamableFile> {
    const organization = await this.organization.current();
    const parent = parentOf(caller, query.parent, organization);
    const request = requestOf(caller, tierBelow(parent.tier) ?? parent.tier, query, organization);
    const report = await this.database.readSnapshot(caller.session, (tx) => this.report(tx, request, organization));
    return query.format === 'csv' ? this.file(caller, report) : report;
  }

  /**
   * The figures of a scope as one snapshot sees them.
   * @throws Problem `amount-too-large`
   */
  async report(tx: Tx, request: ScopeRequest, organization: OrganizationSnapshot): Promise<FundsReportAnswer> {
    const scope = withOwnRow(scopeOf(request, organization, this.config.timeZone, tx.now), organization);
    const tallies = await this.view.tallies(tx, scope);
    const figures = (rowId: number): FundsFigures => fundsFiguresOf(tallies.get(rowId) ?? new FundTally());
    return {
      tier: scope.tier,
      from: scope.from,
      to: scope.to,
      parent: scope.parent.code,
      asOf: formatInstant(scope.asOf, this.config.timeZone),
      rows: scope.rows.map(({ id, code, name }) => ({ agency: { code, name }, ...figures(id) })),
      own: figures(OWN_ROW),
      total: fundsFiguresOf(sumOf(tallies.values())),
      banks: await this.banks(tx, scope),
      definitions: FUNDS_DEFINITIONS,
    };
  }

  private async banks(tx: Tx, scope: ReportScope): Promise<BanksAnswer> {
    const { top, all } = await this.view.banks(tx, scope, TOP_BANKS);
    const rest = (sum: 'stopped' | 'frozen'): number =>
      exactFen(top.reduce((left, bank) => left - BigInt(bank[sum]), BigInt(all[sum])));
    return {
      top: top.map(({ bank, stopped, frozen, stops, freezes }) => ({
        bank,
        stoppedFen: exactFen(BigInt(stopped)),
        frozenFen: exactFen(BigInt(frozen)),
        stops,
        freezes,
      })),
      others: { banks: all.banks - top.length, stoppedFen: rest('stopped'), frozenFen: rest('frozen') },
    };
  }

  /** What leaves the system as a file is on record before it does. */
  private async file(caller: Caller, report: FundsReportAnswer): Promise<StreamableFile> {
    const { from, to, parent, rows } = report;
    await this.database.transaction(caller.session, (tx) =>
      recordAudit(tx, {
        action: 'report.exported',
        caller,
        objectKind: 'funds-report',
        objectId: `${parent}/${from}/${to}`,
        data: { from, to, parent, format: 'csv', rows: rows.length },
      }),
    );
    const text = fundsReportCsv(report, {
      person: caller.name,
      agency: `${caller.agency.name}(${caller.agency.code})`,
      at: localMinuteOf(this.clock.now(), this.config.timeZone),
    });
    return new StreamableFile(Buffer.from(text, 'utf8'), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${fundsReportFileName(report)}"`,
    });
  }
}
