import { Injectable } from '@nestjs/common';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion, plain } from '../platform/database/insertion.js';
import { PROTECTION_FIELDS, type Protection } from './protection.js';

/** What may change once it is in place. */
const CHANGING = [
  'sealed',
  'status',
  'expiresAt',
  'extendedAt',
  'ownerAskedAt',
  'ownerDueAt',
  'ownerAnsweredAt',
  'ownerAnswer',
  'endedAt',
] as const satisfies readonly (keyof Protection)[];

const PROTECTIONS = new Insertion<Protection>('protection.add', 'protection', {
  id: 'uuid',
  alertId: 'uuid',
  accountIx: 'bytea',
  bank: 'text',
  sealed: 'bytea',
  agencyId: 'integer',
  requestedBy: 'uuid',
  status: 'text',
  startsAt: 'timestamptz',
  expiresAt: 'timestamptz',
});
const LOCK = statement(
  'protection.lock',
  `SELECT ${columns(PROTECTION_FIELDS)} FROM protection WHERE id = $1 FOR NO KEY UPDATE`,
);
const LOCK_EFFECTIVE = statement(
  'protection.lock-effective',
  `SELECT ${columns(PROTECTION_FIELDS)} FROM protection
   WHERE alert_id = $1 AND account_ix = $2 AND status = 'effective' FOR NO KEY UPDATE`,
);
const UPDATE = statement(
  'protection.update',
  `UPDATE protection SET version = version + 1,
     ${CHANGING.map((field, index) => `${snake(field)} = $${index + 3}`).join(', ')}
   WHERE id = $1 AND version = $2`,
);

/** Every statement that writes `protection`. Its alert is held first. */
@Injectable()
export class ProtectionStore {
  /** Holds one until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<Protection | undefined> {
    return tx.row<Protection>(LOCK, [id]);
  }

  /** Holds the one of an account that has not ended. */
  async lockEffective(tx: Tx, alertId: string, accountIx: Buffer): Promise<Protection | undefined> {
    return tx.row<Protection>(LOCK_EFFECTIVE, [alertId, accountIx]);
  }

  add(tx: Tx, protection: Protection): void {
    tx.send(...PROTECTIONS.of([protection]));
  }

  /** Writes what may change, guarded by the version that was read, and counts the version up. */
  update(tx: Tx, protection: Protection): void {
    const { id, version } = protection;
    tx.send(UPDATE, [id, version, ...CHANGING.map((field) => plain(protection[field]))], 1);
    protection.version += 1;
  }
}
