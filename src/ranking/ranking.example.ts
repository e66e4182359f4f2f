import { DEFAULT_RANKING } from '../organization/ranking-policy.js';
import { RANKING_DEFINITIONS } from './ranking.definitions.js';
import type { RankingAnswer } from './ranking.dto.js';

/** A realistic ranking for the API document. */
export const RANKING_EXAMPLE: RankingAnswer = {
  tier: 'county',
  period: '2023-06',
  from: '2023-06-01',
  to: '2023-06-30',
  parent: '4113',
  asOf: '2023-07-03T09:00:00.000+08:00',
  closed: true,
  provisional: true,
  policy: { effectiveFrom: '1970-01-01T08:00:00.000+08:00', document: DEFAULT_RANKING },
  ranked: 15,
  rows: [
    {
      agency: { code: '411322', name: '方城县公安局' },
      rank: 1,
      score: 93.9563,
      unranked: null,
      received: 842,
      cards: [],
      indicators: {
        successRate: {
          rate: 0.9461,
          numerator: 720,
          denominator: 761,
          weight: 30,
          appliedWeight: 30,
          points: 28.3837,
          belowFloor: false,
        },
      },
    },
  ],
  total: { received: 9120, rates: { successRate: { rate: 0.9307, numerator: 7680, denominator: 8252 } } },
  definitions: { rank: RANKING_DEFINITIONS.rank },
};
