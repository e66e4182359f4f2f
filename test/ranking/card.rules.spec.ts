import { DEFAULT_RANKING, type CardRules } from '../../src/organization/ranking-policy.js';
import type { CardKind, CardStatus, Proposal } from '../../src/ranking/card.js';
import {
  cardsFollowing,
  cardsOfMonth,
  delisting,
  listedSince,
  mayStep,
  monthsToReview,
  namesAPerson,
  type EarlierCard,
  type Ranked,
} from '../../src/ranking/card.rules.js';
import { wordingOf } from '../../src/ranking/card.wording.js';
import { rank } from '../../src/ranking/ranking.rules.js';
import { figures, of, policy } from './support.js';

const rules = DEFAULT_RANKING.cards;
const CODES = 'abcdefghijklmnopqrstuvwxyz';

/** Units of a period in this order, the best first; `few` have too few cases. */
function ranking(name: string, order: string, few = '', defrauded: Record<string, [number, number]> = {}): Ranked {
  const weights = { ...DEFAULT_RANKING.floors, successRate: 100 };
  const all = [...order].map((code, index) =>
    figures(
      { successRate: of(100 - index, 100), defraudedAfterRate: of(...(defrauded[code] ?? [0, 100])) },
      code,
      few.includes(code) ? 3 : 100,
    ),
  );
  return { name, units: rank(all, policy({ weights })), figures: all, cityDefrauded: of(10, 1_000) };
}

function due(months: Ranked[], change: Partial<CardRules> = {}): string[] {
  return [...cardsOfMonth(months, { ...rules, ...change })]
    .flatMap(([code, proposals]) =>
      proposals.map(({ kind, grounds }) => `${code} ${kind} ${grounds.map(({ rule }) => rule).join('+')}`),
    )
    .sort();
}

describe('of a month', () => {
  test('the worst tenth is told of, parts of a unit dropped', () => {
    const notices = (units: number): string[] =>
      due([ranking('2023-06', CODES.slice(0, units))]).filter((card) => card.includes('notice'));
    expect(notices(9)).toEqual([]);
    expect(notices(10)).toEqual(['j notice worst-percent']);
    expect(notices(26)).toEqual(['y notice worst-percent', 'z notice worst-percent']);
    expect(due([ranking('2023-06', CODES)], { noticePercent: 0 })).toEqual([]);
  });

  test('a yellow is for who is among the worst three two months running', () => {
    const june = ranking('2023-06', 'abcdefghi');
    expect(due([june, ranking('2023-05', 'abcghefid')])).toEqual(['i yellow worst-months']);
    expect(due([june, ranking('2023-05', 'ghiabcdef')])).toEqual([]);
    // Without a rank in the month before: not running.
    expect(due([june, ranking('2023-05', 'abcdefghi', 'i')])).toEqual([
      'g yellow worst-months',
      'h yellow worst-months',
    ]);
    expect(due([june], { yellowMonths: 1 }).map((card) => card[0])).toEqual(['g', 'h', 'i']);
    expect(due([june, ranking('2023-05', 'abcdefghi')], { yellowWorst: 0 })).toEqual([]);
  });

  test('the worst three are never more than a third', () => {
    expect(due([ranking('2023-06', 'abcdef'), ranking('2023-05', 'abcdef')])).toEqual([
      'e yellow worst-months',
      'f yellow worst-months',
    ]);
    expect(due([ranking('2023-06', 'ab'), ranking('2023-05', 'ab')])).toEqual([]);
  });

  test('a yellow is for who has more than twice the rate of the city of people defrauded after the warning', () => {
    const june = (a: [number, number], few = ''): Ranked => ranking('2023-06', 'abc', few, { a });
    expect(due([june([2, 100])])).toEqual([]);
    expect(due([june([3, 100])])).toEqual(['a yellow defrauded-after']);
    expect(due([june([1, 0])])).toEqual(['a yellow defrauded-after']);
    expect(due([june([3, 100], 'a')])).toEqual([]);
    expect(due([june([3, 100])], { yellowTimes: 0 })).toEqual([]);
  });

  test('it is one card with both grounds, which keep the figures', () => {
    const both = ranking('2023-06', 'bca', '', { a: [3, 100] });
    const [, proposals] = [...cardsOfMonth([both, ranking('2023-05', 'bca')], rules)][0]!;
    expect(proposals).toHaveLength(1);
    expect(proposals[0]!.grounds).toEqual([
      {
        rule: 'worst-months',
        standings: [
          { period: '2023-06', rank: 3, of: 3, score: 98 },
          { period: '2023-05', rank: 3, of: 3, score: 98 },
        ],
        rate: null,
        cityRate: null,
      },
      {
        rule: 'defrauded-after',
        standings: [{ period: '2023-06', rank: 3, of: 3, score: 98 }],
        rate: { rate: 0.03, numerator: 3, denominator: 100 },
        cityRate: { rate: 0.01, numerator: 10, denominator: 1_000 },
      },
    ]);
    expect(wordingOf(proposals[0]!)).toBe(
      '系统建议黄牌(2023-06):连续2个月排名靠后(2023-06第3名/3,98.0000分、2023-05第3名/3,98.0000分);预警后被骗率0.0300(3/100),全市0.0100(10/1000)。',
    );
  });
});

