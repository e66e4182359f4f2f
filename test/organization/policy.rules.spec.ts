import { DEFAULT_POLICIES, POLICY_KINDS, type PolicyKind } from '../../src/organization/policy.js';
import { effectiveFromFaults, readPolicy } from '../../src/organization/policy.rules.js';
import { PolicySnapshot, type PolicyVersion } from '../../src/organization/policy.snapshot.js';

/** The default of a kind with one value set, by its path. */
function changed(kind: PolicyKind, path: string, value: unknown): unknown {
  const document = JSON.parse(JSON.stringify(DEFAULT_POLICIES[kind])) as Record<string, unknown>;
  const keys = path.split('/');
  const last = keys.pop()!;
  const target = keys.reduce((at, key) => at[key] as Record<string, unknown>, document);
  target[last] = value;
  return document;
}

function pointersOf(kind: PolicyKind, document: unknown): string[] {
  return readPolicy(kind, document).faults.map(({ pointer }) => pointer);
}

test.each(POLICY_KINDS)('the defaults of %s are right by their own rules', (kind) => {
  expect(readPolicy(kind, JSON.parse(JSON.stringify(DEFAULT_POLICIES[kind])))).toEqual({
    document: DEFAULT_POLICIES[kind],
    faults: [],
  });
});

test('one number may change by itself: no level has to be slower than another', () => {
  expect(readPolicy('clocks', changed('clocks', 'medium/acceptMinutes', 5)).faults).toEqual([]);
  expect(readPolicy('clocks', changed('clocks', 'urgent/callMinutes', 31)).faults).toEqual([]);
});

describe('a policy that is not right names where', () => {
  test.each([
    ['clocks', 'urgent/acceptMinutes', 0, '/document/urgent/acceptMinutes'],
    ['clocks', 'urgent/acceptMinutes', 1.5, '/document/urgent/acceptMinutes'],
    ['clocks', 'urgent/acceptMinutes', '5', '/document/urgent/acceptMinutes'],
    ['clocks', 'urgent/acceptMinutes', null, '/document/urgent/acceptMinutes'],
    ['clocks', 'low/feedbackMinutes', 43_201, '/document/low/feedbackMinutes'],
    ['clocks', 'urgent', 7, '/document/urgent'],
    ['clocks', 'critical', {}, '/document/critical'],
    ['clocks', 'urgent/smsMinutes', 5, '/document/urgent/smsMinutes'],
    ['ladder', 'needed/urgent', 'call', '/document/needed/urgent'],
    ['ladder', 'needed/low', 'letter', '/document/needed/low'],
    ['ladder', 'minCallAttempts', 0, '/document/minCallAttempts'],
    ['review', 'interceptedFen', -1, '/document/interceptedFen'],
    ['review', 'interceptedFen', 2 ** 53, '/document/interceptedFen'],
    ['review', 'results', ['dissuaded', 'lost'], '/document/results/1'],
    ['review', 'results', ['dissuaded', 'dissuaded'], '/document/results/1'],
    ['review', 'refusedLevels', 'high', '/document/refusedLevels'],
    ['routing', 'autoPush', 'yes', '/document/autoPush'],
    ['routing', 'watchDays', 0, '/document/watchDays'],
    ['routing', 'maxReturns', 21, '/document/maxReturns'],
    ['messages', 'autoSmsLevels', ['low', 'lowest'], '/document/autoSmsLevels/1'],
    ['messages', 'smsText', '短', '/document/smsText'],
    ['messages', 'smsText', 7, '/document/smsText'],
    ['messages', 'smsText', '谨防诈骗,请勿转账,编号{{phone}}。', '/document/smsText'],
    ['messages', 'smsText', '谨防诈骗,请勿转账\n编号{{caseNo}}。', '/document/smsText'],
    ['messages', 'smsText', '谨防诈骗,有疑问请拨打民警电话 138-0000-0000。', '/document/smsText'],
    ['ranking', 'weights/successRate', 31, '/document/weights'],
    ['ranking', 'weights/returnRate', -1, '/document/weights/returnRate'],
    ['ranking', 'weights/happiness', 1, '/document/weights/happiness'],
    ['ranking', 'floors/successRate', 1.1, '/document/floors/successRate'],
    ['ranking', 'floors/successRate', 0.85001, '/document/floors/successRate'],
    ['ranking', 'floors/successRate', '0.85', '/document/floors/successRate'],
    ['ranking', 'smallestDenominator', 0, '/document/smallestDenominator'],
    ['ranking', 'cards/yellowMonths', 0, '/document/cards/yellowMonths'],
    ['ranking', 'cards/redMonths', 1, '/document/cards/redMonths'],
    ['ranking', 'cards/talkWithRed', 1, '/document/cards/talkWithRed'],
  ] as const)('%s with %s = %j', (kind, path, value, pointer) => {
    expect(pointersOf(kind, changed(kind, path, value))).toEqual([pointer]);
  });

  test('and every fault at once', () => {
    expect(pointersOf('routing', { autoPush: 1, watchDays: 'x', maxReturns: -1, surprise: true })).toEqual([
      '/document/surprise',
      '/document/autoPush',
      '/document/watchDays',
      '/document/maxReturns',
    ]);
    expect(pointersOf('review', {})).toHaveLength(4);
    expect(pointersOf('ladder', [])).toEqual(['/document']);
    expect(pointersOf('clocks', null)).toEqual(['/document']);
  });
});

