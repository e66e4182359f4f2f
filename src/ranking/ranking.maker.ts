import { Inject, Injectable } from '@nestjs/common';
import type { Agency } from '../organization/agency.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { RANKING_INDICATORS, type RankingIndicator, type RankingPolicy } from '../organization/ranking-policy.js';
import { DEFAULT_POLICIES } from '../organization/policy.js';
import { formatInstant, parseInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import type { Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import type { RateAnswer } from '../report/figures.dto.js';
import { rateOf } from '../report/rate.rules.js';
import type { TierReportAnswer } from '../report/tier-report.dto.js';
import { TierReportService } from '../report/tier-report.service.js';
import { beginningOf, isOver, type Period } from './month.rules.js';
import { definitionsOf } from './ranking.definitions.js';
import type { RankingContent } from './ranking.dto.js';
import type { Counts, RankedTier, RankedUnit, UnitFigures } from './ranking.js';
import { countRanked, rank } from './ranking.rules.js';

/** The policy of a period, and when it was set to begin. */
export interface PolicyUsed {
  readonly effectiveFrom: Date | null;
  readonly document: RankingPolicy;
}

/** What a ranking, and the cards of its month, are made of. */
export interface Standings {
  readonly period: Period;
  readonly policy: PolicyUsed;
  readonly report: TierReportAnswer;
  readonly figures: readonly UnitFigures[];
  readonly units: readonly RankedUnit[];
  /** Over distinct alerts. */
  readonly total: UnitFigures['rates'];
}

/** Makes rankings out of tier reports. */
@Injectable()
export class RankingMaker {
  constructor(
    private readonly reports: TierReportService,
    private readonly policies: PolicyRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The rules of a period: those in force when it began, so that nobody is judged by rules made afterwards. */
  async policyOf(cityId: number, period: Period): Promise<PolicyUsed> {
    const moment = beginningOf(period, this.config.timeZone);
    const version = (await this.policies.current()).inForce(cityId, 'ranking', moment);
    return version ?? { effectiveFrom: null, document: DEFAULT_POLICIES.ranking };
  }

  /**
   * How the units of a period stand to each other, as one snapshot sees it.
   * @param parent whose units of the tier are ranked among each other
   * @throws Problem `amount-too-large`
   */
  async standings(
    tx: Tx,
    organization: OrganizationSnapshot,
    parent: Agency,
    tier: RankedTier,
    period: Period,
  ): Promise<Standings> {
    const { from, to } = period;
    const policy = await this.policyOf(parent.cityId, period);
    const report = await this.reports.report(tx, { tier, parent, from, to, filters: {} }, organization);
    const figures = report.rows.map((row) => ({
      code: row.agency.code,
      received: row.received,
      rates: countsOf(row),
    }));
    return { period, policy, report, figures, units: rank(figures, policy.document), total: countsOf(report.total) };
  }

  /** The ranking as it is answered and published. */
  async make(
    tx: Tx,
    organization: OrganizationSnapshot,
    parent: Agency,
    tier: RankedTier,
    period: Period,
  ): Promise<RankingContent> {
    const { timeZone } = this.config;
    const { policy, report, units, total } = await this.standings(tx, organization, parent, tier, period);
    const { effectiveFrom, document } = policy;
    return {
      tier,
      period: period.name,
      from: period.from,
      to: period.to,
      parent: parent.code,
      asOf: report.asOf,
      closed: isOver(period, timeZone, parseInstant(report.asOf)!),
      provisional: report.total.defraudedAfterRate.provisional,
      policy: { effectiveFrom: effectiveFrom && formatInstant(effectiveFrom, timeZone), document },
      ranked: countRanked(units),
      rows: units.map(({ code, ...unit }) => ({
        agency: { code, name: organization.byCode(code)!.name },
        ...unit,
        indicators: { ...unit.indicators },
      })),
      total: { received: report.total.received, rates: shown(total, document) },
      definitions: definitionsOf(document),
    };
  }
}

function countsOf(figures: Record<RankingIndicator, Counts>): UnitFigures['rates'] {
  return Object.fromEntries(
    RANKING_INDICATORS.map((indicator) => {
      const { numerator, denominator } = figures[indicator];
      return [indicator, { numerator, denominator }];
    }),
  ) as Record<RankingIndicator, Counts>;
}

function shown(rates: UnitFigures['rates'], { weights }: RankingPolicy): Record<string, RateAnswer> {
  return Object.fromEntries(
    RANKING_INDICATORS.filter((indicator) => weights[indicator] > 0 || indicator === 'defraudedAfterRate').map(
      (indicator) => [indicator, rateOf(rates[indicator].numerator, rates[indicator].denominator)],
    ),
  );
}
