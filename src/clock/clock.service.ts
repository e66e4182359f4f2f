import { Inject, Injectable } from '@nestjs/common';
import { AlertStore } from '../alert/alert.store.js';
import type { Alert } from '../alert/alert.js';
import { StageTeller } from '../alert/stage.teller.js';
import { UrgeStore } from '../alert/urge.store.js';
import { DeadlineRegistry } from '../deadline/deadline.registry.js';
import { DeadlineStore } from '../deadline/deadline.store.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { FOLLOW_UP_GRACE_HOURS, FollowUpStore } from '../outcome/follow-up.store.js';
import { Clock } from '../platform/clock/clock.js';
import { Database, isConnectionFailure, session, type Tx } from '../platform/database/database.js';
import { Problem } from '../platform/http/problem.js';
import type { Logger } from '../platform/log/logger.js';
import { LOGGER } from '../platform/platform.module.js';
import type { EventDraft } from '../timeline/event.js';
import { PendingEvents, TimelineStore } from '../timeline/timeline.store.js';

const clockSession = session({ actor: 'clock', agency_path: '', roles: 'system' });

/** Cases that a transaction takes at most: it holds their locks, and what follows must not wait long. */
const MOST_AT_ONCE = 500;
/** Deadlines of a round. */
const MOST_DEADLINES = 100;
/** A case that cannot be told of is left alone for so long: it must not keep the others waiting. */
const LEFT_ALONE_MS = 5 * 60_000;
/** What is told of so much after it was reached is marked as late. */
const LATE_MS = 60_000;
const HOUR_MS = 3_600_000;

/** @returns how many cases were found; their ids go into `claimed` before anything is done to them */
type Work = (tx: Tx, except: readonly string[], limit: number, claimed: string[]) => Promise<number>;

/**
 * Tells of what time alone brings about: stages of clocks, urges without a reply, follow-ups, and the deadlines of
 * incidents and of money. Takes the longest waiting
 * first, in small transactions; several instances share the work by skipping what another holds.
 */
@Injectable()
export class ClockService {
  private readonly leftAlone = new Map<string, number>();
  /** Cases that could not be told of, since the start. */
  failures = 0;

