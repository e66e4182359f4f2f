import { Injectable } from '@nestjs/common';
import { RevealLimit } from '../alert/reveal.limit.js';
import { alreadyThere, wrongTarget } from '../assignment/assignment.problems.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { recordAudit } from '../identity/audit.store.js';
import type { Caller } from '../identity/caller.js';
import { Database, type Tx } from '../platform/database/database.js';
import { requireVersion, type IfMatch } from '../platform/http/etag.js';
import { invalid } from '../platform/http/problem.js';
import { IncidentDesk, requireSeen, requireStanding, type IncidentAtHand } from './incident.desk.js';
import type { FileIncidentBody, IncidentAnswer, RevealedIncidentAnswer, TransferIncidentBody } from './incident.dto.js';
import { IncidentPresenter } from './incident.presenter.js';
import { alreadyFiled } from './incident.problems.js';
import { IncidentReader } from './incident.reader.js';
import { STOP_REQUEST_KINDS } from './incident.rules.js';
import { IncidentView } from './incident.view.js';

/** Clocks of servers and officers differ by so much. */
const SKEW_MS = 5 * 60_000;

/** What officers do with an incident itself; what is done about its money has rooms of its own. */
@Injectable()
export class IncidentService {
  constructor(
    private readonly database: Database,
    private readonly desk: IncidentDesk,
    private readonly view: IncidentView,
    private readonly reader: IncidentReader,
    private readonly presenter: IncidentPresenter,
    private readonly deadlines: DeadlineStore,
    private readonly revealLimit: RevealLimit,
  ) {}

  /** 立案. @throws Problem `already-filed`, `invalid` */
  async file(caller: Caller, id: string, ifMatch: IfMatch, body: FileIncidentBody): Promise<IncidentAnswer> {
    return this.command(caller, id, ifMatch, ({ incident, now }, log) => {
      if (incident.status === 'filed') {
        throw alreadyFiled.with(`${incident.incidentNo} is filed already, as ${incident.caseNo}.`);
      }
      const filedAt = body.filedAt === undefined ? now : new Date(body.filedAt);
      const message =
        filedAt.getTime() > now.getTime() + SKEW_MS
          ? 'lies in the future'
          : filedAt.getTime() < incident.reportedAt.getTime()
            ? 'lies before the incident was reported'
            : undefined;
      if (message !== undefined) {
        throw invalid.with(`filedAt ${message}.`, { errors: [{ pointer: '/filedAt', message }] });
      }
      Object.assign(incident, { status: 'filed', caseNo: body.caseNo, filedAt, filedBy: caller.id });
      log('incident-filed', { caseNo: body.caseNo, filedAt: filedAt.toISOString() });
    });
  }

  /** 移交: to another county or township of the caller's. Its clock goes on: moving it buys no time. */
  async transfer(caller: Caller, id: string, ifMatch: IfMatch, body: TransferIncidentBody): Promise<IncidentAnswer> {
    return this.command(caller, id, ifMatch, ({ incident, organization, masked }, log) => {
      const to = organization.byCode(body.agency);
      if (!to?.active || to.tier === 'city' || !organization.within(to, caller.agency)) {
        throw wrongTarget.with(
          `${body.agency} is not an active county or township of yours. Choose among GET /agencies.`,
          { errors: [{ pointer: '/agency', message: 'is not the code of an active county or township of yours' }] },
        );
      }
      const from = organization.byId(incident.agencyId);
      if (to.id === from.id) throw alreadyThere.with(`The incident is with ${to.name} already. Choose another agency.`);
      incident.agencyId = to.id;
      if (!incident.heldBy.includes(to.id)) incident.heldBy = [...incident.heldBy, to.id];
      log('incident-transferred', { fromAgency: from.code, agency: to.code, reason: masked(body.reason) });
    });
  }

  /**
   * Victim and accounts in clear, for who stands over the incident: on the timeline and in the audit log, and rate-limited
   * per person who asks.
   * @throws Problem `reveal-limited`
   */
  async reveal(caller: Caller, id: string, purpose: string): Promise<RevealedIncidentAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const at = await this.hold(tx, caller, id, undefined);
      const { incident } = at;
      await this.revealLimit.check(tx, caller);
      const masked = at.masked(purpose);
      at.log('incident-revealed', { purpose: masked });
      await recordAudit(tx, {
        action: 'incident.revealed',
        caller,
        objectKind: 'incident',
        objectId: incident.id,
        data: { incidentNo: incident.incidentNo, purpose: masked },
      });
      const transfers = await this.view.transfers(tx, incident.id);
      this.desk.write(at);
      return this.presenter.revealed(incident, transfers);
    });
  }

  /** The first stop-payment of an incident has been asked for: its clock is met, and says nothing more. */
  stopRequested({ tx, incident, now }: IncidentAtHand): void {
    if (incident.stopMetAt !== null) return;
    incident.stopMetAt = now;
    this.deadlines.cancel(tx, incident.id, ...STOP_REQUEST_KINDS);
  }

  private async command(
    caller: Caller,
    id: string,
    ifMatch: IfMatch,
    work: (at: IncidentAtHand, log: IncidentAtHand['log']) => void,
  ): Promise<IncidentAnswer> {
    return this.database.transaction(caller.session, async (tx) => {
      const at = await this.hold(tx, caller, id, ifMatch);
      work(at, (...line) => at.log(...line));
      this.desk.write(at);
      return this.reader.single(tx, caller, at.incident, at.organization);
    });
  }

  /** An incident that the caller may work on. @throws Problem `not-found`, `stale-version`, `not-the-holder` */
  private async hold(tx: Tx, caller: Caller, id: string, ifMatch: IfMatch): Promise<IncidentAtHand> {
    const [at] = await this.desk.hold(tx, caller, { incidents: [id] });
    const { incident, organization } = at!;
    requireSeen(caller, incident, organization);
    requireVersion(ifMatch, incident.version);
    requireStanding(caller, incident, organization);
    return at!;
  }
}
