import { Inject, Injectable } from '@nestjs/common';
import { holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount, maskName } from '../alert/mask.rules.js';
import { mayCall } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import { accountContext } from '../ledger/ledger.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { FundPolicy } from '../organization/policy.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { CONFIG } from '../platform/platform.module.js';
import { reaches } from './approval.rules.js';
import { freezeContext, type Freeze } from './freeze.js';
import type { FreezeAnswer, RenewalAnswer } from './freeze.dto.js';
import { FREEZE_COMMANDS, isOver, mayFollow, momentsOf, statusAt, type FreezeCommand } from './freeze.rules.js';
import type { ShownFreeze, ShownRenewal } from './freeze.view.js';
import { lapseOf } from './period.rules.js';

/** The operation that gives each command: roles are looked up under it. */
const OPERATION_OF: Record<FreezeCommand, string> = {
  approve: 'approveFreeze',
  reject: 'rejectFreeze',
  effective: 'recordFreezeEffective',
  refused: 'recordFreezeRefused',
  correct: 'correctFreeze',
  renewals: 'requestRenewal',
  'approve-renewal': 'approveRenewal',
  'reject-renewal': 'rejectRenewal',
  unrelated: 'recordFreezeUnrelated',
  release: 'releaseFreeze',
};

/** What a freeze looks like to a caller. */
@Injectable()
export class FreezePresenter {
  constructor(
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  holderName(freeze: Pick<Freeze, 'id' | 'sealed'>): string | null {
    return freeze.sealed && this.keyring.openText(freeze.sealed, freezeContext(freeze.id));
  }

  /** One by itself, with what the caller can do about it. */
  single(
    caller: Caller,
    freeze: ShownFreeze,
    renewals: readonly ShownRenewal[],
    organization: OrganizationSnapshot,
    policy: FundPolicy,
    now: Date,
  ): FreezeAnswer {
    return {
      ...this.answer(freeze, renewals, organization, policy, now),
      allowed: this.allowed(caller, freeze, renewals, organization, now),
    };
  }

  answer(
    freeze: ShownFreeze,
    renewals: readonly ShownRenewal[],
    organization: OrganizationSnapshot,
    policy: FundPolicy,
    now: Date,
  ): FreezeAnswer {
    const { timeZone } = this.config;
    const status = statusAt(freeze, now, timeZone);
    const over = isOver(freeze, now, timeZone);
    const moments = status === 'effective' ? momentsOf(freeze, policy, timeZone) : undefined;
    const related = freeze.unrelatedAt === null;
    const verification = related ? moments?.verifications.find(({ at }) => at > now) : undefined;
    const name = this.holderName(freeze);
    return {
      id: freeze.id,
      incidentId: freeze.incidentId,
      incidentNo: freeze.incidentNo,
      stopPaymentId: freeze.stopId,
      account: maskAccount(this.keyring.openText(freeze.accountSealed, accountContext(freeze.accountId))),
      bank: freeze.bank,
      holderName: name && maskName(name),
      amountFen: freeze.amountFen,
      frozenFen: freeze.frozenFen,
      remainingFen: over ? 0 : freeze.remainingFen,
      from: freeze.fromOn,
      until: freeze.untilOn,
      agency: holderAnswer(organization.byId(freeze.agencyId)),
      status,
      requestedAt: this.moment(freeze.requestedAt),
      requestedBy: freeze.requestedByName,
      approverTier: freeze.approverTier,
      namedApprover: freeze.namedApproverName,
      approvedAt: this.moment(freeze.approvedAt),
      approvedBy: freeze.approvedByName,
      waitingSince: this.moment(freeze.waitingSince),
      effectiveAt: this.moment(freeze.effectiveAt),
      verificationDueAt: this.moment(verification?.at ?? null),
      renewalDueAt: this.moment((related && moments?.renewalAt) || null),
      lapsesAt: this.moment(moments?.lapsesAt ?? null),
      unrelatedAt: this.moment(freeze.unrelatedAt),
      releaseDueAt: this.moment(freeze.releaseDueAt),
      endedAt: this.moment(over ? lapseOf(freeze.untilOn, timeZone) : freeze.endedAt),
      renewals: renewals.map((renewal) => this.renewal(renewal, over)),
      version: freeze.version,
    };
  }

  private moment(at: Date): string;
  private moment(at: Date | null): string | null;
  private moment(at: Date | null): string | null {
    return at === null ? null : formatInstant(at, this.config.timeZone);
  }

  private renewal(renewal: ShownRenewal, over: boolean): RenewalAnswer {
    return {
      id: renewal.id,
      from: renewal.fromOn,
      until: renewal.untilOn,
      askedAt: this.moment(renewal.askedAt),
      askedBy: renewal.askedByName,
      approverTier: renewal.approverTier,
      decision: renewal.decision ?? (over ? 'late' : null),
      decidedAt: this.moment(renewal.decidedAt),
      decidedBy: renewal.decidedByName,
    };
  }

  private allowed(
    caller: Caller,
    freeze: ShownFreeze,
    renewals: readonly ShownRenewal[],
    organization: OrganizationSnapshot,
    now: Date,
  ): FreezeCommand[] {
    if (!organization.within(organization.byId(freeze.holderId), caller.agency)) return [];
    const status = statusAt(freeze, now, this.config.timeZone);
    const waiting = renewals.find(({ decision }) => decision === null);
    const others = (asker: string | null, tier: Freeze['approverTier']): boolean =>
      caller.id !== asker && reaches(caller.agency.tier, tier);
    const open: Partial<Record<FreezeCommand, boolean>> = {
      approve: others(freeze.requestedBy, freeze.approverTier),
      reject: others(freeze.requestedBy, freeze.approverTier),
      renewals: freeze.unrelatedAt === null && !waiting,
      'approve-renewal': freeze.unrelatedAt === null && !!waiting && others(waiting.askedBy, waiting.approverTier),
      'reject-renewal': !!waiting && others(waiting.askedBy, waiting.approverTier),
      unrelated: freeze.unrelatedAt === null,
    };
    return FREEZE_COMMANDS.filter(
      (command) => mayFollow(command, status) && open[command] !== false && mayCall(caller, OPERATION_OF[command]),
    );
  }
}
