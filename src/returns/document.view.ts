import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';

/** A transfer of a victim that a claim rests on. */
export interface ClaimedTransfer {
  incidentId: string;
  no: number;
  at: Date;
  amountFen: number;
  sealed: Buffer;
}

/** An account that was stopped on the way of the money. */
export interface StoppedAccount {
  id: string;
  level: number;
  accountId: string;
  accountSealed: Buffer;
  parentAccountId: string | null;
  parentSealed: Buffer | null;
  bank: string;
  sealed: Buffer;
  transferFen: number;
  transferAt: Date;
  stoppedFen: number | null;
}

const TRANSFERS = statement(
  'return_document.transfers',
  `SELECT t.incident_id AS "incidentId", t.no, t.at, t.amount_fen AS "amountFen", t.sealed
   FROM return_claim c JOIN incident_transfer t ON t.incident_id = c.incident_id AND t.no = ANY(c.transfer_nos)
   WHERE c.return_id = $1 AND c.withdrawn_at IS NULL ORDER BY t.at, c.no, t.no`,
);
const STOPS = statement(
  'return_document.stops',
  `SELECT s.id, s.level, s.account_id AS "accountId", a.sealed AS "accountSealed", p.account_id AS "parentAccountId",
     pa.sealed AS "parentSealed", s.bank, s.sealed, s.transfer_fen AS "transferFen", s.transfer_at AS "transferAt",
     s.stopped_fen AS "stoppedFen"
   FROM stop_payment s JOIN fund_account a ON a.id = s.account_id
     LEFT JOIN stop_payment p ON p.id = s.parent_id LEFT JOIN fund_account pa ON pa.id = p.account_id
   WHERE s.incident_id = ANY($1::uuid[]) AND s.level > 1 ORDER BY s.level, s.transfer_at, s.id`,
);
const ACCOUNT = statement('return_document.account', `SELECT sealed FROM fund_account WHERE id = $1`);

/** What the papers of a return need beside the return itself. */
@Injectable()
export class DocumentView {
  async transfers(tx: Tx, returnId: string): Promise<ClaimedTransfer[]> {
    return tx.rows<ClaimedTransfer>(TRANSFERS, [returnId]);
  }

  /** Accounts behind the first, of incidents, in the order of their levels. */
  async stops(tx: Tx, incidentIds: readonly string[]): Promise<StoppedAccount[]> {
    return tx.rows<StoppedAccount>(STOPS, [incidentIds]);
  }

  /** The sealed number of an account. */
  async account(tx: Tx, accountId: string): Promise<Buffer> {
    return (await tx.row<{ sealed: Buffer }>(ACCOUNT, [accountId]))!.sealed;
  }
}
