import { Injectable } from '@nestjs/common';
import { columns, snake } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion, plain } from '../platform/database/insertion.js';
import { RETURN_FIELDS, type Claim, type FundReturn, type Objection, type ObjectionDecision } from './return.js';

/** What never changes once it is applied for. */
const FIXED: readonly (keyof FundReturn)[] = ['id', 'freezeId', 'incidentId', 'accountId', 'cityId', 'agencyId'];
const CHANGING = RETURN_FIELDS.filter((field) => !FIXED.includes(field) && field !== 'version');

const NEW = RETURN_FIELDS.filter((field) => field !== 'version');
const ADD = statement(
  'fund_return.add',
  `INSERT INTO fund_return (${NEW.map(snake).join(', ')}) VALUES (${NEW.map((_, index) => `$${index + 1}`).join(', ')})`,
);
const LOCK = statement(
  'fund_return.lock',
  `SELECT ${columns(RETURN_FIELDS)} FROM fund_return WHERE id = $1 FOR NO KEY UPDATE`,
);
const LOCK_OPEN = statement(
  'fund_return.lock-open',
  `SELECT ${columns(RETURN_FIELDS)} FROM fund_return WHERE freeze_id = $1 AND ended_at IS NULL ORDER BY id FOR NO KEY UPDATE`,
);
const UPDATE = statement(
  'fund_return.update',
  `UPDATE fund_return SET version = version + 1,
     ${CHANGING.map((field, index) => `${snake(field)} = $${index + 3}`).join(', ')}
   WHERE id = $1 AND version = $2`,
);

const ADD_CLAIM = statement(
  'return_claim.add',
  `INSERT INTO return_claim (id, return_id, no, incident_id, transfer_nos, first_transfer_at, claim_fen, refunded_fen,
     return_fen, person_ix, payee_ix, bank, sealed)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)`,
);
const WITHDRAW = statement(
  'return_claim.withdraw',
  `UPDATE return_claim SET withdrawn_at = $2 WHERE return_id = $1 AND withdrawn_at IS NULL`,
);
const ALLOT = statement(
  'return_claim.allot',
  `UPDATE return_claim SET return_fen = $2 WHERE id = $1 AND paid_at IS NULL`,
);
const PAY = statement(
  'return_claim.pay',
  `UPDATE return_claim SET paid_at = $2, receipt_no = $3, paid_by = $4 WHERE id = $1 AND (paid_at IS NULL) = ($2::timestamptz IS NOT NULL)`,
);

const OBJECTIONS = new Insertion<Objection>('return_objection.add', 'return_objection', {
  id: 'uuid',
  returnId: 'uuid',
  round: 'smallint',
  sealed: 'bytea',
  raisedAt: 'timestamptz',
  recordedBy: 'uuid',
});
const DECIDE = statement(
  'return_objection.decide',
  `UPDATE return_objection SET decision = $2, decided_at = $3, decided_by = $4 WHERE id = $1 AND decision IS NULL`,
);

export type NewClaim = Omit<Claim, 'paidAt' | 'receiptNo' | 'paidBy' | 'withdrawnAt'>;

/**
 * Every statement that writes `fund_return`, `return_claim` and `return_objection`. The account and the incidents are held
 * first, and the return before its claims and objections.
 */
@Injectable()
export class ReturnStore {
  /** Holds one until the transaction ends. */
  async lock(tx: Tx, id: string): Promise<FundReturn | undefined> {
    return tx.row<FundReturn>(LOCK, [id]);
  }

  /** Holds those of a freeze that have not ended. */
  async lockOpen(tx: Tx, freezeId: string): Promise<FundReturn[]> {
    return tx.rows<FundReturn>(LOCK_OPEN, [freezeId]);
  }

  add(tx: Tx, fundReturn: FundReturn): void {
    tx.send(
      ADD,
      NEW.map((field) => plain(fundReturn[field])),
    );
  }

  /** Writes what may change, guarded by the version that was read, and counts the version up. */
  update(tx: Tx, fundReturn: FundReturn): void {
    tx.send(UPDATE, [fundReturn.id, fundReturn.version, ...CHANGING.map((field) => plain(fundReturn[field]))], 1);
    fundReturn.version += 1;
  }

  addClaims(tx: Tx, claims: readonly NewClaim[]): void {
    for (const claim of claims) {
      const { id, returnId, no, incidentId, transferNos, firstTransferAt, claimFen, refundedFen, returnFen } = claim;
      const { personIx, payeeIx, bank, sealed } = claim;
      const facts = [id, returnId, no, incidentId, transferNos, firstTransferAt.toISOString(), claimFen, refundedFen];
      tx.send(ADD_CLAIM, [...facts, returnFen, personIx, payeeIx, bank, sealed]);
    }
  }

  /** Others take their place. */
  withdrawClaims(tx: Tx, returnId: string): void {
    tx.send(WITHDRAW, [returnId, tx.now.toISOString()]);
  }

  /** What a claim gets, by a new computation. */
  allot(tx: Tx, claimId: string, returnFen: number): void {
    tx.send(ALLOT, [claimId, returnFen], 1);
  }

  pay(tx: Tx, claimId: string, paidAt: Date, receiptNo: string, paidBy: string | null): void {
    tx.send(PAY, [claimId, paidAt.toISOString(), receiptNo, paidBy], 1);
  }

  unpay(tx: Tx, claimId: string): void {
    tx.send(PAY, [claimId, null, null, null], 1);
  }

  addObjection(tx: Tx, objection: Objection): void {
    tx.send(...OBJECTIONS.of([objection]));
  }

  decide(tx: Tx, objectionId: string, decision: ObjectionDecision, decidedBy: string | null): void {
    tx.send(DECIDE, [objectionId, decision, tx.now.toISOString(), decidedBy], 1);
  }
}
