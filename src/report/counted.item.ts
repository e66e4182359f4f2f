import type { EntryKind } from '../ledger/ledger.js';
import type { ReportScope } from './report.scope.js';
import type { Values } from './values.js';

/** What a number counted: a case, a signal, a signature, an attempt, an outcome, an urge, a follow-up, an incident or a movement of money. */
export interface CountedItem {
  /** The case, or the case that a signal joined; null where it is of an incident. */
  alertId: string | null;
  incidentId: string | null;
  /** Id of what was counted; the case's own where it is the case. */
  itemId: string;
  /** Which of several that have one id: hops of a case. */
  part: number;
  /** Who did it, or had to; null where the case itself is counted. */
  agencyId: number | null;
  at: Date | null;
  dueAt: Date | null;
  doneAt: Date | null;
  tenths: number | null;
  method: string | null;
  reached: boolean | null;
  result: string | null;
  amountFen: number | null;
  /** Of a movement of money: what it was, and the account. */
  entryKind: EntryKind | null;
  accountId: string | null;
}

/** Where a page ended. */
export type Position = Pick<CountedItem, 'alertId' | 'itemId' | 'part'>;

/** How what stands behind a number is found: a SELECT of `item` columns. */
export type Opening =
  /** Cases of the cohort and what belongs to them: FROM `lines l` of case.facts, read newest first as far as a page needs. */
  | {
      of: 'cohort';
      select: (lines: string, scope: ReportScope, values: Values) => string;
      /** The items are signals: each is shown itself, not the case that it joined. */
      signals?: true;
    }
  /** Acts by their time, and what is so now. */
  | { of: 'acts'; select: (scope: ReportScope, values: Values) => string };

const COLUMNS = {
  incidentId: 'uuid',
  part: 'int',
  agencyId: 'int',
  at: 'timestamptz',
  dueAt: 'timestamptz',
  doneAt: 'timestamptz',
  tenths: 'int',
  method: 'text',
  reached: 'boolean',
  result: 'text',
  amountFen: 'bigint',
  entryKind: 'text',
  accountId: 'uuid',
} as const satisfies Partial<Record<keyof CountedItem, string>>;

/** The columns of an item, always the same ones: those that are not given are null. */
export function item(
  alertId: string,
  itemId: string,
  given: Partial<Record<keyof typeof COLUMNS, string>> = {},
): string {
  const all: typeof given = { part: '0', ...given };
  const others = Object.entries(COLUMNS).map(
    ([column, type]) => `${all[column as keyof typeof COLUMNS] ?? `NULL::${type}`} AS "${column}"`,
  );
  return [`SELECT ${alertId} AS "alertId"`, `${itemId} AS "itemId"`, ...others].join(', ');
}

/** The columns of an item of an incident's, which has no case. */
export function incidentItem(itemId: string, given: Parameters<typeof item>[2]): string {
  return item('NULL::uuid', itemId, given);
}
