import { Injectable, type ArgumentMetadata, type Type } from '@nestjs/common';
import { ListAlertsQuery } from '../alert/alert.dto.js';
import { AlertReader } from '../alert/alert.reader.js';
import { BriefingService } from '../briefing/briefing.service.js';
import { judge } from '../identity/access.policy.js';
import { refusal } from '../identity/access.guard.js';
import type { Caller } from '../identity/caller.js';
import { TIERS } from '../organization/agency.js';
import { FileOrder } from '../platform/http/file.order.js';
import { Problem, invalid } from '../platform/http/problem.js';
import { createValidationPipe } from '../platform/http/validation.js';
import type { FileFormat } from '../platform/tabular/file.format.js';
import { RankingQuery } from '../ranking/ranking.dto.js';
import { RankingService } from '../ranking/ranking.service.js';
import { AgencyReportQuery } from '../report/agency-report.dto.js';
import { BreakdownService } from '../report/breakdown.service.js';
import { FundsReportQuery } from '../report/funds-report.dto.js';
import { FundsReportService } from '../report/funds-report.service.js';
import { FunnelService } from '../report/funnel.service.js';
import { OPEN_REPORT_NAMES } from '../report/breakdown.openings.js';
import { OfficersService } from '../report/officers.service.js';
import { FundsCasesQuery, OfficerCasesQuery, ReportCasesQuery } from '../report/report-cases.dto.js';
import { ReportCasesService } from '../report/report-cases.service.js';
import { TierReportCasesQuery, TierReportQuery } from '../report/tier-report.dto.js';
import { TierReportService } from '../report/tier-report.service.js';
import { TrendQuery } from '../report/trend.dto.js';
import { TrendService } from '../report/trend.service.js';
import type { AgencyReportName } from './exported.reports.js';

/** One report as its own route answers it. */
interface Exported {
  /** Who may ask for it, is asked under this. */
  operation: string;
  answer: (caller: Caller, query: Record<string, unknown>) => Promise<unknown>;
}

const PARAMETERS = '/query';

/** Every report that can be made in the background: by the same services, checked by the same rules, as where it is asked for. */
@Injectable()
export class ExportCatalogue {
  private readonly pipe = createValidationPipe();
  private readonly exported: ReadonlyMap<string, Exported>;

  constructor(
    alerts: AlertReader,
    tiers: TierReportService,
    funds: FundsReportService,
    breakdowns: BreakdownService,
    funnels: FunnelService,
    officers: OfficersService,
    cases: ReportCasesService,
    trends: TrendService,
    rankings: RankingService,
    briefings: BriefingService,
  ) {
    const ofAgency: Record<AgencyReportName, Exported> = {
      'fraud-types': this.of('getFraudTypeReport', AgencyReportQuery, (...asked) => breakdowns.fraudTypes(...asked)),
      groups: this.of('getGroupReport', AgencyReportQuery, (...asked) => breakdowns.groups(...asked)),
      sources: this.of('getSourceReport', AgencyReportQuery, (...asked) => breakdowns.sources(...asked)),
      channels: this.of('getChannelReport', AgencyReportQuery, (...asked) => breakdowns.channels(...asked)),
      funnel: this.of('getFunnel', AgencyReportQuery, (...asked) => funnels.answer(...asked)),
      officers: this.of('getOfficerReport', AgencyReportQuery, (...asked) => officers.answer(...asked)),
      trend: this.of('getTrend', TrendQuery, (...asked) => trends.answer(...asked)),
      briefing: this.of('getBriefing', AgencyReportQuery, (...asked) => briefings.answer(...asked)),
    };
    this.exported = new Map<string, Exported>([
      ...TIERS.flatMap((tier): [string, Exported][] => [
        [
          `tiers/${tier}`,
          this.of('getTierReport', TierReportQuery, (caller, query) => tiers.answer(caller, tier, query)),
        ],
        [
          `tiers/${tier}/cases`,
          this.of('getTierReportCases', TierReportCasesQuery, (caller, query) => tiers.cases(caller, tier, query)),
        ],
      ]),
      ['funds', this.of('getFundsReport', FundsReportQuery, (...asked) => funds.answer(...asked))],
      ['funds/cases', this.of('getFundsReportCases', FundsCasesQuery, (...asked) => cases.ofFunds(...asked))],
      ...Object.entries(ofAgency),
      ...OPEN_REPORT_NAMES.map((name): [string, Exported] => [
        `${name}/cases`,
        this.of('getReportCases', ReportCasesQuery, (caller, query) => cases.cases(caller, name, query)),
      ]),
      ['officers/cases', this.of('getOfficerReportCases', OfficerCasesQuery, (...asked) => cases.ofOfficers(...asked))],
      ['rankings', this.of('getRanking', RankingQuery, (...asked) => rankings.answer(...asked))],
      ['alerts', this.of('listAlerts', ListAlertsQuery, (...asked) => alerts.answer(...asked))],
    ]);
  }

  /** The operation that gives a report: who may ask for it is asked under this. */
  operationOf(report: string): string {
    return this.named(report).operation;
  }

  /** @throws Problem `forbidden` for somebody who may not ask for the report itself */
  requireRight(caller: Caller, report: string): void {
    const operation = this.operationOf(report);
    const verdict = judge(caller, operation);
    if (verdict !== 'allowed') throw refusal(verdict, caller, operation);
  }

  /**
   * The file that a report's own route would give.
   * @throws Problem as that route: `invalid` (with pointers below `/query`), `not-found`, `forbidden`
   */
  async order(caller: Caller, report: string, query: Record<string, unknown>, format: FileFormat): Promise<FileOrder> {
    this.requireRight(caller, report);
    if (Object.hasOwn(query, 'format')) {
      throw invalid.with('The export cannot be made so: see errors.', {
        errors: [{ pointer: `${PARAMETERS}/format`, message: 'stands beside the query, not in it' }],
      });
    }
    const order = await this.named(report)
      .answer(caller, { ...query, format })
      .catch((error: unknown) => {
        throw error instanceof Problem ? below(error) : error;
      });
    if (order instanceof FileOrder) return order;
    throw new Error(`the report ${report} is no file, though one was asked for`);
  }

  private named(report: string): Exported {
    const found = this.exported.get(report);
    if (!found) throw new Error(`no report ${report} can be exported`);
    return found;
  }

  private of<Query extends object>(
    operation: string,
    Query: Type<Query>,
    answer: (caller: Caller, query: Query) => Promise<unknown>,
  ): Exported {
    const metadata: ArgumentMetadata = { type: 'query', metatype: Query };
    return {
      operation,
      answer: async (caller, query) => answer(caller, (await this.pipe.transform(query, metadata)) as Query),
    };
  }
}

/** Faults of the query, told where they stand in the body. */
function below({ kind, message, errors, members, headers }: Problem): Problem {
  const moved = errors?.map((fault) => ({ ...fault, pointer: `${PARAMETERS}${fault.pointer}` }));
  return kind.with(message, { errors: moved, members, headers });
}
