import { Injectable } from '@nestjs/common';
import { mayReach } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import { FileDesk } from '../identity/file.desk.js';
import { TIERS } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { Snapshots } from '../platform/database/snapshots.js';
import type { FileOrder } from '../platform/http/file.order.js';
import { forbidden, invalid, notFound } from '../platform/http/problem.js';
import { CardView } from './card.view.js';
import { periodOfMonth } from './month.rules.js';
import type { RankingAnswer, RankingQuery } from './ranking.dto.js';
import { CellKeeper } from '../report/cells/cell.keeper.js';
import { rankingFile } from './ranking.file.js';
import { RankingMaker } from './ranking.maker.js';

/** 排名: how the units below an agency stand to each other. */
@Injectable()
export class RankingService {
  constructor(
    private readonly snapshots: Snapshots,
    private readonly organization: OrganizationRegistry,
    private readonly maker: RankingMaker,
    private readonly cards: CardView,
    private readonly keeper: CellKeeper,
    private readonly files: FileDesk,
  ) {}

  /**
   * The ranking as it is now, as JSON or as a file.
   * @throws Problem `forbidden` for the tier of the caller or one above it, `not-found` for a parent outside the
   * caller's jurisdiction, `invalid` for one that has no units of the tier below it
   */
  async answer(caller: Caller, query: RankingQuery): Promise<RankingAnswer | FileOrder> {
    const { tier, month, format } = query;
    const below = (agency: { tier: (typeof TIERS)[number] }): boolean =>
      TIERS.indexOf(tier) > TIERS.indexOf(agency.tier);
    if (!below(caller.agency)) {
      throw forbidden.with(
        `Units of the tier ${tier} are ranked for those above them; yours is ${caller.agency.tier}. What was published is at GET /reports/published.`,
      );
    }
    const organization = await this.organization.current();
    const parent = query.parent === undefined ? caller.agency : organization.byCode(query.parent);
    if (!parent || !mayReach(caller, parent.path)) {
      throw notFound.with('No agency of that code lies in your jurisdiction. GET /agencies lists those that do.');
    }
    if (!below(parent)) {
      throw invalid.with('The ranking cannot be made so: see errors.', {
        errors: [{ pointer: '/parent', message: `is of the tier ${parent.tier}: no ${tier} lies below it` }],
      });
    }
    await this.keeper.settle();
    const read = (): Promise<RankingAnswer> =>
      this.snapshots.read(caller.session, async (tx) => {
        const ranking = await this.maker.make(tx, organization, parent, tier, periodOfMonth(month));
        const ids = ranking.rows.map(({ agency }) => organization.byCode(agency.code)!.id);
        const cards = (await this.cards.ofUnits(tx, ids)).filter((card) => card.month === month);
        const rows = ranking.rows.map((row, index) => ({
          ...row,
          cards: cards
            .filter(({ agencyId }) => agencyId === ids[index])
            .map(({ id, kind, status }) => ({ id, kind, status })),
        }));
        return { ...ranking, rows };
      });
    if (format === 'json') return read();
    return this.files.order(caller, { format, read: async () => rankingFile(await read()) });
  }
}
