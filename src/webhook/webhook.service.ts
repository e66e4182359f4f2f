import { randomBytes } from 'node:crypto';
import { Inject, Injectable } from '@nestjs/common';
import { mayReach } from '../identity/access.policy.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { reachableIds } from '../identity/jurisdiction.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { newId } from '../platform/clock/id.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { Cursors, type Page, type PageQuery } from '../platform/http/page.js';
import { invalid, notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { HttpPoster } from './http.poster.js';
import { keyOf, SECRET_BYTES, SECRET_RULE, secretOf } from './signature.rules.js';
import {
  webhookAnswer,
  type CreateWebhookBody,
  type UpdateWebhookBody,
  type WebhookAnswer,
  type WebhookWithSecretAnswer,
} from './webhook.dto.js';
import { secretContext, type Webhook } from './webhook.js';
import { tooManyWebhooks } from './webhook.problems.js';
import { WebhookStore } from './webhook.store.js';
import { WebhookView, type DeliveryCounts } from './webhook.view.js';

const MOST_OF_AN_AGENCY = 50;
/** So long receivers may go on with the secret before a rotation. */
const OLD_SECRET_MS = 24 * 3_600_000;

/** Webhooks, as an admin keeps them: each sees what its maker's agency may see. */
@Injectable()
export class WebhookService {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly store: WebhookStore,
    private readonly view: WebhookView,
    private readonly poster: HttpPoster,
    private readonly keyring: Keyring,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Those of the own agency and of all below it, the newest first. @throws Problem `invalid-cursor` */
  async list(caller: Caller, { limit, cursor, count }: PageQuery): Promise<Page<WebhookAnswer>> {
    const organization = await this.organization.current();
    const agencyIds = reachableIds(organization, caller, undefined);
    const query = ['webhooks', caller.agency.code];
    const before = cursor === undefined ? undefined : (this.cursors.decode(query, cursor)[0] as string);
    return this.database.read(caller.session, async (tx) => {
      const rows = await this.view.list(tx, agencyIds, before, limit + 1);
      const counts = await this.view.counts(
        tx,
        rows.map(({ id }) => id),
      );
      const page = this.cursors.page(
        query,
        limit,
        rows,
        ({ id }) => [id],
        (row) => this.worded(tx, organization, row, counts.get(row.id)),
      );
      return count ? { ...page, total: await this.view.count(tx, agencyIds) } : page;
    });
  }

  /** @throws Problem `not-found` */
  async get(caller: Caller, id: string): Promise<WebhookAnswer> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const webhook = reachable(caller, organization, await this.view.find(tx, id));
      return this.answer(tx, organization, webhook);
    });
  }

  /** @throws Problem `invalid`, `too-many-webhooks` */
  async create(caller: Caller, body: CreateWebhookBody): Promise<WebhookWithSecretAnswer> {
    const faults = await this.urlFaults(body.url);
    const key = body.secret === undefined ? randomBytes(SECRET_BYTES) : keyOf(body.secret);
    if (!key) faults.push({ pointer: '/secret', message: SECRET_RULE });
    if (!key || faults.length > 0) throw faulty(faults);
    const organization = await this.organization.current();
    const { agency } = caller;
    return this.database.transaction(caller.session, async (tx) => {
      await this.store.lockAgency(tx, agency.id);
      if ((await this.view.count(tx, [agency.id])) >= MOST_OF_AN_AGENCY) {
        throw tooManyWebhooks.with(`An agency may have ${MOST_OF_AN_AGENCY} webhooks. Delete one that is not needed.`);
      }
      const id = newId(tx.now);
      const made = await this.store.add(tx, {
        id,
        agencyId: agency.id,
        url: body.url,
        types: body.types,
        sealedSecret: this.keyring.seal(key, secretContext(id)),
        createdAt: tx.now,
        createdBy: caller.id,
      });
      await audit(tx, caller, organization, 'webhook.created', made, { origin: originOf(made.url), types: made.types });
      return { ...this.worded(tx, organization, made, undefined), secret: secretOf(key) };
    });
  }

  /** @throws Problem `not-found`, `stale-version`, `invalid` */
  async update(caller: Caller, id: string, body: UpdateWebhookBody, ifMatch: IfMatch): Promise<WebhookAnswer> {
    const faults = body.url === undefined ? [] : await this.urlFaults(body.url);
    if (faults.length > 0) throw faulty(faults);
    const update: Change = async (tx, old, organization) => {
      const wanted = { ...old, ...body };
      if (wanted.url === old.url && wanted.active === old.active && String(wanted.types) === String(old.types))
        return old;
      const anew = wanted.url !== old.url || (wanted.active && !old.active);
      const changed = await this.store.update(tx, wanted, anew);
      await audit(tx, caller, organization, 'webhook.updated', changed, { before: facts(old), after: facts(changed) });
      return changed;
    };
    return this.change(caller, id, ifMatch, update, (answer) => answer);
  }

  /** A new secret; the old one signs as well for a day. @throws Problem `not-found`, `stale-version` */
  async rotateSecret(caller: Caller, id: string, ifMatch: IfMatch): Promise<WebhookWithSecretAnswer> {
    const key = randomBytes(SECRET_BYTES);
    const secret = secretOf(key);
    const rotate: Change = async (tx, _old, organization) => {
      const until = new Date(tx.now.getTime() + OLD_SECRET_MS);
      const changed = await this.store.rotate(tx, id, this.keyring.seal(key, secretContext(id)), until);
      await audit(tx, caller, organization, 'webhook.secret-rotated', changed, { oldUntil: until.toISOString() });
      return changed;
    };
    return this.change(caller, id, ifMatch, rotate, (answer) => ({ ...answer, secret }));
  }

  /** What was still to be delivered to it is gone with it. @throws Problem `not-found`, `stale-version` */
  async remove(caller: Caller, id: string, ifMatch: IfMatch): Promise<void> {
    const organization = await this.organization.current();
    await this.database.transaction(caller.session, async (tx) => {
      const webhook = reachable(caller, organization, await this.store.lock(tx, id));
      requireVersion(ifMatch, webhook.version);
      await this.store.remove(tx, id);
      await audit(tx, caller, organization, 'webhook.deleted', webhook, facts(webhook));
    });
  }

  /** @param worded what is answered, inside the transaction: a retry with the same Idempotency-Key gets the same */
  private async change<T>(
    caller: Caller,
    id: string,
    ifMatch: IfMatch,
    work: Change,
    worded: (answer: WebhookAnswer) => T,
  ): Promise<T> {
    const organization = await this.organization.current();
    return this.database.transaction(caller.session, async (tx) => {
      const old = reachable(caller, organization, await this.store.lock(tx, id));
      requireVersion(ifMatch, old.version);
      return worded(await this.answer(tx, organization, await work(tx, old, organization)));
    });
  }

  private async urlFaults(url: string): Promise<Fault[]> {
    const message = await this.poster.faultOf(url);
    return message === undefined ? [] : [{ pointer: '/url', message }];
  }

  private async answer(tx: Tx, organization: OrganizationSnapshot, webhook: Webhook): Promise<WebhookAnswer> {
    const counts = await this.view.counts(tx, [webhook.id]);
    return this.worded(tx, organization, webhook, counts.get(webhook.id));
  }

  private worded(
    tx: Tx,
    organization: OrganizationSnapshot,
    webhook: Webhook,
    counts: DeliveryCounts | undefined,
  ): WebhookAnswer {
    return webhookAnswer(webhook, organization.byId(webhook.agencyId), counts, tx.now, this.config.timeZone);
  }
}

