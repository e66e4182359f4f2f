import { Inject, Injectable } from '@nestjs/common';
import { holderAnswer } from '../alert/alert.presenter.js';
import { maskAccount, maskName } from '../alert/mask.rules.js';
import { mayCall } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import { accountContext } from '../ledger/ledger.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { CONFIG } from '../platform/platform.module.js';
import { stopContext, type StopPayment } from './stop.js';
import type { StopAnswer } from './stop.dto.js';
import { commandsOf, stateAt, type StopCommand } from './stop.rules.js';
import type { ShownStop } from './stop.view.js';

/** The operation that gives each command: roles are looked up under it. */
const OPERATION_OF: Record<StopCommand, string> = {
  effective: 'recordStopEffective',
  refused: 'recordStopRefused',
  release: 'releaseStopPayment',
  correct: 'correctStopPayment',
};

/** What a stop-payment looks like to a caller. */
@Injectable()
export class StopPresenter {
  constructor(
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  moment(at: Date): string;
  moment(at: Date | null): string | null;
  moment(at: Date | null): string | null {
    return at === null ? null : formatInstant(at, this.config.timeZone);
  }

  holderName(stop: Pick<StopPayment, 'id' | 'sealed'>): string {
    return this.keyring.openText(stop.sealed, stopContext(stop.id));
  }

  /** The number of an account, masked. */
  account(accountId: string, sealed: Buffer): string {
    return maskAccount(this.keyring.openText(sealed, accountContext(accountId)));
  }

  /** @param allowed only for single ones */
  answer(stop: ShownStop, organization: OrganizationSnapshot, now: Date, allowed?: StopCommand[]): StopAnswer {
    const state = stateAt(stop, now);
    return {
      id: stop.id,
      incidentId: stop.incidentId,
      incidentNo: stop.incidentNo,
      parent: stop.parentId,
      level: stop.level,
      ordinal: stop.ordinal,
      account: this.account(stop.accountId, stop.accountSealed),
      bank: stop.bank,
      holderName: maskName(this.holderName(stop)),
      transferFen: stop.transferFen,
      transferAt: this.moment(stop.transferAt),
      agency: holderAnswer(organization.byId(stop.agencyId)),
      requestedAt: this.moment(stop.requestedAt),
      status: state,
      stoppedAt: this.moment(stop.stoppedAt),
      stoppedFen: stop.stoppedFen,
      expiresAt: this.moment(stop.expiresAt),
      endedAt: this.moment(state === 'expired' ? stop.expiresAt : stop.endedAt),
      releasedTo: stop.releasedTo,
      version: stop.version,
      ...(allowed ? { allowed } : {}),
    };
  }

  /** What a caller can do about one now. */
  allowed(caller: Caller, stop: ShownStop, organization: OrganizationSnapshot, now: Date): StopCommand[] {
    const stands = organization.within(organization.byId(stop.holderId), caller.agency);
    return stands ? commandsOf(stateAt(stop, now)).filter((command) => mayCall(caller, OPERATION_OF[command])) : [];
  }
}
