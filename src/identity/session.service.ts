import { Inject, Injectable } from '@nestjs/common';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import type { Problem } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { AccessTokens } from './access.tokens.js';
import { meOfUser, type SignedInAnswer } from './auth.dto.js';
import { IDENTITY_TOPIC } from './authenticator.js';
import { recordAudit, type Origin } from './audit.store.js';
import type { Caller } from './caller.js';
import { challenge, refreshInvalid, refreshReused } from './identity.problems.js';
import { identitySession, type Decision } from './identity.session.js';
import { IdentitySettings } from './identity.settings.js';
import type { LoginSession } from './login-session.entity.js';
import { OidcVerifier } from './oidc.verifier.js';
import {
  endSession,
  hashOfToken,
  lockSession,
  openSession,
  purgeSessions,
  rotateRefreshToken,
  sessionOfToken,
} from './session.store.js';
import { isIdle, isLocked } from './sign-in.rules.js';
import type { UserAccount } from './user-account.entity.js';
import { lockUserById } from './user.store.js';

/** Sessions are kept so long after their last use, for whoever asks what a token was. */
const KEPT_DAYS = 30;

/** Staying signed in, and signing out. */
@Injectable()
export class SessionService {
  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly bus: CacheBus,
    private readonly registry: OrganizationRegistry,
    private readonly tokens: AccessTokens,
    private readonly provider: OidcVerifier,
    private readonly settings: IdentitySettings,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem `refresh-token-invalid`, `refresh-token-reused`, `sign-in-elsewhere` */
  async refresh(refreshToken: string, origin: Origin): Promise<SignedInAnswer> {
    this.provider.refuseLocal();
    const sessionId = sessionOfToken(refreshToken);
    if (sessionId === undefined) throw invalidToken();
    const organization = await this.registry.current();
    const decision = await this.database.transaction(identitySession, (tx) =>
      this.decideRefresh(tx, organization, sessionId, refreshToken, origin),
    );
    if ('refused' in decision) throw decision.refused;
    return decision.granted;
  }

  /** Ends the session of the access token. Of an identity provider's tokens there is none here. */
  async logout(caller: Caller): Promise<void> {
    const { sessionId } = caller;
    await this.database.transaction(caller.session, async (tx) => {
      if (sessionId === undefined || !(await endSession(tx, sessionId, 'logout'))) return;
      await recordAudit(tx, { action: 'session.ended', caller, objectKind: 'user', objectId: caller.id! });
      await this.bus.invalidate(tx, IDENTITY_TOPIC);
    });
  }

  /** Opens a session for somebody who has proved who they are; `user` is locked by the transaction. */
  async open(tx: Tx, user: UserAccount, agency: Agency): Promise<SignedInAnswer> {
    const { sessionId, refreshToken } = await openSession(tx, user.id);
    return this.signedIn(user, agency, sessionId, refreshToken);
  }

  /** Forgets sessions that nobody has used for a month. @returns how many */
  async purge(): Promise<number> {
    const before = new Date(this.clock.now().getTime() - KEPT_DAYS * 86_400_000);
    return this.database.transaction(identitySession, (tx) => purgeSessions(tx, before));
  }

  private async decideRefresh(
    tx: Tx,
    organization: OrganizationSnapshot,
    sessionId: string,
    token: string,
    origin: Origin,
  ): Promise<Decision<SignedInAnswer>> {
    const session = await lockSession(tx, sessionId);
    if (!session || session.endedAt) return { refused: invalidToken() };
    const hash = hashOfToken(token);
    if (!session.refreshHash.equals(hash)) {
      if (!session.usedHashes.some((used) => used.equals(hash))) return { refused: invalidToken() };
      return this.revokeFamily(tx, organization, session, origin);
    }
    if (isIdle(session.lastUsedAt, tx.now, this.settings.idleMinutes)) {
      await endSession(tx, sessionId, 'idle');
      await this.bus.invalidate(tx, IDENTITY_TOPIC);
      return {
        refused: challenge(
          refreshInvalid,
          `The session was idle for more than ${this.settings.idleMinutes} minutes. Sign in again.`,
        ),
      };
    }
    const user = (await lockUserById(tx, session.userId))!;
    const agency = organization.byId(user.agencyId);
    if (isLocked(user, tx.now) || !agency.active) return { refused: invalidToken() };
    const next = await rotateRefreshToken(tx, session);
    return { granted: await this.signedIn(user, agency, sessionId, next) };
  }

  /** The token was used before: its owner or somebody else holds a copy, and we cannot know who asks now. */
  private async revokeFamily(
    tx: Tx,
    organization: OrganizationSnapshot,
    { id: sessionId, userId }: LoginSession,
    origin: Origin,
  ): Promise<Decision<never>> {
    const user = (await lockUserById(tx, userId))!;
    const agency = organization.byId(user.agencyId);
    await endSession(tx, sessionId, 'reused');
    await this.bus.invalidate(tx, IDENTITY_TOPIC);
    const data = { username: user.username };
    await recordAudit(tx, {
      action: 'session.reused',
      caller: null,
      agency,
      origin,
      objectKind: 'user',
      objectId: userId,
      data,
    });
    return {
      refused: challenge(
        refreshReused,
        'This refresh token was used before. The session has ended for everybody who has a copy; sign in again.',
      ),
    };
  }

  private async signedIn(
    user: UserAccount,
    agency: Agency,
    sessionId: string,
    refreshToken: string,
  ): Promise<SignedInAnswer> {
    const { accessToken, expiresIn } = await this.tokens.issue(user.id, sessionId);
    return {
      accessToken,
      tokenType: 'Bearer',
      expiresIn,
      refreshToken,
      user: meOfUser(user, agency, this.config.totpRequiredRoles),
    };
  }
}

function invalidToken(): Problem {
  return challenge(refreshInvalid, 'This refresh token is not known, or its session has ended. Sign in again.');
}
