import { Inject, Injectable } from '@nestjs/common';
import { TIERS, type Agency, type Tier } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { organizationSession, readOrganization } from '../organization/organization.view.js';
import { addDays, formatInstant, localDateOf, localRange, type LocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, statement, type Tx } from '../platform/database/database.js';
import { Problem } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { TierReportService } from '../report/tier-report.service.js';
import { ChainVerifier } from '../timeline/chain.verifier.js';
import { checkCase } from './case.checks.js';
import { checkStages } from './clock.checks.js';
import { checkHistory } from './history.checks.js';
import { Recount, type Period } from './recount.js';
import { compareRow } from './report.comparison.js';
import { StoredView } from './stored.view.js';
import { Findings, type VerifyResult } from './verify.result.js';

const COUNT = statement('verify.count', 'SELECT count(*) AS alerts FROM alert');

const EVER = { from: '1990-01-01', to: '2100-12-31' };
const MOST_DIFFERENCES = 50;

export interface VerifyOptions {
  /** Months whose tier reports are recounted beside that of all time, `YYYY-MM`; default: the present one. */
  months?: readonly string[];
  /** Differences that are told in full; the others are counted. */
  most?: number;
  /** Told after every batch how many of the alerts are done. */
  progress?: (done: number, all: number) => void;
}

/**
 * Recounts everything from the facts: each case against its hops, acts and history, the hash chain, and the tier reports
 * of every city against a count that shares no code with them. Reads one snapshot and changes nothing.
 */
@Injectable()
export class VerifyService {
  constructor(
    private readonly database: Database,
    private readonly stored: StoredView,
    private readonly chain: ChainVerifier,
    private readonly reports: TierReportService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async verify(options: VerifyOptions = {}): Promise<VerifyResult> {
    return this.database.readSnapshot(organizationSession, async (tx) => {
      await tx.adHoc('SET LOCAL statement_timeout = 0');
      await tx.adHoc('SET LOCAL idle_in_transaction_session_timeout = 0');
      const findings = new Findings(options.most ?? MOST_DIFFERENCES);
      const organization = await readOrganization(tx);
      const periods = this.periods(options.months, tx.now);
      const recount = new Recount(organization.agencies, periods, tx.now.getTime());
      const alerts = await this.cases(tx, organization, recount, findings, options.progress);
      const events = await this.history(tx, findings);
      let figures = 0;
      let reports = 0;
      for (const city of organization.cities()) {
        for (const tier of TIERS) {
          for (const period of periods) {
            figures += await this.report(tx, organization, city, tier, period, recount, findings);
            reports += 1;
          }
        }
      }
      const asOf = formatInstant(tx.now, this.config.timeZone);
      return { asOf, alerts, events, reports, figures, differences: findings.differences, found: findings.found };
    });
  }

  /** Each case by itself; what it counts for is added to the recount. @returns how many there are */
  private async cases(
    tx: Tx,
    organization: OrganizationSnapshot,
    recount: Recount,
    findings: Findings,
    progress: VerifyOptions['progress'],
  ): Promise<number> {
    const { alerts: all } = (await tx.row<{ alerts: number }>(COUNT))!;
    const codeOf = (id: number): string => organization.byId(id).code;
    let done = 0;
    for await (const batch of this.stored.cases(tx)) {
      for (const stored of batch) {
        checkCase(stored, findings);
        checkHistory(stored, codeOf, findings);
        checkStages(stored, tx.now.getTime(), codeOf, findings);
        recount.add(stored);
      }
      done += batch.length;
      progress?.(done, all);
    }
    return done;
  }

  private async history(tx: Tx, findings: Findings): Promise<number> {
    const { events, breaks } = await this.chain.verify(tx);
    for (const { caseId, seq, what } of breaks)
      findings.add(`history of ${caseId}, event ${seq}`, what, 'as it was written', what);
    return events;
  }

  private async report(
    tx: Tx,
    organization: OrganizationSnapshot,
    city: Agency,
    tier: Tier,
    period: Period,
    recount: Recount,
    findings: Findings,
  ): Promise<number> {
    const where = `report of ${city.code}, ${tier}, ${period.name}`;
    try {
      const { from, to } = period;
      const { rows, total } = await this.reports.report(
        tx,
        { tier, parent: city, from, to, filters: {} },
        organization,
      );
      const agencies = organization.agencies.filter((agency) => agency.tier === tier && agency.cityId === city.id);
      findings.compare(
        where,
        'rows',
        agencies.map(({ code }) => code),
        rows.map(({ agency }) => agency.code),
      );
      let compared = compareRow(`${where}, total`, total, recount.cell(period, tier, city.id, 'total'), findings);
      for (const row of rows) {
        const agency = organization.byCode(row.agency.code)!;
        compared += compareRow(
          `${where}, row ${agency.code}`,
          row,
          recount.cell(period, tier, city.id, agency.id),
          findings,
        );
      }
      return compared;
    } catch (error) {
      if (!(error instanceof Problem)) throw error;
      findings.add(where, 'can be made', 'a report', error.kind.code);
      return 0;
    }
  }

  private periods(months: readonly string[] | undefined, now: Date): Period[] {
    const { timeZone } = this.config;
    const named = (name: string, from: LocalDate, to: LocalDate): Period => {
      const { start, end } = localRange(from, to, timeZone);
      return { name, from, to, start: start.getTime(), end: end.getTime() };
    };
    const present = localDateOf(now, timeZone).slice(0, 7);
    return [
      named('all time', EVER.from, EVER.to),
      ...(months ?? [present]).map((month) => named(month, `${month}-01`, lastDayOf(month))),
    ];
  }
}

function lastDayOf(month: string): LocalDate {
  return addDays(`${addDays(`${month}-28`, 4).slice(0, 7)}-01`, -1);
}
