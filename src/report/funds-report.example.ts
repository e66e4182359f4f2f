import { FUNDS_DEFINITIONS } from './funds-report.definitions.js';
import type { FundsFiguresAnswer, FundsReportAnswer } from './funds-report.dto.js';

const NOTHING: FundsFiguresAnswer = {
  stoppedFen: 0,
  stopReleasedFen: { expired: 0, toPayer: 0, toHolder: 0, toFreeze: 0, total: 0 },
  frozenFen: 0,
  freezeReleasedFen: { lapsed: 0, released: 0, total: 0 },
  returnedFen: 0,
  interceptedFen: { dissuasion: 0, stopPayment: 0, bank: 0, total: 0 },
  lostFen: { outcomes: 0, incidents: 0 },
  balanceFen: { stopped: 0, frozen: 0 },
  stops: { requested: 0, effective: 0, refused: 0 },
  stopOnTimeRate: { rate: null, numerator: 0, denominator: 0 },
  freezes: { requested: 0, effective: 0, waiting: 0, lapsed: 0 },
  returns: { open: 0, paid: 0 },
};

const FIGURES: FundsFiguresAnswer = {
  stoppedFen: 41_300_000,
  stopReleasedFen: { expired: 900_000, toPayer: 1_200_000, toHolder: 345_679, toFreeze: 38_654_321, total: 41_100_000 },
  frozenFen: 38_654_321,
  freezeReleasedFen: { lapsed: 0, released: 2_000_000, total: 2_000_000 },
  returnedFen: 8_654_321,
  interceptedFen: { dissuasion: 51_200_000, stopPayment: 1_200_000, bank: 8_000_000, total: 60_400_000 },
  lostFen: { outcomes: 3_120_000, incidents: 96_000_000 },
  balanceFen: { stopped: 200_000, frozen: 28_000_000 },
  stops: { requested: 52, effective: 47, refused: 5 },
  stopOnTimeRate: { rate: 0.9143, numerator: 32, denominator: 35 },
  freezes: { requested: 31, effective: 27, waiting: 1, lapsed: 0 },
  returns: { open: 4, paid: 3 },
};

/** A realistic report for the API document. */
export const FUNDS_REPORT_EXAMPLE: FundsReportAnswer = {
  tier: 'county',
  from: '2023-06-01',
  to: '2023-06-30',
  parent: '4113',
  asOf: '2023-06-30T18:00:00.000+08:00',
  rows: [{ agency: { code: '411322', name: '方城县公安局' }, ...FIGURES }],
  own: NOTHING,
  total: FIGURES,
  banks: {
    top: [{ bank: '中国建设银行', stoppedFen: 41_300_000, frozenFen: 38_654_321, stops: 47, freezes: 27 }],
    others: { banks: 0, stoppedFen: 0, frozenFen: 0 },
  },
  definitions: { stoppedFen: FUNDS_DEFINITIONS.stoppedFen },
};
