import { Inject, Injectable } from '@nestjs/common';
import { Clock } from '../platform/clock/clock.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import type { Logger } from '../platform/log/logger.js';
import { LOGGER } from '../platform/platform.module.js';
import { HttpPoster, type Posted } from './http.poster.js';
import { nextAttempt, pauseAfter, PATIENCE_MS } from './retry.rules.js';
import { signedHeaders } from './signature.rules.js';
import { secretContext, type ClaimedDelivery } from './webhook.js';
import { webhookSession } from './webhook.planner.js';
import { WebhookStore } from './webhook.store.js';

/** Requests under way to one webhook, of all instances together; one whose attempts fail gets them one by one. */
const AT_ONCE = 4;
/** Requests under way in this instance: far more than receivers that keep silent can hold. */
const MOST_UNDER_WAY = 256;
/** Far longer than an attempt may take: after it another instance sends what a killed one had taken. */
export const LEASE_MS = 60_000;
const DELIVERED_KEPT_MS = 30 * 24 * 3_600_000;
const STEP = 1_000;

/** How an attempt ended, for those who count. */
export type AttemptResult = 'delivered' | 'failed' | 'parked';

/**
 * Sends deliveries: claims what is due in one transaction, sends without any, notes how it ended in another. Of a case
 * only the first that waits is claimed, so that its order is kept.
 */
@Injectable()
export class WebhookSender {
  private readonly underWay = new Set<Promise<void>>();
  private onEnd: (result: AttemptResult) => void = () => undefined;

  constructor(
    private readonly database: Database,
    private readonly store: WebhookStore,
    private readonly poster: HttpPoster,
    private readonly keyring: Keyring,
    private readonly clock: Clock,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** Called whenever an attempt has ended and its webhook may have room for the next. */
  whenEnded(what: (result: AttemptResult) => void): void {
    this.onEnd = what;
  }

  /** Begins to send what is due, and does not wait for the answers. @returns how many it began */
  async round(): Promise<number> {
    const room = MOST_UNDER_WAY - this.underWay.size;
    if (room <= 0) return 0;
    const claimed = await this.database.transaction(webhookSession, (tx) =>
      this.store.claim(tx, new Date(tx.now.getTime() + LEASE_MS), AT_ONCE, room),
    );
    for (const delivery of claimed) {
      const sending = this.send(delivery).finally(() => this.underWay.delete(sending));
      this.underWay.add(sending);
    }
    return claimed.length;
  }

  /** Waits until nothing is under way. */
  async idle(): Promise<void> {
    while (this.underWay.size > 0) await Promise.all(this.underWay);
  }

  /** Parks what is too old for a receiver that keeps failing, forgets what was delivered long ago. @returns whether there may be more */
  async tidy(): Promise<boolean> {
    const now = this.clock.now().getTime();
    const [parked, purged] = await this.database.transaction(webhookSession, async (tx) => [
      await this.store.parkOld(tx, new Date(now - PATIENCE_MS), STEP),
      await this.store.purge(tx, new Date(now - DELIVERED_KEPT_MS), STEP),
    ]);
    return parked === STEP || purged === STEP;
  }

  private async send(delivery: ClaimedDelivery): Promise<void> {
    try {
      const headers = signedHeaders(delivery.id, this.clock.now(), delivery.body, this.keysOf(delivery));
      const posted = await this.poster.post(delivery.url, headers, delivery.body);
      const result = await this.note(delivery, posted);
      this.onEnd(result);
    } catch (error) {
      // Its lease ends, and it is sent again.
      this.logger.error({ err: error, webhookId: delivery.webhookId }, 'an attempt to deliver could not be noted');
    }
  }

  private keysOf({ webhookId, sealedSecret, sealedOldSecret, oldSecretUntil }: ClaimedDelivery): Buffer[] {
    const both = sealedOldSecret !== null && oldSecretUntil! > this.clock.now();
    return [sealedSecret, ...(both ? [sealedOldSecret] : [])].map((sealed) =>
      this.keyring.open(sealed, secretContext(webhookId)),
    );
  }

  private async note(delivery: ClaimedDelivery, { delivered, result }: Posted): Promise<AttemptResult> {
    return this.database.transaction(webhookSession, async (tx) => {
      if (delivered) {
        await this.store.delivered(tx, delivery, result);
        return 'delivered';
      }
      const failures = await this.store.countFailure(tx, delivery.webhookId);
      const next = nextAttempt(tx.now, delivery.firstAttemptAt, delivery.attempts, Math.random());
      const pause = pauseAfter(tx.now, delivery.firstAttemptAt, failures, Math.random());
      await this.store.failed(tx, delivery, result, next, pause);
      return next ? 'failed' : 'parked';
    });
  }
}
