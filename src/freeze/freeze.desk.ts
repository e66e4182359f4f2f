import { Inject, Injectable } from '@nestjs/common';
import { illegalTransition } from '../alert/alert.problems.js';
import { maskText } from '../alert/mask.rules.js';
import { sees } from '../alert/transitions.js';
import type { Caller } from '../identity/caller.js';
import { IncidentDesk, requireStanding, type IncidentAtHand } from '../incident/incident.desk.js';
import type { Incident } from '../incident/incident.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { isId } from '../platform/clock/id.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { CONFIG } from '../platform/platform.module.js';
import type { Freeze } from './freeze.js';
import type { FreezeAnswer } from './freeze.dto.js';
import { FreezeLine } from './freeze.line.js';
import { FreezePresenter } from './freeze.presenter.js';
import { freezeLapsed, noSuchFreeze } from './freeze.problems.js';
import { mayFollow, startOf, statusAt, type FreezeCommand } from './freeze.rules.js';
import { FreezeStore } from './freeze.store.js';
import { FreezeView } from './freeze.view.js';
import type { HeldAccount } from './held.account.js';

/** A freeze held by a transaction, with its account and its incident. */
export interface FreezeAtHand {
  readonly tx: Tx;
  readonly caller: Caller;
  readonly held: HeldAccount;
  readonly at: IncidentAtHand;
  /** Its row, to be changed; the work stores it by itself. */
  readonly freeze: Freeze;
  /** A reason on its way to where it stays for ever in clear, with the holder of the account hidden as well. */
  readonly masked: (text: string) => string;
}

/** Where every command on a freeze goes through: account → incidents → its row; then the work, its history, its answer. */
@Injectable()
export class FreezeDesk {
  constructor(
    private readonly database: Database,
    private readonly desk: IncidentDesk,
    private readonly line: FreezeLine,
    private readonly store: FreezeStore,
    private readonly view: FreezeView,
    private readonly presenter: FreezePresenter,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /**
   * @param work what the command does; what it logs goes on the timeline of the incident
   * @throws Problem `not-found`, `stale-version`, `freeze-lapsed`, `not-the-holder`, `illegal-transition`, and whatever
   *   `work` throws
   */
  async command(
    caller: Caller,
    id: string,
    command: FreezeCommand,
    ifMatch: IfMatch,
    work: (hand: FreezeAtHand) => Promise<void> | void,
  ): Promise<FreezeAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const found = isId(id) ? await this.view.find(tx, id) : undefined;
      if (!found) throw noSuchFreeze();
      const held = await this.line.hold(tx, found);
      const { incident, organization } = held.look(found.incidentId);
      if (!seesFreeze(caller, found, incident.heldBy, organization)) throw noSuchFreeze();
      await this.line.settle(held, id);
      const freeze = (await this.store.lock(tx, id))!;
      requireVersion(ifMatch, freeze.version);
      requireStanding(caller, incident, organization);
      this.requireState(freeze, command, tx.now);
      const at = held.at(freeze.incidentId, caller);
      const name = this.presenter.holderName(freeze);
      const masked = (text: string): string => maskText(at.masked(text), { name: name ?? undefined });
      await work({ tx, caller, held, at, freeze, masked });
      this.desk.write(...held.written);
      return this.answer(at, caller, id);
    });
  }

  /** A freeze as it is now, with what the caller can do about it. */
  async answer({ tx, organization, policies }: IncidentAtHand, caller: Caller, id: string): Promise<FreezeAnswer> {
    const shown = (await this.view.get(tx, id))!;
    const renewals = await this.view.renewals(tx, [id]);
    return this.presenter.single(caller, shown, renewals, organization, policies.funds, tx.now);
  }

  private requireState(freeze: Freeze, command: FreezeCommand, now: Date): void {
    const status = statusAt(freeze, now, this.config.timeZone);
    if (status === 'lapsed') {
      throw freezeLapsed.with(
        `The last day of the freeze was ${freeze.untilOn}. Where it is still needed, ask for another.`,
        {
          members: { freezeStatus: status, allowed: [] },
        },
      );
    }
    if (mayFollow(command, status)) return;
    throw illegalTransition.with(`The freeze is ${status}; ${command} starts from ${startOf(command)}.`, {
      members: { freezeStatus: status },
    });
  }
}

/** Who sees the incident sees its freezes; and so do those whose victims claim from one. */
export function seesFreeze(
  caller: Caller,
  freeze: Pick<Freeze, 'cityId' | 'heldBy'>,
  incidentHeldBy: Incident['heldBy'],
  organization: OrganizationSnapshot,
): boolean {
  return sees(caller.agency, { cityId: freeze.cityId, heldBy: [...incidentHeldBy, ...freeze.heldBy] }, organization);
}
