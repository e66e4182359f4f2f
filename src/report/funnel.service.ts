import { Injectable, type StreamableFile } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { tierBelow } from '../organization/agency.js';
import { AgencyReportDesk, type ReportAtHand } from './agency-report.desk.js';
import type { AgencyReportQuery } from './agency-report.dto.js';
import type { Body } from './agency-report.js';
import type { FunnelAnswer } from './funnel.dto.js';
import { FUNNEL_REPORT } from './funnel.report.js';
import { funnelOf } from './funnel.rules.js';
import { FunnelView } from './funnel.view.js';

/** 漏斗: how far cases come, and at which step they are lost. */
@Injectable()
export class FunnelService {
  constructor(
    private readonly desk: AgencyReportDesk,
    private readonly view: FunnelView,
  ) {}

  answer(caller: Caller, query: AgencyReportQuery): Promise<FunnelAnswer | StreamableFile> {
    return this.desk.answer(caller, query, FUNNEL_REPORT, (at) => this.count(at));
  }

  private async count({ tx, agency, scope, rescope }: ReportAtHand): Promise<Body<FunnelAnswer>> {
    const own = await this.view.tallies(tx, scope);
    const steps = funnelOf(own.get(agency.id)!);
    const tier = tierBelow(agency.tier);
    if (tier === undefined) return { steps, below: null };
    const scopeBelow = rescope({ tier });
    const tallies = await this.view.tallies(tx, scopeBelow);
    const rows = scopeBelow.rows.map(({ id, code, name }) => ({
      agency: { code, name },
      steps: funnelOf(tallies.get(id)!),
    }));
    return { steps, below: { tier, rows } };
  }
}
