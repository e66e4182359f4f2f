import { Injectable } from '@nestjs/common';
import { mayReach } from '../identity/access.policy.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { forbidden, invalid, notFound } from '../platform/http/problem.js';
import type { Card, CardCommand } from './card.js';
import type { CardAnswer, CardWithHistoryAnswer, ListCardsQuery } from './card.dto.js';
import { allowedOn, CardPresenter, sideOf } from './card.presenter.js';
import { CardProposer } from './card.proposer.js';
import { CARD_STEPS, mayStep, monthsToReview, namesAPerson } from './card.rules.js';
import { CardStore } from './card.store.js';
import { CardView, type CardFilter } from './card.view.js';
import { cardState } from './ranking.problems.js';

/** 红黄牌: a unit sees its own, those above it all below. */
@Injectable()
export class CardService {
  constructor(
    private readonly database: Database,
    private readonly organization: OrganizationRegistry,
    private readonly proposer: CardProposer,
    private readonly store: CardStore,
    private readonly view: CardView,
    private readonly presenter: CardPresenter,
    private readonly cursors: Cursors,
  ) {}

  async list(caller: Caller, query: ListCardsQuery): Promise<Page<CardAnswer>> {
    const organization = await this.organization.current();
    const { limit, cursor, count, ...asked } = query;
    const signed = { list: 'cards', caller: caller.agency.id, ...asked };
    const filter = filterOf(caller, asked, organization);
    return this.database.read(caller.session, async (tx) => {
      const [before] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.list(tx, filter, before, limit + 1);
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        ({ id }) => [id],
        (card) => this.presenter.answer(card, caller, organization),
      );
      return count ? { ...page, total: await this.view.count(tx, filter) } : page;
    });
  }

  /** @throws Problem `not-found` */
  async get(caller: Caller, id: string): Promise<CardWithHistoryAnswer> {
    const organization = await this.organization.current();
    return this.database.readSnapshot(caller.session, async (tx) =>
      this.whole(tx, await this.visible(tx, caller, id, organization), caller, organization),
    );
  }

  /**
   * Confirms, dismisses, answers or closes a card. What follows from a confirmed one is proposed with it.
   * @param text the reason or note
   * @throws Problem `not-found`, `forbidden` on the wrong side of the card, `card-state`, `stale-version`, `invalid`
   */
  async give(
    caller: Caller,
    id: string,
    command: CardCommand,
    { pointer, text }: { pointer: string; text: string },
    ifMatch: IfMatch,
  ): Promise<CardWithHistoryAnswer> {
    refuseFaults(pointer, text);
    const organization = await this.organization.current();
    return this.database.transaction(caller.session, async (tx) => {
      const { agencyId } = await this.visible(tx, caller, id, organization);
      const unit = organization.byId(agencyId);
      const cards = await this.store.lockUnit(tx, agencyId);
      tx.restamp();
      const card = cards.find((each) => each.id === id)!;
      requireVersion(ifMatch, card.version);
      requireStep(command, card, caller);
      const actor = { id: caller.id, name: caller.name, agencyId: caller.agency.id };
      const { to } = CARD_STEPS[command];
      const changed = this.store.step(tx, card, to, text.trim(), actor);
      const all = cards.map((each) => (each.id === id ? changed : each));
      if (command === 'confirm') await this.proposer.follow(tx, unit, all, monthsToReview(all, card.month));
      await recordAudit(tx, {
        action: `card.${to}`,
        caller,
        agency: unit,
        objectKind: 'card',
        objectId: id,
        data: { kind: card.kind, month: card.month, agency: unit.code },
      });
      return this.whole(tx, changed, caller, organization);
    });
  }

  private async visible(tx: Tx, caller: Caller, id: string, organization: OrganizationSnapshot): Promise<Card> {
    const card = await this.view.find(tx, id);
    if (card && mayReach(caller, organization.byId(card.agencyId).path)) return card;
    throw notFound.with('No card of that id was proposed for your agency or one below it.');
  }

  private async whole(
    tx: Tx,
    card: Card,
    caller: Caller,
    organization: OrganizationSnapshot,
  ): Promise<CardWithHistoryAnswer> {
    const events = await this.view.events(tx, card.id);
    return {
      ...this.presenter.answer(card, caller, organization),
      history: events.map((event) => this.presenter.event(event, organization)),
    };
  }
}

function refuseFaults(pointer: string, text: string): void {
  const message = namesAPerson(text)
    ? 'holds what looks like the number of a person; a card is about a unit'
    : text.trim() === ''
      ? 'must not be empty'
      : undefined;
  if (message !== undefined) throw invalid.with('The text cannot be taken so.', { errors: [{ pointer, message }] });
}

function requireStep(command: CardCommand, card: Card, caller: Caller): void {
  if (CARD_STEPS[command].by !== sideOf(caller, card.agencyId)) {
    throw forbidden.with(
      CARD_STEPS[command].by === 'unit'
        ? 'A card is answered by the unit that it is for.'
        : 'A card is decided on by those above the unit that it is for.',
    );
  }
  if (mayStep(command, card)) return;
  const allowed = allowedOn(card, caller);
  throw cardState.with(
    `The card is ${card.status}. ${allowed.length > 0 ? `You may ${allowed.join(', ')}.` : 'There is nothing for you to do with it now.'}`,
    { members: { status: card.status, allowed } },
  );
}

function filterOf(
  caller: Caller,
  { kind, status, month, tier, agency }: Omit<ListCardsQuery, 'limit' | 'cursor' | 'count'>,
  organization: OrganizationSnapshot,
): CardFilter {
  const top = agency === undefined ? caller.agency : organization.byCode(agency);
  if (!top || !mayReach(caller, top.path)) {
    throw notFound.with('No agency of that code lies in your jurisdiction. GET /agencies lists those that do.');
  }
  const units = organization.subtree(top).filter((unit) => tier === undefined || unit.tier === tier);
  return { cityId: top.cityId, agencies: units.map(({ id }) => id), kind, status, month };
}
