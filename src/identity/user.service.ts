import { Inject, Injectable } from '@nestjs/common';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import { newId } from '../platform/clock/id.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { mayReach } from './access.policy.js';
import { IDENTITY_TOPIC } from './authenticator.js';
import { recordAudit } from './audit.store.js';
import type { Caller } from './caller.js';
import { faulty, ownAccount } from './identity.problems.js';
import { USERNAME, USERNAME_RULE, normaliseUsername } from './identity.fields.js';
import { reachableAgency, reachableIds } from './jurisdiction.js';
import { OidcVerifier } from './oidc.verifier.js';
import { PasswordHasher } from './password.hasher.js';
import { passwordFaults } from './password.rules.js';
import { userRoleFaults } from './role.js';
import { endSessionsOf, type SessionEnd } from './session.store.js';
import type { UserAccount } from './user-account.entity.js';
import {
  userAnswer,
  type CreateUserBody,
  type UpdateUserBody,
  type UserAnswer,
  type UserListQuery,
  type UserWithPasswordAnswer,
} from './user.dto.js';
import { changeUser, insertUser, lockUserById, type UserChange } from './user.store.js';
import { countUsers, findUserById, findUserByName, listUsers, type UserFilter } from './user.view.js';

/** Users, as a security administrator keeps them: inside the own subtree, and never the own account. */
@Injectable()
export class UserService {
  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly bus: CacheBus,
    private readonly registry: OrganizationRegistry,
    private readonly cursors: Cursors,
    private readonly hasher: PasswordHasher,
    private readonly provider: OidcVerifier,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem `invalid-cursor` */
  async list(
    caller: Caller,
    { limit, cursor, count, agency, role, q, locked }: UserListQuery,
  ): Promise<Page<UserAnswer>> {
    const snapshot = await this.registry.current();
    const filter: UserFilter = { agencyIds: reachableIds(snapshot, caller, agency), role, q, locked };
    const query = ['users', caller.agency.code, agency, role, q, locked];
    const after = cursor === undefined ? undefined : (this.cursors.decode(query, cursor)[0] as string);
    return this.database.read(caller.session, async (tx) => {
      const [rows, total] = await Promise.all([
        listUsers(tx, filter, after, limit + 1),
        count ? countUsers(tx, filter) : undefined,
      ]);
      const page = this.cursors.page(
        query,
        limit,
        rows,
        ({ username }) => [username],
        (user) => this.answer(user, snapshot.byId(user.agencyId)),
      );
      return total === undefined ? page : { ...page, total };
    });
  }

  /** @throws Problem `not-found` also for a user outside the subtree */
  async get(caller: Caller, id: string): Promise<UserAnswer> {
    return this.found(caller, await this.database.read(caller.session, (tx) => findUserById(tx, id)));
  }

  /** By username, for the command line. @throws Problem `not-found` */
  async getByName(caller: Caller, username: string): Promise<UserAnswer> {
    const name = normaliseUsername(username);
    return this.found(caller, await this.database.read(caller.session, (tx) => findUserByName(tx, name)));
  }

  /**
   * A password that is not given is made, answered once and to be changed at the first sign-in, unless the body says.
   * @throws Problem `invalid`, `username-taken`
   */
  async create(caller: Caller, body: CreateUserBody): Promise<UserWithPasswordAnswer> {
    const username = normaliseUsername(body.username);
    const snapshot = await this.registry.current();
    const faults = roleFaults(body.roles);
    // The command line comes here without the checks of the request.
    if (!USERNAME.test(username)) faults.push({ pointer: '/username', message: USERNAME_RULE });
    const agency = reachableAgency(snapshot, caller, body.agency, faults);
    if (body.password !== undefined) {
      faults.push(...passwordFaults(body.password, username).map((message) => ({ pointer: '/password', message })));
    }
    if (!agency || faults.length > 0) throw faulty(faults);
    const made = body.password === undefined && !this.provider.inUse ? this.hasher.generate() : undefined;
    const password = body.password ?? made;
    const passwordHash = password === undefined ? null : await this.hasher.hash(password);
    const mustChangePassword = body.mustChangePassword ?? made !== undefined;
    return this.database.transaction(caller.session, async (tx) => {
      const user: UserAccount = {
        id: newId(tx.now),
        username,
        displayName: body.displayName ?? username,
        agencyId: agency.id,
        roles: body.roles,
        passwordHash,
        mustChangePassword,
        failedLogins: 0,
        lockedUntil: null,
        disabledAt: null,
        totpSealed: null,
        totpLastStep: null,
        createdAt: tx.now,
        updatedAt: tx.now,
        version: 1,
      };
      await insertUser(tx, user);
      await audit(tx, caller, 'user.created', user, agency, { agency: agency.code, roles: user.roles });
      const answer = this.answer(user, agency);
      return made === undefined ? answer : { ...answer, password: made };
    });
  }

  /** @throws Problem `not-found`, `own-account`, `invalid`, `stale-version` */
  async update(caller: Caller, id: string, body: UpdateUserBody, ifMatch: IfMatch): Promise<UserAnswer> {
    const snapshot = await this.registry.current();
    return this.database.transaction(caller.session, async (tx) => {
      const { user, agency: before } = await lockReachable(tx, snapshot, caller, id, ifMatch);
      const faults = body.roles === undefined ? [] : roleFaults(body.roles);
      const stays = body.agency === undefined || body.agency === before.code;
      const agency = stays ? before : reachableAgency(snapshot, caller, body.agency!, faults);
      if (!agency || faults.length > 0) throw faulty(faults);
      const roles = body.roles ?? user.roles;
      const displayName = body.displayName ?? user.displayName;
      const moved = agency.id !== user.agencyId || !sameRoles(roles, user.roles);
      if (moved)
        refuseOwn(caller, user, 'Your roles and your agency are for another security administrator to change.');
      if (!moved && displayName === user.displayName) return this.answer(user, agency);
      const after = await changeUser(tx, user, { displayName, agencyId: agency.id, roles });
      // Both agencies' auditors are to see a move; those above both do.
      const where = agency.id === before.id ? agency : caller.agency;
      await audit(tx, caller, 'user.updated', user, where, {
        before: { agency: before.code, roles: user.roles },
        after: { agency: agency.code, roles },
      });
      if (moved) await this.signOut(tx, user, 'changed');
      return this.answer(after, agency);
    });
  }

