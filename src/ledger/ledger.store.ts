import { Injectable } from '@nestjs/common';
import { newId } from '../platform/clock/id.js';
import { BlindIndex, Keyring } from '../platform/crypto/keyring.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion } from '../platform/database/insertion.js';
import { ACCOUNT_FIELD } from './account.rules.js';
import { accountContext, type LedgerEntry } from './ledger.js';

const ENTRIES = new Insertion<LedgerEntry>('ledger.append', 'ledger_entry', {
  id: 'uuid',
  cityId: 'integer',
  kind: 'text',
  accountId: 'uuid',
  amountFen: 'bigint',
  at: 'timestamptz',
  caseKind: 'text',
  caseId: 'uuid',
  agencyId: 'integer',
  originKind: 'text',
  originId: 'uuid',
  basis: 'text',
  byUser: 'uuid',
  reverses: 'uuid',
  recordedAt: 'timestamptz',
});
export const ENTRY_FIELDS = [
  'id',
  'cityId',
  'kind',
  'accountId',
  'amountFen',
  'at',
  'caseKind',
  'caseId',
  'agencyId',
  'originKind',
  'originId',
  'basis',
  'byUser',
  'reverses',
  'recordedAt',
] as const satisfies readonly (keyof LedgerEntry)[];

const ADD_ACCOUNT = statement(
  'fund_account.add',
  `INSERT INTO fund_account (id, city_id, account_ix, sealed) VALUES ($1, $2, $3, $4)
   ON CONFLICT ON CONSTRAINT fund_account_uq DO NOTHING`,
);
const FIND_ACCOUNT = statement(
  'fund_account.find',
  `SELECT id FROM fund_account WHERE account_ix = $1 AND city_id = $2 FOR NO KEY UPDATE`,
);
const LOCK_ACCOUNTS = statement(
  'fund_account.lock',
  `SELECT id FROM fund_account WHERE id = ANY($1::uuid[]) ORDER BY id FOR NO KEY UPDATE`,
);
/** Entries of an origin that still count. */
const STANDING = statement(
  'ledger.standing',
  `SELECT ${columns(ENTRY_FIELDS, 'e')} FROM ledger_entry e
   WHERE e.origin_id = $1 AND e.reverses IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses = e.id)
   ORDER BY e.id`,
);

export type NewEntry = Omit<LedgerEntry, 'id' | 'reverses' | 'recordedAt'>;

/**
 * Every statement that writes `fund_account` and `ledger_entry`. Who moves money of an account holds it first, before
 * the incident and whatever belongs to it; the database refuses an entry that would take a balance below zero.
 */
@Injectable()
export class LedgerStore {
  constructor(
    private readonly keyring: Keyring,
    private readonly blindIndex: BlindIndex,
  ) {}

  /** @param account as `normaliseAccount` gives it */
  indexOf(account: string): Buffer {
    return this.blindIndex.of(ACCOUNT_FIELD, account);
  }

  /** Holds the account of a number, made where it is new. @param account normalised @returns its id */
  async holdNumber(tx: Tx, cityId: number, account: string): Promise<string> {
    const index = this.indexOf(account);
    const id = newId(tx.now);
    await tx.run(ADD_ACCOUNT, [id, cityId, index, this.keyring.seal(account, accountContext(id))]);
    return (await tx.row<{ id: string }>(FIND_ACCOUNT, [index, cityId]))!.id;
  }

  /** Holds accounts, in the order of their ids. */
  async hold(tx: Tx, accountIds: readonly string[]): Promise<void> {
    await tx.rows(LOCK_ACCOUNTS, [[...new Set(accountIds)]]);
  }

  /** Nothing is written for what moves nothing. */
  append(tx: Tx, entries: readonly NewEntry[]): void {
    const rows = entries
      .filter(({ amountFen }) => amountFen > 0)
      .map((entry) => ({ ...entry, id: newId(tx.now), reverses: null, recordedAt: tx.now }));
    if (rows.length > 0) tx.send(...ENTRIES.of(rows));
  }

  /** Entries of an outcome, stop-payment, freeze or claim that count: neither reversals nor reversed. */
  async standing(tx: Tx, originId: string): Promise<LedgerEntry[]> {
    return tx.rows<LedgerEntry>(STANDING, [originId]);
  }

  /** Takes entries back by contrary ones, dated as the entries themselves: the figures are as if they had not been. */
  reverse(tx: Tx, entries: readonly LedgerEntry[], byUser: string | null): void {
    const rows = entries.map((entry) => ({
      ...entry,
      id: newId(tx.now),
      byUser,
      reverses: entry.id,
      recordedAt: tx.now,
    }));
    if (rows.length > 0) tx.send(...ENTRIES.of(rows));
  }
}
