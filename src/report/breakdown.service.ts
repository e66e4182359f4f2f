import { Injectable, type StreamableFile } from '@nestjs/common';
import { GROUPS, type Group } from '../alert/alert.js';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { AgencyReportDesk, type ReportAtHand } from './agency-report.desk.js';
import type { AgencyReportQuery } from './agency-report.dto.js';
import type { Body } from './agency-report.js';
import {
  CHANNELS,
  type ChannelsAnswer,
  type FraudTypesAnswer,
  type GroupFigures,
  type GroupsAnswer,
  type SourceFigures,
  type SourcesAnswer,
  type TypeNameAnswer,
} from './breakdown.dto.js';
import { CHANNELS_REPORT, FRAUD_TYPES_REPORT, GROUPS_REPORT, SOURCES_REPORT } from './breakdown.reports.js';
import { AttributeCases, BreakdownView } from './breakdown.view.js';
import { CaseCounts, CLOSED, PROVED_TRUE } from './case.counts.js';
import { ChannelView } from './channel.view.js';
import { exactFen } from './fen.rules.js';
import { rateOf, stillWatched, toldTenths } from './rate.rules.js';
import { sharesOf } from './share.rules.js';

/** Money of one row; nothing where there is none. */
interface Money {
  interceptedFen: bigint;
  lossFen: bigint;
}
const NO_MONEY: Money = { interceptedFen: 0n, lossFen: 0n };

/** What one agency answers for, told apart by fraud type, special group, source and channel. */
@Injectable()
export class BreakdownService {
  constructor(
    private readonly desk: AgencyReportDesk,
    private readonly view: BreakdownView,
    private readonly channelView: ChannelView,
    private readonly policies: PolicyRegistry,
  ) {}

  fraudTypes(caller: Caller, query: AgencyReportQuery): Promise<FraudTypesAnswer | StreamableFile> {
    return this.desk.answer(caller, query, FRAUD_TYPES_REPORT, (at) => this.countFraudTypes(at));
  }

  groups(caller: Caller, query: AgencyReportQuery): Promise<GroupsAnswer | StreamableFile> {
    return this.desk.answer(caller, query, GROUPS_REPORT, (at) => this.countGroups(at));
  }

  sources(caller: Caller, query: AgencyReportQuery): Promise<SourcesAnswer | StreamableFile> {
    return this.desk.answer(caller, query, SOURCES_REPORT, (at) => this.countSources(at));
  }

  channels(caller: Caller, query: AgencyReportQuery): Promise<ChannelsAnswer | StreamableFile> {
    return this.desk.answer(caller, query, CHANNELS_REPORT, (at) => this.countChannels(at));
  }

  /** The table of fraud types, for whoever tells of it beside other figures. */
  async countFraudTypes({ tx, scope, organization }: ReportAtHand): Promise<Body<FraudTypesAnswer>> {
    const cases = await this.view.cases(tx, scope, 'fraud_type');
    const incidents = new Map((await this.view.incidents(tx, scope)).map((sums) => [sums.key, sums]));
    const types = typesOf(organization, [...cases.keys(), ...incidents.keys()]);
    const sums = types.map(({ code }) => incidents.get(code) ?? { incidents: 0, lossFen: 0n });
    const counts = types.map(({ code }) => cases.get(code)?.counts ?? new CaseCounts());
    const incidentShares = sharesOf(sums.map(({ incidents: count }) => count));
    const lossShares = sharesOf(sums.map(({ lossFen }) => lossFen));
    const all = sumOf(counts);
    const [incidentsOfAll, lossOfAll] = [
      sums.reduce((sum, { incidents: count }) => sum + count, 0),
      sums.reduce((sum, { lossFen }) => sum + lossFen, 0n),
    ];
    return {
      rows: types.map((fraudType, index) => ({
        fraudType,
        incidents: sums[index]!.incidents,
        incidentShare: incidentShares[index]!,
        incidentLossFen: exactFen(sums[index]!.lossFen),
        lossShare: lossShares[index]!,
        ...alertsOf(counts[index]!),
      })),
      total: {
        incidents: incidentsOfAll,
        incidentShare: incidentsOfAll === 0 ? null : 1,
        incidentLossFen: exactFen(lossOfAll),
        lossShare: lossOfAll === 0n ? null : 1,
        ...alertsOf(all),
      },
    };
  }

