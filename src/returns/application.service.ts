import { Inject, Injectable } from '@nestjs/common';
import { notTheHolder } from '../alert/alert.problems.js';
import { holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount } from '../alert/mask.rules.js';
import { sees } from '../alert/transitions.js';
import type { Freeze } from '../freeze/freeze.js';
import { statusAt } from '../freeze/freeze.rules.js';
import { FreezeStore } from '../freeze/freeze.store.js';
import { FreezeView } from '../freeze/freeze.view.js';
import type { Caller } from '../identity/caller.js';
import { IncidentDesk, noSuchIncident, standsOver, type IncidentAtHand } from '../incident/incident.desk.js';
import { isId, newId } from '../platform/clock/id.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { IfMatch } from '../platform/http/etag.js';
import { invalid } from '../platform/http/problem.js';
import { Reply } from '../platform/http/reply.js';
import { CONFIG } from '../platform/platform.module.js';
import { allot, proposeMethod, type Allocation, type ReturnMethod } from './allocation.rules.js';
import { ClaimReader, type ReadClaims } from './claim.reader.js';
import type { FundReturn } from './return.js';
import { ReturnDesk, type ReturnAtHand } from './return.desk.js';
import type { ApplyBody, ReturnAnswer } from './return.dto.js';
import { ReturnPresenter } from './return.presenter.js';
import { freezeNotEffective, noSuchFreeze } from './return.problems.js';
import { ReturnStore, type NewClaim } from './return.store.js';

