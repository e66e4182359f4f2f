import { Inject, Injectable } from '@nestjs/common';
import { IDENTITY_FIELD, normaliseIdNumber, normalisePhone, PHONE_FIELD } from '../alert/person.rules.js';
import { EventPresenter } from '../alert/event.presenter.js';
import type { TimelineEventAnswer } from '../alert/alert.dto.js';
import { sees } from '../alert/transitions.js';
import { mayUseSource } from '../identity/access.policy.js';
import type { Caller } from '../identity/caller.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { isId } from '../platform/clock/id.js';
import { addDays, startOfLocalDate } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { BlindIndex } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { Cursors, type Page } from '../platform/http/page.js';
import { invalid } from '../platform/http/problem.js';
import { CONFIG } from '../platform/platform.module.js';
import { TimelineView } from '../timeline/timeline.view.js';
import type { Incident } from './incident.js';
import { IncidentDesk, noSuchIncident } from './incident.desk.js';
import type { IncidentAnswer, ListIncidentsQuery } from './incident.dto.js';
import { IncidentPresenter } from './incident.presenter.js';
import { IncidentView, type IncidentFilter } from './incident.view.js';
import { CREDIT_CODE_FIELD, normaliseCreditCode } from './victim.rules.js';

/** Answers what officers read of incidents. */
@Injectable()
export class IncidentReader {
  constructor(
    private readonly database: Database,
    private readonly desk: IncidentDesk,
    private readonly view: IncidentView,
    private readonly presenter: IncidentPresenter,
    private readonly events: EventPresenter,
    private readonly timeline: TimelineView,
    private readonly organization: OrganizationRegistry,
    private readonly blindIndex: BlindIndex,
    private readonly cursors: Cursors,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws Problem `not-found` */
  async get(caller: Caller, id: string): Promise<IncidentAnswer> {
    return this.database.read(caller.session, async (tx) => {
      const { incident, organization } = await this.see(tx, caller, id);
      return this.single(tx, caller, incident, organization);
    });
  }

  /** An incident with all that goes with a single one. */
  async single(
    tx: Tx,
    caller: Caller,
    incident: Incident,
    organization: OrganizationSnapshot,
  ): Promise<IncidentAnswer> {
    const [transfers, alerts] = await Promise.all([
      this.view.transfers(tx, incident.id),
      this.view.linkedAlerts(tx, incident.id),
    ]);
    const sum = transfers.reduce((total, { amountFen }) => total + amountFen, 0);
    return this.presenter.answer(incident, caller, organization, tx.now, sum, { transfers, alerts });
  }

  async list(caller: Caller, query: ListIncidentsQuery): Promise<Page<IncidentAnswer>> {
    const organization = await this.organization.current();
    return this.database.read(caller.session, async (tx) => {
      const filter = this.filterOf(caller, query, organization, tx.now);
      const { limit, cursor, count, ...asked } = query;
      const signed = { list: 'incidents', caller: caller.agency.id, asked };
      const [before] = cursor === undefined ? [] : (this.cursors.decode(signed, cursor) as string[]);
      const rows = await this.view.newest(tx, filter, before, limit + 1);
      const sums = await this.view.transferred(
        tx,
        rows.map(({ id }) => id),
      );
      const page = this.cursors.page(
        signed,
        limit,
        rows,
        ({ id }) => [id],
        (incident) => this.presenter.answer(incident, caller, organization, tx.now, sums.get(incident.id) ?? 0),
      );
      return count ? { ...page, total: await this.view.count(tx, filter) } : page;
    });
  }

  /** The history of an incident and of its money, oldest first, worded for an officer. */
  async history(
    caller: Caller,
    id: string,
    query: { limit: number; cursor?: string },
  ): Promise<Page<TimelineEventAnswer>> {
    return this.database.read(caller.session, async (tx) => {
      const { incident, organization } = await this.see(tx, caller, id);
      const signed = { list: 'incident-timeline', id, caller: caller.agency.id };
      const [after = 0] = query.cursor === undefined ? [] : (this.cursors.decode(signed, query.cursor) as number[]);
      const rows = await this.timeline.events(tx, id, after, query.limit + 1);
      const { victim } = this.desk.open(incident);
      const strangers = await this.events.strangers(tx, rows, caller, organization);
      return this.cursors.page(
        signed,
        query.limit,
        rows,
        ({ seq }) => [seq],
        (event) => this.events.worded(event, organization, victim, strangers),
      );
    });
  }

  private async see(
    tx: Tx,
    caller: Caller,
    id: string,
  ): Promise<{ incident: Incident; organization: OrganizationSnapshot }> {
    const incident = isId(id) ? await this.view.find(tx, id) : undefined;
    const organization = await this.organization.current();
    if (!incident || !maySee(caller, incident, organization)) throw noSuchIncident();
    return { incident, organization };
  }

  private filterOf(
    caller: Caller,
    query: ListIncidentsQuery,
    organization: OrganizationSnapshot,
    now: Date,
  ): IncidentFilter {
    const subtree = organization.subtree(caller.agency);
    let agencyIds: number[] | undefined;
    if (query.agency !== undefined) {
      const agency = organization.byCode(query.agency);
      if (!agency || !subtree.includes(agency)) {
        throw invalid.with('No agency of that code lies in your jurisdiction.', {
          errors: [{ pointer: '/agency', message: 'is not the code of your own agency or one below it' }],
        });
      }
      agencyIds = [agency.id];
    }
    const zone = this.config.timeZone;
    const { phone, idNumber, creditCode, reportedFrom, reportedTo } = query;
    return {
      scope: scopeOf(
        caller,
        subtree.map(({ id }) => id),
      ),
      agencyIds,
      equal: {
        status: query.status,
        fraudType: query.fraudType,
        source: query.source,
        incidentNo: query.incidentNo,
        phoneIx: phone === undefined ? undefined : this.blindIndex.of(PHONE_FIELD, normalisePhone(phone) ?? phone),
      },
      identities: [
        ...(idNumber === undefined
          ? []
          : [this.blindIndex.of(IDENTITY_FIELD, normaliseIdNumber(idNumber) ?? idNumber)]),
        ...(creditCode === undefined
          ? []
          : [this.blindIndex.of(CREDIT_CODE_FIELD, normaliseCreditCode(creditCode) ?? creditCode)]),
      ],
      stopOverdue: query.stopOverdue === undefined ? undefined : { moment: now, overdue: query.stopOverdue },
      reportedFrom: reportedFrom === undefined ? undefined : startOfLocalDate(reportedFrom, zone),
      reportedBefore: reportedTo === undefined ? undefined : startOfLocalDate(addDays(reportedTo, 1), zone),
    };
  }
}

/** A feed reads back what came from its sources in its city; everybody else what the own subtree holds or held. */
function maySee(caller: Caller, incident: Incident, organization: OrganizationSnapshot): boolean {
  if (caller.sources !== null) return caller.agency.cityId === incident.cityId && mayUseSource(caller, incident.source);
  return sees(caller.agency, incident, organization);
}

function scopeOf(caller: Caller, agencyIds: readonly number[]): IncidentFilter['scope'] {
  if (caller.sources !== null) return { cityId: caller.agency.cityId, sources: caller.sources };
  return caller.agency.tier === 'city' ? { cityId: caller.agency.id } : { agencyIds };
}