  private async countGroups({ tx, scope, timeZone }: ReportAtHand): Promise<Body<GroupsAnswer>> {
    const cases = await this.view.cases(tx, scope, 'subject_group');
    const money = new Map((await this.view.money(tx, scope, 'subject_group')).map((sums) => [sums.key, sums]));
    const { routing } = await this.policies.at(scope.city.id, scope.asOf);
    const provisional = stillWatched(scope.to, routing.watchDays, timeZone, scope.asOf);
    const figures = (counts: CaseCounts, { interceptedFen, lossFen }: Money): GroupFigures => ({
      received: counts.received,
      visitRate: counts.rate('visitRate'),
      dissuasionRate: counts.rate('dissuasionRate'),
      successRate: counts.rate('successRate'),
      defraudedAfterRate: { ...counts.rate('defraudedAfterRate'), provisional },
      interceptedFen: exactFen(interceptedFen),
      lossFen: exactFen(lossFen),
    });
    const countsOf = (group: Group): CaseCounts => cases.get(group)?.counts ?? new CaseCounts();
    const total: Money = { ...NO_MONEY };
    for (const { interceptedFen, lossFen } of money.values()) {
      total.interceptedFen += interceptedFen;
      total.lossFen += lossFen;
    }
    return {
      rows: GROUPS.map((group) => ({ group, ...figures(countsOf(group), money.get(group) ?? NO_MONEY) })),
      total: figures(sumOf(GROUPS.map(countsOf)), total),
    };
  }

  private async countSources({ tx, scope }: ReportAtHand): Promise<Body<SourcesAnswer>> {
    const cases = await this.view.cases(tx, scope, 'source');
    const total = new AttributeCases();
    for (const { counts, withdrawn, returnedWrongInfo, merged } of cases.values()) {
      total.counts.addAll(counts);
      total.withdrawn += withdrawn;
      total.returnedWrongInfo += returnedWrongInfo;
      total.merged += merged;
    }
    const rows = [...cases].map(([source, found]) => ({ source, ...sourceFigures(found) }));
    rows.sort((a, b) => b.signals - a.signals || (a.source < b.source ? -1 : 1));
    return { rows, total: sourceFigures(total) };
  }

  private async countChannels({ tx, scope }: ReportAtHand): Promise<Body<ChannelsAnswer>> {
    const attempts = new Map((await this.channelView.attempts(tx, scope)).map((row) => [row.channel, row]));
    const cases = new Map((await this.channelView.cases(tx, scope)).map((row) => [row.channel, row]));
    return {
      rows: CHANNELS.map((channel) => {
        const made = attempts.get(channel) ?? { attempts: 0, reached: 0 };
        const used = cases.get(channel) ?? { cases: 0, dissuaded: 0, firstAttemptTenths: null };
        return {
          channel,
          attempts: made.attempts,
          reached: made.reached,
          reachRate: rateOf(made.reached, made.attempts),
          cases: used.cases,
          dissuaded: used.dissuaded,
          firstAttemptMinutes: used.firstAttemptTenths === null ? null : toldTenths(used.firstAttemptTenths) / 10,
        };
      }),
    };
  }
}

function sumOf(counts: readonly CaseCounts[]): CaseCounts {
  const sum = new CaseCounts();
  for (const each of counts) sum.addAll(each);
  return sum;
}

/** All types of the list, and any that was added while the report was made. */
function typesOf({ fraudTypes }: OrganizationSnapshot, found: readonly string[]): TypeNameAnswer[] {
  const added = [...new Set(found)].filter((code) => !fraudTypes.has(code)).sort();
  return [
    ...[...fraudTypes.values()].map(({ code, nameZh, nameEn }) => ({ code, nameZh, nameEn })),
    ...added.map((code) => ({ code, nameZh: code, nameEn: code })),
  ];
}

function alertsOf(counts: CaseCounts): Pick<FraudTypesAnswer['total'], 'alerts' | 'closed' | 'successRate'> {
  return { alerts: counts.received, closed: counts.count(CLOSED), successRate: counts.rate('successRate') };
}

function sourceFigures({ counts, withdrawn, returnedWrongInfo, merged }: AttributeCases): SourceFigures {
  const alerts = counts.received;
  return {
    signals: alerts + merged,
    alerts,
    merged,
    returnedWrongInfo,
    withdrawn,
    provedTrueRate: rateOf(counts.count(PROVED_TRUE), counts.count(CLOSED)),
    successRate: counts.rate('successRate'),
  };
}
