import type { FraudType } from '../../src/organization/fraud-type.js';
import type { OrganizationSnapshot } from '../../src/organization/organization.snapshot.js';
import { NANYANG, snapshotOf } from './samples.js';

function routed(
  snapshot: OrganizationSnapshot,
  division: string | null,
  tier: 'county' | 'township',
): string | undefined {
  return snapshot.route(snapshot.byCode('4113')!.id, division, tier)?.code;
}

describe('routing', () => {
  const nanyang = snapshotOf(NANYANG);

  test.each([
    ['411322', 'county', '411322'],
    ['411322101', 'county', '411322'],
    ['411327100', 'county', '411327'],
    ['411322101', 'township', '411322101'],
    ['411322101999', 'township', '411322101'],
  ] as const)('%s goes, at tier %s, to the agency that covers it: %s', (division, tier, expected) => {
    expect(routed(nanyang, division, tier)).toBe(expected);
  });

  test('a station covers several townships', () => {
    expect(['411322001', '411322002', '411322002201'].map((code) => routed(nanyang, code, 'township'))).toEqual(
      Array(3).fill('411322-S01'),
    );
  });

  test('a station that covers part of a township takes its villages, the township keeps the others', () => {
    expect(routed(nanyang, '411322101005', 'township')).toBe('411322-S01');
    expect(routed(nanyang, '411322101006', 'township')).toBe('411322-S02');
    expect(routed(nanyang, '411322101007', 'township')).toBe('411322101');
    expect(routed(nanyang, '411322101', 'township')).toBe('411322101');
  });

  test('a township that the divisions do not list still reaches its county', () => {
    expect(routed(nanyang, '411322100', 'county')).toBe('411322');
    expect(routed(nanyang, '411322100', 'township')).toBeUndefined();
  });

  test('nobody gets what no area covers, what is only known by its city, or what has no division', () => {
    expect([
      routed(nanyang, '411399', 'county'),
      routed(nanyang, '4113', 'county'),
      routed(nanyang, null, 'county'),
    ]).toEqual([undefined, undefined, undefined]);
  });

  test('a division of another city is not routed there', () => {
    expect(routed(nanyang, '411722', 'county')).toBeUndefined();
  });

  test('a closed agency gets nothing: its part goes to whoever covers the wider division', () => {
    const closed = snapshotOf(NANYANG, ['411322-S02', '411327']);
    expect(routed(closed, '411322101006', 'township')).toBe('411322101');
    expect(routed(closed, '411327100', 'county')).toBeUndefined();
  });
});

describe('the tree', () => {
  const nanyang = snapshotOf(NANYANG);
  const of = (code: string) => nanyang.byCode(code)!;

  test('within means the agency itself or below it, by whole codes', () => {
    const confusable = snapshotOf({
      '4113': [],
      '4113/411322': [],
      '4113/411322-2': [],
      '4113/411322-2/411322-S01': [],
    });
    const within = (code: string, above: string): boolean =>
      confusable.within(confusable.byCode(code)!, confusable.byCode(above)!);
    expect(within('411322', '411322')).toBe(true);
    expect(within('411322-S01', '4113')).toBe(true);
    expect(within('4113', '411322')).toBe(false);
    expect(within('411322-2', '411322')).toBe(false);
    expect(within('411322-S01', '411322')).toBe(false);
  });

  test('children come in the order of their codes, a subtree parents first', () => {
    expect(nanyang.childrenOf(of('4113')).map(({ code }) => code)).toEqual(['411322', '411327']);
    expect(nanyang.subtree(of('411327')).map(({ code }) => code)).toEqual(['411327', '411327100']);
    expect(nanyang.subtree(of('4113'))).toHaveLength(8);
  });

  test('the city and the tiers above are found from any agency', () => {
    expect(nanyang.cityOf(of('411322-S01')).code).toBe('4113');
    expect(nanyang.parentOf(of('411322-S01'))?.code).toBe('411322');
    expect(nanyang.parentOf(of('4113'))).toBeUndefined();
    expect(nanyang.ancestorsOf(of('411322-S01')).map(({ code }) => code)).toEqual(['4113', '411322']);
  });

  test('an id of no agency is an error, a code of none is not', () => {
    expect(() => nanyang.byId(99)).toThrow('there is no agency 99');
    expect(nanyang.byCode('9999')).toBeUndefined();
  });

  test('a city covers its own divisions and no others', () => {
    expect(['4113', '411322', '411399001'].map((code) => nanyang.coversDivision(of('4113'), code))).toEqual([
      true,
      true,
      true,
    ]);
    expect(['41', '4117', '411722001'].map((code) => nanyang.coversDivision(of('4113'), code))).toEqual([
      false,
      false,
      false,
    ]);
  });

  test('a division is known by its county, so that a township founded since is no fault', () => {
    expect(['4113', '411322', '411322100', '411322101005'].map((code) => nanyang.divisionKnown(code))).toEqual(
      Array(4).fill(true),
    );
    expect(['4199', '411399', '411399001'].map((code) => nanyang.divisionKnown(code))).toEqual([false, false, false]);
  });
});

describe('fraud types', () => {
  const type = (code: string, nameZh: string, mpsRank: number | null, ...olderLabels: string[]): FraudType => ({
    code,
    nameZh,
    nameEn: `Type ${code}`,
    listYear: 2023,
    mpsRank,
    olderLabels,
  });
  const snapshot = snapshotOf(
    {},
    [],
    [
      type('other', '其他', null),
      type('romance', '网络婚恋、交友', 9, '网络交友投资赌博'),
      type('fake-investment', '虚假网络投资理财', 2, '虚假投资理财', '网络交友投资赌博'),
      type('gambling', '网络赌博诈骗', null, '虚假网络投资理财'),
    ],
  );

  test('come in the order of frequency, other last', () => {
    expect([...snapshot.fraudTypes.keys()]).toEqual(['fake-investment', 'romance', 'gambling', 'other']);
  });

  test.each([
    ['fake-investment', 'fake-investment'],
    ['虚假网络投资理财', 'fake-investment'],
    ['type ROMANCE', 'romance'],
    ['网络婚恋,交友 ', 'romance'],
    ['虚假投资理财', 'fake-investment'],
  ])('%s is understood', (label, expected) => {
    expect(snapshot.fraudTypeByLabel(label)).toBe(expected);
  });

  test('an older label of several types means the most frequent', () => {
    expect(snapshot.fraudTypeByLabel('网络交友投资赌博')).toBe('fake-investment');
  });

  test('what is no label gives nothing', () => {
    expect(snapshot.fraudTypeByLabel('中彩票')).toBeUndefined();
    expect(snapshot.fraudTypeByLabel('')).toBeUndefined();
  });
});
