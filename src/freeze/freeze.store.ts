import { Injectable } from '@nestjs/common';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { plain } from '../platform/database/insertion.js';
import { FREEZE_FIELDS, RENEWAL_FIELDS, type Freeze, type Renewal } from './freeze.js';

/** What may change once it is asked for. */
const CHANGING = [
  'fromOn',
  'untilOn',
  'heldBy',
  'approverTier',
  'status',
  'approvedAt',
  'approvedBy',
  'waitingSince',
  'effectiveAt',
  'frozenFen',
  'unrelatedAt',
  'releaseDueAt',
  'endedAt',
] as const satisfies readonly (keyof Freeze)[];

const ADD = statement(
  'fund_freeze.add',
  `INSERT INTO fund_freeze (${FREEZE_FIELDS.map(snake).join(', ')})
   VALUES (${FREEZE_FIELDS.map((_, index) => `$${index + 1}`).join(', ')})`,
);
const LOCK = statement(
  'fund_freeze.lock',
  `SELECT ${columns(FREEZE_FIELDS)} FROM fund_freeze WHERE id = $1 FOR NO KEY UPDATE`,
);
/** Whoever has the account held sees who is next. */
const LOCK_NEXT = statement(
  'fund_freeze.lock-next',
  `SELECT ${columns(FREEZE_FIELDS)} FROM fund_freeze WHERE account_id = $1 AND status = 'waiting'
   ORDER BY waiting_since, id LIMIT 1 FOR NO KEY UPDATE`,
);
const LOCK_EFFECTIVE = statement(
  'fund_freeze.lock-effective',
  `SELECT ${columns(FREEZE_FIELDS)} FROM fund_freeze WHERE account_id = $1 AND status = 'effective' FOR NO KEY UPDATE`,
);
const UPDATE = statement(
  'fund_freeze.update',
  `UPDATE fund_freeze SET version = version + 1,
     ${CHANGING.map((field, index) => `${snake(field)} = $${index + 3}`).join(', ')}
   WHERE id = $1 AND version = $2`,
);

const ASK = statement(
  'freeze_renewal.ask',
  `INSERT INTO freeze_renewal (${RENEWAL_FIELDS.map(snake).join(', ')})
   VALUES (${RENEWAL_FIELDS.map((_, index) => `$${index + 1}`).join(', ')})`,
);
const LOCK_RENEWAL = statement(
  'freeze_renewal.lock',
  `SELECT ${columns(RENEWAL_FIELDS)} FROM freeze_renewal WHERE id = $1 AND freeze_id = $2 FOR NO KEY UPDATE`,
);
const DECIDE = statement(
  'freeze_renewal.decide',
  `UPDATE freeze_renewal SET decision = $2, decided_at = $3, decided_by = $4 WHERE id = $1 AND decision IS NULL`,
);
const TOO_LATE = statement(
  'freeze_renewal.too-late',
  `UPDATE freeze_renewal SET decision = 'late', decided_at = $2 WHERE freeze_id = $1 AND decision IS NULL`,
);

/** Every statement that writes `fund_freeze` and `freeze_renewal`. The account and the incident are held first. */
@Injectable()
export class FreezeStore {
  add(tx: Tx, freeze: Freeze): void {
    tx.send(
      ADD,
      FREEZE_FIELDS.map((field) => plain(freeze[field])),
    );
  }

  /** Holds one until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<Freeze | undefined> {
    return tx.row<Freeze>(LOCK, [id]);
  }

  /** The first in the line of an account. */
  async lockNext(tx: Tx, accountId: string): Promise<Freeze | undefined> {
    return tx.row<Freeze>(LOCK_NEXT, [accountId]);
  }

  /** The one that holds an account. */
  async lockEffective(tx: Tx, accountId: string): Promise<Freeze | undefined> {
    return tx.row<Freeze>(LOCK_EFFECTIVE, [accountId]);
  }

  /** Writes what may change, guarded by the version that was read, and counts the version up. */
  update(tx: Tx, freeze: Freeze): void {
    tx.send(UPDATE, [freeze.id, freeze.version, ...CHANGING.map((field) => plain(freeze[field]))], 1);
    freeze.version += 1;
  }

  ask(tx: Tx, renewal: Renewal): void {
    tx.send(
      ASK,
      RENEWAL_FIELDS.map((field) => plain(renewal[field])),
    );
  }

  async lockRenewal(tx: Tx, freezeId: string, id: string): Promise<Renewal | undefined> {
    return tx.row<Renewal>(LOCK_RENEWAL, [id, freezeId]);
  }

  decide(tx: Tx, { id, decision, decidedAt, decidedBy }: Renewal): void {
    tx.send(DECIDE, [id, decision, decidedAt!.toISOString(), decidedBy], 1);
  }

  /** A renewal that nobody has decided ends with its freeze. */
  tooLate(tx: Tx, freezeId: string): void {
    tx.send(TOO_LATE, [freezeId, tx.now.toISOString()]);
  }
}
