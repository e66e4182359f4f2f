import { tierAbove, tierBelow } from '../../src/organization/agency.js';
import {
  areaFaults,
  checkNewAgency,
  isVisible,
  takenAreas,
  uncovered,
  visibleAgencies,
  type AgencyDraft,
} from '../../src/organization/agency.rules.js';
import { higherRisk, RISK_LEVELS, riskOrder } from '../../src/organization/risk.js';
import { NANYANG, snapshotOf } from './samples.js';

const nanyang = snapshotOf(NANYANG);
const of = (code: string) => nanyang.byCode(code)!;

function draft(changes: Partial<AgencyDraft> = {}): AgencyDraft {
  return {
    code: '411322-S09',
    name: '独树派出所',
    tier: 'township',
    kind: 'station',
    parent: '411322',
    areas: ['411322103'],
    ...changes,
  };
}

/** Pointers of the faults that a draft has for somebody of an agency. */
function faultsOf(own: string, changes: Partial<AgencyDraft>): string[] {
  return checkNewAgency(nanyang, of(own), draft(changes)).faults.map(({ pointer }) => pointer);
}

test('tiers hand down in one order', () => {
  expect([tierAbove('city'), tierAbove('county'), tierAbove('township')]).toEqual([undefined, 'city', 'county']);
  expect([tierBelow('city'), tierBelow('county'), tierBelow('township')]).toEqual(['county', 'township', undefined]);
});

test('risk levels have one order', () => {
  expect(RISK_LEVELS.map(riskOrder)).toEqual([0, 1, 2, 3]);
  expect([higherRisk('low', 'urgent'), higherRisk('high', 'medium')]).toEqual(['urgent', 'high']);
});

describe('a caller sees', () => {
  const seen = (own: string) => nanyang.agencies.filter((agency) => isVisible(agency, of(own))).map(({ code }) => code);

  test('in a city all of it, and nothing of another city', () => {
    expect(seen('4113')).toHaveLength(8);
    expect(seen('4117')).toEqual(['4117', '411722']);
  });

  test('in a county its own townships and the city, no sibling', () => {
    expect(seen('411327')).toEqual(['4113', '411327', '411327100']);
  });

  test('in a township itself and the agencies above it', () => {
    expect(seen('411322-S01')).toEqual(['4113', '411322', '411322-S01']);
  });

  test('what the filters leave', () => {
    const list = (filter: Parameters<typeof visibleAgencies>[2], own = '4113') =>
      visibleAgencies(nanyang, of(own), filter).map(({ code }) => code);
    expect(list({ tier: 'county' })).toEqual(['411322', '411327']);
    expect(list({ parent: '411327' })).toEqual(['411327100']);
    expect(list({ q: 's0' })).toEqual(['411322-S01', '411322-S02']);
    expect(list({ q: '单位411327' })).toEqual(['411327', '411327100']);
    expect(list({ parent: '411322' }, '411327')).toEqual([]);
    expect(list({ parent: '9999' })).toEqual([]);
  });
});

describe('a new agency', () => {
  test('below one of the own subtree is right', () => {
    expect(faultsOf('4113', {})).toEqual([]);
    expect(faultsOf('411322', { areas: ['411322001', '411322101001'] })).toEqual([]);
    expect(faultsOf('411322', { areas: [] })).toEqual([]);
  });

  test.each([
    ['a sibling', '411327', '411322'],
    ['the tier above', '411322', '4113'],
    ['another city', '4113', '411722'],
    ['nothing', '4113', '9999'],
  ])('below %s is refused in the same words as an unknown one', (_, own, parent) => {
    const { faults } = checkNewAgency(nanyang, of(own), draft({ parent }));
    expect(faults).toEqual([{ pointer: '/parent', message: 'is not the code of an agency in your subtree' }]);
  });

  test('is of the tier below its parent', () => {
    expect(faultsOf('4113', { tier: 'county' })).toEqual(['/tier']);
    expect(faultsOf('4113', { tier: 'city' })).toEqual(['/tier']);
    expect(faultsOf('4113', { parent: '411322-S01', areas: [] })).toEqual(['/parent']);
  });

  test('has every fault named', () => {
    expect(faultsOf('4113', { code: '411722', tier: 'city', areas: ['411322', '411327100', '4117'] })).toEqual([
      '/areas/1',
      '/areas/2',
      '/tier',
      '/code',
    ]);
  });

  test('does not stand below a closed one', () => {
    const closed = snapshotOf(NANYANG, ['411322']);
    expect(checkNewAgency(closed, closed.byCode('4113')!, draft()).faults.map(({ pointer }) => pointer)).toEqual([
      '/parent',
    ]);
  });

  test.each([
    ['411322103', 'township', '411322', []],
    ['411322103201', 'township', '411322', []],
    ['411398', 'county', '4113', []],
    ['411327101', 'township', '411322', ['/code']],
    ['411723', 'county', '4113', ['/code']],
    ['411323', 'township', '411322', ['/code']],
    ['411322103', 'county', '4113', ['/code']],
    ['4118', 'county', '4113', ['/code']],
    ['4113220', 'township', '411322', []],
    ['S01', 'township', '411322', []],
  ] as const)('%s as the code of a %s below %s: faults %j', (code, tier, parent, expected) => {
    expect(faultsOf('4113', { code, tier, parent, areas: [] })).toEqual(expected);
  });
});

describe('areas', () => {
  test('lie in those of the agency above', () => {
    expect(areaFaults(nanyang, of('411322'), ['411322', '411322105', '411322105001'])).toEqual([]);
    expect(areaFaults(nanyang, of('411322'), ['4113', '411327'])).toHaveLength(2);
  });

  test('are taken when another agency of the same tier covers the very code', () => {
    expect(takenAreas(nanyang, 'township', ['411322101', '411322109', '411322001'])).toEqual([
      '411322101',
      '411322001',
    ]);
    expect(takenAreas(nanyang, 'township', ['411322001'], of('411322-S01'))).toEqual([]);
    expect(takenAreas(nanyang, 'county', ['411322101'])).toEqual([]);
  });

  test('that shrink leave agencies below uncovered', () => {
    expect(uncovered(nanyang, of('411322'), ['411322101']).map(({ code }) => code)).toEqual([
      '411322-S01',
      '411322102',
    ]);
    expect(uncovered(nanyang, of('411322'), ['411322', '411399'])).toEqual([]);
  });
});
