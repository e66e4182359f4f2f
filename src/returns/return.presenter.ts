import { Inject, Injectable } from '@nestjs/common';
import { holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount, maskName, maskText } from '../alert/mask.rules.js';
import { sees } from '../alert/transitions.js';
import { mayCall } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { CONFIG } from '../platform/platform.module.js';
import {
  claimContext,
  objectionContext,
  type Claim,
  type Objection,
  type SealedClaim,
  type SealedObjection,
} from './return.js';
import type { AllocationAnswer, ObjectionAnswer, OtherClaimsAnswer, ReturnAnswer } from './return.dto.js';
import { allows, RETURN_COMMANDS, stateAt, type Moment, type ReturnCommand } from './return.rules.js';
import type { ShownClaim, ShownReturn } from './return.view.js';
import { mayGive, type Standing } from './standing.rules.js';

/** The operation that gives each command: roles are looked up under it. */
const OPERATION_OF: Record<ReturnCommand, string> = {
  propose: 'proposeReturn',
  approve: 'approveReturn',
  'send-back': 'sendBackReturn',
  refuse: 'refuseReturn',
  amend: 'amendReturn',
  publish: 'publishReturn',
  objections: 'objectToReturn',
  decide: 'decideReturnObjection',
  'bank-notice': 'notifyBankOfReturn',
  paid: 'recordReturnPayment',
  reverse: 'reverseReturnPayment',
};
/** Never by somebody who proposed it, or applied for it, as far as it is known. */
const FOUR_EYES: readonly ReturnCommand[] = ['approve', 'refuse'];

export interface Shown {
  caller: Caller;
  row: ShownReturn;
  claims: readonly ShownClaim[];
  objections: readonly Objection[];
  organization: OrganizationSnapshot;
  moment: Moment;
  standing: Standing;
}

/** What a return looks like to a caller. */
@Injectable()
export class ReturnPresenter {
  constructor(
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  answer(shown: Shown): ReturnAnswer {
    const { caller, row, claims, objections, organization, moment, standing } = shown;
    // The freezing agency pays every claim; others see those of their own cases.
    const visible = claims.filter(
      ({ incidentHeldBy }) =>
        standing.freezing || sees(caller.agency, { cityId: row.cityId, heldBy: incidentHeldBy }, organization),
    );
    return {
      id: row.id,
      freezeId: row.freezeId,
      incidentId: row.incidentId,
      status: stateAt(moment),
      proposedMethod: row.proposedMethod,
      method: row.method,
      frozenFen: row.frozenFen,
      inflowFen: row.inflowFen,
      allocations: visible.map((claim) => this.allocation(claim)),
      otherClaims: othersOf(claims.filter((claim) => !visible.includes(claim))),
      residualFen: row.residualFen,
      round: row.round,
      agency: holderAnswer(organization.byId(row.agencyId)),
      appliedAt: this.moment(row.appliedAt),
      proposedAt: this.moment(row.proposedAt),
      decidedAt: this.moment(row.decidedAt),
      publishedOn: row.publishedOn,
      payableFrom: this.moment(row.payableFrom),
      objections: objections.map((objection) => this.objection(objection)),
      officers: row.officerNames,
      deliveredAt: this.moment(row.atBankAt),
      paymentDueAt: this.moment(row.paymentDueAt),
      endedAt: this.moment(row.endedAt),
      version: row.version,
      allowed: RETURN_COMMANDS.filter((command) => isOpen(command, shown)),
    };
  }

  /** The account that a claim is paid to, in clear. */
  accountOf(claim: Pick<Claim, 'id' | 'sealed'>): string {
    return (JSON.parse(this.keyring.openText(claim.sealed, claimContext(claim.id))) as SealedClaim).account;
  }

  moment(at: Date): string;
  moment(at: Date | null): string | null;
  moment(at: Date | null): string | null {
    return at === null ? null : formatInstant(at, this.config.timeZone);
  }

  private allocation(claim: ShownClaim): AllocationAnswer {
    return {
      claimId: claim.id,
      no: claim.no,
      incidentId: claim.incidentId,
      transferIds: claim.transferNos,
      claimFen: claim.claimFen,
      refundedFen: claim.refundedFen,
      returnFen: claim.returnFen,
      account: maskAccount(this.accountOf(claim)),
      bank: claim.bank,
      paidAt: this.moment(claim.paidAt),
      receiptNo: claim.receiptNo,
    };
  }

  private objection({ id, sealed, round, raisedAt, decision, decidedAt }: Objection): ObjectionAnswer {
    const { name, reason } = JSON.parse(this.keyring.openText(sealed, objectionContext(id))) as SealedObjection;
    return {
      id,
      name: maskName(name),
      reason: maskText(reason, { name }),
      round,
      raisedAt: this.moment(raisedAt),
      decision,
      decidedAt: this.moment(decidedAt),
    };
  }
}

/** Whether a caller may give a command now, by state, place, role and four eyes. */
function isOpen(command: ReturnCommand, { caller, row, moment, standing }: Shown): boolean {
  const own = caller.id !== null && (row.proposedBy === caller.id || row.appliedBy === caller.id);
  if (own && FOUR_EYES.includes(command)) return false;
  if (command === 'decide' && caller.id !== null && row.proposedBy === caller.id) return false;
  return mayGive(command, standing) && allows(command, moment) && mayCall(caller, OPERATION_OF[command]);
}

function othersOf(hidden: readonly ShownClaim[]): OtherClaimsAnswer | null {
  if (hidden.length === 0) return null;
  const sum = (field: 'claimFen' | 'returnFen'): number => hidden.reduce((total, claim) => total + claim[field], 0);
  return { count: hidden.length, claimFen: sum('claimFen'), returnFen: sum('returnFen') };
}