  constructor(
    private readonly database: Database,
    private readonly clock: Clock,
    private readonly alerts: AlertStore,
    private readonly teller: StageTeller,
    private readonly urges: UrgeStore,
    private readonly followUps: FollowUpStore,
    private readonly deadlines: DeadlineStore,
    private readonly handlers: DeadlineRegistry,
    private readonly timeline: TimelineStore,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  /** One portion of each kind of work. @returns whether there may be more at once */
  async round(): Promise<boolean> {
    const kinds: Work[] = [this.stages, this.unanswered, this.reachedFollowUps];
    let more = false;
    for (const work of kinds) more = (await this.portion(work.bind(this))) || more;
    return (await this.fire()) || more;
  }

  /** Rounds until nothing is left that can be told now. */
  async catchUp(): Promise<void> {
    while (await this.round());
  }

  /** A portion that fails is halved until the one case that fails stands alone. */
  private async portion(work: Work): Promise<boolean> {
    for (let limit = MOST_AT_ONCE; ;) {
      const claimed: string[] = [];
      try {
        const found = await this.database.transaction(clockSession, (tx) => {
          claimed.length = 0;
          return work(tx, this.exceptions(), limit, claimed);
        });
        return found === limit;
      } catch (error) {
        if (isPassing(error) || claimed.length === 0) throw error;
        if (limit === 1) this.leaveAlone(claimed[0]!, error);
        else limit = Math.max(1, Math.floor(Math.min(limit, claimed.length) / 2));
      }
    }
  }

  /** Each deadline in a transaction of its own: what it holds differs, and one that fails keeps no other waiting. */
  private async fire(): Promise<boolean> {
    const due = await this.database.read(clockSession, (tx) =>
      this.deadlines.due(tx, tx.now, this.exceptions(), MOST_DEADLINES),
    );
    for (const deadline of due) {
      try {
        await this.database.transaction(clockSession, (tx) =>
          this.handlers.handlerOf(deadline.kind)(
            tx,
            deadline,
            () => this.deadlines.take(tx, deadline.id),
            isLate(tx, deadline.dueAt.getTime()),
          ),
        );
      } catch (error) {
        if (isPassing(error)) throw error;
        this.leaveAlone(deadline.id, error);
      }
    }
    return due.length === MOST_DEADLINES;
  }

  private leaveAlone(id: string, error: unknown): void {
    this.failures += 1;
    this.leftAlone.set(id, this.clock.now().getTime() + LEFT_ALONE_MS);
    this.logger.error({ err: error, subject: id }, 'a clock cannot be told of');
  }

  private exceptions(): string[] {
    const now = this.clock.now().getTime();
    for (const [id, until] of this.leftAlone) if (until <= now) this.leftAlone.delete(id);
    return [...this.leftAlone.keys()];
  }

  private async stages(tx: Tx, except: readonly string[], limit: number, claimed: string[]): Promise<number> {
    const alerts = await this.alerts.claimStages(tx, tx.now, except, limit);
    claimed.push(...alerts.map(({ id }) => id));
    if (alerts.length === 0) return 0;
    // What was done to them before they were claimed lies before what is told now.
    tx.restamp();
    const organization = await this.organization.current();
    const pending = new PendingEvents();
    for (const alert of alerts) {
      const { urged } = alert;
      this.teller.tell(tx, alert, organization, await this.policies.at(alert.cityId, tx.now), pending);
      // Only what a reader would see is a new version: an officer who has read the case may still act on it.
      if (alert.urged !== urged) alert.version += 1;
    }
    this.alerts.tell(tx, alerts);
    this.timeline.write(tx, pending);
    return alerts.length;
  }

  private async unanswered(tx: Tx, except: readonly string[], limit: number, claimed: string[]): Promise<number> {
    const found = await this.urges.unanswered(tx, tx.now, except, limit);
    const held = await this.hold(tx, found, claimed);
    const taken = await this.urges.takeOverdue(tx, idsOf(found, held));
    const { byId } = await this.agencies();
    this.write(
      tx,
      held,
      taken.map((urge) => ({
        alertId: urge.alertId,
        agencyId: urge.toAgencyId,
        draft: {
          type: 'urge-overdue',
          data: {
            urgeId: urge.id,
            agency: byId(urge.toAgencyId),
            replyBy: urge.replyBy!.toISOString(),
            late: isLate(tx, urge.replyBy!.getTime()),
          },
        },
      })),
    );
    return taken.length === 0 ? 0 : found.length;
  }

  private async reachedFollowUps(tx: Tx, except: readonly string[], limit: number, claimed: string[]): Promise<number> {
    const found = await this.followUps.reached(tx, tx.now, except, limit);
    const held = await this.hold(tx, found, claimed);
    const taken = await this.followUps.takeStages(tx, idsOf(found, held), tx.now);
    const { byId } = await this.agencies();
    this.write(
      tx,
      held,
      taken.map(({ id, alertId, agencyId, dueAt, stage }) => ({
        alertId,
        agencyId,
        draft: {
          type: stage === 1 ? 'follow-up-due' : 'follow-up-overdue',
          data: {
            followUpId: id,
            agency: byId(agencyId),
            dueAt: dueAt.toISOString(),
            late: isLate(tx, dueAt.getTime() + (stage - 1) * FOLLOW_UP_GRACE_HOURS * HOUR_MS),
          },
        },
      })),
    );
    return taken.length === 0 ? 0 : found.length;
  }

  /** Cases are locked before what belongs to them, as every command does. */
  private async hold(tx: Tx, found: readonly { alertId: string }[], claimed: string[]): Promise<Map<string, Alert>> {
    const ids = [...new Set(found.map(({ alertId }) => alertId))];
    claimed.push(...ids);
    if (ids.length === 0) return new Map();
    const held = await this.alerts.lockFree(tx, ids);
    tx.restamp();
    return new Map(held.map((alert) => [alert.id, alert]));
  }

  private async agencies(): Promise<{ byId: (id: number) => string }> {
    const organization = await this.organization.current();
    return { byId: (id) => organization.byId(id).code };
  }

  private write(
    tx: Tx,
    held: ReadonlyMap<string, Alert>,
    lines: readonly { alertId: string; agencyId: number; draft: EventDraft }[],
  ): void {
    const pending = new PendingEvents();
    const touched = new Set<Alert>();
    for (const { alertId, agencyId, draft } of lines) {
      const alert = held.get(alertId)!;
      const author = { actorId: null, agencyId };
      Object.assign(alert, this.timeline.link(pending, alertId, alert, tx.now, author, [draft]));
      touched.add(alert);
    }
    this.alerts.tell(tx, [...touched]);
    this.timeline.write(tx, pending);
  }
}

function idsOf(found: readonly { id: string; alertId: string }[], held: ReadonlyMap<string, unknown>): string[] {
  return found.filter(({ alertId }) => held.has(alertId)).map(({ id }) => id);
}

function isLate(tx: Tx, reached: number): boolean {
  return tx.now.getTime() - reached > LATE_MS;
}

/** The database is away: nobody's fault, and the same for all. */
function isPassing(error: unknown): boolean {
  return isConnectionFailure(error) || (error instanceof Problem && error.kind.status >= 500);
}
