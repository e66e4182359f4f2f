import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeyService } from '../identity/api-key.service.js';
import { systemCaller, type Caller } from '../identity/caller.js';
import { identitySession } from '../identity/identity.session.js';
import { PasswordHasher } from '../identity/password.hasher.js';
import type { Role } from '../identity/role.js';
import { SessionService } from '../identity/session.service.js';
import { lockUserById } from '../identity/user.store.js';
import { findUserByName } from '../identity/user.view.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { Database } from '../platform/database/database.js';
import { addAccount } from '../simulation/account.js';
import { Person, type ApiClient } from '../simulation/api.client.js';
import { chineseName } from '../simulation/people.js';
import { Random } from '../simulation/random.js';

export const SOURCES = ['national-platform', 'province-platform', 'bank-centre'] as const;

/**
 * Everybody who works in a replay. An account is made when it is first needed, with a password that nobody knows, and
 * finds itself again when the replay goes on after a stop.
 */
export class ReplayStaff {
  private readonly people = new Map<string, Promise<Person>>();
  private passwordHash: Promise<string> | undefined;
  private feed: Promise<Person> | undefined;

  constructor(
    private readonly app: INestApplicationContext,
    private readonly client: ApiClient,
    private readonly city: string,
  ) {}

  officer(agency: string): Promise<Person> {
    return this.person('officer', agency);
  }

  supervisor(agency: string): Promise<Person> {
    return this.person('supervisor', agency);
  }

  /** Username of an account of the replay. */
  static username(role: Role, agency: string): string {
    return `replay-${role}-${agency}`;
  }

  /** What hands signals in: a key of its own each time the replay goes on. */
  source(): Promise<Person> {
    return (this.feed ??= this.issueKey());
  }

  private person(role: Role, agency: string): Promise<Person> {
    const username = ReplayStaff.username(role, agency);
    let person = this.people.get(username);
    if (!person) this.people.set(username, (person = this.signIn(role, agency, username)));
    return person;
  }

  private async signIn(role: Role, code: string, username: string): Promise<Person> {
    const organization = await this.app.get(OrganizationRegistry, { strict: false }).current();
    const agency = organization.byCode(code);
    if (!agency) throw new Error(`no agency has the code ${code}`);
    const passwordHash = await (this.passwordHash ??= this.unknownPassword());
    const caller = { ...systemCaller(agency), name: 'replay' };
    const { accessToken } = await this.database.transaction(identitySession, async (tx) => {
      const known = await findUserByName(tx, username);
      const displayName = chineseName(new Random(username));
      const id = known?.id ?? (await addAccount(tx, caller, { username, displayName, role, agency }, passwordHash));
      return this.app.get(SessionService, { strict: false }).open(tx, (await lockUserById(tx, id))!, agency);
    });
    return new Person(username, this.client, { authorization: `Bearer ${accessToken}` });
  }

  private async issueKey(): Promise<Person> {
    const caller = await this.caller();
    const { key } = await this.app
      .get(ApiKeyService, { strict: false })
      .issue(caller, { name: 'Replay', agency: this.city, roles: ['feed'], sources: [...SOURCES] });
    return new Person('feed', this.client, { 'x-api-key': key });
  }

  private async caller(): Promise<Caller> {
    const organization = await this.app.get(OrganizationRegistry, { strict: false }).current();
    return { ...systemCaller(organization.byCode(this.city)!), name: 'replay' };
  }

  private unknownPassword(): Promise<string> {
    const hasher = this.app.get(PasswordHasher, { strict: false });
    return hasher.hash(hasher.generate());
  }

  private get database(): Database {
    return this.app.get(Database, { strict: false });
  }
}
