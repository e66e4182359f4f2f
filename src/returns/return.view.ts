import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { LocalDate } from '../platform/clock/local-date.js';
import type { FreezeStatus } from '../freeze/freeze.js';
import {
  CLAIM_FIELDS,
  OBJECTION_FIELDS,
  RETURN_FIELDS,
  type Claim,
  type FundReturn,
  type Objection,
  type ReturnStatus,
} from './return.js';
import { ALLOTTED_STATUSES } from './return.rules.js';

/** A return with what decides who sees it and how it stands. */
export interface ShownReturn extends FundReturn {
  /** Agency that holds the freeze's incident, and all that hold or held it. */
  holderId: number;
  incidentHeldBy: number[];
  freezeStatus: FreezeStatus;
  freezeUntilOn: LocalDate;
  openObjections: number;
  officerNames: string[];
}

/** A claim with its incident. */
export interface ShownClaim extends Claim {
  incidentNo: string;
  incidentHolderId: number;
  incidentHeldBy: number[];
}

export interface ReturnFilter {
  /** The own agency and those below it. */
  subtree: readonly number[];
  /** The caller's agency is a city: all of its returns are seen. */
  cityId?: number;
  statuses?: readonly ReturnStatus[];
  freezeId?: string;
  incidentId?: string;
  now: Date;
  today: LocalDate;
  /** Only what waits for the approval of this supervisor of the city. */
  approver?: { id: string; cityId: number };
  /** Only what may be taken to the bank now. */
  payable?: boolean;
}

const SHOWN = `SELECT ${columns(RETURN_FIELDS, 'r')}, i.agency_id AS "holderId", i.held_by AS "incidentHeldBy",
    f.status AS "freezeStatus", f.until_on AS "freezeUntilOn",
    (SELECT count(*)::int FROM return_objection o WHERE o.return_id = r.id AND o.decision IS NULL) AS "openObjections",
    ARRAY(SELECT u.display_name FROM unnest(ARRAY[r.officer_one, r.officer_two]) WITH ORDINALITY AS n(id, ord)
      JOIN user_account u ON u.id = n.id ORDER BY n.ord) AS "officerNames"
  FROM fund_return r JOIN incident i ON i.id = r.incident_id JOIN fund_freeze f ON f.id = r.freeze_id`;

const FIND = statement('fund_return.find', `${SHOWN} WHERE r.id = $1`);
const CLAIMS = statement(
  'return_claim.of-returns',
  `SELECT ${columns(CLAIM_FIELDS, 'c')}, i.incident_no AS "incidentNo", i.agency_id AS "incidentHolderId",
     i.held_by AS "incidentHeldBy"
   FROM return_claim c JOIN incident i ON i.id = c.incident_id
   WHERE c.return_id = ANY($1::uuid[]) AND c.withdrawn_at IS NULL ORDER BY c.return_id, c.no`,
);
const OBJECTIONS = statement(
  'return_objection.of-returns',
  `SELECT ${columns(OBJECTION_FIELDS)} FROM return_objection WHERE return_id = ANY($1::uuid[]) ORDER BY return_id, id`,
);
/** What other returns of the account have been allotted and not paid yet. */
const ALLOTTED = statement(
  'fund_return.allotted',
  `SELECT coalesce(sum(c.return_fen), 0)::bigint AS fen FROM fund_return r JOIN return_claim c ON c.return_id = r.id
   WHERE r.account_id = $1 AND r.id IS DISTINCT FROM $2::uuid AND r.status = ANY($3::text[])
     AND c.withdrawn_at IS NULL AND c.paid_at IS NULL`,
);
const CREDITS = statement(
  'fund_return.credits',
  `SELECT t.amount_fen AS fen FROM fund_account a
     JOIN incident_transfer t ON t.to_ix = a.account_ix JOIN incident i ON i.id = t.incident_id AND i.city_id = a.city_id
   WHERE a.id = $1`,
);
/** Accounts that the money moved on from, on its way to this one, by the stop-payments that followed it. */
const TRANSFERS = statement(
  'fund_return.transfers',
  `WITH RECURSIVE upstream AS (
     SELECT parent_id, account_id FROM stop_payment WHERE account_id = $1
     UNION SELECT s.parent_id, s.account_id FROM stop_payment s JOIN upstream u ON s.id = u.parent_id
   )
   SELECT t.incident_id AS "incidentId", t.no, t.at, t.amount_fen AS "amountFen",
     CASE WHEN t.to_ix IS NULL THEN NULL
       WHEN t.to_ix = (SELECT account_ix FROM fund_account WHERE id = $1) THEN 'account'
       WHEN t.to_ix IN (SELECT a.account_ix FROM upstream u JOIN fund_account a ON a.id = u.account_id) THEN 'upstream'
       ELSE 'other' END AS into
   FROM incident_transfer t WHERE t.incident_id = ANY($2::uuid[]) ORDER BY t.incident_id, t.no`,
);
/** Claims of incidents in other returns, that run or were paid. */
const ELSEWHERE = statement(
  'return_claim.elsewhere',
  `SELECT c.incident_id AS "incidentId", r.account_id AS "accountId", c.transfer_nos AS "transferNos",
     CASE WHEN c.paid_at IS NULL THEN c.claim_fen - c.refunded_fen ELSE c.return_fen END AS "takenFen",
     c.paid_at IS NOT NULL AS paid
   FROM return_claim c JOIN fund_return r ON r.id = c.return_id
   WHERE c.incident_id = ANY($1::uuid[]) AND c.withdrawn_at IS NULL AND r.id IS DISTINCT FROM $2::uuid
     AND (c.paid_at IS NOT NULL OR r.ended_at IS NULL)`,
);

