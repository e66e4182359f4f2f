import { Injectable, type StreamableFile } from '@nestjs/common';
import { mayReach } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import { TIERS } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { Database } from '../platform/database/database.js';
import { forbidden, invalid, notFound } from '../platform/http/problem.js';
import { periodOfMonth } from './month.rules.js';
import { exportedBy, rankingCsv } from './ranking.csv.js';
import type { RankingAnswer, RankingQuery } from './ranking.dto.js';
import { RankingMaker } from './ranking.maker.js';
import { ExportedFile } from './exported.file.js';

/** 排名: how the units below an agency stand to each other. */
@Injectable()
export class RankingService {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly maker: RankingMaker,
    private readonly files: ExportedFile,
  ) {}

  /**
   * The ranking as it is now, as JSON or as a file.
   * @throws Problem `forbidden` for the tier of the caller or one above it, `not-found` for a parent outside the
   * caller's jurisdiction, `invalid` for one that has no units of the tier below it
   */
  async answer(caller: Caller, query: RankingQuery): Promise<RankingAnswer | StreamableFile> {
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
    const ranking = await this.database.readSnapshot(caller.session, (tx) =>
      this.maker.make(tx, organization, parent, tier, periodOfMonth(month)),
    );
    if (format === 'json') return ranking;
    return this.files.csv(
      caller,
      {
        kind: 'ranking',
        id: `${parent.code}/${tier}/${month}`,
        data: { tier, month, parent: parent.code, rows: ranking.rows.length },
      },
      `sanji-${parent.code}-ranking-${tier}-${month}`,
      (exported) => rankingCsv(ranking, exportedBy(exported)),
    );
  }
}
