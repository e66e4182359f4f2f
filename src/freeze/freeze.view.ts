import { Injectable } from '@nestjs/common';
import type { Incident } from '../incident/incident.js';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { LocalDate } from '../platform/clock/local-date.js';
import {
  FREEZE_FIELDS,
  RENEWAL_FIELDS,
  type ApproverTier,
  type Freeze,
  type FreezeStatus,
  type Renewal,
} from './freeze.js';

/** A freeze with what its answer shows beside it. */
export interface ShownFreeze extends Freeze {
  incidentNo: string;
  /** The agency that holds the incident. */
  holderId: number;
  /** The agencies that hold or held the incident. */
  incidentHeldBy: number[];
  accountSealed: Buffer;
  requestedByName: string | null;
  namedApproverName: string | null;
  approvedByName: string | null;
  /** What is left of it on the account, by the ledger; 0 where it holds nothing. */
  remainingFen: number;
}

export interface ShownRenewal extends Renewal {
  askedByName: string | null;
  decidedByName: string | null;
}

/** A user whom a request names. */
export interface NamedUser {
  id: string;
  agencyId: number;
  active: boolean;
  supervisor: boolean;
}

/** States whose last day ends them. */
const RUNNING = `('requested', 'approved', 'effective')`;
const SHOWN = `SELECT ${columns(FREEZE_FIELDS, 'f')}, i.incident_no AS "incidentNo", i.agency_id AS "holderId",
     i.held_by AS "incidentHeldBy", a.sealed AS "accountSealed", coalesce(asker.display_name, key.name) AS "requestedByName",
     named.display_name AS "namedApproverName", approver.display_name AS "approvedByName",
     CASE WHEN f.status = 'effective' THEN (ledger_balance(f.account_id)).frozen_fen ELSE 0 END AS "remainingFen"
   FROM fund_freeze f JOIN incident i ON i.id = f.incident_id JOIN fund_account a ON a.id = f.account_id
     LEFT JOIN user_account asker ON asker.id = f.requested_by LEFT JOIN api_key key ON key.id = f.requested_by
     LEFT JOIN user_account named ON named.id = f.named_approver
     LEFT JOIN user_account approver ON approver.id = f.approved_by`;

const FIND = statement('fund_freeze.find', `SELECT ${columns(FREEZE_FIELDS)} FROM fund_freeze WHERE id = $1`);
const GET = statement('fund_freeze.get', `${SHOWN} WHERE f.id = $1`);
const RENEWALS = statement(
  'freeze_renewal.of-freezes',
  `SELECT ${columns(RENEWAL_FIELDS, 'r')}, coalesce(asker.display_name, key.name) AS "askedByName",
     decider.display_name AS "decidedByName"
   FROM freeze_renewal r LEFT JOIN user_account asker ON asker.id = r.asked_by LEFT JOIN api_key key ON key.id = r.asked_by
     LEFT JOIN user_account decider ON decider.id = r.decided_by
   WHERE r.freeze_id = ANY($1::uuid[]) ORDER BY r.id`,
);
const LINE = statement(
  'fund_freeze.line',
  `SELECT incident_id AS "incidentId" FROM fund_freeze WHERE account_id = $1 AND status IN ('effective', 'waiting')`,
);
/** The freeze itself does not count: it is judged by another figure. */
const EXCEEDS = statement(
  'fund_freeze.exceeds',
  `SELECT coalesce(sum(greatest(amount_fen, frozen_fen)), 0) + $3::numeric > $4::numeric AS exceeds FROM fund_freeze
   WHERE account_id = $1 AND id IS DISTINCT FROM $2::uuid
     AND (status = 'waiting' OR status IN ${RUNNING} AND until_on >= $5::date)`,
);
const FREE_SINCE = statement(
  'fund_freeze.free-since',
  `SELECT max(ended_at) AS at FROM fund_freeze WHERE account_id = $1 AND effective_at IS NOT NULL`,
);
const CITY_OF_INCIDENT = statement(
  'fund_freeze.city-of-incident',
  `SELECT city_id AS "cityId" FROM incident WHERE id = $1`,
);
const USER = statement(
  'fund_freeze.named-user',
  `SELECT id, agency_id AS "agencyId", disabled_at IS NULL AS active, 'supervisor' = ANY (roles) AS supervisor
   FROM user_account WHERE username = lower($1)`,
);

/** What a list asks for. */
export interface FreezeFilter {
  /** The own agency and those below it. */
  subtree: readonly number[];
  /** The caller's agency is a city: all of its freezes are seen. */
  cityId?: number;
  statuses?: readonly FreezeStatus[];
  incidentId?: string;
  today: LocalDate;
  /** Only what this person may approve now. */
  approver?: { id: string; tiers: readonly ApproverTier[] };
  /** Only effective ones of this city that end until then. */
  ending?: { cityId: number; until: LocalDate };
}

/** Where a page begins: behind an id, or behind a last day and an id. */
export interface FreezePosition {
  until?: LocalDate;
  id: string;
}

