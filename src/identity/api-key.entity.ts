import { EntitySchema } from 'typeorm';
import type { Role } from './role.js';

/** One row of `api_key`. */
export interface ApiKey {
  readonly id: string;
  readonly name: string;
  /** SHA-256 of the key: it is long and random, so that a slow hash would add nothing. */
  readonly hash: Buffer;
  /** Its last four characters, to tell keys apart. */
  readonly hint: string;
  readonly agencyId: number;
  readonly roles: Role[];
  /** Empty for all but feeds. */
  readonly sources: string[];
  /** Null where the command line made it. */
  readonly createdBy: string | null;
  readonly createdAt: Date;
  readonly expiresAt: Date | null;
  readonly revokedAt: Date | null;
}

export const ApiKeyEntity = new EntitySchema<ApiKey>({
  name: 'ApiKey',
  tableName: 'api_key',
  columns: {
    id: { type: 'uuid', primary: true },
    name: { type: 'text' },
    hash: { type: 'bytea' },
    hint: { type: 'text' },
    agencyId: { type: 'integer', name: 'agency_id' },
    roles: { type: 'text', array: true },
    sources: { type: 'text', array: true },
    createdBy: { type: 'uuid', name: 'created_by', nullable: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    expiresAt: { type: 'timestamptz', precision: 3, name: 'expires_at', nullable: true },
    revokedAt: { type: 'timestamptz', precision: 3, name: 'revoked_at', nullable: true },
  },
});
