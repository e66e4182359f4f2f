import { Injectable } from '@nestjs/common';
import type { IncidentAtHand } from '../incident/incident.desk.js';
import { normaliseAccount } from '../ledger/account.rules.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { LedgerView } from '../ledger/ledger.view.js';
import { newId } from '../platform/clock/id.js';
import { BlindIndex, Keyring } from '../platform/crypto/keyring.js';
import type { Tx } from '../platform/database/database.js';
import { invalid, type Fault } from '../platform/http/problem.js';
import { MAX_FEN } from '../platform/http/validators.js';
import type { Facts } from './allocation.rules.js';
import { basisOf, claimedTwice, isFault, type Basis } from './claim.rules.js';
import { claimContext, type SealedClaim } from './return.js';
import type { ApplyBody, ClaimBody } from './return.dto.js';
import { claimedTwiceProblem } from './return.problems.js';
import type { NewClaim } from './return.store.js';
import { ReturnView, type TransferOfIncident } from './return.view.js';

/** What claims are held against. */
export interface Pot {
  readonly accountId: string;
  /** Of the freeze. */
  readonly incidentId: string;
  /** The return whose claims they are; null where it is new. */
  readonly returnId: string | null;
}

/** Claims that were found right, and what their shares hang on. */
export interface ReadClaims {
  readonly claims: NewClaim[];
  readonly facts: Facts;
}

/** Holds claims against the transfers they rest on and against what other returns have of them. */
@Injectable()
export class ClaimReader {
  constructor(
    private readonly view: ReturnView,
    private readonly ledger: LedgerStore,
    private readonly balances: LedgerView,
    private readonly keyring: Keyring,
    private readonly blindIndex: BlindIndex,
  ) {}

  /**
   * @param held the incidents of the claims, in their order
   * @param identifiedOnly policy: the inflow is what the claims come to
   * @throws Problem `invalid` with every fault, `claimed-twice`
   */
  async read(
    tx: Tx,
    pot: Pot,
    { claims: bodies, inflowFen }: ApplyBody,
    held: readonly IncidentAtHand[],
    identifiedOnly: boolean,
  ): Promise<ReadClaims> {
    const transfers = await this.view.transfers(
      tx,
      pot.accountId,
      bodies.map(({ incidentId }) => incidentId),
    );
    const faults: Fault[] = [];
    const bases = bodies.map((body, index) => this.basis(pot, body, held[index]!, transfers, index, faults));
    const claimed = bodies.reduce((sum, { claimFen }) => sum + BigInt(claimFen), 0n);
    const lost = bodies.reduce((sum, body) => sum + BigInt(lossOf(body)), 0n);
    const inflow = identifiedOnly || inflowFen === undefined ? claimed : BigInt(inflowFen);
    if (inflow > BigInt(MAX_FEN)) faults.push({ pointer: '/claims', message: 'come to more than can be counted' });
    if (inflow < lost) {
      faults.push({ pointer: '/inflowFen', message: 'is less than the claims come to, which all flowed in' });
    }
    if (faults.length > 0) {
      throw invalid.with(
        `${faults.length === 1 ? 'One field is' : `${faults.length} fields are`} not right: see errors.`,
        {
          errors: faults.slice(0, 100),
        },
      );
    }
    await this.requireOnce(tx, pot, bodies, bases as Basis[], held);
    const claims = bodies.map((body, index) =>
      this.claim(body, bases[index] as Basis, held[index]!, index + 1, tx.now),
    );
    const facts = await this.facts(
      tx,
      pot.accountId,
      pot.returnId,
      claims,
      Number(inflow),
      (bases as Basis[]).every(({ traced }) => traced),
    );
    return { claims, facts };
  }

  /** What the shares of stored claims hang on now. */
  async again(tx: Tx, pot: Pot, claims: readonly NewClaim[], inflowFen: number): Promise<Facts> {
    const transfers = await this.view.transfers(
      tx,
      pot.accountId,
      claims.map(({ incidentId }) => incidentId),
    );
    const traced = claims.every(
      ({ incidentId, transferNos }) =>
        transferNos.length > 0 &&
        transfers
          .filter((transfer) => transfer.incidentId === incidentId && transferNos.includes(transfer.no))
          .every(({ into }) => into === 'account'),
    );
    return this.facts(tx, pot.accountId, pot.returnId, claims, inflowFen, traced);
  }

