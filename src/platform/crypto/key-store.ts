import { randomBytes } from 'node:crypto';
import { session, statement, type Database } from '../database/database.js';
import type { Keyring } from './keyring.js';

const FIND = statement('key_ring.find', `SELECT sealed FROM key_ring WHERE purpose = $1`);
const ADD = statement(
  'key_ring.add',
  `INSERT INTO key_ring (purpose, sealed, created_at) VALUES ($1, $2, $3) ON CONFLICT ON CONSTRAINT key_ring_pk DO NOTHING`,
);

const who = session({ actor: 'platform', agency_path: '', roles: 'system' });

/**
 * The database's own key for a purpose, made when first asked for and kept there sealed: every instance has the same,
 * and a rotation of SANJI_KEYS re-seals it without changing it.
 * @throws KeyError where it was sealed with a key that is not given
 */
export async function purposeKey(database: Database, keyring: Keyring, purpose: string): Promise<Buffer> {
  return database.transaction(who, async (tx) => {
    const context = `key_ring:${purpose}`;
    const found = await tx.row<{ sealed: Buffer }>(FIND, [purpose]);
    if (found) return keyring.open(found.sealed, context);
    await tx.run(ADD, [purpose, keyring.seal(randomBytes(32), context), tx.now]);
    // Another instance may have been first: what stands in the table counts.
    const kept = await tx.row<{ sealed: Buffer }>(FIND, [purpose]);
    return keyring.open(kept!.sealed, context);
  });
}
