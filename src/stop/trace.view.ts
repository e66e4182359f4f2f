import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { STOP_FIELDS, type StopPayment } from './stop.js';
import { MOST_STOPS } from './stop.rules.js';

interface OnAccount {
  /** Blind index of the number of its account. */
  accountIx: Buffer;
  accountSealed: Buffer;
}

/** A stop-payment on its account. */
export type TracedStop = StopPayment & OnAccount;

/** A freeze on its account, as far as a trace shows it. */
export interface TracedFreeze extends OnAccount {
  id: string;
  stopId: string | null;
  accountId: string;
  bank: string;
  status: string;
  /** The last local day of it. */
  untilOn: string;
}

/** What the ledger has of a stop-payment or a freeze and of the returns out of it, in fen. */
export interface Booked {
  id: string;
  stoppedFen: number;
  frozenFen: number;
  returnedFen: number;
  /** What is still held: what was stopped or frozen, less what was released or returned. */
  heldFen: number;
}

const STOPS = statement(
  'trace.stops',
  `SELECT ${columns(STOP_FIELDS, 's')}, a.account_ix AS "accountIx", a.sealed AS "accountSealed"
   FROM stop_payment s JOIN fund_account a ON a.id = s.account_id
   WHERE s.incident_id = $1 ORDER BY s.level, s.id LIMIT ${MOST_STOPS}`,
);
const FREEZES = statement(
  'trace.freezes',
  `SELECT f.id, f.stop_id AS "stopId", f.account_id AS "accountId", f.bank, f.status, f.until_on AS "untilOn", a.account_ix AS "accountIx",
     a.sealed AS "accountSealed"
   FROM fund_freeze f JOIN fund_account a ON a.id = f.account_id
   WHERE f.incident_id = $1 AND f.status NOT IN ('rejected', 'refused') ORDER BY f.id LIMIT ${2 * MOST_STOPS}`,
);
const sum = (kinds: string): string =>
  `coalesce(sum(e.amount_fen * CASE WHEN e.reverses IS NULL THEN 1 ELSE -1 END) FILTER (WHERE e.kind IN (${kinds})), 0)`;
/** Of the origins themselves, and of the claims that are paid out of them. */
const BOOKED = statement(
  'trace.booked',
  `WITH origin AS (
     SELECT id, id AS of FROM unnest($1::uuid[]) AS given(id)
     UNION ALL
     SELECT c.id, r.freeze_id FROM fund_return r JOIN return_claim c ON c.return_id = r.id
     WHERE r.freeze_id = ANY($1::uuid[])
   )
   SELECT o.of AS id, ${sum(`'stopped'`)}::bigint AS "stoppedFen", ${sum(`'frozen'`)}::bigint AS "frozenFen",
     ${sum(`'returned'`)}::bigint AS "returnedFen",
     (${sum(`'stopped', 'frozen'`)} - ${sum(`'stop-released', 'freeze-released', 'returned'`)})::bigint AS "heldFen"
   FROM origin o JOIN ledger_entry e ON e.origin_id = o.id GROUP BY o.of`,
);

/** Reads what the trace of an incident is made of. */
@Injectable()
export class TraceView {
  /** Those whose accounts the money came from first. */
  async stops(tx: Tx, incidentId: string): Promise<TracedStop[]> {
    return tx.rows<TracedStop>(STOPS, [incidentId]);
  }

  /** Those that were not refused, in the order in which they were asked for. */
  async freezes(tx: Tx, incidentId: string): Promise<TracedFreeze[]> {
    return tx.rows<TracedFreeze>(FREEZES, [incidentId]);
  }

  /** @param originIds stop-payments and freezes */
  async booked(tx: Tx, originIds: readonly string[]): Promise<Map<string, Booked>> {
    return new Map((await tx.rows<Booked>(BOOKED, [originIds])).map((one) => [one.id, one]));
  }
}
