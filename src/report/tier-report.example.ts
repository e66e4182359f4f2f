import { ALERT_EXAMPLE } from '../alert/alert.example.js';
import { DEFINITIONS } from './definitions.js';
import type { FiguresAnswer } from './figures.dto.js';
import type { TierReportAnswer, TierReportCaseAnswer } from './tier-report.dto.js';

const FIGURES: FiguresAnswer = {
  received: 842,
  signals: 913,
  acceptOnTimeRate: { rate: 0.9786, numerator: 824, denominator: 842 },
  contactOnTimeRate: { rate: 0.9312, numerator: 433, denominator: 465 },
  visitRate: { rate: 0.9048, numerator: 228, denominator: 252 },
  visitOnTimeRate: { rate: 0.873, numerator: 220, denominator: 252 },
  feedbackOnTimeRate: { rate: 0.9612, numerator: 793, denominator: 825 },
  dissuasionRate: { rate: 0.9385, numerator: 778, denominator: 829 },
  successRate: { rate: 0.9461, numerator: 720, denominator: 761 },
  defraudedAfterRate: { rate: 0.0103, numerator: 8, denominator: 778, provisional: true },
  fundSuccessRate: { rate: 0.9863, numerator: 72, denominator: 73 },
  returnRate: { rate: 0.0154, numerator: 13, denominator: 842 },
  results: {
    dissuaded: 714,
    'partial-loss': 6,
    'already-defrauded': 4,
    'defrauded-after-warning': 8,
    'false-alarm': 51,
    unreachable: 29,
    refused: 4,
  },
  attempts: { sms: 310, call: 1204, visit: 391, visitReached: 333 },
  interceptedFen: { dissuasion: 51_200_000, stopPayment: 1_200_000, bank: 8_000_000, total: 60_400_000 },
  lossFen: 3_120_000,
  incidents: 35,
  incidentLossFen: 96_000_000,
  incidentsYoY: { change: -0.125, count: 35, base: 40 },
  incidentsMoM: { change: 0.0938, count: 35, base: 32 },
  per10k: { rate: 0.4, numerator: 35, denominator: 87.5, year: 2022 },
  stoppedFen: 41_300_000,
  frozenFen: 38_654_321,
  controlledFen: 44_100_000,
  stopRate: { rate: 0.4302, numerator: 41_300_000, denominator: 96_000_000 },
  returnedFen: 8_654_321,
  victimsReturned: 3,
  returnShare: {
    flow: { rate: 0.2239, numerator: 8_654_321, denominator: 38_654_321 },
    stock: { rate: 0.3108, numerator: 65_400_000, denominator: 210_400_000 },
  },
  urges: 31,
  urgeReplyOnTimeRate: { rate: 0.8929, numerator: 25, denominator: 28 },
  followUps: { due: 402, done: 394, overdue: 11 },
  followUpOnTimeRate: { rate: 0.9724, numerator: 387, denominator: 398 },
  acceptMinutes: { p50: 2.4, p90: 9.8 },
  contactMinutes: { p50: 6.1, p90: 27.3 },
  visitMinutes: { p50: 48.5, p90: 171 },
  feedbackMinutes: { p50: 133.2, p90: 540.7 },
  open: 26,
  overdue: 3,
  urged: 1,
};

/** A realistic report for the API document. */
export const TIER_REPORT_EXAMPLE: TierReportAnswer = {
  tier: 'county',
  from: '2023-06-01',
  to: '2023-06-30',
  parent: '411322',
  filters: {},
  asOf: '2023-06-30T18:00:00.000+08:00',
  rows: [{ agency: { code: '411322', name: '方城县公安局' }, ...FIGURES }],
  total: FIGURES,
  definitions: { received: DEFINITIONS.received },
};

const { allowed: _, ...alert } = ALERT_EXAMPLE;

export const TIER_REPORT_CASE_EXAMPLE: TierReportCaseAnswer = {
  ...alert,
  counted: {
    agency: ALERT_EXAMPLE.holder,
    at: '2023-06-01T09:40:00.000+08:00',
    dueAt: null,
    doneAt: null,
    method: 'call',
    reached: true,
    result: null,
    amountFen: null,
    minutes: null,
    entry: null,
  },
};
