import { Injectable, type OnModuleInit } from '@nestjs/common';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import type { Problem } from '../platform/http/problem.js';
import type { LoginBody, SignedInAnswer } from './auth.dto.js';
import { recordAudit, type AuditCaller, type Origin } from './audit.store.js';
import { agencyClosed, challenge, signInFailed, totpNeeded } from './identity.problems.js';
import { identitySession, type Decision } from './identity.session.js';
import { LoginThrottle } from './login.throttle.js';
import { OidcVerifier } from './oidc.verifier.js';
import { PasswordHasher } from './password.hasher.js';
import { SessionService } from './session.service.js';
import { SignInFailures } from './sign-in.failures.js';
import { isLocked } from './sign-in.rules.js';
import { stepOfCode, totpContext } from './totp.rules.js';
import type { UserAccount } from './user-account.entity.js';
import { lockUserByName, noteSignIn } from './user.store.js';
import { findUserByName } from './user.view.js';

/** Signing in with a password, and a second factor where there is one. */
@Injectable()
export class LoginService implements OnModuleInit {
  constructor(
    private readonly database: Database,
    private readonly registry: OrganizationRegistry,
    private readonly keyring: Keyring,
    private readonly hasher: PasswordHasher,
    private readonly provider: OidcVerifier,
    private readonly throttle: LoginThrottle,
    private readonly failures: SignInFailures,
    private readonly sessions: SessionService,
  ) {}

  async onModuleInit(): Promise<void> {
    await this.hasher.prepare();
  }

  /**
   * The answer to a wrong password, an unknown or a locked account is the same and takes the same time.
   * @throws Problem `sign-in-failed`, `totp-needed`, `agency-closed`, `too-many-requests`, `sign-in-elsewhere`
   */
  async login(body: Pick<LoginBody, 'username' | 'password' | 'totp'>, origin: Origin): Promise<SignedInAnswer> {
    this.provider.refuseLocal();
    const attempt = this.throttle.take(origin.address ?? '');
    const organization = await this.registry.current();
    const found = await this.database.read(identitySession, (tx) => findUserByName(tx, body.username));
    // Outside the transaction: this takes as long as a hundred statements.
    const matches = await this.hasher.verify(found?.passwordHash ?? null, body.password);
    const proved = matches ? (found?.passwordHash ?? null) : null;
    const decision = await this.database.transaction(identitySession, (tx) =>
      this.decideLogin(tx, organization, body, proved, origin),
    );
    if (!('refused' in decision) || !isGuess(decision.refused, body.totp)) attempt.giveBack();
    if ('refused' in decision) throw decision.refused;
    return decision.granted;
  }

  /** @param proved the hash that the password was verified against; null where it was not */
  private async decideLogin(
    tx: Tx,
    organization: OrganizationSnapshot,
    { username, totp }: Pick<LoginBody, 'username' | 'totp'>,
    proved: string | null,
    origin: Origin,
  ): Promise<Decision<SignedInAnswer>> {
    const user = await lockUserByName(tx, username);
    const failed = { refused: failedSignIn() };
    if (!user) {
      await this.failures.note(tx, undefined, 'unknown-account', origin);
      return failed;
    }
    const agency = organization.byId(user.agencyId);
    if (isLocked(user, tx.now)) {
      await this.failures.note(tx, { user, agency }, 'locked', origin);
      return failed;
    }
    if (proved === null || proved !== user.passwordHash) {
      await this.failures.count(tx, user, agency, 'wrong-password', origin);
      return failed;
    }
    if (!agency.active) {
      await this.failures.note(tx, { user, agency }, 'agency-closed', origin);
      return {
        refused: challenge(
          agencyClosed,
          'Your agency is closed. An administrator above it opens it again or moves you.',
        ),
      };
    }
    return this.decideSecondFactor(tx, user, agency, totp, origin);
  }

  private async decideSecondFactor(
    tx: Tx,
    user: UserAccount,
    agency: Agency,
    code: string | undefined,
    origin: Origin,
  ): Promise<Decision<SignedInAnswer>> {
    let step = user.totpLastStep;
    if (step !== null) {
      if (code === undefined)
        return { refused: challenge(totpNeeded, 'Send the six digits of your authenticator app as `totp`.') };
      const secret = this.keyring.openText(user.totpSealed!, totpContext(user.id));
      const taken = stepOfCode(secret, code, tx.now, step);
      if (taken === undefined) {
        await this.failures.count(tx, user, agency, 'wrong-code', origin);
        return { refused: challenge(totpNeeded, 'The code is wrong, or was used already. Wait for the next one.') };
      }
      step = taken;
    }
    await noteSignIn(tx, user.id, { failedLogins: 0, lockedUntil: null, totpLastStep: step });
    const caller: AuditCaller = { id: user.id, name: user.username, agency, ...origin };
    await recordAudit(tx, {
      action: 'login.succeeded',
      caller,
      objectKind: 'user',
      objectId: user.id,
      data: { by: 'password' },
    });
    return { granted: await this.sessions.open(tx, { ...user, totpLastStep: step }, agency) };
  }
}

/** Whether a refused sign-in tried something out: being asked for the second factor is no failure. */
function isGuess(refused: Problem, code: string | undefined): boolean {
  return refused.kind === signInFailed || (refused.kind === totpNeeded && code !== undefined);
}

function failedSignIn(): Problem {
  return challenge(
    signInFailed,
    'Username or password is wrong, or the account is locked: after five failures for 15 minutes, or by a security administrator.',
  );
}
