import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { LRUCache } from 'lru-cache';
import type { Agency } from '../organization/agency.js';
import { ORGANIZATION_TOPIC, OrganizationRegistry } from '../organization/organization.registry.js';
import { Clock } from '../platform/clock/clock.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import type { Logger } from '../platform/log/logger.js';
import { CONFIG, LOGGER } from '../platform/platform.module.js';
import { AccessTokens } from './access.tokens.js';
import { hashOfKey } from './api-key.store.js';
import { recordAudit } from './audit.store.js';
import { findKey, findSessionUser, findTokenUser, type TokenUser } from './caller.view.js';
import { callerFor, type Caller } from './caller.js';
import {
  accountLocked,
  accountUnmapped,
  agencyClosed,
  challenge,
  keyExpired,
  keyRevoked,
  keyUnknown,
  sessionEnded,
  tokenExpired,
} from './identity.problems.js';
import { identitySession } from './identity.session.js';
import { IdentitySettings } from './identity.settings.js';
import { OidcVerifier } from './oidc.verifier.js';
import { touchSession } from './session.store.js';
import { isLocked, obligationOf } from './sign-in.rules.js';

/** Invalidated by every change after which somebody may do less, or other things, than before. */
export const IDENTITY_TOPIC = 'identity';

const REMEMBERED = 20_000;

/** A token or key that was recognised. */
interface Known {
  caller: Caller;
  /** Milliseconds; Infinity where it does not expire. */
  expiresAt: number;
  /** When use of the session was last written down, milliseconds. */
  touchedAt: number;
}

/**
 * Says who calls. What was recognised once is remembered until it expires or anything changes about users, sessions, keys
 * or agencies, here or in another instance: a known token costs a look-up in a map. While changes cannot be heard of
 * (CacheBus is not live) nothing is remembered.
 */
@Injectable()
export class Authenticator implements OnModuleDestroy {
  private readonly known = new LRUCache<string, Known>({ max: REMEMBERED });
  private readonly providerSignIns = new LRUCache<string, true>({ max: REMEMBERED });
  private readonly touches = new Set<Promise<void>>();
  /** Counts what was forgotten: an answer read before a change must not be remembered after it. */
  private generation = 0;

  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly bus: CacheBus,
    private readonly registry: OrganizationRegistry,
    private readonly tokens: AccessTokens,
    private readonly provider: OidcVerifier,
    private readonly settings: IdentitySettings,
    @Inject(CONFIG) private readonly config: Config,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {
    const forget = (): void => {
      this.generation++;
      this.known.clear();
    };
    bus.onChange(IDENTITY_TOPIC, forget);
    bus.onChange(ORGANIZATION_TOPIC, forget);
  }

  /** @throws Problem of status 401, at once or later */
  ofToken(token: string): Caller | Promise<Caller> {
    const known = this.bus.live ? this.known.get(token) : undefined;
    if (!known)
      return this.recognise(token, () => (this.provider.inUse ? this.viaProvider(token) : this.viaSession(token)));
    const now = this.clock.now().getTime();
    if (now >= known.expiresAt)
      throw challenge(tokenExpired, 'The access token has expired. Get another one and try again.');
    this.touch(known, now);
    return known.caller;
  }

  /** @throws Problem of status 401, at once or later */
  ofKey(key: string): Caller | Promise<Caller> {
    const known = this.bus.live ? this.known.get(key) : undefined;
    if (!known) return this.recognise(key, () => this.viaKey(key));
    if (this.clock.now().getTime() >= known.expiresAt)
      throw challenge(keyExpired, 'The API key has expired. An admin issues another one.');
    return known.caller;
  }

  async onModuleDestroy(): Promise<void> {
    await Promise.all(this.touches);
  }

  private async recognise(secret: string, look: () => Promise<Known>): Promise<Caller> {
    const generation = this.generation;
    const known = await look();
    if (this.bus.live && generation === this.generation) this.known.set(secret, known);
    this.touch(known, this.clock.now().getTime());
    return known.caller;
  }

