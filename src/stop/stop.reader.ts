import { Injectable } from '@nestjs/common';
import { sees } from '../alert/transitions.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { isId } from '../platform/clock/id.js';
import { Database } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import type { ListStopsQuery, StopAnswer } from './stop.dto.js';
import { StopPresenter } from './stop.presenter.js';
import { noSuchStop } from './stop.problems.js';
import { endOf } from './stop.rules.js';
import { StopView, type StopFilter } from './stop.view.js';

/** Answers what officers read of stop-payments. */
@Injectable()
export class StopReader {
  constructor(
    private readonly database: Database,
    private readonly view: StopView,
    private readonly presenter: StopPresenter,
    private readonly organization: OrganizationRegistry,
    private readonly cursors: Cursors,
  ) {}

  async get(caller: Caller, id: string): Promise<StopAnswer> {
    if (!isId(id)) throw noSuchStop();
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const stop = await this.view.find(tx, id);
      if (!stop || !sees(caller.agency, stop, organization)) throw noSuchStop();
      const allowed = this.presenter.allowed(caller, stop, organization, tx.now);
      return this.presenter.answer(stop, organization, tx.now, allowed);
    });
  }

  /** Of the incidents that the own agency and those below it hold or held. */
  async list(caller: Caller, { limit, cursor, count, ...asked }: ListStopsQuery): Promise<Page<StopAnswer>> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const { agency } = caller;
      const hours = asked.expiresWithinHours;
      const filter: StopFilter = {
        cityId: agency.cityId,
        agencies: agency.tier === 'city' ? null : organization.subtree(agency).map(({ id }) => id),
        statuses: asked.status,
        incidentId: asked.incident,
        until: hours === undefined ? undefined : endOf(tx.now, hours),
      };
      const signed = { list: 'stop-payments', caller: agency.id, asked };
      const after = cursor === undefined ? undefined : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.list(tx, filter, after, limit + 1);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        (stop) => (filter.until ? [stop.expiresAt!.toISOString(), stop.id] : [stop.id]),
        (stop) => this.presenter.answer(stop, organization, tx.now),
      );
      return count ? { ...page, total: await this.view.count(tx, filter) } : page;
    });
  }
}
