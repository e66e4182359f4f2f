import type { HotSpotsAnswer } from './hot-spots.dto.js';
import { HOT_SPOTS_REPORT } from './hot-spots.report.js';
import { changeAgainst } from './hot-spots.rules.js';
import { per10kOf } from './money.rules.js';

const OPEN =
  '/api/v1/reports/tiers/township/cases?parent=4113&agency=411322101&from=2023-06-01&to=2023-06-30&indicator=';

export const HOT_SPOTS_EXAMPLE: HotSpotsAnswer = {
  agency: { code: '4113', name: '南阳市公安局' },
  from: '2023-06-01',
  to: '2023-06-30',
  asOf: '2023-06-30T18:00:00.000+08:00',
  month: '2023-06',
  by: 'incidents',
  compared: {
    monthBefore: { from: '2023-05-01', to: '2023-05-30' },
    yearBefore: { from: '2022-06-01', to: '2022-06-30' },
  },
  rows: [
    {
      rank: 1,
      agency: { code: '411322101', name: '独树镇派出所' },
      county: { code: '411322', name: '方城县公安局' },
      incidents: 21,
      incidentsChange: { monthBefore: changeAgainst(21, 14), yearBefore: changeAgainst(21, 8) },
      per10k: per10kOf(21, { population: 62_000, year: 2022 }),
      incidentLossFen: 84_500_000,
      received: 118,
      receivedChange: { monthBefore: changeAgainst(118, 96), yearBefore: changeAgainst(118, 75) },
      lossFen: 3_200_000,
      cases: { incidents: `${OPEN}incidents`, received: `${OPEN}received`, lossFen: `${OPEN}lossFen` },
    },
  ],
  others: { townships: 255, ranked: 61, incidents: 402, received: 6_871 },
  definitions: { rank: HOT_SPOTS_REPORT.definitions['rank']! },
};
