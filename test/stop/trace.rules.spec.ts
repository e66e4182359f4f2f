import {
  placesOf,
  stateOf,
  sumsOf,
  treeOf,
  type TraceFreeze,
  type TraceStop,
  type TraceTransfer,
} from '../../src/stop/trace.rules.js';

const NOTHING = { stoppedFen: 0, frozenFen: 0, returnedFen: 0, heldFen: 0 };
const T0 = new Date('2023-06-01T01:00:00Z');

const stop = (id: string, account: string, more: Partial<TraceStop> = {}): TraceStop => ({
  id,
  parentId: null,
  level: 1,
  account,
  transferFen: 100,
  transferAt: T0,
  state: 'effective',
  booked: { ...NOTHING, stoppedFen: 100, heldFen: 100 },
  ...more,
});
const freeze = (id: string, account: string, more: Partial<TraceFreeze> = {}): TraceFreeze => ({
  id,
  account,
  stopId: null,
  status: 'effective',
  booked: { ...NOTHING, frozenFen: 60, returnedFen: 10, heldFen: 50 },
  ...more,
});
const paid = (account: string | undefined, amountFen: number): TraceTransfer => ({ account, amountFen });
const shape = (nodes: { account: string; children: unknown[] }[]): unknown[] =>
  nodes.map(({ account, children }) => [account, ...shape(children as typeof nodes)]);

it('is a tree of accounts: both stop-payments of one are one place, with what moved on behind either', () => {
  const stops = [
    stop('s1', 'A', { state: 'expired' }),
    stop('s2', 'A'),
    stop('s3', 'B', { parentId: 's1', level: 2 }),
    stop('s4', 'C', { parentId: 's2', level: 2 }),
    stop('s5', 'A', { parentId: 's4', level: 3 }),
  ];
  const { accounts } = treeOf([], stops, []);
  expect(shape(accounts)).toEqual([['A', ['B'], ['C', ['A']]]]);
  expect(placesOf(accounts).map(({ account, level }) => `${level}${account}`)).toEqual(['1A', '2B', '2C', '3A']);
  expect(sumsOf(accounts[0]!, [])).toEqual({
    transferFen: 100,
    stoppedFen: 200,
    frozenFen: 0,
    returnedFen: 0,
    heldFen: 200,
  });
});

it('places a freeze where its stop-payment stands, else at its account, else at the first level', () => {
  const stops = [stop('s1', 'A'), stop('s2', 'B', { parentId: 's1', level: 2 })];
  const freezes = [freeze('f1', 'B', { stopId: 's2' }), freeze('f2', 'A'), freeze('f3', 'Z')];
  const { accounts } = treeOf([], stops, freezes);
  expect(shape(accounts)).toEqual([['A', ['B']], ['Z']]);
  expect(placesOf(accounts).map((node) => node.freezes.map(({ id }) => id))).toEqual([['f2'], ['f3'], ['f1']]);
});

it('takes what went in from what is reported where that is more, and shows what went to nobody', () => {
  const transfers = [paid('A', 70), paid('A', 80), paid('B', 5), paid(undefined, 1)];
  const { accounts, unplaced } = treeOf(
    transfers,
    [stop('s1', 'A'), stop('s2', 'B', { parentId: 's1', level: 2 })],
    [],
  );
  expect(sumsOf(accounts[0]!, transfers).transferFen).toBe(150);
  // What the victim paid to B is not what moved on to it from A.
  expect(sumsOf(accounts[0]!.children[0]!, transfers).transferFen).toBe(100);
  expect(unplaced.map(({ amountFen }) => amountFen)).toEqual([5, 1]);
});

it.each([
  [['effective'], [], 'effective'],
  [['effective', 'refused'], [], 'effective'],
  [['expired', 'requested'], [], 'requested'],
  [['expired', 'refused'], [], 'expired'],
  [['refused'], [], 'refused'],
  [['frozen'], ['requested'], 'frozen'],
  [['frozen'], ['effective'], 'frozen'],
  [['frozen'], ['lapsed'], 'expired'],
  [['frozen'], ['released'], 'released'],
  [[], ['approved'], 'requested'],
  [[], ['waiting', 'effective'], 'frozen'],
] as const)('with stop-payments %j and freezes %j an account is %s', (states, statuses, expected) => {
  const stops = states.map((state, i) => stop(`s${i}`, 'A', { state }));
  const freezes = statuses.map((status, i) => freeze(`f${i}`, 'A', { status }));
  expect(stateOf(treeOf([], stops, freezes).accounts[0]!)).toBe(expected);
});
