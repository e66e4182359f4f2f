import type { EventType } from '../timeline/event.js';

/**
 * A place in the order in which the world hears of events: by the transaction that wrote them, then by case and number.
 * Opaque to clients, the same in every instance and after every restart.
 */
export interface Position {
  /** Number of the transaction, a bigint in text. */
  readonly tx: string;
  readonly caseId: string;
  readonly seq: number;
}

/** One event, with what decides who may hear of it. */
export interface FeedEvent extends Position {
  readonly at: Date;
  readonly type: EventType;
  readonly actorId: string | null;
  readonly agencyId: number | null;
  /** Facts of the event as JSON text: never personal data. */
  readonly data: string;
  readonly caseKind: 'alert' | 'incident';
  /** `alertNo` or `incidentNo`. */
  readonly caseNumber: string;
  readonly source: string;
  readonly cityId: number;
  /** Of the case it belongs to: of a merged signal, those of the alert that it joined. */
  readonly heldBy: readonly number[];
  readonly holderId: number | null;
}

/** How clients are told which case an event is of. */
export type CaseName =
  | { caseKind: 'alert'; alertId: string; alertNo: string }
  | { caseKind: 'incident'; incidentId: string; incidentNo: string };

export function caseNameOf({ caseKind, caseId, caseNumber }: FeedEvent): CaseName {
  return caseKind === 'alert'
    ? { caseKind, alertId: caseId, alertNo: caseNumber }
    : { caseKind, incidentId: caseId, incidentNo: caseNumber };
}

const NO_CASE = '00000000-0000-0000-0000-000000000000';
const FORM = /^(\d{1,19})\.([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.(\d{1,9})$/;

/** Before the first event. */
export const BEGINNING: Position = { tx: '0', caseId: NO_CASE, seq: 0 };

/** Behind everything that transactions before this one wrote. */
export function beforeTransaction(tx: string): Position {
  return { tx, caseId: NO_CASE, seq: 0 };
}

export function formatPosition({ tx, caseId, seq }: Position): string {
  return `${tx}.${caseId}.${seq}`;
}

/** @returns undefined where the text is no position */
export function parsePosition(text: string): Position | undefined {
  const [, tx, caseId, seq] = FORM.exec(text) ?? [];
  if (tx === undefined || BigInt(tx) > 9_223_372_036_854_775_807n) return undefined;
  return { tx, caseId: caseId!, seq: Number(seq) };
}
