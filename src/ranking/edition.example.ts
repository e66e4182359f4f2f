import { publishedRanking } from './edition.rules.js';
import type { EditionAnswer, WholeEditionAnswer } from './edition.dto.js';
import { RANKING_EXAMPLE } from './ranking.example.js';

export const EDITION_EXAMPLE: EditionAnswer = {
  id: '018938a2-4c00-7d00-9c00-5b6a7c8d9e30',
  kind: 'ranking',
  tier: 'county',
  month: '2023-06',
  edition: 2,
  hash: '5d0c3a6f1b8e47d29a0c4f7e2b6d8135c9e0a7f4d2b1e8c6a5937f0d4c2b1a68',
  asOf: '2023-07-05T09:00:00.000+08:00',
  publishedAt: '2023-07-05T09:00:00.000+08:00',
  publishedBy: 'wang.jing',
  note: '更正:两起案件重新认定。',
};

export const WHOLE_EDITION_EXAMPLE: WholeEditionAnswer = {
  ...EDITION_EXAMPLE,
  previous: {
    id: '018938a1-4c00-7d00-9c00-5b6a7c8d9e2f',
    edition: 1,
    hash: '0f3b9d7e5c1a48620d9e7b4c3f2a1860b5d4e9c7a8f6132047e5d3c2b1a09f8e',
  },
  changes: [{ unit: '411322', field: '/score', before: 93.1042, after: 93.9563 }],
  content: {
    kind: 'ranking',
    tier: 'county',
    month: '2023-06',
    city: { code: '4113', name: '南阳市反诈中心' },
    edition: 2,
    previous: '0f3b9d7e5c1a48620d9e7b4c3f2a1860b5d4e9c7a8f6132047e5d3c2b1a09f8e',
    asOf: EDITION_EXAMPLE.asOf,
    publishedBy: { name: 'wang.jing', agency: '4113' },
    note: EDITION_EXAMPLE.note,
    report: publishedRanking(RANKING_EXAMPLE),
  },
};
