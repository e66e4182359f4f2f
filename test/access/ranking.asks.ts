import type { Test } from 'supertest';
import type { Type } from '@nestjs/common';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { Database } from '../../src/platform/database/database.js';
import { CardStore } from '../../src/ranking/card.store.js';
import { addMonths } from '../../src/ranking/month.rules.js';
import type { Officer, TestApp } from '../support/app.js';

const NOTICE = {
  kind: 'bank',
  institution: '某银行城关网点',
  measure: 'warned',
  reason: '核查不严',
  from: '2023-06-01',
};

export const RANKING_ASKS: Record<string, (who: Officer, id: string) => Test> = {
  getRanking: (who) => who.get('/reports/rankings?tier=county&month=2023-05'),
  proposeCards: (who) => who.post('/reports/rankings/2023-04/cards/propose?tier=county'),
  listCards: (who) => who.get('/cards?limit=200'),
  getCard: (who, id) => who.get(`/cards/${id}`),
  confirmCard: (who, id) => who.post(`/cards/${id}/confirm`, { reason: '情况属实' }),
  dismissCard: (who, id) => who.post(`/cards/${id}/dismiss`, { reason: '非工作原因' }),
  answerCard: (who, id) => who.post(`/cards/${id}/answer`, { note: '已整改' }),
  closeCard: (who, id) => who.post(`/cards/${id}/close`, { note: '复查合格' }),
  publishReport: (who, id) => who.post(`/reports/rankings/${id.slice(0, 7)}/publish`, { tier: 'county' }),
  listPublished: (who) => who.get('/reports/published?limit=200'),
  getPublished: (who, id) => who.get(`/reports/published/${id}`),
  listNotices: (who) => who.get('/notices?limit=200'),
  issueNotice: (who) => who.post('/notices', NOTICE),
  liftNotice: (who, id) => who.post(`/notices/${id}/lift`, { reason: '整改合格' }),
};

export const RANKING_LISTS = ['getRanking', 'listCards', 'listPublished', 'listNotices'];

/** Of nobody yet: months in which nothing was published and no card given. */
let months = 0;
const nextMonth = (): string => addMonths('2000-01', months++);

/** What supervisors decide on: cards of a unit, editions and notices of its city. */
export class RankingObjects {
  constructor(
    private readonly app: TestApp,
    private readonly city: Officer,
    private readonly county: Officer,
  ) {}

  /**
   * @param unit code of the unit whose card it is
   * @returns undefined where the kind is of another
   */
  async make(kind: string, unit: string): Promise<string | undefined> {
    switch (kind) {
      case 'ranking':
        return 'none';
      case 'month':
        return nextMonth();
      case 'edition':
        return idOf(await this.city.post(`/reports/rankings/${nextMonth()}/publish`, { tier: 'county' }));
      case 'notice':
        return idOf(await this.city.post('/notices', NOTICE));
      case 'card':
        return this.card(unit);
      case 'card-confirmed':
        return idOf(await RANKING_ASKS['confirmCard']!(this.city, await this.card(unit)));
      case 'card-answered':
        return idOf(await RANKING_ASKS['answerCard']!(this.county, (await this.make('card-confirmed', unit))!));
      default:
        return undefined;
    }
  }

  private async card(code: string): Promise<string> {
    const { app } = this.app;
    const unit = (await app.get(OrganizationRegistry).current()).byCode(code)!;
    const database = app.get<Database>(Database as Type, { strict: false });
    const store = app.get(CardStore, { strict: false });
    const card = await database.transaction(systemCaller(unit).session, (tx) =>
      store.propose(tx, unit, { kind: 'yellow', month: nextMonth(), grounds: [], restsOn: [] }, '系统建议'),
    );
    return card!.id;
  }
}

function idOf({ body }: { body: unknown }): string {
  return (body as { id: string }).id;
}
