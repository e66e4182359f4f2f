import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Balance, EntryKind, LedgerEntry } from './ledger.js';
import { ENTRY_FIELDS } from './ledger.store.js';

const BALANCE = statement(
  'ledger.balance',
  `SELECT stopped_fen AS "stoppedFen", frozen_fen AS "frozenFen" FROM ledger_balance($1)`,
);

/** The city and whose cases of it are seen; without agencies all of them. */
export interface LedgerScope {
  readonly cityId: number;
  readonly agencies?: readonly number[];
}

export interface LedgerFilter {
  readonly accountIx?: Buffer;
  readonly caseId?: string;
  readonly kind?: EntryKind;
  readonly agencyId?: number;
  readonly from?: Date;
  /** Exclusive. */
  readonly before?: Date;
}

export interface ListedEntry extends LedgerEntry {
  readonly caseNo: string;
  readonly accountSealed: Buffer | null;
  readonly reversedBy: string | null;
}

export interface AccountSums extends Balance {
  readonly accountId: string;
  readonly sealed: Buffer;
  readonly returnedFen: number;
  readonly entries: number;
}

const CASES = `ledger_entry e LEFT JOIN alert a ON e.case_kind = 'alert' AND a.id = e.case_id
  LEFT JOIN incident i ON e.case_kind = 'incident' AND i.id = e.case_id LEFT JOIN fund_account f ON f.id = e.account_id`;

@Injectable()
export class LedgerView {
  /** What an account holds: sums of its entries, in fen. */
  async balance(tx: Tx, accountId: string): Promise<Balance> {
    return (await tx.row<Balance>(BALANCE, [accountId]))!;
  }

  /** Entries of cases in scope, the last recorded first. */
  async list(
    tx: Tx,
    scope: LedgerScope,
    filter: LedgerFilter,
    beforeId: string | undefined,
    limit: number,
  ): Promise<ListedEntry[]> {
    const where = conditionsOf(scope, filter);
    if (beforeId !== undefined) where.add(`e.id < ${where.value(beforeId)}::uuid`);
    return tx.adHoc<ListedEntry>(
      `SELECT ${columns(ENTRY_FIELDS, 'e')}, coalesce(a.alert_no, i.incident_no) AS "caseNo", f.sealed AS "accountSealed",
         (SELECT r.id FROM ledger_entry r WHERE r.reverses = e.id) AS "reversedBy"
       FROM ${CASES} WHERE ${where.toString()} ORDER BY e.id DESC LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, scope: LedgerScope, filter: LedgerFilter): Promise<number> {
    const where = conditionsOf(scope, filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*)::int AS total FROM ${CASES} WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }

  /** Sums of an account over the cases in scope; undefined where none of them has moved money of it. */
  async sums(tx: Tx, scope: LedgerScope, accountIx: Buffer): Promise<AccountSums | undefined> {
    const where = conditionsOf(scope, { accountIx });
    const signed = (...signs: [EntryKind, 1 | -1][]): string =>
      `coalesce(sum(CASE WHEN e.reverses IS NULL THEN 1 ELSE -1 END * e.amount_fen * CASE e.kind ${signs
        .map(([kind, sign]) => `WHEN '${kind}' THEN ${sign}`)
        .join(' ')} ELSE 0 END), 0)::bigint`;
    const [row] = await tx.adHoc<AccountSums>(
      `SELECT f.id AS "accountId", f.sealed, count(*)::int AS entries,
         ${signed(['stopped', 1], ['stop-released', -1])} AS "stoppedFen",
         ${signed(['frozen', 1], ['freeze-released', -1], ['returned', -1])} AS "frozenFen",
         ${signed(['returned', 1])} AS "returnedFen"
       FROM ${CASES} WHERE ${where.toString()} GROUP BY f.id`,
      where.values,
    );
    return row;
  }
}

function conditionsOf(scope: LedgerScope, filter: LedgerFilter): Conditions {
  const where = new Conditions();
  where.add(`e.city_id = ${where.value(scope.cityId)}`);
  if (scope.agencies) where.add(`coalesce(a.held_by, i.held_by) && ${where.value(scope.agencies)}::int[]`);
  if (filter.accountIx) where.add(`f.account_ix = ${where.value(filter.accountIx)} AND f.city_id = e.city_id`);
  if (filter.caseId) where.add(`e.case_id = ${where.value(filter.caseId)}`);
  if (filter.kind) where.add(`e.kind = ${where.value(filter.kind)}`);
  if (filter.agencyId !== undefined) where.add(`e.agency_id = ${where.value(filter.agencyId)}`);
  if (filter.from) where.add(`e.at >= ${where.value(filter.from)}`);
  if (filter.before) where.add(`e.at < ${where.value(filter.before)}`);
  return where;
}
