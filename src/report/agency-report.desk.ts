import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { FileDesk, type FileContent } from '../identity/file.desk.js';
import type { Agency, Tier } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { formatInstant, localDateOf, type LocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { Snapshots } from '../platform/database/snapshots.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { invalid, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import type { AgencyReport, Body } from './agency-report.js';
import type { AgencyReportAnswer, AgencyReportQuery } from './agency-report.dto.js';
import { CellKeeper } from './cells/cell.keeper.js';
import { CellView, type Standing } from './cells/cell.view.js';
import { parentOf } from './report.request.js';
import { scopeOf, type ReportScope } from './report.scope.js';
import { yearsLater } from './trend.rules.js';

/** How many years a period may have. */
const MOST_YEARS = 3;

/** What a report is counted for, and in which state of the world. */
export interface ReportAtHand {
  tx: Tx;
  agency: Agency;
  organization: OrganizationSnapshot;
  /** The agency as the one row. */
  scope: ReportScope;
  timeZone: string;
  /** The local day on which the figures are read. */
  today: LocalDate;
  /** The cells of a report that is read out of them, where they are ready. */
  standing: Standing | undefined;
  /** The same question about another period, or with every agency of a tier below as a row. */
  rescope(other: { tier?: Tier; from?: LocalDate; to?: LocalDate }): ReportScope;
}

/** The path of every report about one agency: who may ask, one snapshot, its head; or its file where one is wanted. */
@Injectable()
export class AgencyReportDesk {
  constructor(
    private readonly files: FileDesk,
    private readonly snapshots: Snapshots,
    private readonly organization: OrganizationRegistry,
    private readonly cells: CellView,
    private readonly keeper: CellKeeper,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param faults of what the report takes besides agency and period
   * @throws Problem `not-found` for an agency outside the caller's jurisdiction, `invalid` for a period that is none or
   * too long, `amount-too-large`
   */
  async answer<Answer extends AgencyReportAnswer>(
    caller: Caller,
    query: AgencyReportQuery,
    report: AgencyReport<Answer>,
    count: (at: ReportAtHand) => Promise<Body<Answer>>,
    faults: readonly Fault[] = [],
  ): Promise<Answer | FileOrder> {
    const organization = await this.organization.current();
    const agency = parentOf(caller, query.agency, organization);
    const errors = [...periodFaults(query), ...faults];
    if (errors.length > 0) throw invalid.with('The report cannot be made so: see errors.', { errors });
    const read = async (): Promise<Answer> => {
      if (report.prepared) await this.keeper.settle();
      return this.snapshots.read(caller.session, async (tx) => {
        const standing = report.prepared ? await this.cells.standing(tx) : undefined;
        const asOf = standing?.asOf ?? tx.now;
        const head = {
          agency: { code: agency.code, name: agency.name },
          from: query.from,
          to: query.to,
          asOf: formatInstant(asOf, this.config.timeZone),
        };
        const body = await count(this.atHand(tx, agency, query, organization, asOf, standing));
        return { ...head, ...body, definitions: report.definitions } as Answer;
      });
    };
    if (query.format === 'json') return read();
    return this.files.order(caller, { format: query.format, read: async () => contentOf(report, await read()) });
  }

  private atHand(
    tx: Tx,
    agency: Agency,
    { from, to }: AgencyReportQuery,
    organization: OrganizationSnapshot,
    asOf: Date,
    standing: Standing | undefined,
  ): ReportAtHand {
    const { timeZone } = this.config;
    const rescope: ReportAtHand['rescope'] = (other) =>
      scopeOf(
        { tier: agency.tier, parent: agency, from, to, filters: {}, ...other },
        organization,
        timeZone,
        asOf,
        other.tier === undefined ? agency : undefined,
      );
    const today = localDateOf(asOf, timeZone);
    return { tx, agency, organization, scope: rescope({}), timeZone, today, standing, rescope };
  }
}

function contentOf<Answer extends AgencyReportAnswer>(report: AgencyReport<Answer>, answer: Answer): FileContent {
  const { agency, from, to, asOf, definitions } = answer;
  return {
    name: `sanji-${agency.code}-${report.name}-${from}-${to}`,
    title: report.title,
    tables: report.tables(answer),
    about: [
      ['单位', `${agency.name}(${agency.code})`],
      ['统计区间', `${from} 至 ${to}`],
      ['数据时间', asOf],
    ],
    definitions,
    record: {
      action: 'report.exported',
      objectKind: `${report.name}-report`,
      objectId: `${agency.code}/${from}/${to}`,
      data: { agency: agency.code, from, to },
    },
  };
}

/** What is wrong with a period. */
export function periodFaults({ from, to }: Pick<AgencyReportQuery, 'from' | 'to'>): Fault[] {
  if (from > to) return [{ pointer: '/to', message: `must not lie before from (${from})` }];
  const end = yearsLater(from, MOST_YEARS);
  if (to <= end) return [];
  return [{ pointer: '/to', message: `must not lie more than ${MOST_YEARS} years after from: at the latest ${end}` }];
}
