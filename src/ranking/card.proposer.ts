import { Inject, Injectable } from '@nestjs/common';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { CardRules } from '../organization/ranking-policy.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { parseInstant } from '../platform/clock/local-date.js';
import type { Problem } from '../platform/http/problem.js';
import type { Card, Proposal } from './card.js';
import type { ProposalsAnswer } from './card.dto.js';
import { CardPresenter } from './card.presenter.js';
import { cardsFollowing, cardsOfMonth, delisting, listedSince, type Ranked } from './card.rules.js';
import { CardStore } from './card.store.js';
import { CardView } from './card.view.js';
import { wordingOf } from './card.wording.js';
import {
  addMonths,
  addQuarters,
  endsQuarter,
  isOver,
  periodOfMonth,
  periodOfQuarter,
  quarterOf,
  type Month,
  type Period,
} from './month.rules.js';
import { CellKeeper } from '../report/cells/cell.keeper.js';
import { CellView } from '../report/cells/cell.view.js';
import { RankingMaker } from './ranking.maker.js';
import { monthNotOver } from './ranking.problems.js';
import type { RankedTier } from './ranking.js';

/** What a month calls for, before it is held against the cards that there are. */
interface Due {
  readonly rules: CardRules;
  readonly ofMonth: ReadonlyMap<string, readonly Proposal[]>;
  /** Quarters whose rankings decide about 摘牌; none in the midst of a quarter, or while nobody is on the list. */
  readonly quarters: readonly Ranked[];
}

/** Proposes cards: those that a month's ranking calls for, and those that follow from confirmed ones. */
@Injectable()
export class CardProposer {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly maker: RankingMaker,
    private readonly keeper: CellKeeper,
    private readonly cells: CellView,
    private readonly store: CardStore,
    private readonly view: CardView,
    private readonly presenter: CardPresenter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * Proposes the cards of a closed month among the units of a tier of the caller's city. Again it proposes what is missing
   * and repeats nothing, also not what was dismissed.
   * @throws Problem `month-not-over`
   */
  async propose(caller: Caller, month: Month, tier: RankedTier): Promise<ProposalsAnswer> {
    const organization = await this.organization.current();
    const city = organization.cityOf(caller.agency);
    const units = organization.subtree(city).filter((agency) => agency.tier === tier);
    await this.keeper.settle();
    const due = await this.database.readSnapshot(caller.session, (tx) =>
      this.due(tx, organization, city, units, tier, month),
    );
    return this.database.transaction(caller.session, async (tx) => {
      const known = new Set(
        (
          await this.view.ofUnits(
            tx,
            units.map(({ id }) => id),
          )
        ).map(({ agencyId }) => agencyId),
      );
      const added: Card[] = [];
      for (const unit of units.filter(({ id, code }) => known.has(id) || due.ofMonth.has(code))) {
        const cards = await this.store.lockUnit(tx, unit.id);
        const proposals = [...(due.ofMonth.get(unit.code) ?? []), ...cardsFollowing(cards, month, due.rules)];
        const off = due.quarters.length > 0 ? delisting(cards, unit.code, month, due.quarters) : undefined;
        added.push(...(await this.add(tx, unit, off ? [...proposals, off] : proposals)));
      }
      await recordAudit(tx, {
        action: 'cards.proposed',
        caller,
        objectKind: 'ranking',
        objectId: `${city.code}/${tier}/${month}`,
        data: { tier, month, proposed: added.length },
      });
      return { tier, month, proposed: added.map((card) => this.presenter.answer(card, caller, organization)) };
    });
  }

  /** What follows from the cards of a unit in some months. @param cards all of the unit's, held by the transaction */
  async follow(tx: Tx, unit: Agency, cards: readonly Card[], months: readonly Month[]): Promise<void> {
    for (const month of months) {
      const { document } = await this.maker.policyOf(unit.cityId, periodOfMonth(month));
      cards = [...cards, ...(await this.add(tx, unit, cardsFollowing(cards, month, document.cards)))];
    }
  }

  private async add(tx: Tx, unit: Agency, proposals: readonly Proposal[]): Promise<Card[]> {
    const added: Card[] = [];
    for (const proposal of proposals) {
      const card = await this.store.propose(tx, unit, proposal, wordingOf(proposal));
      if (card) added.push(card);
    }
    return added;
  }

  private async due(
    tx: Tx,
    organization: OrganizationSnapshot,
    city: Agency,
    units: readonly Agency[],
    tier: RankedTier,
    month: Month,
  ): Promise<Due> {
    const period = periodOfMonth(month);
    if (!isOver(period, this.config.timeZone, tx.now)) {
      throw notOver(month);
    }
    await this.cells.requireWhole(tx);
    const { cards: rules } = (await this.maker.policyOf(city.id, period)).document;
    const ranked = async (periods: readonly Period[]): Promise<Ranked[]> => {
      const found: Ranked[] = [];
      for (const each of periods) {
        const standings = await this.maker.standings(tx, organization, city, tier, each);
        // Prepared figures are some seconds old: those of a moment before the end would lack its last seconds.
        if (!isOver(each, this.config.timeZone, parseInstant(standings.report.asOf)!)) throw notOver(each.name);
        found.push({ ...standings, name: each.name, cityDefrauded: standings.total.defraudedAfterRate });
      }
      return found;
    };
    const months = Array.from({ length: rules.yellowMonths }, (_, back) => periodOfMonth(addMonths(month, -back)));
    const last = quarterOf(month);
    const quarters = Array.from({ length: rules.delistedQuarters }, (_, back) =>
      periodOfQuarter(addQuarters(last, -back)),
    );
    const asked = endsQuarter(month) && (await this.anyListed(tx, units)) ? quarters : [];
    return { rules, ofMonth: cardsOfMonth(await ranked(months), rules), quarters: await ranked(asked) };
  }

  private async anyListed(tx: Tx, units: readonly Agency[]): Promise<boolean> {
    const cards = await this.view.ofUnits(
      tx,
      units.map(({ id }) => id),
    );
    return units.some(({ id }) => listedSince(cards.filter(({ agencyId }) => agencyId === id)) !== undefined);
  }
}

function notOver(period: string): Problem {
  return monthNotOver.with(`Cards are proposed for a month that has ended; ${period} has not.`);
}
