import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { Agency } from '../organization/agency.js';
import { Clock } from '../platform/clock/clock.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { invalid } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { AgencyReportDesk, type ReportAtHand } from './agency-report.desk.js';
import type { Body } from './agency-report.js';
import type { HotSpotsAnswer, HotSpotsQuery } from './hot-spots.dto.js';
import { HOT_SPOTS_REPORT } from './hot-spots.report.js';
import { changeAgainst, comparedMonth, firstOf, rankedBy, type ComparedMonth } from './hot-spots.rules.js';
import type { TierReportAnswer, TierReportRow } from './tier-report.dto.js';
import { TierReportService } from './tier-report.service.js';
import type { Days } from './trend.rules.js';

/** 高发乡镇: the townships of the month with the most incidents or warnings: the tier report's rows, put in order. */
@Injectable()
export class HotSpotsService {
  constructor(
    private readonly desk: AgencyReportDesk,
    private readonly tierReports: TierReportService,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem `not-found` for an agency outside the caller's jurisdiction, `invalid` for a month that has not begun */
  async answer(caller: Caller, query: HotSpotsQuery): Promise<HotSpotsAnswer | FileOrder> {
    const today = localDateOf(this.clock.now(), this.config.timeZone);
    const compared = comparedMonth(query.month, today);
    if (!compared) {
      const errors = [{ pointer: '/month', message: `has not begun: the latest month is ${today.slice(0, 7)}` }];
      throw invalid.with('The report cannot be made so: see errors.', { errors });
    }
    const { agency, format } = query;
    return this.desk.answer(caller, { agency, format, ...compared.days }, HOT_SPOTS_REPORT, (at) =>
      this.count(at, query, compared),
    );
  }

  private async count(
    at: ReportAtHand,
    { month, by, limit }: HotSpotsQuery,
    { days, monthBefore, yearBefore }: ComparedMonth,
  ): Promise<Body<HotSpotsAnswer>> {
    const report = await this.townships(at, days);
    const [beforeMonth, beforeYear] = [await this.townships(at, monthBefore), await this.townships(at, yearBefore)];
    // The rows of a tier are those of its agencies, whatever the period.
    const all = report.rows.map((row, index) => ({
      ...figuresOf(row),
      before: { monthBefore: figuresOf(beforeMonth.rows[index]!), yearBefore: figuresOf(beforeYear.rows[index]!) },
    }));
    const ranked = rankedBy(all, by);
    const shown = firstOf(ranked, limit);
    const rest = (field: 'incidents' | 'received'): number =>
      all.reduce((sum, row) => sum + row[field], 0) - shown.reduce((sum, row) => sum + row[field], 0);
    return {
      month,
      by,
      compared: { monthBefore, yearBefore },
      rows: shown.map(({ before, ...row }) => ({
        ...row,
        county: this.countyOf(at, row.agency.code),
        incidentsChange: {
          monthBefore: changeAgainst(row.incidents, before.monthBefore.incidents),
          yearBefore: changeAgainst(row.incidents, before.yearBefore.incidents),
        },
        receivedChange: {
          monthBefore: changeAgainst(row.received, before.monthBefore.received),
          yearBefore: changeAgainst(row.received, before.yearBefore.received),
        },
        cases: openings(at.agency, row.agency.code, days),
      })),
      others: {
        townships: all.length - shown.length,
        ranked: ranked.length - shown.length,
        incidents: rest('incidents'),
        received: rest('received'),
      },
    };
  }

  private townships({ tx, agency, organization }: ReportAtHand, { from, to }: Days): Promise<TierReportAnswer> {
    return this.tierReports.report(tx, { tier: 'township', parent: agency, from, to, filters: {} }, organization);
  }

  private countyOf({ organization }: ReportAtHand, code: string): { code: string; name: string } {
    const county = organization.parentOf(organization.byCode(code)!)!;
    return { code: county.code, name: county.name };
  }
}

/** Without filters every figure is told. */
function figuresOf({ agency, incidents, incidentLossFen, per10k, received, lossFen }: TierReportRow) {
  return {
    agency,
    incidents: incidents!,
    per10k: per10k!,
    incidentLossFen: incidentLossFen!,
    received,
    lossFen,
  };
}

/** Paths at which the tier report's numbers of a township open; of the days before with their `from` and `to`. */
function openings(parent: Agency, agency: string, { from, to }: Days): HotSpotsAnswer['rows'][number]['cases'] {
  const path = (indicator: string): string =>
    `/api/v1/reports/tiers/township/cases?${new URLSearchParams({ parent: parent.code, agency, from, to, indicator }).toString()}`;
  return { incidents: path('incidents'), received: path('received'), lossFen: path('lossFen') };
}
