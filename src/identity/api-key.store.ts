import { createHash, randomInt } from 'node:crypto';
import { IsNull } from 'typeorm';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { ApiKeyEntity, type ApiKey } from './api-key.entity.js';

const LOCK = statement(
  'api_key.lock',
  `SELECT ${columns(['id', 'name', 'hash', 'hint', 'agencyId', 'roles', 'sources', 'createdBy', 'createdAt', 'expiresAt', 'revokedAt'])}
   FROM api_key WHERE id = $1 FOR UPDATE`,
);

const ALPHABET = '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
/** 43 of 62 characters: 256 bits. */
const LENGTH = 43;

/** A new key and what is kept of it. */
export function newKeySecret(): { key: string; hash: Buffer; hint: string } {
  const key = `sk_${Array.from({ length: LENGTH }, () => ALPHABET[randomInt(ALPHABET.length)]).join('')}`;
  return { key, hash: hashOfKey(key), hint: key.slice(-4) };
}

export function hashOfKey(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

export async function insertKey(tx: Tx, key: ApiKey): Promise<void> {
  await tx.manager.insert(ApiKeyEntity, key);
}

export function lockKey(tx: Tx, id: string): Promise<ApiKey | undefined> {
  return tx.row<ApiKey>(LOCK, [id]);
}

/** Puts a new secret in the place of the old one, which is good for nothing from now on. */
export async function replaceSecret(tx: Tx, id: string, hash: Buffer, hint: string): Promise<void> {
  await tx.manager.update(ApiKeyEntity, { id, revokedAt: IsNull() }, { hash, hint });
}

export async function revokeKey(tx: Tx, id: string): Promise<void> {
  await tx.manager.update(ApiKeyEntity, { id, revokedAt: IsNull() }, { revokedAt: tx.now });
}
