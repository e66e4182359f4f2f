import { Inject, Injectable } from '@nestjs/common';
import type { SealedPart } from '../alert/alert.js';
import { holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount, maskText } from '../alert/mask.rules.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { CONFIG } from '../platform/platform.module.js';
import { protectionContext, type Protection, type SealedProtection } from './protection.js';
import type { ProtectionAnswer } from './protection.dto.js';
import { ownerWaits, stateAt } from './protection.rules.js';

/** What a protection looks like to a caller. */
@Injectable()
export class ProtectionPresenter {
  constructor(
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  open({ id, sealed }: Pick<Protection, 'id' | 'sealed'>): SealedProtection {
    return JSON.parse(this.keyring.openText(sealed, protectionContext(id))) as SealedProtection;
  }

  seal(id: string, sealed: SealedProtection): Buffer {
    return this.keyring.seal(JSON.stringify(sealed), protectionContext(id));
  }

  /** @param subject whose name and address are hidden in what was written */
  answer(
    protection: Protection,
    subject: SealedPart['subject'],
    organization: OrganizationSnapshot,
    now: Date,
  ): ProtectionAnswer {
    const moment = (at: Date | null): string | null => (at === null ? null : formatInstant(at, this.config.timeZone));
    const { account, ownerReason } = this.open(protection);
    const { ownerDueAt } = protection;
    const state = stateAt(protection, now);
    const waits = state === 'effective' && ownerWaits(protection);
    return {
      id: protection.id,
      alertId: protection.alertId,
      account: maskAccount(account),
      bank: protection.bank,
      agency: holderAnswer(organization.byId(protection.agencyId)),
      status: state,
      startsAt: moment(protection.startsAt)!,
      expiresAt: moment(protection.expiresAt)!,
      extendedAt: moment(protection.extendedAt),
      ownerAskedAt: moment(protection.ownerAskedAt),
      ownerReason: ownerReason === undefined ? null : maskText(ownerReason, subject),
      ownerDueAt: moment(ownerDueAt),
      ownerOverdue: waits && ownerDueAt!.getTime() <= now.getTime(),
      ownerAnsweredAt: moment(protection.ownerAnsweredAt),
      ownerAnswer: protection.ownerAnswer,
      endedAt: moment(state === 'expired' ? protection.expiresAt : protection.endedAt),
      version: protection.version,
    };
  }
}
