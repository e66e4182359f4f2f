import { call, PLACES, World, type Answer, type Place } from '../case/support.js';
import { account, Freezers } from '../freeze/support.js';
import { incident } from '../incident/support.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { TestApp, type Officer } from '../support/app.js';

export interface Claimant {
  incidentId: string;
  /** What the victim paid into the account, fen. */
  paidFen: number;
  by?: Place;
}

/** A frozen account and those who were robbed into it. */
export interface Pot {
  freezeId: string;
  account: string;
  /** Of the freeze; the first victim's. */
  incidentId: string;
  victims: Claimant[];
}

interface Wanted {
  /** What each victim paid in; the first reports to the county. */
  paid: number[];
  frozenFen: number;
  /** Where each reported; default the county. */
  places?: Place[];
  until?: string;
  /** The account is not known to the victims. */
  hidden?: boolean;
}

/** People who give money back: an officer of the county asks, another of the city approves. */
export class Returners {
  private constructor(
    readonly freezers: Freezers,
    readonly approver: Officer,
  ) {}

  static async start(
    places: readonly Place[] = ['city', 'county', 'township', 'county2', 'otherCity'],
  ): Promise<Returners> {
    const freezers = await Freezers.start(places);
    return new Returners(freezers, freezers.cityChief);
  }

  get world(): World {
    return this.freezers.world;
  }

  get app(): TestApp {
    return this.world.app;
  }

  async stop(): Promise<void> {
    await this.world.stop();
  }

  /** A second server on the same database, with a clock at the same moment. */
  async another(): Promise<TestApp> {
    return TestApp.start([], this.app.database, new MovableClock(this.app.clock.now()));
  }

  /** An account that victims paid into, frozen for the first of them. */
  async pot({ paid, frozenFen, places = [], until, hidden }: Wanted): Promise<Pot> {
    const number = account();
    const victims: Claimant[] = [];
    for (const [index, paidFen] of paid.entries()) {
      const by = places[index] ?? 'county';
      const at = new Date(this.app.clock.now().getTime() - (paid.length - index) * 60_000).toISOString();
      const transfer = { at, amountFen: paidFen, fromAccount: account(), toName: '赵六', toBank: '中国工商银行' };
      const { id } = (await incident(this.world, by, {
        lossFen: paidFen,
        // A county takes what happened in its own townships.
        ...(by === 'county2' ? { divisionCode: '411325' } : {}),
        transfers: [{ ...transfer, ...(hidden ? {} : { toAccount: number }) }],
      })) as { id: string };
      victims.push({ incidentId: id, paidFen, by });
    }
    const incidentId = victims[0]!.incidentId;
    await this.must(
      this.world.post('county', `/incidents/${incidentId}/file`, { caseNo: `A${incidentId.slice(-12)}` }),
    );
    const freeze = await this.freezers.frozen({
      incidentId,
      account: number,
      holderName: '赵六',
      amountFen: Math.max(1, frozenFen),
      frozenFen,
      until: until ?? this.freezers.day(150),
    });
    return { freezeId: freeze.id as string, account: number, incidentId, victims };
  }

  claims(pot: Pot, of: readonly number[] = pot.victims.map((_, index) => index)): Record<string, unknown>[] {
    return of.map((index) => {
      const { incidentId, paidFen } = pot.victims[index]!;
      return { incidentId, claimFen: paidFen, account: account(), bank: '农业银行' };
    });
  }

  apply(pot: Pot, more: Record<string, unknown> = {}, place: Place = 'county', query = ''): Promise<Answer> {
    return this.world.post(place, `/freezes/${pot.freezeId}/returns${query}`, { claims: this.claims(pot), ...more });
  }

  async applied(pot: Pot, more: Record<string, unknown> = {}, place: Place = 'county'): Promise<Answer['body']> {
    return this.must(this.apply(pot, more, place));
  }

  async proposed(pot: Pot, more: Record<string, unknown> = {}, method?: string): Promise<Answer['body']> {
    const { id, proposedMethod } = await this.applied(pot, more);
    return this.must(this.propose(id as string, method ?? (proposedMethod as string)));
  }

  propose(id: string, method: string): Promise<Answer> {
    return this.give('county', id, 'propose', { method, reason: '经溯源核实' });
  }

  approve(id: string, who: Officer = this.approver, app = this.app): Promise<Answer> {
    return call(app, who, { method: 'POST', path: `/returns/${id}/approve`, body: {} });
  }

  async approved(pot: Pot, more: Record<string, unknown> = {}, method?: string): Promise<Answer['body']> {
    const { id } = await this.proposed(pot, more, method);
    return this.must(this.approve(id as string));
  }

  /** A pro-rata return whose notice was published today. */
  async published(pot: Pot, more: Record<string, unknown> = {}): Promise<Answer['body']> {
    const { id } = await this.approved(pot, more, 'pro-rata');
    return this.must(this.give('county', id as string, 'publish'));
  }

  /** A direct return that two officers have taken to the bank. */
  async atBank(pot: Pot, more: Record<string, unknown> = {}, method?: string): Promise<Answer['body']> {
    const { id } = await this.approved(pot, more, method);
    return this.must(this.toBank(id as string));
  }

  toBank(id: string, more: Record<string, unknown> = {}): Promise<Answer> {
    const officers = [this.world.as('county').name, this.freezers.countyChief.name];
    return this.give('county', id, 'bank-notice', { officers, ...more });
  }

  pay(id: string, claimId: string, more: Record<string, unknown> = {}, app = this.app): Promise<Answer> {
    const body = { paidAt: app.clock.now().toISOString(), receiptNo: `R-${claimId.slice(-6)}`, ...more };
    return call(app, this.world.as('county'), {
      method: 'POST',
      path: `/returns/${id}/payments/${claimId}/paid`,
      body,
    });
  }

  give(
    place: Place,
    id: string,
    command: string,
    body: unknown = {},
    headers?: Record<string, string>,
  ): Promise<Answer> {
    return this.world.post(place, `/returns/${id}/${command}`, body, headers);
  }

  async read(id: string, place: Place = 'city'): Promise<Answer['body']> {
    return (await this.world.get(place, `/returns/${id}`)).body;
  }

  async must(answer: Promise<Answer>): Promise<Answer['body']> {
    const { status, body, text } = await answer;
    if (status > 201) throw new Error(`${status} ${text}`);
    return body;
  }

  /** What is frozen in the account of a pot by the books, fen. */
  async frozenFen({ freezeId }: Pot): Promise<number> {
    const [row] = await this.world.sql<{ fen: string }>(
      `SELECT (ledger_balance(account_id)).frozen_fen AS fen FROM fund_freeze WHERE id = $1`,
      [freezeId],
    );
    return Number(row!.fen);
  }

  /** Types of the events of an incident that are of returns, oldest first. */
  async types(incidentId: string): Promise<string[]> {
    const rows = await this.world.sql<{ type: string }>(
      `SELECT type FROM event WHERE case_id = $1 AND type LIKE 'return%' ORDER BY seq`,
      [incidentId],
    );
    return rows.map(({ type }) => type);
  }

  /** The start of a local day so many days from now. */
  midnight(days: number): Date {
    return new Date(`${this.freezers.day(days)}T00:00:00+08:00`);
  }
}

export const COUNTY = PLACES.county;
