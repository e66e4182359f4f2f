import type { Tx } from '../platform/database/database.js';
import type { Role } from './role.js';
import { UserAccountEntity, type UserAccount } from './user-account.entity.js';

export interface UserFilter {
  /** Agencies whose users are wanted; undefined for all. */
  agencyIds?: readonly number[];
  role?: Role;
  /** Part of the username or of the name. */
  q?: string;
  locked?: boolean;
}

export async function findUserById(tx: Tx, id: string): Promise<UserAccount | null> {
  return tx.manager.findOneBy(UserAccountEntity, { id });
}

export async function findUserByName(tx: Tx, username: string): Promise<UserAccount | null> {
  return tx.manager.findOneBy(UserAccountEntity, { username });
}

/** Users in the order of their usernames, after one of them. */
export async function listUsers(
  tx: Tx,
  filter: UserFilter,
  after: string | undefined,
  limit: number,
): Promise<UserAccount[]> {
  const query = select(tx, filter).orderBy('u.username').take(limit);
  if (after !== undefined) query.andWhere('u.username > :after', { after });
  return query.getMany();
}

export async function countUsers(tx: Tx, filter: UserFilter): Promise<number> {
  return select(tx, filter).getCount();
}

/** Accounts that have, or wait for, a second factor, a page at a time in the order of their ids. */
export async function listTotpSecrets(
  tx: Tx,
  afterId: string,
  limit: number,
): Promise<{ id: string; totpSealed: Buffer }[]> {
  const users = await tx.manager
    .createQueryBuilder(UserAccountEntity, 'u')
    .where('u.totpSealed IS NOT NULL AND u.id > :afterId', { afterId })
    .orderBy('u.id')
    .take(limit)
    .getMany();
  return users.map(({ id, totpSealed }) => ({ id, totpSealed: totpSealed! }));
}

function select(tx: Tx, { agencyIds, role, q, locked }: UserFilter) {
  const query = tx.manager.createQueryBuilder(UserAccountEntity, 'u').where('true');
  if (agencyIds) query.andWhere('u.agencyId = ANY (:agencyIds)', { agencyIds });
  if (role) query.andWhere(':role = ANY (u.roles)', { role });
  if (q) query.andWhere(`strpos(lower(u.username || ' ' || u.displayName), lower(:q)) > 0`, { q });
  if (locked !== undefined) {
    const isLocked = '(u.disabledAt IS NOT NULL OR coalesce(u.lockedUntil > :now, false))';
    query.andWhere(locked ? isLocked : `NOT ${isLocked}`, { now: tx.now });
  }
  return query;
}
