import { Injectable } from '@nestjs/common';
import type { Position } from '../feed/feed.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { Delivery, DeliveryStatus, Webhook } from './webhook.js';

export const WEBHOOK_FIELDS = [
  'id',
  'agencyId',
  'url',
  'types',
  'active',
  'sealedSecret',
  'sealedOldSecret',
  'oldSecretUntil',
  'beginTx',
  'failures',
  'failingSince',
  'pausedUntil',
  'createdAt',
  'createdBy',
  'version',
] as const satisfies readonly (keyof Webhook)[];
const DELIVERY_FIELDS = [
  'webhookId',
  'id',
  'caseId',
  'seq',
  'type',
  'status',
  'createdAt',
  'attempts',
  'firstAttemptAt',
  'lastAttemptAt',
  'nextAttemptAt',
  'lastResult',
  'endedAt',
] as const satisfies readonly (keyof Delivery)[];

const FIND = statement('webhook.find', `SELECT ${columns(WEBHOOK_FIELDS)} FROM webhook WHERE id = $1`);
const LIST = statement(
  'webhook.list',
  `SELECT ${columns(WEBHOOK_FIELDS)} FROM webhook
   WHERE ($1::int[] IS NULL OR agency_id = ANY ($1)) AND ($2::uuid IS NULL OR id < $2) ORDER BY id DESC LIMIT $3`,
);
const COUNT = statement(
  'webhook.count',
  `SELECT count(*)::int AS number FROM webhook WHERE $1::int[] IS NULL OR agency_id = ANY ($1)`,
);
const ANY_ACTIVE = statement('webhook.any-active', `SELECT EXISTS (SELECT FROM webhook WHERE active) AS found`);
const CURSOR = statement(
  'webhook_cursor.read',
  `SELECT tx::text AS tx, case_id AS "caseId", seq FROM webhook_cursor WHERE single`,
);
const COUNTS = statement(
  'webhook_delivery.counts',
  `SELECT w.id AS "webhookId",
     (SELECT count(*)::int FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.status = 'pending') AS pending,
     (SELECT count(*)::int FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.status = 'parked') AS parked
   FROM unnest($1::uuid[]) w(id)`,
);
const DELIVERY = statement(
  'webhook_delivery.find',
  `SELECT ${columns(DELIVERY_FIELDS)} FROM webhook_delivery WHERE webhook_id = $1 AND id = $2`,
);
const BACKLOG = statement(
  'webhook_delivery.backlog',
  `SELECT count(*)::int AS waiting, min(d.created_at) AS oldest
   FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id WHERE d.status = 'pending' AND w.active`,
);

export interface DeliveryCounts {
  webhookId: string;
  pending: number;
  parked: number;
}

/** Reads webhooks, and what is and was to be delivered. */
@Injectable()
export class WebhookView {
  find(tx: Tx, id: string): Promise<Webhook | undefined> {
    return tx.row<Webhook>(FIND, [id]);
  }

  /** The newest first. @param agencyIds whose; undefined for all */
  list(
    tx: Tx,
    agencyIds: readonly number[] | undefined,
    before: string | undefined,
    limit: number,
  ): Promise<Webhook[]> {
    return tx.rows<Webhook>(LIST, [agencyIds ?? null, before ?? null, limit]);
  }

  async count(tx: Tx, agencyIds: readonly number[] | undefined): Promise<number> {
    return (await tx.row<{ number: number }>(COUNT, [agencyIds ?? null]))!.number;
  }

  async anyActive(tx: Tx): Promise<boolean> {
    return (await tx.row<{ found: boolean }>(ANY_ACTIVE))!.found;
  }

  /** How far the feed has been planned. */
  async cursor(tx: Tx): Promise<Position> {
    return (await tx.row<Position>(CURSOR))!;
  }

  async counts(tx: Tx, webhookIds: readonly string[]): Promise<Map<string, DeliveryCounts>> {
    const rows = await tx.rows<DeliveryCounts>(COUNTS, [webhookIds]);
    return new Map(rows.map((row) => [row.webhookId, row]));
  }

  delivery(tx: Tx, webhookId: string, id: string): Promise<Delivery | undefined> {
    return tx.row<Delivery>(DELIVERY, [webhookId, id]);
  }

  /** Of one webhook, the newest first. */
  deliveries(
    tx: Tx,
    webhookId: string,
    status: DeliveryStatus | undefined,
    before: string | undefined,
    limit: number,
  ): Promise<Delivery[]> {
    const { where, values } = filter(webhookId, status);
    if (before !== undefined) where.push(`id < $${values.push(before)}`);
    return tx.adHoc<Delivery>(
      `SELECT ${columns(DELIVERY_FIELDS)} FROM webhook_delivery WHERE ${where.join(' AND ')}
       ORDER BY id DESC LIMIT $${values.push(limit)}`,
      values,
    );
  }

  async countDeliveries(tx: Tx, webhookId: string, status: DeliveryStatus | undefined): Promise<number> {
    const { where, values } = filter(webhookId, status);
    const [row] = await tx.adHoc<{ number: number }>(
      `SELECT count(*)::int AS number FROM webhook_delivery WHERE ${where.join(' AND ')}`,
      values,
    );
    return row!.number;
  }

  /** What waits for active webhooks, and since when the oldest of it has been waiting. */
  async backlog(tx: Tx): Promise<{ waiting: number; oldest: Date | null }> {
    return (await tx.row<{ waiting: number; oldest: Date | null }>(BACKLOG))!;
  }
}

/** The status stands in the text, out of our own list: only so are its partial indexes used. */
function filter(webhookId: string, status: DeliveryStatus | undefined): { where: string[]; values: unknown[] } {
  const where = ['webhook_id = $1'];
  if (status !== undefined) where.push(`status = '${status}'`);
  return { where, values: [webhookId] };
}
