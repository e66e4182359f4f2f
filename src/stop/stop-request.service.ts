import { Injectable } from '@nestjs/common';
import { holderAnswer } from '../alert/alert.presenter.js';
import { sees } from '../alert/transitions.js';
import type { Caller } from '../identity/caller.js';
import {
  IncidentDesk,
  noSuchIncident,
  requireSeen,
  requireStanding,
  type IncidentAtHand,
} from '../incident/incident.desk.js';
import { IncidentService } from '../incident/incident.service.js';
import { normaliseAccount } from '../ledger/account.rules.js';
import { accountContext } from '../ledger/ledger.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { isId, newId } from '../platform/clock/id.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { invalid, type Problem } from '../platform/http/problem.js';
import { stopContext, type StopPayment } from './stop.js';
import type { StopAnswer, StopBody } from './stop.dto.js';
import { StopPresenter } from './stop.presenter.js';
import { stopLimitReached, traceTooLarge } from './stop.problems.js';
import { freeOrdinal, MOST_LEVELS, MOST_STOPS, stateAt, transferFault } from './stop.rules.js';
import { StopStore } from './stop.store.js';
import { StopView, type ShownStop } from './stop.view.js';

/** 申请紧急止付: asking the bank to stop a suspect's account. */
@Injectable()
export class StopRequests {
  constructor(
    private readonly database: Database,
    private readonly desk: IncidentDesk,
    private readonly store: StopStore,
    private readonly view: StopView,
    private readonly presenter: StopPresenter,
    private readonly ledger: LedgerStore,
    private readonly incidents: IncidentService,
    private readonly keyring: Keyring,
  ) {}

  /**
   * The first of an incident meets its clock. An account is asked for twice at most, whichever agency asks.
   * @param ifMatch of the incident
   */
  async request(caller: Caller, incidentId: string, ifMatch: IfMatch, body: StopBody): Promise<StopAnswer> {
    if (!isId(incidentId)) throw noSuchIncident();
    return this.database.transaction(caller.session, async (tx) => {
      const { cityId } = caller.agency;
      const account = normaliseAccount(body.account)!;
      // Before the incident: who moves money of an account holds it first.
      const accountId = await this.ledger.holdNumber(tx, cityId, account);
      const [held] = await this.desk.hold(tx, caller, { incidents: [incidentId] });
      const at = held!;
      requireSeen(caller, at.incident, at.organization);
      if (at.incident.cityId !== cityId) throw noSuchIncident();
      requireVersion(ifMatch, at.incident.version);
      requireStanding(caller, at.incident, at.organization);
      const transferAt = new Date(body.transferAt);
      const fault = transferFault(transferAt, at.now);
      if (fault)
        throw invalid.with('The transfer cannot have been then.', {
          errors: [{ pointer: '/transferAt', message: fault }],
        });
      const parentId = body.parent ?? null;
      const level = await this.levelOf(at, accountId, parentId);
      const ordinal = await this.ordinalOf(at, caller, accountId);

      const id = newId(at.now);
      const stop: StopPayment = {
        id,
        incidentId,
        cityId,
        parentId,
        level,
        accountId,
        ordinal,
        bank: body.bank.trim(),
        sealed: this.keyring.seal(body.holderName.trim(), stopContext(id)),
        transferFen: body.transferFen,
        transferAt,
        agencyId: caller.agency.id,
        requestedAt: at.now,
        requestedBy: caller.id,
        status: 'requested',
        stoppedAt: null,
        stoppedFen: null,
        expiresAt: null,
        endedAt: null,
        releasedTo: null,
        version: 1,
      };
      this.store.add(tx, stop);
      this.incidents.stopRequested(at);
      at.log('stop-requested', {
        stopId: id,
        level,
        ordinal,
        parent: parentId,
        transferFen: stop.transferFen,
        transferAt: transferAt.toISOString(),
      });
      this.desk.write(at);
      const { incidentNo, heldBy, agencyId: holderId } = at.incident;
      const accountSealed = this.keyring.seal(account, accountContext(accountId));
      const shown: ShownStop = { ...stop, incidentNo, heldBy, holderId, accountSealed };
      const allowed = this.presenter.allowed(caller, shown, at.organization, at.now);
      return this.presenter.answer(shown, at.organization, at.now, allowed);
    });
  }

  /** The level below that of the account which the money came from. */
  private async levelOf(at: IncidentAtHand, accountId: string, parentId: string | null): Promise<number> {
    const { tx, incident } = at;
    if ((await this.view.size(tx, incident.id)) >= MOST_STOPS) {
      throw traceTooLarge.with(`An incident has ${MOST_STOPS} stop-payments at most.`);
    }
    if (parentId === null) return 1;
    const parent = await this.view.find(tx, parentId);
    const fault =
      parent?.incidentId !== incident.id
        ? 'is not a stop-payment of this incident'
        : parent.accountId === accountId
          ? 'is of the same account: money moves on to another one'
          : undefined;
    if (fault) {
      throw invalid.with('The parent is the stop-payment of the account that the money moved on from.', {
        errors: [{ pointer: '/parent', message: fault }],
      });
    }
    if (parent!.level >= MOST_LEVELS) {
      throw traceTooLarge.with(`Money is traced over ${MOST_LEVELS} levels of accounts at most.`);
    }
    return parent!.level + 1;
  }

  private async ordinalOf(at: IncidentAtHand, caller: Caller, accountId: string): Promise<number> {
    const earlier = await this.view.counted(at.tx, accountId);
    const ordinal = freeOrdinal(earlier.map((stop) => stop.ordinal));
    if (ordinal === undefined) throw this.limitReached(at, caller, earlier);
    return ordinal;
  }

  /** When and by whom it was stopped before; of cases that the caller does not see only when. */
  private limitReached(at: IncidentAtHand, caller: Caller, earlier: readonly ShownStop[]): Problem {
    const stops = earlier.map((stop) => {
      const agency = at.organization.byId(stop.agencyId);
      const requestedAt = this.presenter.moment(stop.requestedAt);
      if (!sees(caller.agency, stop, at.organization)) return { requestedAt, agency: null };
      const { id, incidentId, incidentNo } = stop;
      return { requestedAt, agency: holderAnswer(agency), id, incidentId, incidentNo, status: stateAt(stop, at.now) };
    });
    const words = stops.map(({ requestedAt, agency }) => `${requestedAt} by ${agency?.name ?? 'another agency'}`);
    return stopLimitReached.with(
      `A stop-payment of this account was asked for at ${words.join(' and at ')}; the law allows two. Ask for a freeze, or ask ${at.organization.byId(at.incident.cityId).name}.`,
      { members: { earlier: stops } },
    );
  }
}
