import type { DocumentReader } from './document-reader.js';
import { RANKING_INDICATORS, type CardRules, type RankingIndicator, type RankingPolicy } from './ranking-policy.js';

export const FULL_SCORE = 100;
export const MAX_SMALLEST_DENOMINATOR = 100_000;

/** What each number of the card rules may be. */
export const CARD_RANGES = {
  noticePercent: [0, 50],
  yellowWorst: [0, 50],
  yellowMonths: [1, 6],
  yellowTimes: [0, 100],
  redYellows: [1, 12],
  redMonths: [1, 12],
  listedQuarters: [1, 4],
  delistedQuarters: [1, 4],
} as const satisfies Record<Exclude<keyof CardRules, 'talkWithRed'>, readonly [number, number]>;
const CARD_NUMBERS = Object.keys(CARD_RANGES) as (keyof typeof CARD_RANGES)[];

export function readRanking(reader: DocumentReader, document: unknown, at: string): RankingPolicy | undefined {
  const ranking = reader.object(document, at, ['weights', 'floors', 'smallestDenominator', 'cards']);
  if (!ranking) return undefined;
  const weights = readRates(reader, ranking.weights, `${at}/weights`, (value, pointer) =>
    reader.integer(value, pointer, 0, FULL_SCORE),
  );
  const floors = readRates(reader, ranking.floors, `${at}/floors`, (value, pointer) => reader.fraction(value, pointer));
  const smallestDenominator = reader.integer(
    ranking.smallestDenominator,
    `${at}/smallestDenominator`,
    1,
    MAX_SMALLEST_DENOMINATOR,
  );
  const cards = readCards(reader, ranking.cards, `${at}/cards`);
  if (!weights || !floors || !cards || reader.faults.length > 0) return undefined;
  const sum = Object.values(weights).reduce((all, weight) => all + weight, 0);
  if (sum !== FULL_SCORE) reader.fault(`${at}/weights`, `must add up to ${FULL_SCORE}; these add up to ${sum}`);
  return { weights, floors, smallestDenominator, cards };
}

function readRates(
  reader: DocumentReader,
  value: unknown,
  pointer: string,
  read: (value: unknown, pointer: string) => number,
): Record<RankingIndicator, number> | undefined {
  const rates = reader.object(value, pointer, RANKING_INDICATORS);
  if (!rates) return undefined;
  return Object.fromEntries(
    RANKING_INDICATORS.map((indicator) => [indicator, read(rates[indicator], `${pointer}/${indicator}`)]),
  ) as Record<RankingIndicator, number>;
}

function readCards(reader: DocumentReader, value: unknown, pointer: string): CardRules | undefined {
  const cards = reader.object(value, pointer, [...CARD_NUMBERS, 'talkWithRed']);
  if (!cards) return undefined;
  const numbers = Object.fromEntries(
    CARD_NUMBERS.map((name) => {
      const [least, most] = CARD_RANGES[name];
      return [name, reader.integer(cards[name], `${pointer}/${name}`, least, most)];
    }),
  ) as Record<(typeof CARD_NUMBERS)[number], number>;
  if (numbers.redMonths < numbers.redYellows)
    reader.fault(`${pointer}/redMonths`, 'must not be less than redYellows: a month gives one yellow');
  return { ...numbers, talkWithRed: reader.boolean(cards.talkWithRed, `${pointer}/talkWithRed`) };
}
