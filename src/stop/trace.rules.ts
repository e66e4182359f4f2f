import type { StopStatus } from './stop.js';

/** What is known of the money at a place of the trace, in fen. */
export interface Sums {
  /** What went in, as far as it is known. */
  transferFen: number;
  stoppedFen: number;
  frozenFen: number;
  returnedFen: number;
  /** What is held now: stopped or frozen. */
  heldFen: number;
}

/** A payment of the victim, in whatever form it is shown. */
export interface TraceTransfer {
  /** Of the account that it went to; undefined where the report names none. */
  account: string | undefined;
  amountFen: number;
}

export interface TraceStop {
  id: string;
  parentId: string | null;
  level: number;
  account: string;
  transferFen: number;
  transferAt: Date;
  state: StopStatus;
  booked: Omit<Sums, 'transferFen'>;
}

export interface TraceFreeze {
  id: string;
  stopId: string | null;
  account: string;
  /** As in the table. */
  status: string;
  booked: Omit<Sums, 'transferFen'>;
}

/** An account at its place in the trace. The same account may stand at several: money comes back. */
export interface TraceNode<S extends TraceStop, F extends TraceFreeze> {
  account: string;
  level: number;
  stops: S[];
  freezes: F[];
  children: TraceNode<S, F>[];
}

export interface Trace<T extends TraceTransfer, S extends TraceStop, F extends TraceFreeze> {
  /** Accounts of the first level. */
  accounts: TraceNode<S, F>[];
  /** Transfers to accounts that nothing was done about. */
  unplaced: T[];
}

const NOTHING: Sums = { transferFen: 0, stoppedFen: 0, frozenFen: 0, returnedFen: 0, heldFen: 0 };

export function addSums(all: readonly Sums[]): Sums {
  return all.reduce(
    (sum, one) => ({
      transferFen: sum.transferFen + one.transferFen,
      stoppedFen: sum.stoppedFen + one.stoppedFen,
      frozenFen: sum.frozenFen + one.frozenFen,
      returnedFen: sum.returnedFen + one.returnedFen,
      heldFen: sum.heldFen + one.heldFen,
    }),
    NOTHING,
  );
}

/**
 * The tree of an incident's money. Stop-payments of one account below the same account are one place; a freeze stands
 * where its stop-payment stands, else at the first place of its account, else at the first level.
 * @param stops by level, then in the order in which they were asked for
 */
export function treeOf<T extends TraceTransfer, S extends TraceStop, F extends TraceFreeze>(
  transfers: readonly T[],
  stops: readonly S[],
  freezes: readonly F[],
): Trace<T, S, F> {
  const accounts: TraceNode<S, F>[] = [];
  const ofStop = new Map<string, TraceNode<S, F>>();
  const ofAccount = new Map<string, TraceNode<S, F>>();
  const place = (among: TraceNode<S, F>[], account: string, level: number): TraceNode<S, F> => {
    const found = among.find((node) => node.account === account);
    if (found) return found;
    const made: TraceNode<S, F> = { account, level, stops: [], freezes: [], children: [] };
    among.push(made);
    if (!ofAccount.has(account)) ofAccount.set(account, made);
    return made;
  };
  for (const stop of stops) {
    const parent = stop.parentId === null ? undefined : ofStop.get(stop.parentId);
    const node = place(parent?.children ?? accounts, stop.account, stop.level);
    node.stops.push(stop);
    ofStop.set(stop.id, node);
  }
  for (const freeze of freezes) {
    const known = (freeze.stopId === null ? undefined : ofStop.get(freeze.stopId)) ?? ofAccount.get(freeze.account);
    (known ?? place(accounts, freeze.account, 1)).freezes.push(freeze);
  }
  const first = new Set(accounts.map(({ account }) => account));
  return { accounts, unplaced: transfers.filter(({ account }) => account === undefined || !first.has(account)) };
}

/**
 * What an account's place shows. What went into it is what its stop-payments name, each transfer once though it be named
 * again; at the first level what the victim reports to have paid, where that is more.
 */
export function sumsOf<S extends TraceStop, F extends TraceFreeze>(
  node: TraceNode<S, F>,
  transfers: readonly TraceTransfer[],
): Sums {
  const named = new Map(
    node.stops.map(({ transferAt, transferFen }) => [`${transferAt.getTime()} ${transferFen}`, transferFen]),
  );
  const reported = node.level === 1 ? transfers.filter(({ account }) => account === node.account) : [];
  const total = (amounts: Iterable<number>): number => [...amounts].reduce((sum, fen) => sum + fen, 0);
  const transferFen = Math.max(total(named.values()), total(reported.map(({ amountFen }) => amountFen)));
  const booked = [...node.stops, ...node.freezes].map((one) => ({ ...one.booked, transferFen: 0 }));
  return { ...addSums(booked), transferFen };
}

/**
 * How it stands with an account: held by a freeze, else by a stop-payment, else asked for; else as its last stop-payment
 * ended, or the freeze that followed it.
 */
export function stateOf<S extends TraceStop, F extends TraceFreeze>({ stops, freezes }: TraceNode<S, F>): StopStatus {
  if (freezes.some(({ status }) => status === 'effective')) return 'frozen';
  const states = stops.map(({ state }) => state);
  const going = (['effective', 'requested'] as const).find((state) => states.includes(state));
  if (going) return going;
  const state = states.findLast((each) => each !== 'refused') ?? states.at(-1);
  if (state !== undefined && state !== 'frozen') return state;
  const ended = freezes.findLast(({ status }) => status === 'lapsed' || status === 'released');
  if (ended) return ended.status === 'lapsed' ? 'expired' : 'released';
  return state ?? 'requested';
}

/** Every place, the accounts of the first level first. */
export function placesOf<S extends TraceStop, F extends TraceFreeze>(
  accounts: readonly TraceNode<S, F>[],
): TraceNode<S, F>[] {
  return accounts.length === 0 ? [] : [...accounts, ...placesOf(accounts.flatMap(({ children }) => children))];
}
