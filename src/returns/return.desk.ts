import { Inject, Injectable } from '@nestjs/common';
import { notTheHolder } from '../alert/alert.problems.js';
import { statusAt } from '../freeze/freeze.rules.js';
import type { Caller } from '../identity/caller.js';
import { IncidentDesk, type IncidentAtHand } from '../incident/incident.desk.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { isId } from '../platform/clock/id.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { CONFIG } from '../platform/platform.module.js';
import type { FundReturn, Objection } from './return.js';
import type { ReturnAnswer } from './return.dto.js';
import { ReturnPresenter } from './return.presenter.js';
import { illegalReturn, noSuchReturn } from './return.problems.js';
import { allows, RETURN_COMMANDS, startOf, stateAt, type Moment, type ReturnCommand } from './return.rules.js';
import { ReturnStore } from './return.store.js';
import { ReturnView, type ShownClaim, type ShownReturn } from './return.view.js';
import { mayGive, seesReturn, standingOf, type Standing } from './standing.rules.js';

/** What a command holds beside the freeze's incident. */
export interface Also {
  /** Ids of claims whose incidents it changes, or all of them. */
  readonly claims?: readonly string[] | 'all';
  readonly incidents?: readonly string[];
}

/** A return held by a transaction, with its claims and incidents. */
export class ReturnAtHand {
  constructor(
    /** The freeze's incident: its timeline tells what becomes of the return. */
    readonly at: IncidentAtHand,
    /** Changed by the command's work, stored by the desk. */
    readonly row: FundReturn,
    readonly claims: ShownClaim[],
    readonly objections: Objection[],
    /** Incidents of claims that the command asked for, by id; the freeze's among them. */
    readonly incidents: ReadonlyMap<string, IncidentAtHand>,
    readonly caller: Caller,
    readonly frozen: boolean,
    readonly standing: Standing,
  ) {}

  get tx(): Tx {
    return this.at.tx;
  }

  get now(): Date {
    return this.at.now;
  }

  get open(): Objection[] {
    return this.objections.filter(({ decision }) => decision === null);
  }

  get moment(): Moment {
    const paid = this.claims.some(({ paidAt }) => paidAt !== null);
    return { row: this.row, open: this.open.length, paid, frozen: this.frozen, now: this.now };
  }

  /** What the claims get in all, fen. */
  get returnFen(): number {
    return this.claims.reduce((sum, { returnFen }) => sum + returnFen, 0);
  }
}

