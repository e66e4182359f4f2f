import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { AgencyReportDesk, type ReportAtHand } from '../report/agency-report.desk.js';
import type { AgencyReportQuery } from '../report/agency-report.dto.js';
import type { Body } from '../report/agency-report.js';
import { BreakdownService } from '../report/breakdown.service.js';
import type { FiguresAnswer } from '../report/figures.dto.js';
import { TierReportService } from '../report/tier-report.service.js';
import type { BriefingAnswer } from './briefing.dto.js';
import { briefingFigures, briefingTypes, comparedYear } from './briefing.figures.js';
import { BRIEFING_REPORT } from './briefing.report.js';
import { briefingText } from './briefing.text.js';

/** 新闻通稿: what a press conference tells of a period. It counts nothing itself: every figure is that of a report. */
@Injectable()
export class BriefingService {
  constructor(
    private readonly desk: AgencyReportDesk,
    private readonly tiers: TierReportService,
    private readonly breakdowns: BreakdownService,
  ) {}

  answer(caller: Caller, query: AgencyReportQuery): Promise<BriefingAnswer | FileOrder> {
    return this.desk.answer(caller, query, BRIEFING_REPORT, (at) => this.count(at));
  }

  /** All in the one snapshot that the desk has opened. */
  private async count(at: ReportAtHand): Promise<Body<BriefingAnswer>> {
    const { from, to } = at.scope;
    const period = { agency: at.agency, tier: at.agency.tier, from, to, today: at.today };
    const own = await this.row(at, from, to);
    const compared = comparedYear(period);
    const before = compared && (await this.row(at, compared.from, compared.to));
    const types = await this.breakdowns.countFraudTypes(at);
    const figures = briefingFigures(period, own, before && { ...compared!, figures: before });
    const fraudTypes = briefingTypes(period, types.rows);
    return { text: briefingText(period, figures, fraudTypes), figures, fraudTypes };
  }

  /** The agency's own row in its tier's report. */
  private async row({ tx, agency, organization }: ReportAtHand, from: string, to: string): Promise<FiguresAnswer> {
    const request = { tier: agency.tier, parent: agency, from, to, filters: {} };
    const { rows } = await this.tiers.report(tx, request, organization);
    return rows[0]!;
  }
}
