import { Inject, Injectable } from '@nestjs/common';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { conflict } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { meOfKey, meOfUser, type ChangePasswordBody, type MeAnswer, type SignedInAnswer } from './auth.dto.js';
import { IDENTITY_TOPIC } from './authenticator.js';
import { recordAudit } from './audit.store.js';
import type { Caller } from './caller.js';
import { faulty } from './identity.problems.js';
import { OidcVerifier } from './oidc.verifier.js';
import { PasswordHasher } from './password.hasher.js';
import { passwordFaults } from './password.rules.js';
import { SessionService } from './session.service.js';
import { endSessionsOf } from './session.store.js';
import { SignInFailures } from './sign-in.failures.js';
import type { UserAccount } from './user-account.entity.js';
import { changeUser, lockUserById } from './user.store.js';
import { findUserById } from './user.view.js';

/** What people do with their own account. */
@Injectable()
export class AccountService {
  constructor(
    private readonly database: Database,
    private readonly bus: CacheBus,
    private readonly hasher: PasswordHasher,
    private readonly provider: OidcVerifier,
    private readonly failures: SignInFailures,
    private readonly sessions: SessionService,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async me(caller: Caller): Promise<MeAnswer> {
    if (caller.kind === 'key') return meOfKey(caller);
    const user = await this.database.read(caller.session, (tx) => findUserById(tx, caller.id!));
    const me = meOfUser(user!, caller.agency, this.config.totpRequiredRoles);
    return { ...me, obligation: caller.obligation ?? null };
  }

  /**
   * Ends every session of the account and opens a new one for whoever changed the password.
   * @throws Problem `invalid`, `sign-in-elsewhere`, `conflict`
   */
  async changePassword(caller: Caller, { currentPassword, newPassword }: ChangePasswordBody): Promise<SignedInAnswer> {
    const before = await this.prove(caller, currentPassword, '/currentPassword');
    const faults = passwordFaults(newPassword, before.username);
    if (newPassword === currentPassword) faults.push('must differ from the present one');
    if (faults.length > 0) throw faulty(faults.map((message) => ({ pointer: '/newPassword', message })));
    const passwordHash = await this.hasher.hash(newPassword);
    return this.database.transaction(caller.session, async (tx) => {
      const user = await this.lockUnchanged(tx, before);
      const after = await changeUser(tx, user, { passwordHash, mustChangePassword: false, failedLogins: 0 });
      await endSessionsOf(tx, user.id, 'password-changed');
      await recordAudit(tx, { action: 'password.changed', caller, objectKind: 'user', objectId: user.id });
      await this.bus.invalidate(tx, IDENTITY_TOPIC);
      return this.sessions.open(tx, after, caller.agency);
    });
  }

  /**
   * Has somebody who is signed in prove it again. A wrong password counts like one at sign-in.
   * @param pointer the field of the password
   * @throws Problem `invalid`, `sign-in-elsewhere`
   */
  async prove(caller: Caller, password: string, pointer: string): Promise<UserAccount> {
    this.provider.refuseLocal();
    const user = (await this.database.read(caller.session, (tx) => findUserById(tx, caller.id!)))!;
    if (await this.hasher.verify(user.passwordHash, password)) return user;
    await this.failures.countAgainst(caller, 'wrong-password');
    throw faulty([{ pointer, message: 'is not your password' }]);
  }

  /** Locks an account whose password was verified before the transaction. */
  async lockUnchanged(tx: Tx, before: UserAccount): Promise<UserAccount> {
    const user = await lockUserById(tx, before.id);
    if (!user || user.passwordHash !== before.passwordHash)
      throw conflict.with('The password was changed at this very moment. Sign in again.');
    return user;
  }
}