test('points of a ranking may be shared out anew, and floors have up to four decimals', () => {
  const document = changed('ranking', 'weights/successRate', 25) as { weights: Record<string, number> };
  document.weights['contactOnTimeRate'] = 5;
  expect(pointersOf('ranking', document)).toEqual([]);
  expect(pointersOf('ranking', changed('ranking', 'floors/visitOnTimeRate', 0.8999))).toEqual([]);
});

test('limits may be equal, and low levels may go without call and visit', () => {
  expect(pointersOf('clocks', changed('clocks', 'urgent/callMinutes', 5))).toEqual([]);
  expect(pointersOf('clocks', changed('clocks', 'medium/callMinutes', null))).toEqual([]);
});

describe('the moment from which a policy holds', () => {
  const now = new Date('2023-06-01T00:00:00Z');
  const after = (milliseconds: number): Date => new Date(now.getTime() + milliseconds);

  test('is now or within a year', () => {
    expect([effectiveFromFaults(now, now), effectiveFromFaults(after(366 * 86_400_000), now)]).toEqual([[], []]);
  });

  test('is not past, not far, and a moment', () => {
    for (const moment of [after(-1), after(366 * 86_400_000 + 1), undefined]) {
      expect(effectiveFromFaults(moment, now).map(({ pointer }) => pointer)).toEqual(['/effectiveFrom']);
    }
  });
});

describe('what holds at a moment', () => {
  const version = (cityId: number, from: string, watchDays: number): PolicyVersion => ({
    cityId,
    kind: 'routing',
    effectiveFrom: new Date(from),
    document: { autoPush: true, watchDays, maxReturns: 2 },
    setBy: null,
    setAt: new Date(from),
  });
  const snapshot = new PolicySnapshot([
    version(1, '2023-07-01T00:00:00Z', 45),
    version(1, '2023-01-01T00:00:00Z', 40),
    version(2, '2023-01-01T00:00:00Z', 99),
  ]);
  const watchDays = (cityId: number, moment: string): number => snapshot.at(cityId, new Date(moment)).routing.watchDays;

  test('is the last version that began by then, of that city', () => {
    expect(watchDays(1, '2023-06-30T23:59:59.999Z')).toBe(40);
    expect(watchDays(1, '2023-07-01T00:00:00Z')).toBe(45);
    expect(watchDays(2, '2030-01-01T00:00:00Z')).toBe(99);
  });

  test('is the default before the first version and for kinds that were never set', () => {
    expect(watchDays(1, '2022-12-31T00:00:00Z')).toBe(30);
    expect(snapshot.at(1, new Date('2023-07-01T00:00:00Z')).clocks).toBe(DEFAULT_POLICIES.clocks);
    expect(snapshot.at(7, new Date('2023-07-01T00:00:00Z'))).toEqual(DEFAULT_POLICIES);
  });

  test('what is scheduled comes soonest first', () => {
    expect(
      snapshot.scheduled(1, 'routing', new Date('2022-01-01T00:00:00Z')).map(({ document }) => document.watchDays),
    ).toEqual([40, 45]);
  });
});
