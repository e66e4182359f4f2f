import type { INestApplicationContext } from '@nestjs/common';
import { ApiKeyService } from '../identity/api-key.service.js';
import { systemCaller } from '../identity/caller.js';
import { PasswordHasher } from '../identity/password.hasher.js';
import type { Role } from '../identity/role.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { SeedService } from '../organization/seed.service.js';
import { Database } from '../platform/database/database.js';
import { HolidayService } from '../returns/holiday.service.js';
import { addAccount, type Account } from '../simulation/account.js';
import { chineseName } from '../simulation/people.js';
import type { Random } from '../simulation/random.js';
import { SOURCES } from './signals.js';

/** Who works cases, and is at every agency. */
const EVERYWHERE: readonly Role[] = ['officer', 'supervisor'];
/** At the agencies that are shown: one of each tier. */
const SHOWN: readonly Role[] = ['officer', 'supervisor', 'admin', 'security', 'auditor'];

export interface DemoAccounts {
  /** Of every account. */
  readonly password: string;
  readonly feedKey: string;
  /** Accounts of all roles, at one agency of each tier. */
  readonly shown: readonly Account[];
  readonly all: number;
}

/**
 * Makes a city with its agencies, an officer and a supervisor at each of them, every role at one agency of each tier, and
 * a feed's key. All have one password, made at each run: hashing hundreds of different ones would take longer than the
 * day that is played.
 * @param shownTownship code of the township that is shown, with its county and the city
 */
export async function makeAccounts(
  app: INestApplicationContext,
  city: string,
  shownTownship: string,
  random: Random,
): Promise<DemoAccounts> {
  await app.get(SeedService, { strict: false }).seedCity(city);
  const organization = await app.get(OrganizationRegistry, { strict: false }).current();
  const centre = organization.byCode(city)!;
  const agencies = organization.subtree(centre);
  const accounts = agencies.flatMap((agency) => {
    const isShown = shownTownship.startsWith(agency.code);
    return (isShown ? SHOWN : EVERYWHERE).map((role) => ({
      username: `${role}.${agency.code}`,
      displayName: chineseName(random),
      role,
      agency,
    }));
  });
  const hasher = app.get(PasswordHasher, { strict: false });
  const password = hasher.generate();
  const passwordHash = await hasher.hash(password);
  const caller = { ...systemCaller(centre), name: 'demo' };
  await app.get(HolidayService, { strict: false }).seed(caller);
  await app.get(Database, { strict: false }).transaction(caller.session, async (tx) => {
    for (const account of accounts) await addAccount(tx, caller, account, passwordHash);
  });
  const { key: feedKey } = await app
    .get(ApiKeyService, { strict: false })
    .issue(caller, { name: 'Demo feed', agency: city, roles: ['feed'], sources: [...SOURCES] });
  const shown = accounts.filter(({ agency }) => shownTownship.startsWith(agency.code));
  return { password, feedKey, shown, all: accounts.length };
}
