import { Injectable } from '@nestjs/common';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Policies } from '../organization/policy.js';
import { newId } from '../platform/clock/id.js';
import type { Tx } from '../platform/database/database.js';
import type { EventDraft } from '../timeline/event.js';
import { TimelineStore, type PendingEvents } from '../timeline/timeline.store.js';
import type { Alert } from './alert.js';
import { STAGES, takeStages, type ClockStage } from './clock.rules.js';
import { UrgeStore } from './urge.store.js';

/** What is told of so much after it was reached is marked as late: the server was away, or could not keep up. */
const LATE_MS = 60_000;
const MINUTE_MS = 60_000;

/**
 * Tells of the stages that the clocks of a locked case have reached: on its timeline, credited to the agency that holds
 * it. Every command does so before its own work, and the clock loop does it for cases that nobody touches: so a stage is
 * told once, and always while the agency that let it pass still holds the case.
 */
@Injectable()
export class StageTeller {
  constructor(
    private readonly timeline: TimelineStore,
    private readonly urges: UrgeStore,
  ) {}

  /**
   * Changes the alert, links the lines and sends the urges; the caller stores the alert and writes the lines.
   * @returns how many stages were told
   */
  tell(tx: Tx, alert: Alert, organization: OrganizationSnapshot, policies: Policies, pending: PendingEvents): number {
    const reached = takeStages(alert, tx.now);
    if (reached.length === 0) return 0;
    const holder = organization.byId(alert.holderId!);
    const drafts = reached.flatMap((stage) => this.linesOf(tx, alert, stage, organization, policies));
    Object.assign(
      alert,
      this.timeline.link(pending, alert.id, alert, tx.now, { actorId: null, agencyId: holder.id }, drafts),
    );
    return reached.length;
  }

  private linesOf(
    tx: Tx,
    alert: Alert,
    { clock, stage, at, dueAt }: ClockStage,
    organization: OrganizationSnapshot,
    policies: Policies,
  ): EventDraft[] {
    const holder = organization.byId(alert.holderId!);
    const city = organization.byId(alert.cityId);
    const name = STAGES[stage - 1]!;
    const told = name === 'climbed' ? city : (organization.parentOf(holder) ?? city);
    const facts = {
      clock,
      agency: holder.code,
      ...(clock === 'accept' ? { hop: alert.hop } : {}),
      dueAt: dueAt.toISOString(),
      reachedAt: at.toISOString(),
      late: tx.now.getTime() - at.getTime() > LATE_MS,
    };
    if (name === 'reminded') return [{ type: 'clock-reminded', data: facts }];
    if (name === 'overdue') return [{ type: 'clock-overdue', data: { ...facts, told: told.code } }];
    return [
      { type: 'clock-climbed', data: { ...facts, told: told.code } },
      this.urge(tx, alert, holder, city.id, policies),
    ];
  }

  /** 督办 by the system in the city's name: to be answered in the time that the level gives for signing. */
  private urge(
    tx: Tx,
    alert: Alert,
    holder: { id: number; code: string },
    cityId: number,
    policies: Policies,
  ): EventDraft {
    const id = newId(tx.now);
    const replyBy = new Date(tx.now.getTime() + policies.clocks[alert.riskLevel].acceptMinutes * MINUTE_MS);
    this.urges.add(tx, {
      id,
      alertId: alert.id,
      byAgencyId: cityId,
      toAgencyId: holder.id,
      urgedAt: tx.now,
      urgedBy: null,
      replyBy,
      bySystem: true,
    });
    const changed = alert.urged ? {} : { before: { urged: false }, after: { urged: true } };
    alert.urged = true;
    return {
      type: 'urged',
      data: { urgeId: id, agency: holder.code, replyBy: replyBy.toISOString(), system: true, ...changed },
    };
  }
}
