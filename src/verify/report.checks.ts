import { Injectable } from '@nestjs/common';
import { TIERS, type Agency, type Tier } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Tx } from '../platform/database/database.js';
import { Problem } from '../platform/http/problem.js';
import { FundsReportService } from '../report/funds-report.service.js';
import type { Pending } from '../report/cells/pending.view.js';
import { TierReportService } from '../report/tier-report.service.js';
import { compareBanks, compareFunds, compareMoney } from './money.comparison.js';
import type { MoneyRecount } from './money.recount.js';
import type { Period, Recount } from './recount.js';
import { compareRow } from './report.comparison.js';
import type { Findings } from './verify.result.js';

/** What the reports are held against. */
export interface Recounted {
  readonly periods: readonly Period[];
  readonly cases: Recount;
  readonly money: MoneyRecount;
  /** The prepared figures, and what has changed since. */
  readonly pending: Pending | undefined;
}

/** Holds the tier and funds reports of every city against counts that share no code with them. */
@Injectable()
export class ReportChecks {
  constructor(
    private readonly tiers: TierReportService,
    private readonly funds: FundsReportService,
  ) {}

  /** @returns how many reports were made, and values compared in them */
  async check(
    tx: Tx,
    organization: OrganizationSnapshot,
    recounted: Recounted,
    findings: Findings,
  ): Promise<{ reports: number; figures: number }> {
    const counted = { reports: 0, figures: 0 };
    const compare = async (where: string, report: () => Promise<number>): Promise<void> => {
      counted.reports += 1;
      counted.figures += await told(where, report, findings);
    };
    for (const city of organization.cities()) {
      for (const tier of TIERS) {
        for (const period of recounted.periods) {
          const where = `${city.code}, ${tier}, ${period.name}`;
          await compare(`report of ${where}`, () =>
            this.tier(`report of ${where}`, tx, organization, city, tier, period, recounted, findings),
          );
          if (tier === 'township') {
            for (const county of organization.childrenOf(city)) {
              const inCounty = `report of ${county.code}, ${tier}, ${period.name}`;
              await compare(inCounty, () =>
                this.county(inCounty, tx, organization, county, period, recounted, findings),
              );
            }
          }
          if (tier === 'city') continue;
          await compare(`funds report of ${where}`, () =>
            this.fundsOf(`funds report of ${where}`, tx, organization, city, tier, period, recounted, findings),
          );
        }
      }
    }
    return counted;
  }

  private async tier(
    where: string,
    tx: Tx,
    organization: OrganizationSnapshot,
    city: Agency,
    tier: Tier,
    period: Period,
    { cases, money, pending }: Recounted,
    findings: Findings,
  ): Promise<number> {
    const { from, to } = period;
    const request = { tier, parent: city, from, to, filters: {} };
    const { rows, total } = await this.tiers.report(tx, request, organization, pending);
    const agencies = agenciesOf(city, tier, organization);
    compareRows(where, agencies, rows, findings);
    let compared = 0;
    const compare = (name: string, row: typeof total, rowId: number | 'total', inhabitants: Inhabitants): void => {
      const cell = money.cell(period, tier, city.id, rowId);
      const stopPayment = cell.sum('interceptedStopPayment');
      compared += compareRow(name, row, cases.cell(period, tier, city.id, rowId), stopPayment, findings);
      compared += compareMoney(name, row, cell, inhabitants, findings);
    };
    const inhabitants = agencies.map(({ id }) => money.population(id, period));
    compare(`${where}, total`, total, 'total', together(inhabitants));
    for (const row of rows) {
      const { id, code } = organization.byCode(row.agency.code)!;
      compare(`${where}, row ${code}`, row, id, money.population(id, period));
    }
    return compared;
  }

  /** The total over the townships of one county; its rows are those of the city's report. */
  private async county(
    where: string,
    tx: Tx,
    organization: OrganizationSnapshot,
    county: Agency,
    period: Period,
    { cases, pending }: Recounted,
    findings: Findings,
  ): Promise<number> {
    const { from, to } = period;
    const request = { tier: 'township' as const, parent: county, from, to, filters: {} };
    const { total } = await this.tiers.report(tx, request, organization, pending);
    const cell = cases.cell(period, 'township', county.cityId, `below ${county.id}`);
    return compareRow(`${where}, total`, total, cell, BigInt(total.interceptedFen.stopPayment ?? 0), findings);
  }

  private async fundsOf(
    where: string,
    tx: Tx,
    organization: OrganizationSnapshot,
    city: Agency,
    tier: Tier,
    period: Period,
    { cases, money, periods }: Recounted,
    findings: Findings,
  ): Promise<number> {
    const { from, to } = period;
    const report = await this.funds.report(tx, { tier, parent: city, from, to, filters: {} }, organization);
    compareRows(where, agenciesOf(city, tier, organization), report.rows, findings);
    const ever = period === periods[0];
    const whole = cases.cell(period, 'city', city.id, city.id);
    const ofRows = cases.cell(period, tier, city.id, 'total');
    const all = money.cell(period, tier, city.id, 'all');
    const own = money.cell(period, tier, city.id, 'own');
    let compared = compareFunds(`${where}, total`, report.total, all, [whole], ever, findings);
    compared += compareFunds(`${where}, own`, report.own, own, [whole, ofRows], ever, findings);
    for (const row of report.rows) {
      const { id, code } = organization.byCode(row.agency.code)!;
      const outcomes = cases.cell(period, tier, city.id, id);
      const cell = money.cell(period, tier, city.id, id);
      compared += compareFunds(`${where}, row ${code}`, row, cell, [outcomes], ever, findings);
    }
    return compared + compareBanks(`${where}, banks`, report.banks, all, findings);
  }
}

type Inhabitants = ReturnType<MoneyRecount['population']>;

/** Of all rows, where each has some. */
function together(rows: readonly Inhabitants[]): Inhabitants {
  const known = rows.filter((row) => row !== undefined);
  if (known.length === 0 || known.length < rows.length) return undefined;
  const years = known.map(({ year }) => year).sort();
  return { population: known.reduce((sum, { population }) => sum + population, 0), year: years[0]! };
}

function agenciesOf(city: Agency, tier: Tier, { agencies }: OrganizationSnapshot): Agency[] {
  return agencies.filter((agency) => agency.tier === tier && agency.cityId === city.id);
}

function compareRows(
  where: string,
  agencies: readonly Agency[],
  rows: readonly { agency: { code: string } }[],
  findings: Findings,
): void {
  findings.compare(
    where,
    'rows',
    agencies.map(({ code }) => code),
    rows.map(({ agency }) => agency.code),
  );
}

/** A report that is refused is itself a difference. */
async function told(where: string, report: () => Promise<number>, findings: Findings): Promise<number> {
  try {
    return await report();
  } catch (error) {
    if (!(error instanceof Problem)) throw error;
    findings.add(where, 'can be made', 'a report', error.kind.code);
    return 0;
  }
}
