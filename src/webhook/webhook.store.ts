import { Injectable } from '@nestjs/common';
import type { Position } from '../feed/feed.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { Insertion } from '../platform/database/insertion.js';
import type { ClaimedDelivery, NewDelivery, Webhook } from './webhook.js';
import { WEBHOOK_FIELDS } from './webhook.view.js';

const ADD = statement(
  'webhook.add',
  `INSERT INTO webhook (id, agency_id, url, types, sealed_secret, created_at, created_by)
   VALUES ($1, $2, $3, $4, $5, $6, $7) RETURNING ${columns(WEBHOOK_FIELDS)}`,
);
const LOCK = statement('webhook.lock', `SELECT ${columns(WEBHOOK_FIELDS)} FROM webhook WHERE id = $1 FOR UPDATE`);
const LOCK_AGENCY = statement(
  'webhook.lock-agency',
  `SELECT pg_advisory_xact_lock(hashtextextended('webhooks of ' || $1::text, 0))`,
);
/** Made active again, it begins anew: what happened meanwhile is not told, and what it had failed before is forgotten. */
const UPDATE = statement(
  'webhook.update',
  `UPDATE webhook SET url = $2, types = $3, active = $4, version = version + 1,
     begin_tx = CASE WHEN $4 AND NOT active THEN feed_offset() + pg_current_xact_id()::text::bigint ELSE begin_tx END,
     failures = CASE WHEN $5 THEN 0 ELSE failures END,
     failing_since = CASE WHEN $5 THEN NULL ELSE failing_since END,
     paused_until = CASE WHEN $5 THEN NULL ELSE paused_until END
   WHERE id = $1 RETURNING ${columns(WEBHOOK_FIELDS)}`,
);
const ROTATE = statement(
  'webhook.rotate',
  `UPDATE webhook SET sealed_old_secret = sealed_secret, old_secret_until = $3, sealed_secret = $2, version = version + 1
   WHERE id = $1 RETURNING ${columns(WEBHOOK_FIELDS)}`,
);
const REMOVE = statement('webhook.remove', `DELETE FROM webhook WHERE id = $1`);

const PLAN = statement(
  'webhook.plan',
  `SELECT pg_try_advisory_xact_lock(hashtextextended('webhook planner', 0)) AS free`,
);
/** Held against being deleted until the deliveries stand. */
const HOLD_ACTIVE = statement(
  'webhook.hold-active',
  `SELECT ${columns(WEBHOOK_FIELDS)} FROM webhook WHERE active ORDER BY id FOR KEY SHARE`,
);
const MOVE = statement('webhook_cursor.move', `UPDATE webhook_cursor SET tx = $1, case_id = $2, seq = $3`);
const DELIVERIES = new Insertion<NewDelivery>(
  'webhook_delivery.add',
  'webhook_delivery',
  {
    webhookId: 'uuid',
    id: 'uuid',
    caseId: 'uuid',
    seq: 'integer',
    type: 'text',
    body: 'text',
    createdAt: 'timestamptz',
  },
  { computed: { status: `'pending'`, next_attempt_at: 'r.created_at' } },
);

/**
 * Webhooks that have something due, those that answer first. While one is held no other instance claims for it: what is
 * under way is counted right.
 */
