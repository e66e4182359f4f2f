import { Inject, Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { FundPolicy } from '../organization/policy.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { isId } from '../platform/clock/id.js';
import { addDays, localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { CONFIG } from '../platform/platform.module.js';
import { reaches } from './approval.rules.js';
import { APPROVER_TIERS } from './freeze.js';
import { seesFreeze } from './freeze.desk.js';
import type { FreezeAnswer, ListFreezesQuery } from './freeze.dto.js';
import { FreezePresenter } from './freeze.presenter.js';
import { noSuchFreeze } from './freeze.problems.js';
import { FreezeView, type FreezeFilter, type FreezePosition, type ShownRenewal } from './freeze.view.js';

/** Answers what officers read of freezes. */
@Injectable()
export class FreezeReader {
  constructor(
    private readonly database: Database,
    private readonly view: FreezeView,
    private readonly presenter: FreezePresenter,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  async get(caller: Caller, id: string): Promise<FreezeAnswer> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const freeze = isId(id) ? await this.view.get(tx, id) : undefined;
      if (!freeze || !seesFreeze(caller, freeze, freeze.incidentHeldBy, organization)) throw noSuchFreeze();
      const { funds } = await this.policies.at(freeze.cityId, tx.now);
      const renewals = await this.view.renewals(tx, [id]);
      return this.presenter.single(caller, freeze, renewals, organization, funds, tx.now);
    });
  }

  async list(caller: Caller, query: ListFreezesQuery): Promise<Page<FreezeAnswer>> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const { funds } = await this.policies.at(caller.agency.cityId, tx.now);
      const { limit, cursor, count, ...asked } = query;
      const signed = { list: 'freezes', agency: caller.agency.id, caller: caller.id, asked };
      const [id, until] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as [string, string]);
      const after: FreezePosition | undefined = id === undefined ? undefined : { id, until };
      const filter = this.filterOf(caller, query, organization, funds, tx.now);
      if (!filter) return { items: [], nextCursor: null, ...(count ? { total: 0 } : {}) };
      const rows = await this.view.list(tx, filter, after, limit + 1);
      const ids = rows.map((row) => row.id);
      const renewals = await this.view.renewals(tx, ids);
      const of = (freezeId: string): ShownRenewal[] => renewals.filter((renewal) => renewal.freezeId === freezeId);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        (row) => [row.id, row.untilOn],
        (row) => this.presenter.answer(row, of(row.id), organization, funds, tx.now),
      );
      return count ? { ...page, total: await this.view.count(tx, filter) } : page;
    });
  }

  /** @returns undefined where nothing can be in the list: nobody waits for the approval of a machine or an officer */
  private filterOf(
    caller: Caller,
    { status, incident, queue }: ListFreezesQuery,
    organization: OrganizationSnapshot,
    { renewalAlarmDays }: FundPolicy,
    now: Date,
  ): FreezeFilter | undefined {
    const { agency } = caller;
    const today = localDateOf(now, this.config.timeZone);
    const filter: FreezeFilter = {
      subtree: organization.subtree(agency).map(({ id }) => id),
      cityId: agency.tier === 'city' ? agency.id : undefined,
      statuses: status,
      incidentId: incident,
      today,
    };
    if (queue === 'expiring') {
      return { ...filter, ending: { cityId: agency.cityId, until: addDays(today, renewalAlarmDays - 1) } };
    }
    if (queue !== 'approval') return filter;
    const tiers = APPROVER_TIERS.filter((tier) => reaches(agency.tier, tier));
    if (caller.kind !== 'user' || caller.id === null || !caller.roles.has('supervisor') || tiers.length === 0)
      return undefined;
    return { ...filter, approver: { id: caller.id, tiers } };
  }
}