/** What is done to a locked webhook. @returns it as it is then */
type Change = (tx: Tx, old: Webhook, organization: OrganizationSnapshot) => Promise<Webhook>;

/** @throws Problem `not-found` also for a webhook outside the caller's subtree */
export function reachable(caller: Caller, organization: OrganizationSnapshot, webhook: Webhook | undefined): Webhook {
  if (!webhook || !mayReach(caller, organization.byId(webhook.agencyId).path)) {
    throw notFound.with('You have no such webhook.');
  }
  return webhook;
}

/** A line of the audit log, in the agency whose webhook it is. */
export function audit(
  tx: Tx,
  caller: Caller,
  organization: OrganizationSnapshot,
  action: string,
  webhook: Webhook,
  data: Record<string, unknown>,
): Promise<void> {
  const agency = organization.byId(webhook.agencyId);
  return recordAudit(tx, { action, caller, agency, objectKind: 'webhook', objectId: webhook.id, data });
}

/** Paths and queries of receivers often carry a token: the log keeps where to, not more. */
function originOf(url: string): string {
  return new URL(url).origin;
}

function facts({ url, types, active }: Webhook): Record<string, unknown> {
  return { origin: originOf(url), types, active };
}

function faulty(errors: Fault[]): Error {
  return invalid.with('The webhook is not right: see errors.', { errors });
}