const HOLD_DUE = statement(
  'webhook.hold-due',
  `SELECT w.id FROM webhook w
   WHERE w.active AND (w.paused_until IS NULL OR w.paused_until <= $1) AND EXISTS (
     SELECT FROM webhook_delivery d WHERE d.webhook_id = w.id AND d.status = 'pending' AND d.next_attempt_at <= $1
       AND (d.lease_until IS NULL OR d.lease_until <= $1))
   ORDER BY w.failures, w.id LIMIT $2 FOR NO KEY UPDATE SKIP LOCKED`,
);
/** The first waiting delivery of each case, the longest due first; as many as their webhook may have under way. */
const CLAIM = statement(
  'webhook_delivery.claim',
  `UPDATE webhook_delivery d SET lease = gen_random_uuid(), lease_until = $3, attempts = d.attempts + 1,
     first_attempt_at = coalesce(d.first_attempt_at, $2), last_attempt_at = $2
   FROM (
     SELECT w.*, f.id AS delivery_id
     FROM unnest($1::uuid[]) WITH ORDINALITY h(id, place) JOIN webhook w USING (id)
     CROSS JOIN LATERAL (
       SELECT p.id FROM webhook_delivery p
       WHERE p.webhook_id = w.id AND p.status = 'pending' AND p.next_attempt_at <= $2
         AND (p.lease_until IS NULL OR p.lease_until <= $2)
         AND NOT EXISTS (
           SELECT FROM webhook_delivery e
           WHERE e.webhook_id = p.webhook_id AND e.case_id = p.case_id AND e.seq < p.seq AND e.status = 'pending')
       ORDER BY p.next_attempt_at, p.id
       LIMIT greatest(0, CASE WHEN w.failures > 1 THEN 1 ELSE $4::int END - (
         SELECT count(*) FROM webhook_delivery l
         WHERE l.webhook_id = w.id AND l.lease IS NOT NULL AND l.lease_until > $2)::int)
       FOR UPDATE SKIP LOCKED
     ) f
     ORDER BY h.place, f.id LIMIT $5
   ) c
   WHERE d.webhook_id = c.id AND d.id = c.delivery_id
   RETURNING ${columns(['webhookId', 'id', 'lease', 'body', 'attempts', 'firstAttemptAt'], 'd')},
     ${columns(['url', 'failures', 'sealedSecret', 'sealedOldSecret', 'oldSecretUntil'], 'c')}`,
);
const END = statement(
  'webhook_delivery.end',
  `UPDATE webhook_delivery SET status = $4, last_result = $5, ended_at = $6, next_attempt_at = coalesce($7, next_attempt_at),
     lease = NULL, lease_until = NULL
   WHERE webhook_id = $1 AND id = $2 AND lease = $3`,
);
const SUCCEEDED = statement(
  'webhook.succeeded',
  `UPDATE webhook SET failures = 0, failing_since = NULL, paused_until = NULL WHERE id = $1 AND failures > 0`,
);
const FAILED = statement(
  'webhook.failed',
  `UPDATE webhook SET failures = failures + 1, failing_since = coalesce(failing_since, $2) WHERE id = $1 RETURNING failures`,
);
const PAUSE = statement('webhook.pause', `UPDATE webhook SET paused_until = $2 WHERE id = $1`);
/** As if it had never been tried, but for its id. What is under way goes on. */
const RESEND = statement(
  'webhook_delivery.resend',
  `UPDATE webhook_delivery SET next_attempt_at = $3, ended_at = NULL,
     attempts = CASE WHEN status = 'pending' THEN attempts ELSE 0 END,
     first_attempt_at = CASE WHEN status = 'pending' THEN first_attempt_at END,
     status = 'pending'
   WHERE webhook_id = $1 AND id = $2`,
);

const PARK_OLD = statement(
  'webhook_delivery.park-old',
  `UPDATE webhook_delivery d SET status = 'parked', ended_at = $1
   FROM (
     SELECT p.webhook_id, p.id FROM webhook_delivery p JOIN webhook w ON w.id = p.webhook_id
     WHERE p.status = 'pending' AND p.created_at <= $2 AND coalesce(p.first_attempt_at, p.next_attempt_at) <= $2
       AND p.lease IS NULL AND w.active AND w.failing_since <= $2
     ORDER BY p.created_at LIMIT $3 FOR UPDATE OF p SKIP LOCKED
   ) o WHERE d.webhook_id = o.webhook_id AND d.id = o.id`,
);
const PURGE = statement(
  'webhook_delivery.purge',
  `DELETE FROM webhook_delivery d USING (
     SELECT webhook_id, id FROM webhook_delivery WHERE status = 'delivered' AND ended_at < $1
     ORDER BY ended_at LIMIT $2 FOR UPDATE SKIP LOCKED
   ) o WHERE d.webhook_id = o.webhook_id AND d.id = o.id`,
);

/** Every statement that writes the tables of webhooks. Whoever locks a webhook and its deliveries locks the webhook first. */
@Injectable()
export class WebhookStore {
  /** One at a time for an agency: its webhooks can be counted. */
  async lockAgency(tx: Tx, agencyId: number): Promise<void> {
    await tx.run(LOCK_AGENCY, [agencyId]);
  }

