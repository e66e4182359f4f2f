import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { CONFIG } from '../platform/platform.module.js';
import { AccountService } from './account.service.js';
import type { TotpEnrolmentAnswer } from './auth.dto.js';
import { IDENTITY_TOPIC } from './authenticator.js';
import { recordAudit } from './audit.store.js';
import type { Caller } from './caller.js';
import { faulty, totpRequiredByRole, totpState } from './identity.problems.js';
import { identitySession } from './identity.session.js';
import { SignInFailures } from './sign-in.failures.js';
import { needsTotp } from './sign-in.rules.js';
import { newTotpSecret, stepOfCode, totpContext, totpUri } from './totp.rules.js';
import type { UserAccount } from './user-account.entity.js';
import { changeUser, lockUserById, resealTotp } from './user.store.js';
import { listTotpSecrets } from './user.view.js';

const PAGE = 500;
const FIRST_ID = '00000000-0000-0000-0000-000000000000';

/** The second factor: an authenticator app. */
@Injectable()
export class TotpService {
  constructor(
    private readonly database: Database,
    private readonly bus: CacheBus,
    private readonly keyring: Keyring,
    private readonly accounts: AccountService,
    private readonly failures: SignInFailures,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Makes a secret that waits to be confirmed; a former one that waits is replaced.
   * @throws Problem `totp-state` where a second factor is in use, `invalid`
   */
  async enrol(caller: Caller, password: string): Promise<TotpEnrolmentAnswer> {
    const before = await this.accounts.prove(caller, password, '/password');
    const secret = newTotpSecret();
    return this.database.transaction(caller.session, async (tx) => {
      const user = await this.accounts.lockUnchanged(tx, before);
      if (user.totpLastStep !== null) throw totpState.with('A second factor is in use. Disable it first.');
      await changeUser(tx, user, { totpSealed: this.keyring.seal(secret, totpContext(user.id)) });
      return { secret, uri: totpUri(secret, user.username) };
    });
  }

  /** @throws Problem `totp-state` where none waits, `invalid` */
  async confirm(caller: Caller, code: string): Promise<void> {
    await this.database.transaction(caller.session, async (tx) => {
      const user = (await lockUserById(tx, caller.id!))!;
      if (user.totpSealed === null || user.totpLastStep !== null) {
        throw totpState.with('No second factor waits to be confirmed. Begin with POST /auth/totp.');
      }
      const totpLastStep = stepOfCode(this.secretOf(user), code, tx.now, null);
      if (totpLastStep === undefined) throw wrongCode();
      await changeUser(tx, user, { totpLastStep });
      await recordAudit(tx, { action: 'totp.enabled', caller, objectKind: 'user', objectId: user.id });
      await this.bus.invalidate(tx, IDENTITY_TOPIC);
    });
  }

  /** @throws Problem `totp-state`, `totp-required-by-role`, `invalid` */
  async disable(caller: Caller, code: string): Promise<void> {
    if (needsTotp([...caller.roles], this.config.totpRequiredRoles)) {
      throw totpRequiredByRole.with(
        'Your role needs a second factor. For a new device, a security administrator resets the account.',
      );
    }
    const wrong = wrongCode();
    try {
      await this.database.transaction(caller.session, async (tx) => {
        const user = (await lockUserById(tx, caller.id!))!;
        if (user.totpLastStep === null) throw totpState.with('No second factor is in use.');
        if (stepOfCode(this.secretOf(user), code, tx.now, user.totpLastStep) === undefined) throw wrong;
        await changeUser(tx, user, { totpSealed: null, totpLastStep: null });
        await recordAudit(tx, { action: 'totp.disabled', caller, objectKind: 'user', objectId: user.id });
        await this.bus.invalidate(tx, IDENTITY_TOPIC);
      });
    } catch (error) {
      if (error === wrong) await this.failures.countAgainst(caller, 'wrong-code');
      throw error;
    }
  }

  /** Seals every secret anew under the first key: part of `keys rotate`. @returns how many */
  async reseal(): Promise<number> {
    let resealed = 0;
    for (let after = FIRST_ID; ;) {
      const page = await this.database.read(identitySession, (tx) => listTotpSecrets(tx, after, PAGE));
      const old = page.filter(({ totpSealed }) => Keyring.keyIdOf(totpSealed) !== this.keyring.currentId);
      resealed += await this.database.transaction(identitySession, (tx) => this.resealSome(tx, old));
      if (page.length < PAGE) return resealed;
      after = page.at(-1)!.id;
    }
  }

  /** A secret that was replaced meanwhile is sealed with the first key already. */
  private async resealSome(tx: Tx, secrets: { id: string; totpSealed: Buffer }[]): Promise<number> {
    let count = 0;
    for (const { id, totpSealed } of secrets) {
      const context = totpContext(id);
      const anew = this.keyring.seal(this.keyring.open(totpSealed, context), context);
      if (await resealTotp(tx, id, totpSealed, anew)) count++;
    }
    return count;
  }

  private secretOf(user: UserAccount): string {
    return this.keyring.openText(user.totpSealed!, totpContext(user.id));
  }
}

function wrongCode(): Error {
  return faulty([{ pointer: '/code', message: 'is wrong, or was used already: wait for the next one' }]);
}
