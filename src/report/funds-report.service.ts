import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { FileDesk } from '../identity/file.desk.js';
import { tierBelow } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { Snapshots } from '../platform/database/snapshots.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { CONFIG } from '../platform/platform.module.js';
import { exactFen } from './fen.rules.js';
import { FUNDS_DEFINITIONS } from './funds-report.definitions.js';
import type { BanksAnswer, FundsReportAnswer, FundsReportQuery } from './funds-report.dto.js';
import { fundsReportFile } from './funds-report.file.js';
import { fundsFiguresOf, OWN_ROW, sumOf, withOwnRow, type FundsFigures } from './funds-report.rules.js';
import { FundTally } from './fund.tally.js';
import { FundsReportView, TOP_BANKS } from './funds-report.view.js';
import { parentOf, requestOf } from './report.request.js';
import { scopeOf, type ReportScope, type ScopeRequest } from './report.scope.js';

/** 涉案资金: what was stopped, frozen, given back and lost, as the ledger has it. */
@Injectable()
export class FundsReportService {
  constructor(
    private readonly files: FileDesk,
    private readonly snapshots: Snapshots,
    private readonly view: FundsReportView,
    private readonly organization: OrganizationRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The report of the tier below the parent as JSON, or as a file where that is asked for. */
  async answer(caller: Caller, query: FundsReportQuery): Promise<FundsReportAnswer | FileOrder> {
    const organization = await this.organization.current();
    const parent = parentOf(caller, query.parent, organization);
    const request = requestOf(caller, tierBelow(parent.tier) ?? parent.tier, query, organization);
    const read = (): Promise<FundsReportAnswer> =>
      this.snapshots.read(caller.session, (tx) => this.report(tx, request, organization));
    if (query.format === 'json') return read();
    return this.files.order(caller, { format: query.format, read: async () => fundsReportFile(await read()) });
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
}
