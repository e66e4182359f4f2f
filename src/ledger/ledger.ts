/** What an entry says about money (spec page 4, "The ledger"). */
export const ENTRY_KINDS = [
  'stopped',
  'stop-released',
  'frozen',
  'freeze-released',
  'returned',
  'intercepted',
  'lost',
] as const;
export type EntryKind = (typeof ENTRY_KINDS)[number];

/** What kept intercepted money with its owner: each is a line of its own in the reports. */
export const INTERCEPTED_BASES = ['dissuasion', 'bank', 'stop-payment'] as const;
export type InterceptedBasis = (typeof INTERCEPTED_BASES)[number];

export type CaseKind = 'alert' | 'incident';
export type OriginKind = 'outcome' | 'incident' | 'stop-payment' | 'freeze' | 'return-claim';

/** One movement of money. Never changed; a mistake is reversed by a contrary entry. */
export interface LedgerEntry {
  id: string;
  cityId: number;
  kind: EntryKind;
  /** The account it is of; null for what was intercepted or lost. */
  accountId: string | null;
  /** Always above 0. */
  amountFen: number;
  /** When it happened, e.g. when the bank stopped the account. */
  at: Date;
  caseKind: CaseKind;
  /** On whose timeline it stands. */
  caseId: string;
  /** Whose figures it counts in. */
  agencyId: number;
  originKind: OriginKind;
  /** The outcome, incident, stop-payment, freeze or claim that it comes of; its id is in an event of the case. */
  originId: string;
  /** Of `intercepted` only. */
  basis: InterceptedBasis | null;
  byUser: string | null;
  /** The entry that this one takes back: same kind, account and amount. */
  reverses: string | null;
  recordedAt: Date;
}

/** Sums of the entries of an account, in fen. */
export interface Balance {
  stoppedFen: number;
  frozenFen: number;
}

/** What the seal of an account's number is bound to. */
export function accountContext(accountId: string): string {
  return `fund_account:${accountId}`;
}
