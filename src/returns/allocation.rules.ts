/** 返还 methods, the first that fits is proposed (spec page 4, "Return"). */
export const RETURN_METHODS = ['direct-single', 'direct-timestamp', 'pro-rata'] as const;
export type ReturnMethod = (typeof RETURN_METHODS)[number];

/** What a claim asks for, as far as its share hangs on it. */
export interface Loss {
  /** v: the traced loss into the account, less what was refunded; fen, above 0. */
  readonly lossFen: bigint;
  /** Milliseconds since 1970: of two equal remainders the earlier victim's comes first … */
  readonly firstTransferAt: number;
  /** … and then the lower number of the claim. */
  readonly no: number;
}

export interface Allocation {
  /** r, fen, in the order of the losses. */
  readonly returnFen: readonly bigint[];
  /** P: their sum. */
  readonly paidFen: bigint;
  /** F − P: stays frozen. */
  readonly residualFen: bigint;
}

/**
 * Shares to the fen: D = min(F, T), r = ⌊D·v/T⌋, P = ⌊D·Σv/T⌋; the fen between Σr and P go one each to the largest
 * remainders. Never more than was lost, never more than is there.
 * @param frozenFen F, what is frozen in the account
 * @param inflowFen T, all inflow of the traced window
 * @throws RangeError where the losses are more than flowed in, or not above 0
 */
export function allotProRata(frozenFen: bigint, inflowFen: bigint, losses: readonly Loss[]): Allocation {
  const lost = sum(losses.map(({ lossFen }) => lossFen));
  if (losses.some(({ lossFen }) => lossFen <= 0n)) throw new RangeError('a loss is above 0');
  if (frozenFen < 0n || lost > inflowFen) throw new RangeError('more was lost than flowed in');
  const divided = frozenFen < inflowFen ? frozenFen : inflowFen;
  const shares = losses.map((loss, index) => ({
    index,
    loss,
    floor: (divided * loss.lossFen) / inflowFen,
    remainder: (divided * loss.lossFen) % inflowFen,
  }));
  const paidFen = (divided * lost) / inflowFen;
  const returnFen = shares.map(({ floor }) => floor);
  const left = Number(paidFen - sum(returnFen));
  const first = [...shares].sort(
    (a, b) =>
      (a.remainder > b.remainder ? -1 : a.remainder < b.remainder ? 1 : 0) ||
      a.loss.firstTransferAt - b.loss.firstTransferAt ||
      a.loss.no - b.loss.no,
  );
  for (const { index } of first.slice(0, left)) returnFen[index]! += 1n;
  return { returnFen, paidFen, residualFen: frozenFen - paidFen };
}

/** What the methods are judged by. */
export interface Facts {
  /** F, fen. */
  readonly frozenFen: bigint;
  /** T, fen. */
  readonly inflowFen: bigint;
  readonly losses: readonly Loss[];
  /** Amounts of the credits into the account that incidents of the city tell of, fen. */
  readonly credits: readonly bigint[];
  /** Each claim rests on transfers that are known to have gone into the account itself. */
  readonly traced: boolean;
}

/**
 * One credit, and it is the claim's: it goes back to where it came from. Several, all known, and the whole loss is
 * still there: each goes back by its time. Otherwise only shares are just.
 */
export function proposeMethod(facts: Facts): ReturnMethod {
  const { inflowFen, credits, traced, losses } = facts;
  if (!traced || sum(credits) !== inflowFen) return 'pro-rata';
  if (credits.length === 1 && losses.length === 1) return 'direct-single';
  // Also what nobody has claimed yet must still be there: a direct return would take it from those who come later.
  return credits.length > 1 && whyNot('direct-timestamp', facts) === undefined && inflowFen <= facts.frozenFen
    ? 'direct-timestamp'
    : 'pro-rata';
}

/** Why a method cannot be chosen, for the officer; undefined where it can. Shares can always be paid. */
export function whyNot(method: ReturnMethod, { frozenFen, losses, credits }: Facts): string | undefined {
  switch (method) {
    case 'pro-rata':
      return undefined;
    case 'direct-single':
      return losses.length === 1 && credits.length <= 1
        ? undefined
        : 'direct-single is for one claim on an account that had one credit';
    case 'direct-timestamp':
      return sum(losses.map(({ lossFen }) => lossFen)) <= frozenFen
        ? undefined
        : 'less is frozen than was lost: the money cannot go back in full, only in shares (pro-rata)';
  }
}

/** What each claim gets by a method that `whyNot` allows. */
export function allot(method: ReturnMethod, { frozenFen, inflowFen, losses }: Facts): Allocation {
  if (method === 'pro-rata') return allotProRata(frozenFen, inflowFen, losses);
  const returnFen = losses.map(({ lossFen }) =>
    method === 'direct-single' && lossFen > frozenFen ? frozenFen : lossFen,
  );
  const paidFen = sum(returnFen);
  if (paidFen > frozenFen) throw new RangeError(`${method} would pay more than is frozen`);
  return { returnFen, paidFen, residualFen: frozenFen - paidFen };
}

function sum(values: readonly bigint[]): bigint {
  return values.reduce((total, value) => total + value, 0n);
}
