import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import type { Role } from '../identity/role.js';
import { insertUser } from '../identity/user.store.js';
import type { Agency } from '../organization/agency.js';
import { newId } from '../platform/clock/id.js';
import type { Tx } from '../platform/database/database.js';

export interface Account {
  readonly username: string;
  readonly displayName: string;
  readonly role: Role;
  readonly agency: Agency;
}

/** Makes an account as it would be made over the API, but with a password that is hashed already. @returns its id */
export async function addAccount(
  tx: Tx,
  caller: Caller,
  { username, displayName, role, agency }: Account,
  passwordHash: string,
): Promise<string> {
  const id = newId(tx.now);
  await insertUser(tx, {
    id,
    username,
    displayName,
    agencyId: agency.id,
    roles: [role],
    passwordHash,
    mustChangePassword: false,
    failedLogins: 0,
    lockedUntil: null,
    disabledAt: null,
    totpSealed: null,
    totpLastStep: null,
    createdAt: tx.now,
    updatedAt: tx.now,
    version: 1,
  });
  const data = { username, agency: agency.code, roles: [role] };
  await recordAudit(tx, { action: 'user.created', caller, agency, objectKind: 'user', objectId: id, data });
  return id;
}