const card = (
  kind: CardKind,
  month: string,
  status: CardStatus = 'confirmed',
  restsOn: string[] = [],
): EarlierCard => ({ id: `${kind} ${month}`, kind, month, status, restsOn });
const yellow = (month: string, status?: CardStatus): EarlierCard => card('yellow', month, status);
const told = (proposals: readonly Proposal[]): string[] =>
  proposals.map(({ kind, restsOn }) => `${kind} of ${restsOn.join(', ')}`);

describe('what follows', () => {
  test('two confirmed yellows in six months make a red, in the month of the later', () => {
    const both = [yellow('2023-01'), yellow('2023-06')];
    expect(told(cardsFollowing(both, '2023-06', rules))).toEqual(['red of yellow 2023-01, yellow 2023-06']);
    expect(cardsFollowing(both, '2023-05', rules)).toEqual([]);
    expect(cardsFollowing([yellow('2022-12'), yellow('2023-06')], '2023-06', rules)).toEqual([]);
    expect(cardsFollowing([yellow('2022-12'), yellow('2023-05')], '2023-05', rules)).toHaveLength(1);
    for (const status of ['proposed', 'dismissed'] as const)
      expect(cardsFollowing([yellow('2023-05', status), yellow('2023-06')], '2023-06', rules)).toEqual([]);
    for (const status of ['answered', 'closed'] as const)
      expect(cardsFollowing([yellow('2023-05', status), yellow('2023-06')], '2023-06', rules)).toHaveLength(1);
  });

  test('a yellow counts for one red; one that was dismissed has used up nothing, and is not proposed again', () => {
    const yellows = [yellow('2023-04'), yellow('2023-05'), yellow('2023-06')];
    const red = (status: CardStatus): EarlierCard =>
      card('red', '2023-05', status, ['yellow 2023-04', 'yellow 2023-05']);
    expect(cardsFollowing([...yellows, red('proposed')], '2023-06', rules)).toEqual([]);
    expect(told(cardsFollowing([...yellows, red('dismissed')], '2023-06', rules))).toEqual([
      'red of yellow 2023-04, yellow 2023-05, yellow 2023-06',
    ]);
    expect(cardsFollowing([...yellows, red('dismissed')], '2023-05', rules)).toEqual([]);
    const later = [...yellows, red('closed'), yellow('2023-08')];
    expect(told(cardsFollowing(later, '2023-08', rules))).toEqual(['red of yellow 2023-06, yellow 2023-08']);
  });

  test('a confirmed red brings a talk, once', () => {
    const red = card('red', '2023-06');
    expect(told(cardsFollowing([red], '2023-06', rules))).toEqual(['talk of red 2023-06']);
    expect(cardsFollowing([red], '2023-06', { ...rules, talkWithRed: false })).toEqual([]);
    expect(cardsFollowing([red, card('talk', '2023-06', 'dismissed')], '2023-06', rules)).toEqual([]);
    expect(cardsFollowing([card('red', '2023-06', 'proposed')], '2023-06', rules)).toEqual([]);
  });

  test('reds in two quarters running put a unit on the list, unless it is on it already', () => {
    const quiet = { ...rules, talkWithRed: false };
    const reds = [card('red', '2022-12'), card('red', '2023-03')];
    expect(told(cardsFollowing(reds, '2023-03', quiet))).toEqual(['listed of red 2023-03, red 2022-12']);
    expect(cardsFollowing([card('red', '2023-01'), card('red', '2023-03')], '2023-03', quiet)).toEqual([]);
    expect(cardsFollowing([card('red', '2022-09'), card('red', '2023-03')], '2023-03', quiet)).toEqual([]);
    const listed = [...reds, card('listed', '2023-03')];
    expect(cardsFollowing([...listed, card('red', '2023-04')], '2023-04', quiet)).toEqual([]);
    const waiting = [...reds, card('listed', '2023-03', 'proposed'), card('red', '2023-04')];
    expect(cardsFollowing(waiting, '2023-04', quiet)).toEqual([]);
    const off = [...listed, card('delisted', '2023-09'), card('red', '2023-09'), card('red', '2023-10')];
    expect(cardsFollowing(off, '2023-10', quiet)).toEqual([]);
    expect(told(cardsFollowing([...off, card('red', '2024-01')], '2024-01', quiet))).toEqual([
      'listed of red 2024-01, red 2023-10',
    ]);
  });

  test('a confirmed card is looked at again from every later month that has one', () => {
    expect(monthsToReview([yellow('2023-06'), yellow('2023-02'), yellow('2023-04')], '2023-04')).toEqual([
      '2023-04',
      '2023-06',
    ]);
  });
});

