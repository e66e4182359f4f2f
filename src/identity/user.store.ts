import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { UserAccountEntity, type UserAccount } from './user-account.entity.js';

/** What a change of an account may touch. */
export type UserChange = Partial<
  Pick<
    UserAccount,
    | 'displayName'
    | 'agencyId'
    | 'roles'
    | 'passwordHash'
    | 'mustChangePassword'
    | 'failedLogins'
    | 'lockedUntil'
    | 'disabledAt'
    | 'totpSealed'
    | 'totpLastStep'
  >
>;

const COLUMNS = columns([
  'id',
  'username',
  'displayName',
  'agencyId',
  'roles',
  'passwordHash',
  'mustChangePassword',
  'failedLogins',
  'lockedUntil',
  'disabledAt',
  'totpSealed',
  'totpLastStep',
  'createdAt',
  'updatedAt',
  'version',
] satisfies (keyof UserAccount)[]);

const LOCK_BY_ID = statement('user_account.lockById', `SELECT ${COLUMNS} FROM user_account WHERE id = $1 FOR UPDATE`);
const LOCK_BY_NAME = statement(
  'user_account.lockByName',
  `SELECT ${COLUMNS} FROM user_account WHERE username = $1 FOR UPDATE`,
);
const RESEAL = statement(
  'user_account.reseal',
  `UPDATE user_account SET totp_sealed = $3 WHERE id = $1 AND totp_sealed = $2`,
);

export async function insertUser(tx: Tx, user: UserAccount): Promise<void> {
  await tx.manager.insert(UserAccountEntity, user);
}

export function lockUserById(tx: Tx, id: string): Promise<UserAccount | undefined> {
  return tx.row<UserAccount>(LOCK_BY_ID, [id]);
}

export function lockUserByName(tx: Tx, username: string): Promise<UserAccount | undefined> {
  return tx.row<UserAccount>(LOCK_BY_NAME, [username]);
}

/** Changes an account that is locked and gives it as it is now. */
export async function changeUser(tx: Tx, user: UserAccount, change: UserChange): Promise<UserAccount> {
  const after = { ...change, updatedAt: tx.now, version: user.version + 1 };
  await tx.manager.update(UserAccountEntity, { id: user.id }, after);
  return { ...user, ...after };
}

/** Counts and steps of signing in: nobody's edit, so the version stays. */
export async function noteSignIn(
  tx: Tx,
  userId: string,
  facts: Pick<UserChange, 'failedLogins' | 'lockedUntil' | 'totpLastStep'>,
): Promise<void> {
  await tx.manager.update(UserAccountEntity, { id: userId }, facts);
}

/** Puts a newly sealed secret in the place of the same secret sealed before. @returns whether it was still that one */
export async function resealTotp(tx: Tx, userId: string, before: Buffer, after: Buffer): Promise<boolean> {
  return (await tx.run(RESEAL, [userId, before, after])) === 1;
}
