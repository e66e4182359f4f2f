import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';

/** Incidents and what was done about their money as it lies in the tables; nothing from the ledger. Moments are milliseconds. */
export interface StoredMoney {
  readonly incidents: readonly StoredIncident[];
  readonly stops: readonly StoredStop[];
  readonly freezes: readonly StoredFreeze[];
  readonly returns: readonly StoredReturn[];
  readonly claims: readonly StoredClaim[];
  readonly populations: readonly { agencyId: number; year: number; population: number }[];
}

export interface StoredIncident {
  creditedId: number;
  reportedAt: number;
  lossFen: number;
  stopDueAt: number;
  stopMetAt: number | null;
}

export interface StoredStop {
  agencyId: number;
  accountId: string;
  status: string;
  requestedAt: number;
  stoppedAt: number | null;
  stoppedFen: number | null;
  endedAt: number | null;
  releasedTo: string | null;
  bank: string;
}

export interface StoredFreeze {
  id: string;
  agencyId: number;
  accountId: string;
  status: string;
  requestedAt: number;
  effectiveAt: number | null;
  frozenFen: number | null;
  endedAt: number | null;
  bank: string;
}

export interface StoredReturn {
  agencyId: number;
  status: string;
  endedAt: number | null;
}

/** A claim that was paid. */
export interface StoredClaim {
  freezeId: string;
  agencyId: number;
  person: string;
  returnFen: number;
  paidAt: number;
}

const ms = (column: string, name: string): string => `round(date_part('epoch', ${column}) * 1000)::bigint AS "${name}"`;

const READS = {
  incidents: statement(
    'verify.money-incidents',
    `SELECT credited_id AS "creditedId", loss_fen AS "lossFen", ${ms('reported_at', 'reportedAt')}, ${ms('stop_due_at', 'stopDueAt')},
       ${ms('stop_met_at', 'stopMetAt')} FROM incident`,
  ),
  stops: statement(
    'verify.money-stops',
    `SELECT agency_id AS "agencyId", account_id AS "accountId", status, stopped_fen AS "stoppedFen", released_to AS "releasedTo", bank,
       ${ms('requested_at', 'requestedAt')}, ${ms('stopped_at', 'stoppedAt')}, ${ms('ended_at', 'endedAt')} FROM stop_payment`,
  ),
  freezes: statement(
    'verify.money-freezes',
    `SELECT id, agency_id AS "agencyId", account_id AS "accountId", status, frozen_fen AS "frozenFen", bank,
       ${ms('requested_at', 'requestedAt')}, ${ms('effective_at', 'effectiveAt')}, ${ms('ended_at', 'endedAt')} FROM fund_freeze`,
  ),
  returns: statement(
    'verify.money-returns',
    `SELECT f.agency_id AS "agencyId", r.status, ${ms('r.ended_at', 'endedAt')}
     FROM fund_return r JOIN fund_freeze f ON f.id = r.freeze_id`,
  ),
  claims: statement(
    'verify.money-claims',
    `SELECT r.freeze_id AS "freezeId", f.agency_id AS "agencyId", encode(c.person_ix, 'hex') AS person, c.return_fen AS "returnFen",
       ${ms('c.paid_at', 'paidAt')}
     FROM return_claim c JOIN fund_return r ON r.id = c.return_id JOIN fund_freeze f ON f.id = r.freeze_id WHERE c.paid_at IS NOT NULL`,
  ),
  populations: statement(
    'verify.populations',
    `SELECT agency_id AS "agencyId", year, population FROM agency_population`,
  ),
} as const satisfies Record<keyof StoredMoney, unknown>;

/** Some hundred thousand rows in a city of ten million warnings: they are read at once. */
@Injectable()
export class StoredMoneyView {
  async read(tx: Tx): Promise<StoredMoney> {
    const [incidents, stops, freezes, returns, claims, populations] = await Promise.all([
      tx.rows<StoredIncident>(READS.incidents),
      tx.rows<StoredStop>(READS.stops),
      tx.rows<StoredFreeze>(READS.freezes),
      tx.rows<StoredReturn>(READS.returns),
      tx.rows<StoredClaim>(READS.claims),
      tx.rows<StoredMoney['populations'][number]>(READS.populations),
    ]);
    return { incidents, stops, freezes, returns, claims, populations };
  }
}
