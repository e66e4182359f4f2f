import type { Fault } from '../platform/http/problem.js';

/** One payment that a victim reported. */
export interface KnownTransfer {
  readonly no: number;
  readonly at: Date;
  readonly amountFen: number;
  /** Where it went: the frozen account itself, an account that the money moved on from to it, another; null: not known. */
  readonly into: 'account' | 'upstream' | 'other' | null;
}

/** The part of an incident that a claim rests on. */
export interface Basis {
  readonly transferNos: number[];
  readonly firstTransferAt: Date;
  /** Most that can be claimed: the sum of the transfers, or the loss where none is known; fen. */
  readonly mostFen: number;
  /** All of it is known to have gone into the frozen account itself. */
  readonly traced: boolean;
}

/**
 * What a claim rests on: the transfers named, else all that went into the account, else those that may have.
 * @param named numbers of transfers
 * @param own the freeze is of the claim's own incident: its officers have traced the money there
 * @returns or the fault, with a pointer below the claim
 */
export function basisOf(
  transfers: readonly KnownTransfer[],
  named: readonly number[] | undefined,
  incident: { reportedAt: Date; lossFen: number },
  own: boolean,
): Basis | Fault {
  const chosen = named === undefined ? defaultOf(transfers) : transfers.filter(({ no }) => named.includes(no));
  if (named !== undefined) {
    const missing = named.find((no) => !transfers.some((transfer) => transfer.no === no));
    if (missing !== undefined) return { pointer: '/transferIds', message: `the incident has no transfer ${missing}` };
    const elsewhere = chosen.find(({ into }) => into === 'other');
    if (elsewhere) {
      return { pointer: '/transferIds', message: `transfer ${elsewhere.no} went into another account` };
    }
  }
  if (chosen.length === 0) {
    if (named !== undefined) return { pointer: '/transferIds', message: 'must name a transfer' };
    if (transfers.length > 0 && !own) {
      return { pointer: '/incidentId', message: 'no transfer of this incident went into the frozen account' };
    }
    const first = transfers[0]?.at ?? incident.reportedAt;
    return { transferNos: [], firstTransferAt: first, mostFen: incident.lossFen, traced: false };
  }
  return {
    transferNos: chosen.map(({ no }) => no),
    firstTransferAt: chosen.reduce((first, { at }) => (at < first ? at : first), chosen[0]!.at),
    mostFen: chosen.reduce((sum, { amountFen }) => sum + amountFen, 0),
    traced: chosen.every(({ into }) => into === 'account'),
  };
}

function defaultOf(transfers: readonly KnownTransfer[]): readonly KnownTransfer[] {
  for (const wanted of ['account', 'upstream', null] as const) {
    const found = transfers.filter(({ into }) => into === wanted);
    if (found.length > 0) return found;
  }
  return [];
}

export function isFault(found: Basis | Fault): found is Fault {
  return 'pointer' in found;
}

/** A claim of the same incident in another return that runs, or that was paid. */
export interface OtherClaim {
  readonly accountId: string;
  readonly transferNos: readonly number[];
  /** What it has got, or else what it may get; fen. */
  readonly takenFen: number;
  readonly paid: boolean;
}

/**
 * Why a loss cannot be claimed once more: nobody gets back more than was lost, over all returns.
 * @param lossFen v of the new claim
 */
export function claimedTwice(
  { transferNos, mostFen }: Pick<Basis, 'transferNos' | 'mostFen'>,
  lossFen: number,
  accountId: string,
  incidentLossFen: number,
  others: readonly OtherClaim[],
): string | undefined {
  const sameMoney = others.filter(
    (other) => transferNos.length === 0 || other.transferNos.length === 0 || overlap(transferNos, other.transferNos),
  );
  if (sameMoney.some((other) => !other.paid && other.accountId === accountId)) {
    return 'the same loss is claimed from this account in another return that is still open';
  }
  const taken = (claims: readonly OtherClaim[]): number => claims.reduce((sum, { takenFen }) => sum + takenFen, 0);
  if (transferNos.length > 0 && taken(sameMoney) + lossFen > mostFen) {
    return 'with what other returns have paid, or may pay, of the same transfers it is more than was transferred: give that in refundedFen';
  }
  if (taken(others) + lossFen > incidentLossFen) {
    return 'with what other returns have paid, or may pay, it is more than the incident lost: give that in refundedFen';
  }
  return undefined;
}

function overlap(a: readonly number[], b: readonly number[]): boolean {
  return a.some((no) => b.includes(no));
}
