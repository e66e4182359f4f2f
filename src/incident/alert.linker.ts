import { Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import { AlertStore } from '../alert/alert.store.js';
import type { Policies } from '../organization/policy.js';
import type { Tx } from '../platform/database/database.js';
import type { EventDraft } from '../timeline/event.js';
import { PendingEvents, TimelineStore, type Author } from '../timeline/timeline.store.js';
import type { Incident, IncidentLink, LinkedHow } from './incident.js';
import { IncidentStore } from './incident.store.js';
import { failed, isWatched, wasGiven } from './link.rules.js';
import { LinkableView } from './linkable.view.js';

type Victim = Pick<Incident, 'phoneIx' | 'identityIx' | 'reportedAt'>;

/** Finds the warnings of victims and says on both timelines that they are of one person. */
@Injectable()
export class AlertLinker {
  constructor(
    private readonly view: LinkableView,
    private readonly store: IncidentStore,
    private readonly alerts: AlertStore,
    private readonly timeline: TimelineStore,
  ) {}

  /**
   * Holds the alerts of victims that are open, or were closed within the watch period.
   * @returns of each victim, in the order of their ids
   */
  async hold(tx: Tx, cityId: number, victims: readonly Victim[], policies: Policies): Promise<Alert[][]> {
    const found = await this.view.alerts(tx, cityId, victims);
    const ids = [...new Set(found.map(({ alertId }) => alertId))];
    if (ids.length === 0) return victims.map(() => []);
    const held = await this.alerts.lockMany(tx, ids);
    tx.restamp();
    return victims.map(({ reportedAt }, ord) => {
      const own = new Set(found.filter((one) => one.ord === ord).map(({ alertId }) => alertId));
      return held.filter((alert) => own.has(alert.id) && isWatched(alert, reportedAt, policies.routing.watchDays));
    });
  }

  /** Links stored incidents to held alerts of their victims, and marks those that failed. */
  link(tx: Tx, author: Author, all: readonly { incident: Incident; alerts: readonly Alert[] }[]): void {
    const pending = new PendingEvents();
    const links: IncidentLink[] = [];
    const touched = new Set<Alert>();
    for (const { incident, alerts } of all) {
      for (const alert of alerts) {
        links.push({
          incidentId: incident.id,
          alertId: alert.id,
          how: 'person',
          warned: wasGiven(alert),
          linkedAt: tx.now,
        });
        const drafts: EventDraft[] = [linkedTo(incident, 'person')];
        if (failed(alert) && !alert.defraudedAfterWarning) {
          alert.defraudedAfterWarning = true;
          alert.version += 1;
          const [before, after] = [{ defraudedAfterWarning: false }, { defraudedAfterWarning: true }];
          drafts.push({ type: 'defrauded-after-warning', data: { hop: alert.hop, before, after } });
        }
        Object.assign(alert, this.timeline.link(pending, alert.id, alert, tx.now, author, drafts));
        touched.add(alert);
      }
    }
    this.store.link(tx, links);
    this.alerts.mark(tx, [...touched]);
    this.timeline.write(tx, pending);
  }
}

/** The line on the timeline of an alert. */
export function linkedTo(
  { id, incidentNo }: Pick<Incident, 'id' | 'incidentNo'>,
  how: LinkedHow,
): EventDraft & { type: 'incident-linked' } {
  return { type: 'incident-linked', data: { incidentId: id, incidentNo, how } };
}

/** The line on the timeline of an incident. */
export function linkedBy({ id, alertNo }: Pick<Alert, 'id' | 'alertNo'>): EventDraft & { type: 'alert-linked' } {
  return { type: 'alert-linked', data: { alertId: id, alertNo } };
}