describe('off the list', () => {
  const listed = [card('listed', '2023-03')];
  const [q2, q3] = [ranking('2023-Q2', 'abcdef'), ranking('2023-Q3', 'abcdef')];
  const off = (code: string, quarters = [q3, q2], cards = listed): string | undefined =>
    delisting(cards, code, '2023-09', quarters)?.kind;

  test('comes after two whole quarters outside the worst third', () => {
    expect(off('d')).toBe('delisted');
    expect(off('e')).toBeUndefined();
    expect(off('d', [q3, ranking('2023-Q2', 'abcefd')])).toBeUndefined();
    expect(delisting(listed, 'd', '2023-09', [q3, q2])).toMatchObject({
      restsOn: ['listed 2023-03'],
      grounds: [{ rule: 'recovered', standings: [{ period: '2023-Q3', rank: 4 }, { period: '2023-Q2' }] }],
    });
  });

  test('is for whom a confirmed card put on it, before those quarters, and once', () => {
    expect(off('d', [q3, q2], [])).toBeUndefined();
    expect(off('d', [q3, q2], [card('listed', '2023-03', 'proposed')])).toBeUndefined();
    expect(off('d', [q3, q2], [card('listed', '2023-04')])).toBeUndefined();
    expect(off('d', [q3, q2], [...listed, card('delisted', '2023-09', 'dismissed')])).toBeUndefined();
    expect(off('d', [q3, q2], [...listed, card('delisted', '2023-09')])).toBeUndefined();
  });

  test('a unit with too few cases to be ranked is outside', () => {
    expect(off('f', [ranking('2023-Q3', 'abcdef', 'f'), ranking('2023-Q2', 'abcdef', 'f')])).toBe('delisted');
  });

  test('the list knows since when', () => {
    expect(listedSince(listed)).toBe('2023-03');
    expect(listedSince([...listed, card('delisted', '2023-09')])).toBeUndefined();
    expect(listedSince([...listed, card('delisted', '2023-09', 'dismissed')])).toBe('2023-03');
  });
});

test('a card is confirmed or dismissed, answered, answered again, closed; a delisting asks for no answer', () => {
  const may = (kind: CardKind, status: CardStatus): string =>
    (['confirm', 'dismiss', 'answer', 'close'] as const).filter((step) => mayStep(step, { kind, status })).join(' ');
  expect(may('yellow', 'proposed')).toBe('confirm dismiss');
  expect(may('yellow', 'confirmed')).toBe('answer');
  expect(may('yellow', 'answered')).toBe('answer close');
  expect(may('yellow', 'dismissed')).toBe('');
  expect(may('yellow', 'closed')).toBe('');
  expect(may('delisted', 'confirmed')).toBe('close');
});

test('a note has no room for the number of a person', () => {
  expect(namesAPerson('当事人 138-1234-1234 投诉')).toBe(true);
  expect(namesAPerson('2023年6月排名第15,得分71.2045,案件4113-20230601-000123')).toBe(false);
});
