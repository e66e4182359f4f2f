import { Inject, Injectable } from '@nestjs/common';
import { sees } from '../alert/transitions.js';
import type { FeedEvent } from '../feed/feed.js';
import { FeedView } from '../feed/feed.view.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { newId } from '../platform/clock/id.js';
import { formatInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, session, type Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { asksFor, payloadOf } from './payload.rules.js';
import type { NewDelivery, Webhook } from './webhook.js';
import { WebhookStore } from './webhook.store.js';
import { WebhookView } from './webhook.view.js';

/** How the database knows the webhooks' own work. */
export const webhookSession = session({ actor: 'webhooks', agency_path: '', roles: 'system' });

/** Events read in one transaction. */
const MOST_EVENTS = 500;

/**
 * Turns the feed into deliveries: one for each event and webhook that asked for it and may see it. The cursor moves in
 * the transaction that inserts them, so that each is planned exactly once. One instance at a time does it, whichever
 * comes first.
 */
@Injectable()
export class WebhookPlanner {
  constructor(
    private readonly database: Database,
    private readonly feed: FeedView,
    private readonly organization: OrganizationRegistry,
    private readonly store: WebhookStore,
    private readonly view: WebhookView,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Plans what has settled since. @returns how many events were looked at, and how many deliveries came of them */
  async round(): Promise<{ events: number; deliveries: number }> {
    const organization = await this.organization.current();
    return this.database.transaction(webhookSession, (tx) => this.plan(tx, organization));
  }

  private async plan(tx: Tx, organization: OrganizationSnapshot): Promise<{ events: number; deliveries: number }> {
    const nothing = { events: 0, deliveries: 0 };
    if (!(await this.store.becomePlanner(tx))) return nothing;
    // In this order: a webhook that is not seen here was made after the end, and begins behind it.
    const [cursor, end, wanted] = await Promise.all([this.view.cursor(tx), this.feed.end(tx), this.view.anyActive(tx)]);
    if (!wanted) {
      const [passed] = await this.feed.after(tx, cursor, 1);
      if (passed) this.store.plan(tx, [], end);
      return nothing;
    }
    const events = await this.feed.after(tx, cursor, MOST_EVENTS);
    const last = events.at(-1);
    if (!last) return nothing;
    // After the events: whatever webhook they are to be told to is committed, and so seen.
    const webhooks = await this.store.holdActive(tx);
    const deliveries = this.deliveriesOf(events, webhooks, organization, tx.now);
    this.store.plan(tx, deliveries, last);
    return { events: events.length, deliveries: deliveries.length };
  }

  private deliveriesOf(
    events: readonly FeedEvent[],
    webhooks: readonly Webhook[],
    organization: OrganizationSnapshot,
    now: Date,
  ): NewDelivery[] {
    const owners = webhooks.map((webhook) => ({
      webhook,
      agency: organization.byId(webhook.agencyId),
      begin: BigInt(webhook.beginTx),
    }));
    return events.flatMap((event) => {
      const tx = BigInt(event.tx);
      const told = owners.filter(
        ({ webhook, agency, begin }) =>
          tx > begin &&
          agency.active &&
          asksFor(webhook.types, event.type) &&
          sees(agency, visibility(event), organization),
      );
      if (told.length === 0) return [];
      const body = payloadOf(event, formatInstant(event.at, this.config.timeZone), codeOf(event, organization));
      return told.map(({ webhook }) => ({
        webhookId: webhook.id,
        id: newId(now),
        caseId: event.caseId,
        seq: event.seq,
        type: `case.${event.type}`,
        body,
        createdAt: now,
      }));
    });
  }
}

function visibility({ cityId, heldBy }: FeedEvent): { cityId: number; heldBy: number[] } {
  return { cityId, heldBy: [...heldBy] };
}

function codeOf({ agencyId }: FeedEvent, organization: OrganizationSnapshot): string | null {
  return agencyId === null ? null : organization.byId(agencyId).code;
}
