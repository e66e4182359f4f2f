import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { CONFIG } from '../platform/platform.module.js';
import { ReturnDesk } from './return.desk.js';
import type { ListReturnsQuery, ReturnAnswer } from './return.dto.js';
import { ReturnView, type ReturnFilter } from './return.view.js';

/** Answers what officers read of returns. */
@Injectable()
export class ReturnReader {
  constructor(
    private readonly database: Database,
    private readonly desk: ReturnDesk,
    private readonly view: ReturnView,
    private readonly organization: OrganizationRegistry,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async get(caller: Caller, id: string): Promise<ReturnAnswer> {
    return this.database.read(caller.session, (tx) => this.desk.see(tx, caller, id));
  }

  async list(caller: Caller, query: ListReturnsQuery): Promise<Page<ReturnAnswer>> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const { limit, cursor, count, ...asked } = query;
      const decides = caller.roles.has('supervisor') && caller.agency.tier === 'city' && caller.id !== null;
      const signed = { list: 'returns', caller: query.queue === 'approval' ? caller.id : caller.agency.id, asked };
      const after = cursor === undefined ? undefined : (this.cursors.decode(signed, cursor)[0] as string);
      // Who approves nothing has nothing waiting.
      if (query.queue === 'approval' && !decides)
        return { items: [], nextCursor: null, ...(count ? { total: 0 } : {}) };
      const filter: ReturnFilter = {
        subtree: organization.subtree(caller.agency).map(({ id }) => id),
        cityId: caller.agency.tier === 'city' ? caller.agency.id : undefined,
        statuses: query.status,
        freezeId: query.freeze,
        incidentId: query.incident,
        now: tx.now,
        today: localDateOf(tx.now, this.config.timeZone),
        approver: query.queue === 'approval' ? { id: caller.id!, cityId: caller.agency.id } : undefined,
        payable: query.queue === 'payable',
      };
      const rows = await this.view.list(tx, filter, after, limit + 1);
      const ids = rows.map(({ id }) => id);
      const [claims, objections] = await Promise.all([this.view.claims(tx, ids), this.view.objections(tx, ids)]);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        ({ id }) => [id],
        (row) =>
          this.desk.answer(
            caller,
            row,
            claims.filter(({ returnId }) => returnId === row.id),
            objections.filter(({ returnId }) => returnId === row.id),
            organization,
            tx.now,
          ),
      );
      return count ? { ...page, total: await this.view.count(tx, filter) } : page;
    });
  }
}