/** Where every command on a return goes through: account → incidents → the return; then rules, rows, history. */
@Injectable()
export class ReturnDesk {
  constructor(
    private readonly database: Database,
    private readonly incidents: IncidentDesk,
    private readonly store: ReturnStore,
    private readonly view: ReturnView,
    private readonly presenter: ReturnPresenter,
    private readonly organization: OrganizationRegistry,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param work changes `row`; what it logs goes on the timelines
   * @throws Problem `not-found`, `not-the-holder`, `stale-version`, `illegal-return-step`, and whatever `work` throws
   */
  async command(
    caller: Caller,
    id: string,
    command: ReturnCommand,
    ifMatch: IfMatch,
    work: (hand: ReturnAtHand) => Promise<void> | void,
    also: Also = {},
  ): Promise<ReturnAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const hand = await this.take(tx, caller, id, also);
      this.require(hand, command, ifMatch);
      await work(hand);
      this.store.update(tx, hand.row);
      this.incidents.write(...hand.incidents.values());
      const { row, claims } = await this.read(tx, id);
      return this.answer(caller, row, claims, await this.view.objections(tx, [id]), hand.at.organization, hand.now);
    });
  }

  /** Holds a return and what hangs on it. @throws Problem `not-found` */
  async take(
    tx: Tx,
    caller: Caller,
    id: string,
    { claims: more = [], incidents = [] }: Also = {},
  ): Promise<ReturnAtHand> {
    if (!isId(id)) throw noSuchReturn();
    const found = await this.view.find(tx, id);
    if (!found) throw noSuchReturn();
    const known = await this.view.claims(tx, [id]);
    const wanted = known.filter((claim) => more === 'all' || more.includes(claim.id)).map((claim) => claim.incidentId);
    const ids = [...new Set([found.incidentId, ...wanted, ...incidents])];
    const held = await this.incidents.hold(tx, caller, { accounts: [found.accountId], incidents: ids });
    const row = (await this.store.lock(tx, id))!;
    const [fresh, claims, objections] = await Promise.all([
      this.view.find(tx, id),
      this.view.claims(tx, [id]),
      this.view.objections(tx, [id]),
    ]);
    if (!seesReturn(caller, fresh!, claims, held[0]!.organization)) throw noSuchReturn();
    return new ReturnAtHand(
      held[0]!,
      row,
      claims,
      objections,
      new Map(held.map((one) => [one.incident.id, one])),
      caller,
      this.isFrozen(fresh!, held[0]!.now),
      standingOf(caller, fresh!, claims, held[0]!.organization),
    );
  }

  /** @throws Problem `stale-version`, `not-the-holder`, `illegal-return-step` */
  private require(hand: ReturnAtHand, command: ReturnCommand, ifMatch: IfMatch): void {
    const { row, at, standing } = hand;
    requireVersion(ifMatch, row.version);
    if (!mayGive(command, standing)) {
      const holder = at.organization.byId(at.incident.agencyId);
      throw notTheHolder.with(
        command === 'approve' || command === 'refuse'
          ? 'A return is decided by the city. You may still read it.'
          : `The frozen money is with ${holder.name}; it is for that agency, or one above it, to act. You may still read it.`,
        { members: { holder: { code: holder.code, name: holder.name, tier: holder.tier } } },
      );
    }
    if (allows(command, hand.moment)) return;
    const state = stateAt(hand.moment);
    const allowed = RETURN_COMMANDS.filter((one) => mayGive(one, standing) && allows(one, hand.moment));
    throw illegalReturn.with(
      `The return is ${state}${hand.open.length > 0 ? ', with an objection that is not decided' : ''}; ${command} starts from ${startOf(command)}.`,
      { members: { returnStatus: state, allowed } },
    );
  }

  /** A return that the caller may see. @throws Problem `not-found` */
  async see(tx: Tx, caller: Caller, id: string): Promise<ReturnAnswer> {
    if (!isId(id)) throw noSuchReturn();
    const organization = await this.organization.current();
    const { row, claims } = await this.read(tx, id);
    if (!seesReturn(caller, row, claims, organization)) throw noSuchReturn();
    return this.answer(caller, row, claims, await this.view.objections(tx, [id]), organization, tx.now);
  }

  answer(
    caller: Caller,
    row: ShownReturn,
    claims: readonly ShownClaim[],
    objections: readonly Objection[],
    organization: OrganizationSnapshot,
    now: Date,
  ): ReturnAnswer {
    const moment: Moment = {
      row,
      open: row.openObjections,
      paid: claims.some(({ paidAt }) => paidAt !== null),
      frozen: this.isFrozen(row, now),
      now,
    };
    const standing = standingOf(caller, row, claims, organization);
    return this.presenter.answer({ caller, row, claims, objections, organization, moment, standing });
  }

  private async read(tx: Tx, id: string): Promise<{ row: ShownReturn; claims: ShownClaim[] }> {
    const [row, claims] = await Promise.all([this.view.find(tx, id), this.view.claims(tx, [id])]);
    if (!row) throw noSuchReturn();
    return { row, claims };
  }

  private isFrozen({ freezeStatus, freezeUntilOn }: ShownReturn, now: Date): boolean {
    return statusAt({ status: freezeStatus, untilOn: freezeUntilOn }, now, this.config.timeZone) === 'effective';
  }
}
