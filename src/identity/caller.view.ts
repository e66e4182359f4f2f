import { statement, type Tx } from '../platform/database/database.js';
import type { Role } from './role.js';

/** What there is to know of a user who comes with a token. */
export interface TokenUser {
  id: string;
  username: string;
  agencyId: number;
  roles: Role[];
  mustChangePassword: boolean;
  lockedUntil: Date | null;
  disabledAt: Date | null;
  totpLastStep: number | null;
}

export interface SessionUser extends TokenUser {
  endedAt: Date | null;
  lastUsedAt: Date;
}

export interface KeyFacts {
  id: string;
  name: string;
  agencyId: number;
  roles: Role[];
  sources: string[];
  expiresAt: Date | null;
  revokedAt: Date | null;
}

const USER_COLUMNS = `u.id, u.username, u.agency_id AS "agencyId", u.roles, u.must_change_password AS "mustChangePassword",
  u.locked_until AS "lockedUntil", u.disabled_at AS "disabledAt", u.totp_last_step AS "totpLastStep"`;

const OF_SESSION = statement(
  'caller.ofSession',
  `SELECT ${USER_COLUMNS}, s.ended_at AS "endedAt", s.last_used_at AS "lastUsedAt"
   FROM login_session s JOIN user_account u ON u.id = s.user_id WHERE s.id = $1 AND u.id = $2`,
);
const OF_USERNAME = statement('caller.ofUsername', `SELECT ${USER_COLUMNS} FROM user_account u WHERE u.username = $1`);
const OF_KEY = statement(
  'caller.ofKey',
  `SELECT id, name, agency_id AS "agencyId", roles, sources, expires_at AS "expiresAt", revoked_at AS "revokedAt"
   FROM api_key WHERE hash = $1`,
);

export function findSessionUser(tx: Tx, sessionId: string, userId: string): Promise<SessionUser | undefined> {
  return tx.row<SessionUser>(OF_SESSION, [sessionId, userId]);
}

export function findTokenUser(tx: Tx, username: string): Promise<TokenUser | undefined> {
  return tx.row<TokenUser>(OF_USERNAME, [username]);
}

export function findKey(tx: Tx, hash: Buffer): Promise<KeyFacts | undefined> {
  return tx.row<KeyFacts>(OF_KEY, [hash]);
}
