import { Inject, Injectable, StreamableFile } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import type { Agency, Tier } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import { formatInstant, localDateOf, localMinuteOf, type LocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { invalid, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import type { AgencyReport, Body } from './agency-report.js';
import { agencyReportCsv, agencyReportFileName } from './agency-report.csv.js';
import type { AgencyReportAnswer, AgencyReportQuery } from './agency-report.dto.js';
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
  /** The same question about another period, or with every agency of a tier below as a row. */
  rescope(other: { tier?: Tier; from?: LocalDate; to?: LocalDate }): ReportScope;
}

/** The path of every report about one agency: who may ask, one snapshot, its head, and its file where one is wanted. */
@Injectable()
export class AgencyReportDesk {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly clock: Clock,
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
  ): Promise<Answer | StreamableFile> {
    const organization = await this.organization.current();
    const agency = parentOf(caller, query.agency, organization);
    const errors = [...periodFaults(query), ...faults];
    if (errors.length > 0) throw invalid.with('The report cannot be made so: see errors.', { errors });
    const answer = await this.database.readSnapshot(caller.session, async (tx) => {
      const head = {
        agency: { code: agency.code, name: agency.name },
        from: query.from,
        to: query.to,
        asOf: formatInstant(tx.now, this.config.timeZone),
      };
      const body = await count(this.atHand(tx, agency, query, organization));
      return { ...head, ...body, definitions: report.definitions } as Answer;
    });
    return query.format === 'csv' ? this.file(caller, agency, report, answer) : answer;
  }

  private atHand(
    tx: Tx,
    agency: Agency,
    { from, to }: AgencyReportQuery,
    organization: OrganizationSnapshot,
  ): ReportAtHand {
    const { timeZone } = this.config;
    const rescope: ReportAtHand['rescope'] = (other) =>
      scopeOf(
        { tier: agency.tier, parent: agency, from, to, filters: {}, ...other },
        organization,
        timeZone,
        tx.now,
        other.tier === undefined ? agency : undefined,
      );
    return { tx, agency, organization, scope: rescope({}), timeZone, today: localDateOf(tx.now, timeZone), rescope };
  }

  /** What leaves the system as a file is on record before it does. */
  private async file<Answer extends AgencyReportAnswer>(
    caller: Caller,
    agency: Agency,
    report: AgencyReport<Answer>,
    answer: Answer,
  ): Promise<StreamableFile> {
    const { from, to } = answer;
    await this.database.transaction(caller.session, (tx) =>
      recordAudit(tx, {
        action: 'report.exported',
        caller,
        objectKind: `${report.name}-report`,
        objectId: `${agency.code}/${from}/${to}`,
        data: { agency: agency.code, from, to, format: 'csv' },
      }),
    );
    const text = agencyReportCsv(report, answer, {
      person: caller.name,
      agency: `${caller.agency.name}(${caller.agency.code})`,
      at: localMinuteOf(this.clock.now(), this.config.timeZone),
    });
    return new StreamableFile(Buffer.from(text, 'utf8'), {
      type: 'text/csv; charset=utf-8',
      disposition: `attachment; filename="${agencyReportFileName(report.name, answer)}"`,
    });
  }
}

function periodFaults({ from, to }: AgencyReportQuery): Fault[] {
  if (from > to) return [{ pointer: '/to', message: `must not lie before from (${from})` }];
  const end = yearsLater(from, MOST_YEARS);
  if (to <= end) return [];
  return [{ pointer: '/to', message: `must not lie more than ${MOST_YEARS} years after from: at the latest ${end}` }];
}
