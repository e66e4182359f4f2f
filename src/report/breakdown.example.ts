import type { AgencyReportAnswer } from './agency-report.dto.js';
import type { ChannelsAnswer, FraudTypesAnswer, GroupsAnswer, SourcesAnswer } from './breakdown.dto.js';
import { CHANNELS_REPORT, FRAUD_TYPES_REPORT, GROUPS_REPORT, SOURCES_REPORT } from './breakdown.reports.js';
import type { Definition } from './definitions.js';
import type { FunnelAnswer } from './funnel.dto.js';
import { FUNNEL_REPORT } from './funnel.report.js';
import { CASE_STEP, funnelOf } from './funnel.rules.js';
import type { OfficersAnswer } from './officers.dto.js';
import { OFFICERS_REPORT } from './officers.report.js';
import { rateOf } from './rate.rules.js';
import type { TrendAnswer } from './trend.dto.js';
import { TREND_REPORT } from './trend.report.js';
import { changeOf } from './trend.rules.js';

// Realistic reports for the API document, each with one of its definitions.

function headOf(
  { definitions }: { definitions: Readonly<Record<string, Definition>> },
  field: string,
): AgencyReportAnswer {
  return {
    agency: { code: '411322', name: '方城县公安局' },
    from: '2023-06-01',
    to: '2023-06-30',
    asOf: '2023-06-30T18:00:00.000+08:00',
    definitions: { [field]: definitions[field]! },
  };
}

const REBATE = {
  incidents: 26,
  incidentShare: 0.26,
  incidentLossFen: 92_800_000,
  lossShare: 0.16,
  alerts: 301,
  closed: 288,
  successRate: rateOf(262, 274),
};

export const FRAUD_TYPES_EXAMPLE: FraudTypesAnswer = {
  ...headOf(FRAUD_TYPES_REPORT, 'incidentShare'),
  rows: [{ fraudType: { code: 'brushing-rebate', nameZh: '刷单返利', nameEn: 'Fake-order rebate' }, ...REBATE }],
  total: {
    incidents: 100,
    incidentShare: 1,
    incidentLossFen: 580_000_000,
    lossShare: 1,
    alerts: 842,
    closed: 816,
    successRate: rateOf(720, 761),
  },
};

const ELDERLY = {
  received: 122,
  visitRate: rateOf(101, 108),
  dissuasionRate: rateOf(117, 121),
  successRate: rateOf(104, 110),
  defraudedAfterRate: { ...rateOf(2, 117), provisional: true },
  interceptedFen: 11_200_000,
  lossFen: 640_000,
};

export const GROUPS_EXAMPLE: GroupsAnswer = {
  ...headOf(GROUPS_REPORT, 'group'),
  rows: [{ group: 'elderly', ...ELDERLY }],
  total: ELDERLY,
};

const PLATFORM = {
  signals: 913,
  alerts: 842,
  merged: 71,
  returnedWrongInfo: 9,
  withdrawn: 4,
  provedTrueRate: rateOf(765, 816),
  successRate: rateOf(720, 761),
};

export const SOURCES_EXAMPLE: SourcesAnswer = {
  ...headOf(SOURCES_REPORT, 'provedTrueRate'),
  rows: [{ source: 'national-platform', ...PLATFORM }],
  total: PLATFORM,
};

export const CHANNELS_EXAMPLE: ChannelsAnswer = {
  ...headOf(CHANNELS_REPORT, 'reachRate'),
  rows: [
    {
      channel: 'sms',
      attempts: 310,
      reached: 42,
      reachRate: rateOf(42, 310),
      cases: 298,
      dissuaded: 11,
      firstAttemptMinutes: 1.2,
    },
    {
      channel: 'call',
      attempts: 1204,
      reached: 811,
      reachRate: rateOf(811, 1204),
      cases: 779,
      dissuaded: 402,
      firstAttemptMinutes: 6.1,
    },
    {
      channel: 'visit',
      attempts: 391,
      reached: 333,
      reachRate: rateOf(333, 391),
      cases: 348,
      dissuaded: 301,
      firstAttemptMinutes: 48.5,
    },
  ],
};

const { pushed, accepted, reached, visited, closed, dissuaded } = CASE_STEP;
const STEPS = funnelOf({
  joined: 71,
  cases: new Map([
    [pushed, 3],
    [pushed | accepted, 61],
    [pushed | accepted | reached, 20],
    [pushed | accepted | closed, 41],
    [pushed | accepted | reached | closed | dissuaded, 396],
    [pushed | accepted | reached | visited | closed | dissuaded, 321],
  ]),
});

export const FUNNEL_EXAMPLE: FunnelAnswer = {
  ...headOf(FUNNEL_REPORT, 'dropOff'),
  steps: STEPS,
  below: { tier: 'township', rows: [{ agency: { code: '411322100', name: '凤瑞街道办事处' }, steps: STEPS }] },
};

const OFFICER = {
  accepted: 61,
  acceptOnTimeRate: rateOf(60, 61),
  attempts: { sms: 4, call: 88, visit: 21, visitReached: 19 },
  submitted: 58,
  approved: 55,
  rejected: 2,
  feedbackOnTimeRate: rateOf(54, 57),
  followUpsDone: 12,
};

export const OFFICERS_EXAMPLE: OfficersAnswer = {
  ...headOf(OFFICERS_REPORT, 'officer'),
  rows: [
    {
      officer: { kind: 'user', id: '01887496-3c80-7b4e-9a54-0f2d6c1b7e21', name: '李建国', here: true },
      ...OFFICER,
    },
  ],
  total: OFFICER,
};

const MONTH = {
  received: 842,
  signals: 913,
  attempts: 1905,
  successes: 720,
  interceptedFen: 59_200_000,
  lossFen: 3_120_000,
  incidents: 100,
  incidentLossFen: 580_000_000,
};
const MONTH_BEFORE = {
  received: 800,
  signals: 871,
  attempts: 1822,
  successes: 668,
  interceptedFen: 48_000_000,
  lossFen: 0,
  incidents: 118,
  incidentLossFen: 612_000_000,
};

export const TREND_EXAMPLE: TrendAnswer = {
  ...headOf(TREND_REPORT, 'compared'),
  interval: 'month',
  compare: 'mom',
  points: [
    {
      from: '2023-06-01',
      to: '2023-06-30',
      complete: false,
      ...MONTH,
      compared: { from: '2023-05-01', to: '2023-05-30', ...MONTH_BEFORE },
      change: {
        received: changeOf(MONTH.received, MONTH_BEFORE.received),
        signals: changeOf(MONTH.signals, MONTH_BEFORE.signals),
        attempts: changeOf(MONTH.attempts, MONTH_BEFORE.attempts),
        successes: changeOf(MONTH.successes, MONTH_BEFORE.successes),
        interceptedFen: changeOf(MONTH.interceptedFen, MONTH_BEFORE.interceptedFen),
        lossFen: changeOf(MONTH.lossFen, MONTH_BEFORE.lossFen),
        incidents: changeOf(MONTH.incidents, MONTH_BEFORE.incidents),
        incidentLossFen: changeOf(MONTH.incidentLossFen, MONTH_BEFORE.incidentLossFen),
      },
    },
  ],
};