/** 申请: victims claim from what is frozen, and correct what they claim. */
@Injectable()
export class ApplicationService {
  constructor(
    private readonly database: Database,
    private readonly incidents: IncidentDesk,
    private readonly desk: ReturnDesk,
    private readonly freezes: FreezeView,
    private readonly freezeStore: FreezeStore,
    private readonly store: ReturnStore,
    private readonly reader: ClaimReader,
    private readonly presenter: ReturnPresenter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param preview computes, and stores nothing
   * @throws Problem `not-found`, `not-the-holder`, `freeze-not-effective`, `invalid`, `claimed-twice`
   */
  async apply(caller: Caller, freezeId: string, body: ApplyBody, preview: boolean): Promise<Reply<ReturnAnswer>> {
    if (!isId(freezeId)) throw noSuchFreeze();
    requireDistinct(body);
    return this.database.transaction(caller.session, async (tx) => {
      const found = await this.freezes.find(tx, freezeId);
      if (!found) throw noSuchFreeze();
      const [at, ...held] = await this.hold(tx, caller, found, body);
      const freeze = await this.effective(tx, caller, at!, held, freezeId);
      const pot = { accountId: freeze.accountId, incidentId: freeze.incidentId, returnId: null };
      const read = await this.reader.read(tx, pot, body, held, at!.policies.funds.identifiedInflowOnly);
      const method = proposeMethod(read.facts);
      const allocation = allot(method, read.facts);
      if (preview) return new Reply(200, this.preview(freeze, at!, read, method, allocation));
      const row = this.row(freeze, at!, held, read, method, allocation);
      this.store.add(tx, row);
      this.store.addClaims(tx, allotted(read.claims, allocation, row.id));
      this.share(tx, freeze, row);
      this.log(row.id, at!, held, body);
      this.incidents.write(...new Set([at!, ...held]));
      return new Reply(201, await this.desk.see(tx, caller, row.id));
    });
  }

  /** Other claims, or another inflow, in the place of those that were sent back. */
  async amend(caller: Caller, id: string, ifMatch: IfMatch, body: ApplyBody): Promise<ReturnAnswer> {
    requireDistinct(body);
    const ids = body.claims.map(({ incidentId }) => incidentId);
    return this.desk.command(
      caller,
      id,
      'amend',
      ifMatch,
      async (hand) => {
        const { tx, row, at } = hand;
        requireAllSeen(hand);
        const held = ids.map((incidentId) => hand.incidents.get(incidentId)!);
        const freeze = (await this.freezeStore.lock(tx, row.freezeId))!;
        await this.requireClaims(tx, caller, at, held, freeze, hand);
        const pot = { accountId: row.accountId, incidentId: row.incidentId, returnId: row.id };
        const read = await this.reader.read(tx, pot, body, held, at.policies.funds.identifiedInflowOnly);
        const method = proposeMethod(read.facts);
        const allocation = allot(method, read.facts);
        this.store.withdrawClaims(tx, row.id);
        this.store.addClaims(tx, allotted(read.claims, allocation, row.id));
        Object.assign(row, computed(read, method, allocation), {
          status: 'applied',
          method: null,
          proposedAt: null,
          proposedBy: null,
          heldBy: union(row.heldBy, held),
          appliedAt: hand.now,
          appliedBy: caller.id,
        } satisfies Partial<FundReturn>);
        this.share(tx, freeze, row);
        this.log(row.id, at, held, body);
      },
      { incidents: ids },
    );
  }

  private async hold(tx: Tx, caller: Caller, freeze: Freeze, { claims }: ApplyBody): Promise<IncidentAtHand[]> {
    const incidents = [freeze.incidentId, ...claims.map(({ incidentId }) => incidentId)];
    return this.incidents.hold(tx, caller, { accounts: [freeze.accountId], incidents });
  }

  /** The freeze, if the caller may apply and money can be returned from it. */
  private async effective(
    tx: Tx,
    caller: Caller,
    at: IncidentAtHand,
    held: readonly IncidentAtHand[],
    freezeId: string,
  ): Promise<Freeze> {
    const freeze = (await this.freezeStore.lock(tx, freezeId))!;
    await this.requireClaims(tx, caller, at, held, freeze);
    const status = statusAt(freeze, at.now, this.config.timeZone);
    if (status !== 'effective') {
      throw freezeNotEffective.with(
        `The freeze is ${status}. Money is returned while the bank holds it for the case.`,
        {
          members: { freezeStatus: status },
        },
      );
    }
    if (freeze.unrelatedAt !== null) {
      throw freezeNotEffective.with(
        'The money was shown to be unrelated to the case: it is to be released, not returned.',
      );
    }
    return freeze;
  }

  /**
   * The freezing agency applies for any victim who paid into the account; the accepting agency of such a victim for
   * those of its own cases.
   * @throws Problem `not-found`, `not-the-holder`
   */
  private async requireClaims(
    tx: Tx,
    caller: Caller,
    at: IncidentAtHand,
    held: readonly IncidentAtHand[],
    freeze: Freeze,
    known?: ReturnAtHand,
  ): Promise<void> {
    const { organization } = at;
    const freezing = standsOver(caller, at.incident, organization);
    const paidInto = await this.reader.paidInto(
      tx,
      freeze.accountId,
      held.map(({ incident }) => incident.id),
    );
    const accepting = held.some(
      ({ incident }) => paidInto.has(incident.id) && standsOver(caller, incident, organization),
    );
    if (!freezing && !accepting && !known) {
      const heldBy = [...at.incident.heldBy, ...freeze.heldBy];
      if (!sees(caller.agency, { cityId: freeze.cityId, heldBy }, organization)) throw noSuchFreeze();
      const holder = organization.byId(at.incident.agencyId);
      throw notTheHolder.with(
        `The freeze is with ${holder.name}, and no claim is of a case of yours that paid into the account. You may still read it.`,
        { members: { holder: holderAnswer(holder) } },
      );
    }
    for (const { incident } of held) {
      const ofTheFreeze = freezing && (paidInto.has(incident.id) || incident.id === freeze.incidentId);
      const claimed = known?.claims.some(({ incidentId }) => incidentId === incident.id) ?? false;
      const seen = sees(caller.agency, incident, organization) || ofTheFreeze || (freezing && claimed);
      if (!seen || incident.cityId !== freeze.cityId) throw noSuchIncident();
    }
  }

  private row(
    freeze: Freeze,
    at: IncidentAtHand,
    held: readonly IncidentAtHand[],
    read: ReadClaims,
    method: ReturnMethod,
    allocation: Allocation,
  ): FundReturn {
    return {
      id: newId(at.now),
      freezeId: freeze.id,
      incidentId: freeze.incidentId,
      accountId: freeze.accountId,
      cityId: freeze.cityId,
      agencyId: freeze.agencyId,
      heldBy: union([freeze.agencyId], held),
      status: 'applied',
      ...computed(read, method, allocation),
      method: null,
      round: 1,
      appliedAt: at.now,
      appliedBy: at.caller?.id ?? null,
      proposedAt: null,
      proposedBy: null,
      decidedAt: null,
      decidedBy: null,
      publishedOn: null,
      payableFrom: null,
      officerOne: null,
      officerTwo: null,
      atBankAt: null,
      paymentDueAt: null,
      endedAt: null,
      version: 1,
    };
  }

  /** Those whose victims claim see the freeze as well. */
  private share(tx: Tx, freeze: Freeze, row: FundReturn): void {
    const heldBy = [...new Set([...freeze.heldBy, ...row.heldBy])];
    if (heldBy.length === freeze.heldBy.length) return;
    freeze.heldBy = heldBy;
    this.freezeStore.update(tx, freeze);
  }

  /** On the freeze's timeline all together, on that of each other incident its own claim. */
  private log(returnId: string, at: IncidentAtHand, held: readonly IncidentAtHand[], { claims }: ApplyBody): void {
    const claimFen = claims.reduce((sum, claim) => sum + claim.claimFen, 0);
    at.log('return-applied', { returnId, claims: claims.length, claimFen });
    held.forEach((one, index) => {
      if (one.incident.id === at.incident.id) return;
      one.log('return-applied', { returnId, claims: 1, claimFen: claims[index]!.claimFen });
    });
  }

  private preview(
    freeze: Freeze,
    at: IncidentAtHand,
    read: ReadClaims,
    method: ReturnMethod,
    allocation: Allocation,
  ): ReturnAnswer {
    return {
      id: null,
      freezeId: freeze.id,
      incidentId: freeze.incidentId,
      status: 'preview',
      ...computed(read, method, allocation),
      method: null,
      allocations: read.claims.map((claim, index) => ({
        claimId: null,
        no: claim.no,
        incidentId: claim.incidentId,
        transferIds: claim.transferNos,
        claimFen: claim.claimFen,
        refundedFen: claim.refundedFen,
        returnFen: Number(allocation.returnFen[index]!),
        account: maskAccount(this.presenter.accountOf(claim)),
        bank: claim.bank,
        paidAt: null,
        receiptNo: null,
      })),
      otherClaims: null,
      round: 1,
      agency: holderAnswer(at.organization.byId(freeze.agencyId)),
      appliedAt: this.presenter.moment(at.now),
      proposedAt: null,
      decidedAt: null,
      publishedOn: null,
      payableFrom: null,
      objections: [],
      officers: [],
      deliveredAt: null,
      paymentDueAt: null,
      endedAt: null,
      version: 0,
    };
  }
}

function computed(
  { facts }: ReadClaims,
  proposedMethod: ReturnMethod,
  { residualFen }: Allocation,
): Pick<FundReturn, 'proposedMethod' | 'frozenFen' | 'inflowFen' | 'residualFen'> {
  return {
    proposedMethod,
    frozenFen: Number(facts.frozenFen),
    inflowFen: Number(facts.inflowFen),
    residualFen: Number(residualFen),
  };
}

function allotted(claims: readonly NewClaim[], { returnFen }: Allocation, returnId: string): NewClaim[] {
  return claims.map((claim, index) => ({ ...claim, returnId, returnFen: Number(returnFen[index]!) }));
}

function union(agencies: readonly number[], held: readonly IncidentAtHand[]): number[] {
  return [...new Set([...agencies, ...held.map(({ incident }) => incident.agencyId)])];
}

/** Claims are replaced all together: not by somebody who does not see them all. @throws Problem `not-the-holder` */
function requireAllSeen({ at, caller, claims, row, standing }: ReturnAtHand): void {
  const hidden = claims.some(
    ({ incidentHeldBy }) => !sees(caller.agency, { cityId: row.cityId, heldBy: incidentHeldBy }, at.organization),
  );
  if (!hidden || standing.freezing) return;
  const holder = at.organization.byId(at.incident.agencyId);
  throw notTheHolder.with(`Victims of other agencies claim in this return as well: ${holder.name} amends it.`, {
    members: { holder: holderAnswer(holder) },
  });
}

/** @throws Problem `invalid` where an incident claims twice in one return */
function requireDistinct({ claims }: ApplyBody): void {
  const ids = claims.map(({ incidentId }) => incidentId);
  const errors = ids.flatMap((id, index) =>
    ids.indexOf(id) === index
      ? []
      : [{ pointer: `/claims/${index}/incidentId`, message: 'claims once in a return: put its transfers together' }],
  );
  if (errors.length > 0) throw invalid.with('An incident claims more than once: see errors.', { errors });
}
