import { Inject, Injectable } from '@nestjs/common';
import type { CaseAtHand } from '../alert/alert.desk.js';
import { AlertPresenter } from '../alert/alert.presenter.js';
import { CaseNumbers } from '../intake/case-number.js';
import { newId } from '../platform/clock/id.js';
import { localDateOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { CONFIG } from '../platform/platform.module.js';
import { PendingEvents, TimelineStore } from '../timeline/timeline.store.js';
import { linkedBy, linkedTo } from './alert.linker.js';
import { OWN_SOURCE, type Incident, type LinkedHow } from './incident.js';
import { IncidentRegister } from './incident.register.js';
import { IncidentStore } from './incident.store.js';
import { LinkableView } from './linkable.view.js';
import type { ReportedIncident } from './reported.incident.js';

const DAY_MS = 86_400_000;

/** What was found out about an alert: that its person has been defrauded. */
export interface Finding {
  how: Exclude<LinkedHow, 'person'>;
  /** Id of the outcome or follow-up. */
  id: string;
  lossFen: number;
  /** The person was defrauded after the warning: what was reported before it is something else. */
  afterWarning: boolean;
}

/** Incidents that come of alerts: what officers find out themselves, nobody reports to them. */
@Injectable()
export class IncidentStarter {
  constructor(
    private readonly register: IncidentRegister,
    private readonly store: IncidentStore,
    private readonly view: LinkableView,
    private readonly timeline: TimelineStore,
    private readonly alerts: AlertPresenter,
    private readonly numbers: CaseNumbers,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** Links the incident that the person has within the watch period already; else starts one, at the holder of the alert. */
  async follow(at: CaseAtHand, finding: Finding): Promise<void> {
    const { tx, alert, policies } = at;
    await this.store.holdPerson(tx, alert.cityId, alert.phoneIx);
    const watched = new Date(at.now.getTime() - policies.routing.watchDays * DAY_MS);
    const since = finding.afterWarning && alert.detectedAt > watched ? alert.detectedAt : watched;
    const known = await this.view.recent(tx, alert, since);
    if (known && (await this.view.isLinked(tx, known.id, alert.id))) return;
    const incident = known ? await this.join(at, known.id) : await this.start(at, finding);
    const link = { incidentId: incident.id, alertId: alert.id, how: finding.how, warned: false, linkedAt: at.now };
    this.store.link(tx, [link]);
    const { type, data } = linkedTo(incident, finding.how);
    at.log(type, data);
  }

  private async join(at: CaseAtHand, id: string): Promise<Incident> {
    const { tx, alert } = at;
    const [incident] = await this.store.lock(tx, [id]);
    const pending = new PendingEvents();
    Object.assign(incident!, this.timeline.link(pending, id, incident!, at.now, authorOf(at), [linkedBy(alert)]));
    this.store.extend(tx, incident!);
    this.timeline.write(tx, pending);
    return incident!;
  }

  private async start(at: CaseAtHand, { id: sourceRef, lossFen }: Finding): Promise<Incident> {
    const { tx, alert, organization, policies } = at;
    const { name, phone, idNumber } = this.alerts.open(alert).subject;
    const reported: ReportedIncident = {
      source: OWN_SOURCE,
      sourceRef,
      reportedAt: at.now,
      divisionCode: alert.divisionCode,
      fraudType: alert.fraudType,
      victimKind: 'person',
      lossFen,
      transfers: [],
      personal: { victim: { name, phone, idNumber } },
    };
    const day = localDateOf(at.now, this.config.timeZone);
    const [incidentNo] = await this.numbers.take(organization.byId(alert.cityId).code, day, 1, 'incident');
    const accepted = {
      id: newId(at.now),
      incidentNo: incidentNo!,
      reported,
      digests: this.register.digestsOf(reported),
      agencyId: at.holder.id,
    };
    const incident = this.register.rowOf(tx, accepted, alert.cityId, policies);
    await this.register.enter(tx, authorOf(at), [{ incident, reported, more: [linkedBy(alert)] }], organization);
    return incident;
  }
}

function authorOf({ caller }: CaseAtHand): { actorId: string | null; agencyId: number } {
  return { actorId: caller.id, agencyId: caller.agency.id };
}