  private async viaSession(token: string): Promise<Known> {
    const { userId, sessionId, expiresAt } = await this.tokens.verify(token);
    const user = await this.database.read(identitySession, (tx) => findSessionUser(tx, sessionId, userId));
    if (!user || user.endedAt) throw challenge(sessionEnded, 'This session has ended. Sign in again.');
    const agency = await this.admit(user);
    return { caller: this.callerOf(user, agency, sessionId), expiresAt, touchedAt: user.lastUsedAt.getTime() };
  }

  private async viaProvider(token: string): Promise<Known> {
    const { username, agencyCode, expiresAt, signIn } = await this.provider.verify(token);
    const user = await this.database.read(identitySession, (tx) => findTokenUser(tx, username));
    if (!user)
      throw challenge(
        accountUnmapped,
        'The identity provider vouches for you, but you have no account here. A security administrator makes one.',
      );
    const agency = await this.admit(user);
    if (agency.code !== agencyCode) {
      throw challenge(
        accountUnmapped,
        'The identity provider names another agency than your account here. A security administrator moves it.',
      );
    }
    // The second factor and the password are the provider's business.
    const caller = callerFor({ kind: 'user', id: user.id, name: user.username, agency, roles: user.roles });
    await this.noteProviderSignIn(caller, signIn);
    return { caller, expiresAt, touchedAt: 0 };
  }

  private async viaKey(key: string): Promise<Known> {
    const found = await this.database.read(identitySession, (tx) => findKey(tx, hashOfKey(key)));
    if (!found) throw challenge(keyUnknown, 'This API key is not known, or was rotated. An admin issues another one.');
    if (found.revokedAt) throw challenge(keyRevoked, 'This API key was revoked. An admin issues another one.');
    if (found.expiresAt && found.expiresAt <= this.clock.now()) {
      throw challenge(keyExpired, 'The API key has expired. An admin issues another one.');
    }
    const agency = await this.openAgency(found.agencyId);
    const sources = found.roles.includes('feed') ? found.sources : null;
    const caller = callerFor({ kind: 'key', id: found.id, name: found.name, agency, roles: found.roles, sources });
    return { caller, expiresAt: found.expiresAt?.getTime() ?? Infinity, touchedAt: 0 };
  }

  private async admit(user: TokenUser): Promise<Agency> {
    if (isLocked(user, this.clock.now())) {
      throw challenge(
        accountLocked,
        'Your account is locked. A security administrator unlocks it; a lock after failed sign-ins ends by itself.',
      );
    }
    return this.openAgency(user.agencyId);
  }

  private async openAgency(id: number): Promise<Agency> {
    const agency = (await this.registry.current()).byId(id);
    if (!agency.active)
      throw challenge(agencyClosed, 'Your agency is closed. An administrator above it opens it again or moves you.');
    return agency;
  }

  private callerOf(user: TokenUser, agency: Agency, sessionId: string): Caller {
    const obligation = obligationOf(user, this.config.totpRequiredRoles);
    return callerFor({
      kind: 'user',
      id: user.id,
      name: user.username,
      agency,
      roles: user.roles,
      sessionId,
      obligation,
    });
  }

  /** A sign-in at the provider is seen here by its first token. */
  private async noteProviderSignIn(caller: Caller, signIn: string): Promise<void> {
    if (this.providerSignIns.has(signIn)) return;
    this.providerSignIns.set(signIn, true);
    await this.database.transaction(identitySession, (tx) =>
      recordAudit(tx, {
        action: 'login.succeeded',
        caller,
        objectKind: 'user',
        objectId: caller.id!,
        data: { by: 'oidc' },
      }),
    );
  }

  /** Use keeps a session from being idle. Written down now and then, and nobody waits for it. */
  private touch(known: Known, now: number): void {
    const { sessionId } = known.caller;
    if (sessionId === undefined || now - known.touchedAt < this.settings.touchSeconds * 1000) return;
    known.touchedAt = now;
    const writing = this.database
      .transaction(identitySession, (tx) => touchSession(tx, sessionId, new Date(now)))
      .catch((error: unknown) => this.logger.warn({ err: error }, 'the use of a session could not be written down'))
      .finally(() => this.touches.delete(writing));
    this.touches.add(writing);
  }
}
