import { Inject, Injectable } from '@nestjs/common';
import { illegalTransition } from '../alert/alert.problems.js';
import { sees } from '../alert/transitions.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import type { Caller } from '../identity/caller.js';
import {
  IncidentDesk,
  noSuchIncident,
  requireSeen,
  requireStanding,
  type IncidentAtHand,
} from '../incident/incident.desk.js';
import { normaliseAccount } from '../ledger/account.rules.js';
import { LedgerStore } from '../ledger/ledger.store.js';
import { isId, newId } from '../platform/clock/id.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { Keyring } from '../platform/crypto/keyring.js';
import { Database } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { invalid, type Fault } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { stopContext } from '../stop/stop.js';
import { noSuchStop, stopExpired } from '../stop/stop.problems.js';
import { stateAt } from '../stop/stop.rules.js';
import { StopStore } from '../stop/stop.store.js';
import { StopView } from '../stop/stop.view.js';
import { fourEyes } from './approval.problems.js';
import { reaches } from './approval.rules.js';
import { freezeContext, type ApproverTier, type Freeze } from './freeze.js';
import { FreezeDesk } from './freeze.desk.js';
import type { FreezeAnswer, FreezeOfIncidentBody, FreezeOfStopBody } from './freeze.dto.js';
import { notFiled } from './freeze.problems.js';
import { approverTierOf, periodFaults } from './freeze.rules.js';
import { FreezeStore } from './freeze.store.js';
import { FreezeView } from './freeze.view.js';
import { lapseOf } from './period.rules.js';

/** What is asked for, of a stop-payment or on an incident. */
interface Request {
  accountId: string;
  stopId: string | null;
  bank: string;
  holderName: string | undefined;
  amountFen: number;
  from: string | undefined;
  until: string;
  approvedBy: string | undefined;
}