  /** F: what is frozen in an account, less what other returns have been allotted of it; fen. */
  async available(tx: Tx, accountId: string, except: string | null): Promise<number> {
    const [{ frozenFen }, allotted] = await Promise.all([
      this.balances.balance(tx, accountId),
      this.view.allotted(tx, accountId, except),
    ]);
    return Math.max(0, frozenFen - allotted);
  }

  /** Incidents whose transfers went into an account, or into one that its money came from. */
  async paidInto(tx: Tx, accountId: string, incidentIds: readonly string[]): Promise<Set<string>> {
    const transfers = await this.view.transfers(tx, accountId, incidentIds);
    return new Set(
      transfers.filter(({ into }) => into === 'account' || into === 'upstream').map(({ incidentId }) => incidentId),
    );
  }

  private async facts(
    tx: Tx,
    accountId: string,
    except: string | null,
    claims: readonly NewClaim[],
    inflowFen: number,
    traced: boolean,
  ): Promise<Facts> {
    const [frozenFen, credits] = await Promise.all([
      this.available(tx, accountId, except),
      this.view.credits(tx, accountId),
    ]);
    return {
      frozenFen: BigInt(frozenFen),
      inflowFen: BigInt(inflowFen),
      losses: claims.map((claim) => ({
        lossFen: BigInt(claim.claimFen - claim.refundedFen),
        firstTransferAt: claim.firstTransferAt.getTime(),
        no: claim.no,
      })),
      credits: credits.map(BigInt),
      traced,
    };
  }

  private basis(
    pot: Pot,
    body: ClaimBody,
    { incident }: IncidentAtHand,
    transfers: readonly TransferOfIncident[],
    index: number,
    faults: Fault[],
  ): Basis | undefined {
    const own = transfers.filter(({ incidentId }) => incidentId === incident.id);
    const fault = ({ pointer, message }: Fault): void =>
      void faults.push({ pointer: `/claims/${index}${pointer}`, message });
    if (normaliseAccount(body.account) === undefined) {
      fault({ pointer: '/account', message: 'is no account number' });
    }
    if (lossOf(body) <= 0) fault({ pointer: '/refundedFen', message: 'must be less than claimFen' });
    const basis = basisOf(own, body.transferIds, incident, incident.id === pot.incidentId);
    if (isFault(basis)) {
      fault(basis);
      return undefined;
    }
    if (basis.transferNos.length > 0 && body.claimFen > basis.mostFen) {
      fault({ pointer: '/claimFen', message: `is more than the transfers that it rests on: ${basis.mostFen} fen` });
    } else if (body.claimFen > Math.max(incident.lossFen, basis.mostFen)) {
      fault({ pointer: '/claimFen', message: `is more than the incident lost: ${incident.lossFen} fen` });
    }
    return basis;
  }

  private async requireOnce(
    tx: Tx,
    pot: Pot,
    bodies: readonly ClaimBody[],
    bases: readonly Basis[],
    held: readonly IncidentAtHand[],
  ): Promise<void> {
    const ids = bodies.map(({ incidentId }) => incidentId);
    const elsewhere = await this.view.elsewhere(tx, ids, pot.returnId);
    for (const [index, body] of bodies.entries()) {
      const others = elsewhere.filter(({ incidentId }) => incidentId === body.incidentId);
      const most = Math.max(held[index]!.incident.lossFen, bases[index]!.mostFen);
      const why = claimedTwice(bases[index]!, lossOf(body), pot.accountId, most, others);
      if (why) {
        throw claimedTwiceProblem.with(`Claim ${index + 1}: ${why}.`, {
          errors: [{ pointer: `/claims/${index}/claimFen`, message: why }],
        });
      }
    }
  }

  private claim(body: ClaimBody, basis: Basis, { incident }: IncidentAtHand, no: number, now: Date): NewClaim {
    const id = newId(now);
    const account = normaliseAccount(body.account)!;
    return {
      id,
      returnId: '',
      no,
      incidentId: incident.id,
      transferNos: basis.transferNos,
      firstTransferAt: basis.firstTransferAt,
      claimFen: body.claimFen,
      refundedFen: body.refundedFen ?? 0,
      returnFen: 0,
      personIx: incident.identityIx ?? incident.phoneIx ?? this.blindIndex.of('incident', incident.id),
      payeeIx: this.ledger.indexOf(account),
      bank: body.bank,
      sealed: this.keyring.seal(JSON.stringify({ account } satisfies SealedClaim), claimContext(id)),
    };
  }
}

function lossOf({ claimFen, refundedFen = 0 }: ClaimBody): number {
  return claimFen - refundedFen;
}
