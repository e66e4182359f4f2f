import { Injectable } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Snapshots } from '../platform/database/snapshots.js';
import { Cursors, type Page, type PageQuery } from '../platform/http/page.js';
import type { Opening, Position } from './counted.item.js';
import { CountedPresenter, type CountedAnswer } from './counted.presenter.js';
import { CountedView } from './counted.view.js';
import type { ReportScope } from './report.scope.js';
import type { Tx } from '../platform/database/database.js';

/** What is opened, in which state of the world. */
export interface Opened {
  scope: ReportScope;
  opening: Opening;
}

/** Opens a number: a page of what stands behind it, newest first, masked, and their count where that is asked for. */
@Injectable()
export class OpeningService {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly view: CountedView,
    private readonly presenter: CountedPresenter,
    private readonly cursors: Cursors,
  ) {}

  /**
   * @param of the report and its path parameters: with the query what a cursor belongs to
   * @param at what is opened, as one snapshot sees it
   */
  async page(
    caller: Caller,
    of: Record<string, string>,
    query: PageQuery,
    organization: OrganizationSnapshot,
    at: (tx: Tx) => Promise<Opened> | Opened,
  ): Promise<Page<CountedAnswer>> {
    const { limit, cursor, count, ...asked } = query;
    const signed = { ...of, caller: caller.agency.id, asked };
    const after = cursor === undefined ? undefined : positionOf(this.cursors.decode(signed, cursor));
    return this.snapshots.read(caller.session, async (tx) => {
      const { scope, opening } = await at(tx);
      const items = await this.view.items(tx, scope, opening, after, limit + 1);
      const ofSignals = opening.of === 'cohort' && opening.signals === true;
      const present = await this.presenter.of(tx, items, ofSignals, caller, organization);
      const position = ({ alertId, itemId, part }: Position): unknown[] => [alertId, itemId, part];
      const page = this.cursors.page(signed, limit, items, position, present);
      return count ? { ...page, total: await this.view.count(tx, scope, opening) } : page;
    });
  }
}

function positionOf(decoded: unknown[]): Position {
  const [alertId, itemId, part] = decoded as [string | null, string, number];
  return { alertId, itemId, part };
}
