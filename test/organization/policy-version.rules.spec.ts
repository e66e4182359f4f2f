import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import type { PolicyVersion } from '../../src/organization/policy.snapshot.js';
import { changesBetween, changesOf, stateOf } from '../../src/organization/policy-version.rules.js';

describe('what differs between two documents', () => {
  test('is told value by value, at its place', () => {
    const { clocks } = DEFAULT_POLICIES;
    const after = {
      ...clocks,
      low: { ...clocks.low, callMinutes: 600 },
      urgent: { ...clocks.urgent, callMinutes: 8, visitMinutes: null },
    };
    expect(changesBetween(clocks, after)).toEqual([
      { path: '/low/callMinutes', before: null, after: 600 },
      { path: '/urgent/callMinutes', before: 10, after: 8 },
      { path: '/urgent/visitMinutes', before: 60, after: null },
    ]);
  });

  test('is a list as a whole, and nothing where only its order differs', () => {
    const before = { results: ['partial-loss', 'refused'], refusedLevels: ['high', 'urgent'] };
    const after = { results: ['partial-loss'], refusedLevels: ['urgent', 'high'] };
    expect(changesBetween(before, after)).toEqual([
      { path: '/results', before: ['partial-loss', 'refused'], after: ['partial-loss'] },
    ]);
  });

  test('tells false, 0 and nothing apart, and has fields that only one of them has', () => {
    expect(changesBetween({ a: 0, b: false, c: null, old: 1 }, { a: false, b: null, c: null, fresh: 'x' })).toEqual([
      { path: '/a', before: 0, after: false },
      { path: '/b', before: false, after: null },
      { path: '/fresh', before: null, after: 'x' },
      { path: '/old', before: 1, after: null },
    ]);
    expect(changesBetween(DEFAULT_POLICIES, DEFAULT_POLICIES)).toEqual([]);
  });
});

test('the first version is held against the default that held before; the seed changed nothing', () => {
  const first: PolicyVersion<'routing'> = {
    cityId: 1,
    kind: 'routing',
    effectiveFrom: new Date('2023-06-01T00:00:00Z'),
    document: { ...DEFAULT_POLICIES.routing, watchDays: 45 },
    setBy: '01890000-0000-7000-8000-000000000001',
    setAt: new Date('2023-06-01T00:00:00Z'),
  };
  expect(changesOf(first, undefined)).toEqual([{ path: '/watchDays', before: 30, after: 45 }]);
  expect(changesOf({ ...first, setBy: null }, undefined)).toEqual([]);
  expect(changesOf({ ...first, document: DEFAULT_POLICIES.routing }, first)).toEqual([
    { path: '/watchDays', before: 45, after: 30 },
  ]);
});

test('a version is current from its moment until the one at which the next begins', () => {
  const [from, until] = [new Date('2023-06-01T00:00:00Z'), new Date('2023-07-01T00:00:00Z')];
  const before = (moment: Date): Date => new Date(moment.getTime() - 1);
  expect(stateOf(from, until, before(from))).toBe('scheduled');
  expect([stateOf(from, until, from), stateOf(from, until, before(until))]).toEqual(['current', 'current']);
  expect(stateOf(from, until, until)).toBe('past');
  expect(stateOf(from, undefined, new Date('2030-01-01T00:00:00Z'))).toBe('current');
});
