import { Inject, Injectable } from '@nestjs/common';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Clock } from '../platform/clock/clock.js';
import { newId } from '../platform/clock/id.js';
import { parseInstant } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CacheBus } from '../platform/database/shared-cache.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { notFound, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { mayReach } from './access.policy.js';
import {
  apiKeyAnswer,
  type ApiKeyAnswer,
  type ApiKeyListQuery,
  type ApiKeyWithSecretAnswer,
  type CreateApiKeyBody,
} from './api-key.dto.js';
import type { ApiKey } from './api-key.entity.js';
import { insertKey, lockKey, newKeySecret, replaceSecret, revokeKey } from './api-key.store.js';
import { countKeys, listKeys, type ApiKeyFilter } from './api-key.view.js';
import { IDENTITY_TOPIC } from './authenticator.js';
import { recordAudit } from './audit.store.js';
import type { Caller } from './caller.js';
import { faulty, keyAlreadyRevoked } from './identity.problems.js';
import { SOURCE, SOURCE_RULE } from './identity.fields.js';
import { reachableAgency, reachableIds } from './jurisdiction.js';
import { keyRoleFaults } from './role.js';

/** API keys, as an admin issues them inside the own subtree. A key is shown once, and kept as a hash. */
@Injectable()
export class ApiKeyService {
  constructor(
    private readonly clock: Clock,
    private readonly database: Database,
    private readonly bus: CacheBus,
    private readonly registry: OrganizationRegistry,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem `invalid-cursor` */
  async list(caller: Caller, { limit, cursor, count, agency, revoked }: ApiKeyListQuery): Promise<Page<ApiKeyAnswer>> {
    const snapshot = await this.registry.current();
    const filter: ApiKeyFilter = { agencyIds: reachableIds(snapshot, caller, agency), revoked };
    const query = ['api-keys', caller.agency.code, agency, revoked];
    const before = cursor === undefined ? undefined : (this.cursors.decode(query, cursor)[0] as string);
    return this.database.read(caller.session, async (tx) => {
      const [rows, total] = await Promise.all([
        listKeys(tx, filter, before, limit + 1),
        count ? countKeys(tx, filter) : undefined,
      ]);
      const page = this.cursors.page(
        query,
        limit,
        rows,
        ({ id }) => [id],
        (key) => this.answer(key, snapshot.byId(key.agencyId)),
      );
      return total === undefined ? page : { ...page, total };
    });
  }

  /** @throws Problem `invalid` */
  async issue(caller: Caller, body: CreateApiKeyBody): Promise<ApiKeyWithSecretAnswer> {
    const snapshot = await this.registry.current();
    const sources = body.sources ?? [];
    const wrong = keyRoleFaults(body.roles, sources);
    const faults: Fault[] = [
      ...wrong.roles.map((message) => ({ pointer: '/roles', message })),
      ...wrong.sources.map((message) => ({ pointer: '/sources', message })),
    ];
    // The command line comes here without the checks of the request.
    if (sources.some((source) => !SOURCE.test(source))) faults.push({ pointer: '/sources', message: SOURCE_RULE });
    const expiresAt = this.expiry(body.expiresAt, faults);
    const agency = reachableAgency(snapshot, caller, body.agency, faults);
    if (!agency || faults.length > 0) throw faulty(faults);
    const { key: secret, hash, hint } = newKeySecret();
    return this.database.transaction(caller.session, async (tx) => {
      const key: ApiKey = {
        id: newId(tx.now),
        name: body.name,
        hash,
        hint,
        agencyId: agency.id,
        roles: body.roles,
        sources,
        createdBy: caller.id,
        createdAt: tx.now,
        expiresAt,
        revokedAt: null,
      };
      await insertKey(tx, key);
      await audit(tx, caller, 'key.issued', key, agency, { agency: agency.code, roles: key.roles, sources });
      return { ...this.answer(key, agency), key: secret };
    });
  }

  /** Puts a new key in the place of the old one, which stops working at once. @throws Problem `not-found`, `key-already-revoked` */
  async rotate(caller: Caller, id: string): Promise<ApiKeyWithSecretAnswer> {
    const snapshot = await this.registry.current();
    const { key: secret, hash, hint } = newKeySecret();
    return this.database.transaction(caller.session, async (tx) => {
      const { key, agency } = await lockReachable(tx, snapshot, caller, id);
      if (key.revokedAt) throw keyAlreadyRevoked.with('A revoked key stays revoked. Issue another one.');
      await replaceSecret(tx, id, hash, hint);
      await audit(tx, caller, 'key.rotated', { ...key, hint }, agency);
      await this.bus.invalidate(tx, IDENTITY_TOPIC);
      return { ...this.answer({ ...key, hint }, agency), key: secret };
    });
  }

  /** Revoking twice changes nothing. @throws Problem `not-found` */
  async revoke(caller: Caller, id: string): Promise<ApiKeyAnswer> {
    const snapshot = await this.registry.current();
    return this.database.transaction(caller.session, async (tx) => {
      const { key, agency } = await lockReachable(tx, snapshot, caller, id);
      if (key.revokedAt) return this.answer(key, agency);
      await revokeKey(tx, id);
      await audit(tx, caller, 'key.revoked', key, agency);
      await this.bus.invalidate(tx, IDENTITY_TOPIC);
      return this.answer({ ...key, revokedAt: tx.now }, agency);
    });
  }

  private expiry(text: string | undefined, faults: Fault[]): Date | null {
    const moment = parseInstant(text);
    if (moment && moment <= this.clock.now()) faults.push({ pointer: '/expiresAt', message: 'must lie in the future' });
    return moment ?? null;
  }

  private answer(key: ApiKey, agency: Agency): ApiKeyAnswer {
    return apiKeyAnswer(key, agency, this.config.timeZone);
  }
}

async function lockReachable(
  tx: Tx,
  snapshot: OrganizationSnapshot,
  caller: Caller,
  id: string,
): Promise<{ key: ApiKey; agency: Agency }> {
  const key = await lockKey(tx, id);
  const agency = key && snapshot.byId(key.agencyId);
  if (!key || !agency || !mayReach(caller, agency.path)) throw notFound.with('You have no such API key.');
  return { key, agency };
}

function audit(
  tx: Tx,
  caller: Caller,
  action: string,
  key: ApiKey,
  agency: Agency,
  more: Record<string, unknown> = {},
): Promise<void> {
  const data = { name: key.name, hint: key.hint, ...more };
  return recordAudit(tx, { action, caller, agency, objectKind: 'api-key', objectId: key.id, data });
}
