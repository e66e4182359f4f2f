import { EntitySchema } from 'typeorm';

/** One row of `login_session`: a sign-in, and the family of refresh tokens that came of it. */
export interface LoginSession {
  readonly id: string;
  readonly userId: string;
  /** SHA-256 of the refresh token that is good now. */
  readonly refreshHash: Buffer;
  /** Of those before it, the latest last: one of them coming back means that somebody has a copy. */
  readonly usedHashes: Buffer[];
  readonly createdAt: Date;
  readonly lastUsedAt: Date;
  readonly endedAt: Date | null;
  readonly endedWhy: string | null;
}

export const LoginSessionEntity = new EntitySchema<LoginSession>({
  name: 'LoginSession',
  tableName: 'login_session',
  columns: {
    id: { type: 'uuid', primary: true },
    userId: { type: 'uuid', name: 'user_id' },
    refreshHash: { type: 'bytea', name: 'refresh_hash' },
    usedHashes: { type: 'bytea', array: true, name: 'used_hashes', default: () => `'{}'` },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    lastUsedAt: { type: 'timestamptz', precision: 3, name: 'last_used_at' },
    endedAt: { type: 'timestamptz', precision: 3, name: 'ended_at', nullable: true },
    endedWhy: { type: 'text', name: 'ended_why', nullable: true },
  },
});
