import { Injectable } from '@nestjs/common';
import type { Agency } from '../organization/agency.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { IDENTITY_TOPIC } from './authenticator.js';
import { recordAudit, type Origin } from './audit.store.js';
import type { Caller } from './caller.js';
import { IdentitySettings } from './identity.settings.js';
import { endSessionsOf } from './session.store.js';
import { afterFailure, isLocked } from './sign-in.rules.js';
import type { UserAccount } from './user-account.entity.js';
import { lockUserById, noteSignIn } from './user.store.js';

export type FailureReason = 'unknown-account' | 'wrong-password' | 'wrong-code' | 'locked' | 'agency-closed';

/** Nobody: makes the statements of a failure the same whether or not there is an account. */
const NOBODY = '00000000-0000-0000-0000-000000000000';

/** Counts failures to prove who one is, and locks the account at the last one allowed. */
@Injectable()
export class SignInFailures {
  constructor(
    private readonly database: Database,
    private readonly bus: CacheBus,
    private readonly settings: IdentitySettings,
  ) {}

  /** One more failure of an account that is locked by this transaction. */
  async count(tx: Tx, user: UserAccount, agency: Agency, reason: FailureReason, origin: Origin): Promise<void> {
    const { failedLogins, lockedUntil } = afterFailure(user.failedLogins, tx.now, this.settings);
    await noteSignIn(tx, user.id, { failedLogins, lockedUntil });
    await this.record(tx, { user, agency }, reason, origin);
    if (!lockedUntil) return;
    const subject = { caller: null, agency, origin, objectKind: 'user', objectId: user.id };
    await recordAudit(tx, {
      ...subject,
      action: 'login.locked',
      data: { username: user.username, until: lockedUntil.toISOString() },
    });
    await endSessionsOf(tx, user.id, 'locked');
    await this.bus.invalidate(tx, IDENTITY_TOPIC);
  }

  /** One more failure of somebody who is signed in and did not prove it again: a stolen token must not serve to guess. */
  async countAgainst(caller: Caller, reason: FailureReason): Promise<void> {
    // Beside the request's own transaction: the request fails, and the failure counts all the same.
    await this.database.alone(caller.session, async (tx) => {
      const user = await lockUserById(tx, caller.id!);
      if (user && !isLocked(user, tx.now)) await this.count(tx, user, caller.agency, reason, caller);
    });
  }

  /** A failure for which there is nothing to count: no such account, or a locked one. Takes as long as a counted one. */
  async note(
    tx: Tx,
    known: { user: UserAccount; agency: Agency } | undefined,
    reason: FailureReason,
    origin: Origin,
  ): Promise<void> {
    await noteSignIn(tx, NOBODY, { failedLogins: 0, lockedUntil: null });
    await this.record(tx, known, reason, origin);
  }

  /** The username stands here only where it is one: people type passwords into the wrong field. */
  private async record(
    tx: Tx,
    known: { user: UserAccount; agency: Agency } | undefined,
    reason: FailureReason,
    origin: Origin,
  ): Promise<void> {
    await recordAudit(tx, {
      action: 'login.failed',
      caller: null,
      agency: known?.agency,
      origin,
      objectKind: 'user',
      objectId: known?.user.id,
      data: known ? { username: known.user.username, reason } : { reason },
    });
  }
}