/** 申请冻结: an account is to be frozen. */
@Injectable()
export class FreezeRequests {
  constructor(
    private readonly database: Database,
    private readonly desk: IncidentDesk,
    private readonly freezes: FreezeDesk,
    private readonly store: FreezeStore,
    private readonly view: FreezeView,
    private readonly ledger: LedgerStore,
    private readonly deadlines: DeadlineStore,
    private readonly stops: StopStore,
    private readonly stopView: StopView,
    private readonly keyring: Keyring,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** What a stop-payment holds is to be frozen before its hours are over. */
  async ofStop(caller: Caller, stopId: string, ifMatch: IfMatch, body: FreezeOfStopBody): Promise<FreezeAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const found = isId(stopId) ? await this.stopView.find(tx, stopId) : undefined;
      if (!found) throw noSuchStop();
      const [held] = await this.desk.hold(tx, caller, { accounts: [found.accountId], incidents: [found.incidentId] });
      const at = held!;
      if (!sees(caller.agency, at.incident, at.organization)) throw noSuchStop();
      const stop = (await this.stops.lock(tx, stopId))!;
      requireVersion(ifMatch, stop.version);
      requireStanding(caller, at.incident, at.organization);
      const state = stateAt(stop, at.now);
      if (state === 'expired') {
        throw stopExpired.with(
          `The stop-payment ended by itself at ${stop.expiresAt!.toISOString()}: ask for the freeze on the incident.`,
          { members: { stopStatus: state } },
        );
      }
      if (state !== 'effective') {
        throw illegalTransition.with(`The stop-payment is ${state}; a freeze follows one that is effective.`, {
          members: { stopStatus: state },
        });
      }
      return this.request(caller, at, {
        ...body,
        accountId: stop.accountId,
        stopId,
        bank: stop.bank,
        holderName: this.keyring.openText(stop.sealed, stopContext(stopId)),
        amountFen: body.amountFen ?? stop.stoppedFen!,
        from: body.from,
        approvedBy: body.approvedBy,
      });
    });
  }

  /** An account of an incident is to be frozen, whether or not it was ever stopped. */
  async ofIncident(
    caller: Caller,
    incidentId: string,
    ifMatch: IfMatch,
    body: FreezeOfIncidentBody,
  ): Promise<FreezeAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const cityId = isId(incidentId) ? await this.view.cityOfIncident(tx, incidentId) : undefined;
      if (cityId === undefined) throw noSuchIncident();
      const accountId = await this.ledger.holdNumber(tx, cityId, normaliseAccount(body.account)!);
      const [held] = await this.desk.hold(tx, caller, { incidents: [incidentId] });
      const at = held!;
      requireSeen(caller, at.incident, at.organization);
      requireVersion(ifMatch, at.incident.version);
      requireStanding(caller, at.incident, at.organization);
      return this.request(caller, at, {
        ...body,
        accountId,
        stopId: null,
        holderName: body.holderName,
        from: body.from,
        approvedBy: body.approvedBy,
      });
    });
  }

  private async request(caller: Caller, at: IncidentAtHand, asked: Request): Promise<FreezeAnswer> {
    const { tx, incident, policies, now } = at;
    const { timeZone } = this.config;
    if (!incident.filedAt) {
      throw notFiled.with('Money is frozen for a case that has been filed (立案): POST /incidents/{id}/file first.');
    }
    const today = localDateOf(now, timeZone);
    const period = { from: asked.from ?? today, until: asked.until };
    const faults = periodFaults(period, localDateOf(incident.filedAt, timeZone), today, policies.funds);
    if (asked.amountFen < 1)
      faults.push({ pointer: '/amountFen', message: 'is needed: the stop-payment holds nothing' });
    const { accountId, amountFen } = asked;
    const { cityFreezeFen } = policies.funds;
    const exceeds = await this.view.exceeds(tx, { accountId, except: null, amountFen, today }, cityFreezeFen);
    const approverTier = approverTierOf(period, exceeds, policies.funds);
    const namedApprover = await this.approver(caller, at, asked.approvedBy, approverTier, faults);
    if (faults.length > 0)
      throw invalid.with('The freeze cannot be asked for like this: see errors.', { errors: faults });

    const id = newId(now);
    const freeze: Freeze = {
      id,
      incidentId: incident.id,
      cityId: incident.cityId,
      accountId,
      stopId: asked.stopId,
      bank: asked.bank.trim(),
      sealed: asked.holderName === undefined ? null : this.keyring.seal(asked.holderName.trim(), freezeContext(id)),
      amountFen,
      fromOn: period.from,
      untilOn: period.until,
      agencyId: caller.agency.id,
      heldBy: [caller.agency.id],
      requestedAt: now,
      requestedBy: caller.id,
      approverTier,
      namedApprover,
      status: 'requested',
      approvedAt: null,
      approvedBy: null,
      waitingSince: null,
      effectiveAt: null,
      frozenFen: null,
      unrelatedAt: null,
      releaseDueAt: null,
      endedAt: null,
      version: 1,
    };
    this.store.add(tx, freeze);
    // A request that nobody decides, or that the bank never answers, is over with its last day.
    const dueAt = lapseOf(freeze.untilOn, timeZone);
    this.deadlines.plan(tx, [{ kind: 'freeze-lapses', subjectId: id, caseId: incident.id, dueAt }]);
    at.log('freeze-requested', {
      freezeId: id,
      ...(asked.stopId === null ? {} : { stopId: asked.stopId }),
      amountFen,
      from: period.from,
      until: period.until,
      approverTier,
    });
    this.desk.write(at);
    return this.freezes.answer(at, caller, id);
  }

  /**
   * The supervisor whom the request waits for. The name approves nothing.
   * @throws Problem `four-eyes` where it is the asker's own
   */
  private async approver(
    caller: Caller,
    { tx, incident, organization }: IncidentAtHand,
    username: string | undefined,
    tier: ApproverTier,
    faults: Fault[],
  ): Promise<string | null> {
    if (username === undefined) return null;
    const user = await this.view.namedUser(tx, username);
    if (user && user.id === caller.id) {
      throw fourEyes.with('You cannot approve what you ask for: name another person, or nobody.');
    }
    const agency = user && organization.byId(user.agencyId);
    const standsOver = agency && organization.within(organization.byId(incident.agencyId), agency);
    if (user && user.active && user.supervisor && standsOver && reaches(agency.tier, tier)) return user.id;
    faults.push({
      pointer: '/approvedBy',
      message: `is not the username of an active supervisor who can approve this: of the ${
        tier === 'city' ? 'city' : 'county or the city'
      } that the incident is with`,
    });
    return null;
  }
}