/** Reads of `fund_freeze` and `freeze_renewal`. */
@Injectable()
export class FreezeView {
  async find(tx: Tx, id: string): Promise<Freeze | undefined> {
    return tx.row<Freeze>(FIND, [id]);
  }

  async get(tx: Tx, id: string): Promise<ShownFreeze | undefined> {
    return tx.row<ShownFreeze>(GET, [id]);
  }

  /** Of each freeze, the oldest first. */
  async renewals(tx: Tx, freezeIds: readonly string[]): Promise<ShownRenewal[]> {
    return freezeIds.length === 0 ? [] : tx.rows<ShownRenewal>(RENEWALS, [freezeIds]);
  }

  /** Incidents of the freeze that holds an account, and of those behind it. */
  async line(tx: Tx, accountId: string): Promise<string[]> {
    const line = await tx.rows<Pick<Freeze, 'incidentId'>>(LINE, [accountId]);
    return line.map(({ incidentId }) => incidentId);
  }

  /** Whether an amount is, with what is frozen and asked for on its account, more than a limit. @param except not this one */
  async exceeds(
    tx: Tx,
    of: { accountId: string; except: string | null; amountFen: number; today: LocalDate },
    limitFen: number,
  ): Promise<boolean> {
    const values = [of.accountId, of.except, of.amountFen, limitFen, of.today];
    return (await tx.row<{ exceeds: boolean }>(EXCEEDS, values))!.exceeds;
  }

  /** When the last freeze that held an account ended; null where none did. */
  async freeSince(tx: Tx, accountId: string): Promise<Date | null> {
    return (await tx.row<{ at: Date | null }>(FREE_SINCE, [accountId]))!.at;
  }

  async cityOfIncident(tx: Tx, incidentId: string): Promise<Incident['cityId'] | undefined> {
    return (await tx.row<Pick<Incident, 'cityId'>>(CITY_OF_INCIDENT, [incidentId]))?.cityId;
  }

  async namedUser(tx: Tx, username: string): Promise<NamedUser | undefined> {
    return tx.row<NamedUser>(USER, [username]);
  }

  /** Those that end first where endings are asked for, those that wait longest for an approver, else the newest first. */
  async list(tx: Tx, filter: FreezeFilter, after: FreezePosition | undefined, limit: number): Promise<ShownFreeze[]> {
    const where = conditions(filter);
    const order = orderOf(filter);
    if (after) where.add(order.behind(where, after));
    return tx.adHoc<ShownFreeze>(
      `${SHOWN} WHERE ${where.toString()} ORDER BY ${order.by} LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: FreezeFilter): Promise<number> {
    const where = conditions(filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*) AS total FROM fund_freeze f JOIN incident i ON i.id = f.incident_id WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }
}

function orderOf(filter: FreezeFilter): { by: string; behind: (where: Conditions, at: FreezePosition) => string } {
  if (filter.ending) {
    return {
      by: 'f.until_on, f.id',
      behind: (where, { until, id }) => `(f.until_on, f.id) > (${where.value(until)}::date, ${where.value(id)}::uuid)`,
    };
  }
  if (filter.approver) return { by: 'f.id', behind: (where, { id }) => `f.id > ${where.value(id)}::uuid` };
  return { by: 'f.id DESC', behind: (where, { id }) => `f.id < ${where.value(id)}::uuid` };
}

function conditions(filter: FreezeFilter): Conditions {
  const where = new Conditions();
  const subtree = `${where.value(filter.subtree)}::int[]`;
  const today = (): string => `${where.value(filter.today)}::date`;
  const own = filter.cityId === undefined ? `i.held_by && ${subtree}` : `f.city_id = ${where.value(filter.cityId)}`;
  where.add(`(${own} OR f.held_by && ${subtree})`);
  if (filter.incidentId !== undefined) where.add(`f.incident_id = ${where.value(filter.incidentId)}::uuid`);
  if (filter.statuses) {
    const status = `CASE WHEN f.status IN ${RUNNING} AND f.until_on < ${today()} THEN 'lapsed' ELSE f.status END`;
    where.add(`${status} = ANY(${where.value(filter.statuses)}::text[])`);
  }
  if (filter.ending) {
    const { cityId, until } = filter.ending;
    where.add(`f.city_id = ${where.value(cityId)} AND f.status = 'effective'`);
    where.add(`f.until_on BETWEEN ${today()} AND ${where.value(until)}::date`);
  }
  if (filter.approver) {
    const me = `${where.value(filter.approver.id)}::uuid`;
    const tiers = `${where.value(filter.approver.tiers)}::text[]`;
    where.add(`i.agency_id = ANY(${subtree}) AND f.until_on >= ${today()}`);
    where.add(`(f.status = 'requested' AND f.approver_tier = ANY(${tiers}) AND f.requested_by IS DISTINCT FROM ${me}
        AND coalesce(f.named_approver, ${me}) = ${me}
      OR f.status = 'effective' AND f.unrelated_at IS NULL AND EXISTS (SELECT FROM freeze_renewal r WHERE r.freeze_id = f.id
        AND r.decision IS NULL AND r.approver_tier = ANY(${tiers}) AND r.asked_by IS DISTINCT FROM ${me}))`);
  }
  return where;
}
