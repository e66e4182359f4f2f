import { Injectable } from '@nestjs/common';
import type { Incident } from '../incident/incident.js';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import { STOP_FIELDS, type StopPayment, type StopStatus } from './stop.js';

/** What decides who may see an incident, with the agency that holds it. */
const INCIDENT_FIELDS = ['incidentNo', 'cityId', 'heldBy'] as const satisfies readonly (keyof Incident)[];
type Place = Pick<Incident, (typeof INCIDENT_FIELDS)[number]> & { holderId: number };

/** A stop-payment with what its answer shows beside it. */
export type ShownStop = StopPayment & Place & { accountSealed: Buffer };

const SHOWN = `SELECT ${columns(STOP_FIELDS, 's')}, ${columns(INCIDENT_FIELDS, 'i')}, i.agency_id AS "holderId",
     f.sealed AS "accountSealed"
   FROM stop_payment s JOIN incident i ON i.id = s.incident_id JOIN fund_account f ON f.id = s.account_id`;

const FIND = statement('stop_payment.find', `${SHOWN} WHERE s.id = $1`);
const COUNTED = statement(
  'stop_payment.counted',
  `${SHOWN} WHERE s.account_id = $1 AND s.ordinal IS NOT NULL ORDER BY s.id`,
);
const SIZE = statement('stop_payment.size', `SELECT count(*) AS total FROM stop_payment WHERE incident_id = $1`);

/** What a list asks for. */
export interface StopFilter {
  cityId: number;
  /** Null: the whole city. */
  agencies: readonly number[] | null;
  statuses?: readonly StopStatus[];
  incidentId?: string;
  /** Only those that hold and end until then. */
  until?: Date;
}

/** Reads of `stop_payment`. */
@Injectable()
export class StopView {
  async find(tx: Tx, id: string): Promise<ShownStop | undefined> {
    return tx.row<ShownStop>(FIND, [id]);
  }

  /** Stop-payments of an account that count, in the order in which they were asked for. */
  async counted(tx: Tx, accountId: string): Promise<ShownStop[]> {
    return tx.rows<ShownStop>(COUNTED, [accountId]);
  }

  /** How many an incident has. */
  async size(tx: Tx, incidentId: string): Promise<number> {
    return (await tx.row<{ total: number }>(SIZE, [incidentId]))!.total;
  }

  /** The newest first; with `until` those that end first. @param after the position of the page before */
  async list(tx: Tx, filter: StopFilter, after: readonly string[] | undefined, limit: number): Promise<ShownStop[]> {
    const where = conditions(tx, filter);
    const order = filter.until ? 's.expires_at, s.id' : 's.id DESC';
    if (after && filter.until)
      where.add(`(s.expires_at, s.id) > (${where.value(after[0])}::timestamptz, ${where.value(after[1])}::uuid)`);
    else if (after) where.add(`s.id < ${where.value(after[0])}::uuid`);
    return tx.adHoc<ShownStop>(
      `${SHOWN} WHERE ${where.toString()} ORDER BY ${order} LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: StopFilter): Promise<number> {
    const where = conditions(tx, filter);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*) AS total FROM stop_payment s JOIN incident i ON i.id = s.incident_id WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }
}

/** A stop-payment whose time is over is `expired` from that moment on, whether or not the clock has told so. */
function conditions(tx: Tx, { cityId, agencies, statuses, incidentId, until }: StopFilter): Conditions {
  const where = new Conditions();
  const now = (): string => `${where.value(tx.now)}::timestamptz`;
  where.add(`s.city_id = ${where.value(cityId)}`);
  if (agencies) where.add(`i.held_by && ${where.value(agencies)}::int[]`);
  if (incidentId !== undefined) where.add(`s.incident_id = ${where.value(incidentId)}::uuid`);
  if (statuses) {
    const state = `CASE WHEN s.status = 'effective' AND s.expires_at <= ${now()} THEN 'expired' ELSE s.status END`;
    where.add(`${state} = ANY(${where.value(statuses)}::text[])`);
  }
  if (until)
    where.add(
      `s.status = 'effective' AND s.expires_at > ${now()} AND s.expires_at <= ${where.value(until)}::timestamptz`,
    );
  return where;
}
