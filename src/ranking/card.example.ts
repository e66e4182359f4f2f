import type { CardAnswer, CardWithHistoryAnswer } from './card.dto.js';

export const CARD_EXAMPLE: CardAnswer = {
  id: '018938a1-0c00-7d00-9c00-5b6a7c8d9e20',
  kind: 'yellow',
  name: '黄牌',
  agency: { code: '411322', name: '方城县公安局', tier: 'county' },
  month: '2023-06',
  status: 'proposed',
  grounds: [
    {
      rule: 'worst-months',
      standings: [
        { period: '2023-06', rank: 15, of: 15, score: 71.2045 },
        { period: '2023-05', rank: 14, of: 15, score: 73.9112 },
      ],
      rate: null,
      cityRate: null,
    },
  ],
  restsOn: [],
  proposedAt: '2023-07-03T09:00:00.000+08:00',
  allowed: ['confirm', 'dismiss'],
  version: 1,
};

export const CARD_WITH_HISTORY_EXAMPLE: CardWithHistoryAnswer = {
  ...CARD_EXAMPLE,
  history: [
    {
      action: 'proposed',
      at: '2023-07-03T09:00:00.000+08:00',
      by: 'system',
      agency: { code: '4113', name: '南阳市反诈中心', tier: 'city' },
      text: '系统建议黄牌(2023-06):连续2个月排名靠后(2023-06第15名/15,71.2045分、2023-05第14名/15,73.9112分)。',
    },
  ],
};