  async add(
    tx: Tx,
    made: Pick<Webhook, 'id' | 'agencyId' | 'url' | 'types' | 'sealedSecret' | 'createdAt' | 'createdBy'>,
  ): Promise<Webhook> {
    const { id, agencyId, url, types, sealedSecret, createdAt, createdBy } = made;
    return (await tx.row<Webhook>(ADD, [id, agencyId, url, types, sealedSecret, createdAt, createdBy]))!;
  }

  lock(tx: Tx, id: string): Promise<Webhook | undefined> {
    return tx.row<Webhook>(LOCK, [id]);
  }

  /** @param anew whether it is tried at once, whatever failed before: its URL is another, or it was inactive */
  async update(tx: Tx, { id, url, types, active }: Webhook, anew: boolean): Promise<Webhook> {
    return (await tx.row<Webhook>(UPDATE, [id, url, types, active, anew]))!;
  }

  async rotate(tx: Tx, id: string, sealedSecret: Buffer, oldUntil: Date): Promise<Webhook> {
    return (await tx.row<Webhook>(ROTATE, [id, sealedSecret, oldUntil]))!;
  }

  async remove(tx: Tx, id: string): Promise<void> {
    await tx.run(REMOVE, [id]);
  }

  /** @returns whether this transaction is the one that plans */
  async becomePlanner(tx: Tx): Promise<boolean> {
    return (await tx.row<{ free: boolean }>(PLAN))!.free;
  }

  holdActive(tx: Tx): Promise<Webhook[]> {
    return tx.rows<Webhook>(HOLD_ACTIVE);
  }

  plan(tx: Tx, deliveries: readonly NewDelivery[], position: Position): void {
    if (deliveries.length > 0) tx.send(...DELIVERIES.of(deliveries));
    tx.send(MOVE, [position.tx, position.caseId, position.seq], 1);
  }

  /** Takes deliveries that are due for this instance, each until its lease ends. */
  async claim(tx: Tx, leaseUntil: Date, perWebhook: number, most: number): Promise<ClaimedDelivery[]> {
    const held = await tx.rows<{ id: string }>(HOLD_DUE, [tx.now.toISOString(), most]);
    if (held.length === 0) return [];
    return tx.rows<ClaimedDelivery>(CLAIM, [
      held.map(({ id }) => id),
      tx.now.toISOString(),
      leaseUntil.toISOString(),
      perWebhook,
      most,
    ]);
  }

  async delivered(tx: Tx, { webhookId, id, lease }: ClaimedDelivery, result: string): Promise<void> {
    await tx.run(SUCCEEDED, [webhookId]);
    await tx.run(END, [webhookId, id, lease, 'delivered', result, tx.now.toISOString(), null]);
  }

  /** Counts a failure of a webhook, and holds it until the transaction ends. @returns its failures in a row; 0 where it is gone */
  async countFailure(tx: Tx, webhookId: string): Promise<number> {
    return (await tx.row<{ failures: number }>(FAILED, [webhookId, tx.now.toISOString()]))?.failures ?? 0;
  }

  /** @param next when it is tried again; undefined: it is parked */
  async failed(
    tx: Tx,
    { webhookId, id, lease }: ClaimedDelivery,
    result: string,
    next: Date | undefined,
    pausedUntil: Date | null,
  ): Promise<void> {
    if (pausedUntil !== null) await tx.run(PAUSE, [webhookId, pausedUntil.toISOString()]);
    const ended = next ? null : tx.now.toISOString();
    await tx.run(END, [
      webhookId,
      id,
      lease,
      next ? 'pending' : 'parked',
      result,
      ended,
      next ? next.toISOString() : null,
    ]);
  }

  /** Makes a delivery pending and due, and its webhook too. @returns false where there is no such delivery */
  async resend(tx: Tx, webhookId: string, id: string): Promise<boolean> {
    if ((await tx.run(RESEND, [webhookId, id, tx.now.toISOString()])) === 0) return false;
    await tx.run(PAUSE, [webhookId, null]);
    return true;
  }

  /** Parks what waited behind a receiver that has been failing all along. @returns how many, at most `most` */
  async parkOld(tx: Tx, before: Date, most: number): Promise<number> {
    return tx.run(PARK_OLD, [tx.now.toISOString(), before.toISOString(), most]);
  }

  /** Forgets what was delivered. @returns how many, at most `most` */
  async purge(tx: Tx, before: Date, most: number): Promise<number> {
    return tx.run(PURGE, [before.toISOString(), most]);
  }
}
