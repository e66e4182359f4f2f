import { briefingTypes } from '../../src/briefing/briefing.figures.js';
import {
  cut,
  printedChange,
  printedCount,
  printedRate,
  printedShare,
  printedYuan,
} from '../../src/briefing/printed.rules.js';
import { Random } from '../../src/simulation/random.js';

test.each([
  [0, '条', '0条', '0'],
  [3_287, '起', '3287起', '3,287'],
  [9_999, '条', '9999条', '9,999'],
  [11_000, '条', '1.1万条', '11,000'],
  [11_043, '条', '1.1万余条', 'more than 11,000'],
  [98_000, '个', '9.8万个', '98,000'],
  [330_000, '人次', '33万人次', '330,000'],
  [999_999, '条', '99.9万余条', 'more than 999,000'],
  [1_920_000, '人次', '192万人次', '1,920,000'],
  [7_960_000, '名', '796万名', '7,960,000'],
])('%i are printed as %s %s', (count, unit, zh, en) => {
  expect(printedCount(count, unit)).toEqual({ zh, en });
});

test.each([
  [0, '0元', 'RMB 0'],
  [52_345, '523.45元', 'RMB 523.45'],
  [50_000_000, '50万元', 'RMB 500,000'],
  [50_000_001, '50万余元', 'more than RMB 500,000'],
  [3_100_000_000, '3100万元', 'RMB 31 million'],
  [3_126_800_000, '3126万余元', 'more than RMB 31.26 million'],
  [3_100_500_000, '3100万余元', 'more than RMB 31 million'],
  [13_500_000_000, '1.35亿元', 'RMB 135 million'],
  [21_000_000_000, '2.1亿元', 'RMB 210 million'],
  [27_700_000_000_000, '2770亿元', 'RMB 277 billion'],
  [Number.MAX_SAFE_INTEGER, '900719亿余元', 'more than RMB 90071.9 billion'],
])('%i fen are printed as %s', (fen, zh, en) => {
  expect(printedYuan(fen)).toEqual({ zh, en });
});

test('a rate is cut, so that 100 % is all of them; a share is rounded, and says so', () => {
  expect(printedRate(41_800, 42_000).zh).toBe('99.52%');
  expect(printedRate(999_999, 1_000_000).zh).toBe('99.99%');
  expect(printedRate(7, 7).zh).toBe('100%');
  expect(printedShare(26n, 100n)).toEqual({ zh: '26%', en: '26%' });
  expect(printedShare(27n, 104n)).toEqual({ zh: '约26%', en: 'about 26%' });
  expect(printedShare(1n, 200n).zh).toBe('约1%');
});

test('a change is cut, too: never more than there is, and equal only what is equal', () => {
  const of = (value: number, base: number): string => printedChange(value, base).zh;
  expect([of(11_234, 10_000), of(2_101, 2_000), of(20_009, 20_000), of(7, 7), of(0, 9)]).toEqual([
    '上升12.3%',
    '上升5%',
    '上升不足0.1%',
    '持平',
    '下降100%',
  ]);
  expect(of(1, 2_500)).toBe('下降99.9%');
  expect(printedChange(663, 1_000)).toEqual({ zh: '下降33.7%', en: 'down 33.7%' });
});

/** What a text claims: the number before the unit. */
function claimed(zh: string): { value: number; more: boolean } {
  const [, digits, unit, more] = /^([\d.]+)(亿|万)?(余)?元$/.exec(zh)!;
  const factor = unit === '亿' ? 1e8 : unit === '万' ? 1e4 : 1;
  return { value: Math.round(Number(digits) * factor * 100), more: more !== undefined };
}

test('what is printed is never more than there is, and never further from it than one of its last digit', () => {
  const random = new Random('briefing');
  for (let time = 0; time < 5_000; time++) {
    const fen = Math.floor(10 ** random.between(0, 15.9));
    const { zh, en } = printedYuan(fen);
    const { value, more } = claimed(zh);
    const step = fen < 1_000_000 ? 1 : Number(cut(BigInt(Math.floor(fen / 100))).step) * 100;
    expect({ fen, zh, ok: value <= fen && fen - value < step }).toEqual({ fen, zh, ok: true });
    expect([more, en.startsWith('more than ')]).toEqual([value < fen, value < fen]);
  }
});

test('the sum of the types is taken of the exact figures, not of the rounded shares', () => {
  const type = (code: string, incidents: number, incidentLossFen: number) => ({
    fraudType: { code, nameZh: code, nameEn: code },
    incidents,
    incidentLossFen,
  });
  const period = {
    agency: { code: '4113', name: '南阳' },
    tier: 'city',
    from: '2023-01-01',
    to: '2023-01-02',
    today: '2023-02-01',
  };
  const types = briefingTypes(period, [
    type('a', 1, 0),
    type('b', 264, 164),
    type('c', 264, 164),
    type('d', 471, 672),
    type('e', 0, 0),
  ]);
  expect(types.top.map(({ code, incidentShare }) => [code, incidentShare.zh])).toEqual([
    ['d', '约47%'],
    ['b', '约26%'],
    ['c', '约26%'],
    ['a', '约0%'],
  ]);
  expect([types.incidentShare!.zh, types.lossShare!.zh]).toEqual(['100%', '100%']);
  const nothing = briefingTypes(period, [type('e', 0, 0)]);
  expect([nothing.top, nothing.incidentShare]).toEqual([[], null]);
});
