import { EntitySchema } from 'typeorm';
import type { Role } from './role.js';

/** One row of `user_account`. */
export interface UserAccount {
  readonly id: string;
  /** Lower case. */
  readonly username: string;
  readonly displayName: string;
  readonly agencyId: number;
  readonly roles: Role[];
  /** Null where only an identity provider knows a password. */
  readonly passwordHash: string | null;
  readonly mustChangePassword: boolean;
  /** In a row, since the last success or lock. */
  readonly failedLogins: number;
  /** Locked by failures until then. */
  readonly lockedUntil: Date | null;
  /** Locked by a security administrator since then. */
  readonly disabledAt: Date | null;
  /** Secret of the second factor; until `totpLastStep` is set it waits to be confirmed. */
  readonly totpSealed: Buffer | null;
  /** The step of the last code that was taken: each is taken once. Null where there is no second factor. */
  readonly totpLastStep: number | null;
  readonly createdAt: Date;
  readonly updatedAt: Date;
  readonly version: number;
}

export const UserAccountEntity = new EntitySchema<UserAccount>({
  name: 'UserAccount',
  tableName: 'user_account',
  columns: {
    id: { type: 'uuid', primary: true },
    username: { type: 'text' },
    displayName: { type: 'text', name: 'display_name' },
    agencyId: { type: 'integer', name: 'agency_id' },
    roles: { type: 'text', array: true },
    passwordHash: { type: 'text', name: 'password_hash', nullable: true },
    mustChangePassword: { type: 'boolean', name: 'must_change_password', default: false },
    failedLogins: { type: 'smallint', name: 'failed_logins', default: 0 },
    lockedUntil: { type: 'timestamptz', precision: 3, name: 'locked_until', nullable: true },
    disabledAt: { type: 'timestamptz', precision: 3, name: 'disabled_at', nullable: true },
    totpSealed: { type: 'bytea', name: 'totp_sealed', nullable: true },
    totpLastStep: { type: 'bigint', name: 'totp_last_step', nullable: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at' },
    version: { type: 'integer', default: 1 },
  },
});
