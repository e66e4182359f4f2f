import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { notFound } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { deliveryAnswer, type DeliveryAnswer, type DeliveryListQuery } from './webhook.dto.js';
import { audit, reachable } from './webhook.service.js';
import { WebhookStore } from './webhook.store.js';
import { WebhookView } from './webhook.view.js';

/** What was, is and could not be delivered to a webhook. */
@Injectable()
export class DeliveryService {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly store: WebhookStore,
    private readonly view: WebhookView,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** The newest first. @throws Problem `not-found`, `invalid-cursor` */
  async list(
    caller: Caller,
    webhookId: string,
    { status, limit, cursor, count }: DeliveryListQuery,
  ): Promise<Page<DeliveryAnswer>> {
    const organization = await this.organization.current();
    const query = ['webhook-deliveries', caller.agency.code, webhookId, status];
    const before = cursor === undefined ? undefined : (this.cursors.decode(query, cursor)[0] as string);
    return this.database.read(caller.session, async (tx) => {
      const webhook = reachable(caller, organization, await this.view.find(tx, webhookId));
      const rows = await this.view.deliveries(tx, webhook.id, status, before, limit + 1);
      const page = this.cursors.page(
        query,
        limit,
        rows,
        ({ id }) => [id],
        (row) => deliveryAnswer(row, this.config.timeZone),
      );
      return count ? { ...page, total: await this.view.countDeliveries(tx, webhook.id, status) } : page;
    });
  }

  /** Sends a delivery again, whatever became of it, under the same `webhook-id`. @throws Problem `not-found` */
  async resend(caller: Caller, webhookId: string, id: string): Promise<DeliveryAnswer> {
    const organization = await this.organization.current();
    return this.database.transaction(caller.session, async (tx) => {
      const webhook = reachable(caller, organization, await this.store.lock(tx, webhookId));
      if (!(await this.store.resend(tx, webhookId, id))) throw notFound.with('The webhook has no such delivery.');
      await audit(tx, caller, organization, 'webhook.delivery-resent', webhook, { deliveryId: id });
      return deliveryAnswer((await this.view.delivery(tx, webhookId, id))!, this.config.timeZone);
    });
  }
}
