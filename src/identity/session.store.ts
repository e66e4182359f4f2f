import { createHash, randomBytes } from 'node:crypto';
import { IsNull } from 'typeorm';
import { newId } from '../platform/clock/id.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { LoginSessionEntity, type LoginSession } from './login-session.entity.js';

export type SessionEnd = 'logout' | 'password-changed' | 'locked' | 'reset' | 'changed' | 'idle' | 'reused';

/** A refresh token of long ago is refused like any other wrong one; this many are known to have been good. */
const REMEMBERED_TOKENS = 100;
const SECRET_BYTES = 32;
const PREFIX = 'rt_';

const LOCK = statement(
  'login_session.lock',
  `SELECT ${columns(['id', 'userId', 'refreshHash', 'usedHashes', 'createdAt', 'lastUsedAt', 'endedAt', 'endedWhy'])}
   FROM login_session WHERE id = $1 FOR UPDATE`,
);
const TOUCH = statement(
  'login_session.touch',
  `UPDATE login_session SET last_used_at = $2 WHERE id = $1 AND ended_at IS NULL AND last_used_at < $2`,
);
const PURGE = statement('login_session.purge', `DELETE FROM login_session WHERE last_used_at < $1`);

/** A refresh token: opaque to its owner; to us the session's id, by which it is found, and 256 random bits. */
export function newRefreshToken(sessionId: string): { token: string; hash: Buffer } {
  const id = Buffer.from(sessionId.replaceAll('-', ''), 'hex');
  const token = PREFIX + Buffer.concat([id, randomBytes(SECRET_BYTES)]).toString('base64url');
  return { token, hash: hashOfToken(token) };
}

export function hashOfToken(token: string): Buffer {
  return createHash('sha256').update(token).digest();
}

/** Which session a refresh token is of; undefined where it is none of ours. */
export function sessionOfToken(token: string): string | undefined {
  if (!/^rt_[A-Za-z0-9_-]{64}$/.test(token)) return undefined;
  const hex = Buffer.from(token.slice(PREFIX.length), 'base64url').toString('hex', 0, 16);
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');
}

export async function openSession(tx: Tx, userId: string): Promise<{ sessionId: string; refreshToken: string }> {
  const sessionId = newId(tx.now);
  const { token, hash } = newRefreshToken(sessionId);
  await tx.manager.insert(LoginSessionEntity, {
    id: sessionId,
    userId,
    refreshHash: hash,
    usedHashes: [],
    createdAt: tx.now,
    lastUsedAt: tx.now,
    endedAt: null,
    endedWhy: null,
  });
  return { sessionId, refreshToken: token };
}

export function lockSession(tx: Tx, id: string): Promise<LoginSession | undefined> {
  return tx.row<LoginSession>(LOCK, [id]);
}

/** Puts a new refresh token in the place of the present one; `session` is locked. */
export async function rotateRefreshToken(tx: Tx, session: LoginSession): Promise<string> {
  const { token, hash } = newRefreshToken(session.id);
  const usedHashes = [...session.usedHashes, session.refreshHash].slice(-REMEMBERED_TOKENS);
  await tx.manager.update(
    LoginSessionEntity,
    { id: session.id },
    { refreshHash: hash, usedHashes, lastUsedAt: tx.now },
  );
  return token;
}

/** @returns whether it was open until now */
export async function endSession(tx: Tx, id: string, why: SessionEnd): Promise<boolean> {
  const { affected } = await tx.manager.update(
    LoginSessionEntity,
    { id, endedAt: IsNull() },
    { endedAt: tx.now, endedWhy: why },
  );
  return affected === 1;
}

export async function endSessionsOf(tx: Tx, userId: string, why: SessionEnd): Promise<void> {
  await tx.manager.update(LoginSessionEntity, { userId, endedAt: IsNull() }, { endedAt: tx.now, endedWhy: why });
}

/** Writes down that a session is in use. */
export async function touchSession(tx: Tx, id: string, at: Date): Promise<void> {
  await tx.run(TOUCH, [id, at]);
}

/** Removes sessions that nobody used since a moment. @returns how many */
export async function purgeSessions(tx: Tx, before: Date): Promise<number> {
  return tx.run(PURGE, [before]);
}