export interface TransferOfIncident {
  incidentId: string;
  no: number;
  at: Date;
  amountFen: number;
  into: 'account' | 'upstream' | 'other' | null;
}

export interface ClaimElsewhere {
  incidentId: string;
  accountId: string;
  transferNos: number[];
  takenFen: number;
  paid: boolean;
}

/** Reads of `fund_return`, `return_claim` and `return_objection`. */
@Injectable()
export class ReturnView {
  async find(tx: Tx, id: string): Promise<ShownReturn | undefined> {
    return tx.row<ShownReturn>(FIND, [id]);
  }

  /** In the order of their numbers, without those that others took the place of. */
  async claims(tx: Tx, returnIds: readonly string[]): Promise<ShownClaim[]> {
    return returnIds.length === 0 ? [] : tx.rows<ShownClaim>(CLAIMS, [returnIds]);
  }

  async objections(tx: Tx, returnIds: readonly string[]): Promise<Objection[]> {
    return returnIds.length === 0 ? [] : tx.rows<Objection>(OBJECTIONS, [returnIds]);
  }

  /** Fen of an account that other returns have been allotted and not paid yet. @param except this one does not count */
  async allotted(tx: Tx, accountId: string, except: string | null): Promise<number> {
    return (await tx.row<{ fen: number }>(ALLOTTED, [accountId, except, ALLOTTED_STATUSES]))!.fen;
  }

  /** Amounts of the credits into an account that incidents of its city tell of, fen. */
  async credits(tx: Tx, accountId: string): Promise<number[]> {
    return (await tx.rows<{ fen: number }>(CREDITS, [accountId])).map(({ fen }) => fen);
  }

  /** Transfers of incidents, and how each stands to an account. */
  async transfers(tx: Tx, accountId: string, incidentIds: readonly string[]): Promise<TransferOfIncident[]> {
    return tx.rows<TransferOfIncident>(TRANSFERS, [accountId, incidentIds]);
  }

  /** Claims of incidents in other returns. @param except this one does not count */
  async elsewhere(tx: Tx, incidentIds: readonly string[], except: string | null): Promise<ClaimElsewhere[]> {
    return tx.rows<ClaimElsewhere>(ELSEWHERE, [incidentIds, except]);
  }

  /** What waits for somebody, the longest waiting first; everything else the newest first. */
  async list(tx: Tx, filter: ReturnFilter, after: string | undefined, limit: number): Promise<ShownReturn[]> {
    const where = conditions(filter);
    const queue = filter.approver !== undefined || filter.payable === true;
    if (after !== undefined) where.add(`r.id ${queue ? '>' : '<'} ${where.value(after)}::uuid`);
    return tx.adHoc<ShownReturn>(
      `${SHOWN} WHERE ${where.toString()} ORDER BY r.id ${queue ? '' : 'DESC'} LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: ReturnFilter): Promise<number> {
    const where = conditions(filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*) AS total FROM fund_return r JOIN incident i ON i.id = r.incident_id
         JOIN fund_freeze f ON f.id = r.freeze_id WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }
}

const ENDED = `('refused', 'paid', 'lapsed')`;
const UNDISPUTED = `NOT EXISTS (SELECT FROM return_objection o WHERE o.return_id = r.id AND o.decision IS NULL)`;

/** As `stateAt` has it. */
function statusOf(where: Conditions, { now, today }: ReturnFilter): string {
  const frozen = `f.status = 'effective' AND f.until_on >= ${where.value(today)}::date`;
  const reached = `r.payable_from <= ${where.value(now)}::timestamptz`;
  return `CASE WHEN r.status IN ${ENDED} THEN r.status WHEN NOT (${frozen}) THEN 'lapsed'
    WHEN r.status = 'notice' AND ${reached} AND ${UNDISPUTED} THEN 'payable' ELSE r.status END`;
}

function conditions(filter: ReturnFilter): Conditions {
  const where = new Conditions();
  if (filter.cityId !== undefined) where.add(`r.city_id = ${where.value(filter.cityId)}`);
  else {
    const subtree = `${where.value(filter.subtree)}::int[]`;
    where.add(`(i.held_by && ${subtree} OR r.held_by && ${subtree} OR EXISTS (SELECT FROM return_claim c
      JOIN incident ci ON ci.id = c.incident_id
      WHERE c.return_id = r.id AND c.withdrawn_at IS NULL AND ci.held_by && ${subtree}))`);
  }
  if (filter.freezeId !== undefined) where.add(`r.freeze_id = ${where.value(filter.freezeId)}::uuid`);
  if (filter.incidentId !== undefined) {
    const incident = `${where.value(filter.incidentId)}::uuid`;
    where.add(`(r.incident_id = ${incident} OR EXISTS (SELECT FROM return_claim c
      WHERE c.return_id = r.id AND c.withdrawn_at IS NULL AND c.incident_id = ${incident}))`);
  }
  if (filter.statuses) where.add(`${statusOf(where, filter)} = ANY(${where.value(filter.statuses)}::text[])`);
  if (filter.payable) where.add(`${statusOf(where, filter)} = 'payable' AND ${UNDISPUTED}`);
  if (filter.approver) {
    const me = `${where.value(filter.approver.id)}::uuid`;
    where.add(`${statusOf(where, filter)} = 'proposed' AND r.city_id = ${where.value(filter.approver.cityId)}
      AND r.proposed_by IS DISTINCT FROM ${me} AND r.applied_by IS DISTINCT FROM ${me}`);
  }
  return where;
}
