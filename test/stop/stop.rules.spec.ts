import { commandsOf, endOf, freeOrdinal, stateAt, stoppedFault, transferFault } from '../../src/stop/stop.rules.js';

const at = (iso: string): Date => new Date(iso);

describe('the 48 hours of a stop-payment', () => {
  const end = endOf(at('2023-06-01T09:30:00.123+08:00'), 48);

  it('are hours from the moment of stopping', () => {
    expect(end.toISOString()).toBe('2023-06-03T01:30:00.123Z');
  });

  it('are as many where a zone turns its clocks, in whatever zone the server stands', () => {
    // New York turns its clocks forward on 2023-03-12 and back on 2023-11-05.
    expect(endOf(at('2023-03-11T12:00:00-05:00'), 48).toISOString()).toBe('2023-03-13T17:00:00.000Z');
    expect(endOf(at('2023-11-04T12:00:00-04:00'), 48).toISOString()).toBe('2023-11-06T16:00:00.000Z');
  });

  it('hold until 47:59:59.999 and no more at 48:00:00.000', () => {
    const stop = { status: 'effective' as const, expiresAt: end };
    expect(stateAt(stop, new Date(end.getTime() - 1))).toBe('effective');
    expect(stateAt(stop, end)).toBe('expired');
    expect(stateAt({ ...stop, status: 'frozen' }, end)).toBe('frozen');
  });
});

test('an account is stopped twice; the place of a refused one is free again', () => {
  expect(freeOrdinal([])).toBe(1);
  expect(freeOrdinal([1])).toBe(2);
  expect(freeOrdinal([2])).toBe(1);
  expect(freeOrdinal([1, 2])).toBeUndefined();
});

test('the bank stops neither before the money came nor in the future', () => {
  const [asked, now] = [at('2023-06-01T09:30:00Z'), at('2023-06-01T10:00:00Z')];
  expect(stoppedFault(asked, asked, now)).toBeUndefined();
  expect(stoppedFault(now, asked, now)).toBeUndefined();
  expect(stoppedFault(at('2023-06-01T09:29:59.999Z'), asked, now)).toMatch(/before/);
  expect(stoppedFault(at('2023-06-01T10:00:00.001Z'), asked, now)).toMatch(/future/);
  expect(transferFault(at('2023-06-01T10:05:00Z'), now)).toBeUndefined();
  expect(transferFault(at('2023-06-01T10:05:00.001Z'), now)).toMatch(/future/);
});

test('what can be done follows from the state', () => {
  expect(commandsOf('requested')).toEqual(['effective', 'refused']);
  expect(commandsOf('effective')).toEqual(['release', 'correct']);
  for (const state of ['refused', 'expired', 'frozen', 'released'] as const) expect(commandsOf(state)).toEqual([]);
});