  /** Ends every session at once and lets nobody in until it is unlocked. @throws Problem `not-found`, `own-account`, `stale-version` */
  lockAccount(caller: Caller, id: string, ifMatch?: IfMatch): Promise<UserAnswer> {
    return this.administer(caller, id, ifMatch, 'user.locked', 'locked', (user, now) => ({
      disabledAt: user.disabledAt ?? now,
    }));
  }

  /** Ends either kind of lock. @throws Problem `not-found`, `own-account`, `stale-version` */
  unlockAccount(caller: Caller, id: string, ifMatch?: IfMatch): Promise<UserAnswer> {
    return this.administer(caller, id, ifMatch, 'user.unlocked', undefined, () => ({
      disabledAt: null,
      lockedUntil: null,
      failedLogins: 0,
    }));
  }

  /**
   * Gives an account a new password, to be changed at the next sign-in, and takes its second factor away (for whoever lost
   * the device). A lock by a security administrator stays.
   * @param password where the command line was given one
   * @throws Problem `not-found`, `own-account`, `stale-version`, `sign-in-elsewhere`, `invalid`
   */
  async reset(caller: Caller, id: string, ifMatch?: IfMatch, password?: string): Promise<UserWithPasswordAnswer> {
    this.provider.refuseLocal();
    const { username } = await this.get(caller, id);
    const faults = password === undefined ? [] : passwordFaults(password, username);
    if (faults.length > 0) throw faulty(faults.map((message) => ({ pointer: '/password', message })));
    const made = password ?? this.hasher.generate();
    const passwordHash = await this.hasher.hash(made);
    const change: UserChange = {
      passwordHash,
      mustChangePassword: true,
      failedLogins: 0,
      lockedUntil: null,
      totpSealed: null,
      totpLastStep: null,
    };
    return this.administer(caller, id, ifMatch, 'user.reset', 'reset', () => change, { password: made });
  }

  /** One change of an account by somebody else, told to the audit log and, where it ends them, to the sessions. */
  private async administer<More extends object>(
    caller: Caller,
    id: string,
    ifMatch: IfMatch,
    action: string,
    end: SessionEnd | undefined,
    change: (user: UserAccount, now: Date) => UserChange,
    more?: More,
  ): Promise<UserAnswer & More> {
    const snapshot = await this.registry.current();
    return this.database.transaction(caller.session, async (tx) => {
      const { user, agency } = await lockReachable(tx, snapshot, caller, id, ifMatch);
      refuseOwn(
        caller,
        user,
        'Your own account is for another security administrator; your password you change with POST /auth/password.',
      );
      const after = await changeUser(tx, user, change(user, tx.now));
      await audit(tx, caller, action, user, agency);
      if (end) await this.signOut(tx, user, end);
      return { ...this.answer(after, agency), ...(more as More) };
    });
  }

  private async signOut(tx: Tx, user: UserAccount, why: SessionEnd): Promise<void> {
    await endSessionsOf(tx, user.id, why);
    await this.bus.invalidate(tx, IDENTITY_TOPIC);
  }

  private async found(caller: Caller, user: UserAccount | null): Promise<UserAnswer> {
    const agency = user && (await this.registry.current()).byId(user.agencyId);
    if (!user || !agency || !mayReach(caller, agency.path)) throw noUser();
    return this.answer(user, agency);
  }

  private answer(user: UserAccount, agency: Agency): UserAnswer {
    return userAnswer(user, agency, this.clock.now(), this.config.timeZone);
  }
}

/** Before the transaction the organisation was read: a look-up inside might wait for a second connection. */
async function lockReachable(
  tx: Tx,
  snapshot: OrganizationSnapshot,
  caller: Caller,
  id: string,
  ifMatch: IfMatch,
): Promise<{ user: UserAccount; agency: Agency }> {
  const user = await lockUserById(tx, id);
  const agency = user && snapshot.byId(user.agencyId);
  if (!user || !agency || !mayReach(caller, agency.path)) throw noUser();
  requireVersion(ifMatch, user.version);
  return { user, agency };
}

function noUser(): Error {
  return notFound.with('You have no such user.');
}

function refuseOwn(caller: Caller, user: UserAccount, why: string): void {
  if (caller.id === user.id) throw ownAccount.with(why);
}

function roleFaults(roles: UserAccount['roles']): Fault[] {
  return userRoleFaults(roles).map((message) => ({ pointer: '/roles', message }));
}

function sameRoles(a: UserAccount['roles'], b: UserAccount['roles']): boolean {
  return a.length === b.length && a.every((role) => b.includes(role));
}

function audit(
  tx: Tx,
  caller: Caller,
  action: string,
  user: UserAccount,
  agency: Agency,
  more: Record<string, unknown> = {},
): Promise<void> {
  const data = { username: user.username, ...more };
  return recordAudit(tx, { action, caller, agency, objectKind: 'user', objectId: user.id, data });
}
