import type { FiguresAnswer } from '../report/figures.dto.js';
import type { BriefingAnswer } from './briefing.dto.js';
import { briefingFigures, briefingTypes, comparedYear, type TypeSums } from './briefing.figures.js';
import { BRIEFING_REPORT } from './briefing.report.js';
import { briefingText } from './briefing.text.js';

const PERIOD = {
  agency: { code: '4113', name: '南阳市反诈中心' },
  tier: 'city',
  from: '2023-01-01',
  to: '2023-07-06',
  today: '2023-07-07',
};

/** As much of a row as a briefing tells. */
const OWN = {
  signals: 2_057_000,
  attempts: { sms: 180_000, call: 110_000, visit: 40_000, visitReached: 36_000 },
  successRate: { rate: 0.9, numerator: 3_287, denominator: 3_652 },
  interceptedFen: { dissuasion: 11_000_000_000, stopPayment: 0, bank: 2_500_000_000, total: 13_500_000_000 },
  controlledFen: 21_000_000_000,
  returnedFen: 3_126_800_000,
  fundSuccessRate: { rate: 0.9952, numerator: 41_800, denominator: 42_000 },
  incidents: 4_000,
  incidentLossFen: 32_000_000_000,
} as FiguresAnswer;
const BEFORE = { ...OWN, signals: 0, successRate: { rate: null, numerator: 0, denominator: 0 }, incidents: 5_000 };

const TYPES: readonly TypeSums[] = [
  {
    fraudType: { code: 'brushing-rebate', nameZh: '刷单返利', nameEn: 'Fake-order rebate' },
    incidents: 1_280,
    incidentLossFen: 7_360_000_000,
  },
  {
    fraudType: { code: 'fake-investment', nameZh: '虚假网络投资理财', nameEn: 'Fake online investment' },
    incidents: 2_720,
    incidentLossFen: 24_640_000_000,
  },
];

const figures = briefingFigures(PERIOD, OWN, { ...comparedYear(PERIOD)!, figures: BEFORE });
const fraudTypes = briefingTypes(PERIOD, TYPES);

export const BRIEFING_EXAMPLE: BriefingAnswer = {
  agency: PERIOD.agency,
  from: PERIOD.from,
  to: PERIOD.to,
  asOf: '2023-07-07T09:30:00.000+08:00',
  text: briefingText(PERIOD, figures, fraudTypes),
  figures,
  fraudTypes,
  definitions: { dailySignals: BRIEFING_REPORT.definitions['dailySignals']! },
};
