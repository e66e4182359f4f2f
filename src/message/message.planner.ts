import { Inject, Injectable } from '@nestjs/common';
import { sees } from '../alert/transitions.js';
import type { FeedEvent } from '../feed/feed.js';
import { FeedView } from '../feed/feed.view.js';
import type { Agency } from '../organization/agency.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { Clock } from '../platform/clock/clock.js';
import { newId } from '../platform/clock/id.js';
import type { Config } from '../platform/config/config.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { FirstSmsStore } from './first-sms.store.js';
import { MessageGateway, SMS } from './gateway.js';
import { messageSession, type Line, type Recipient } from './message.js';
import { MessageStore } from './message.store.js';
import { MessageView } from './message.view.js';
import { audiencesOf, factsOf, FIRST_SMS_MS, isAssigned, REMINDER_MS, type Audience } from './plan.rules.js';

const EVENTS_AT_ONCE = 500;
const HOUR_MS = 3_600_000;

interface ReadEvent {
  event: FeedEvent;
  data: Record<string, unknown>;
}

/**
 * Reads what happened and notes who is to be told. One instance at a time holds the cursor; what it planned and how far
 * it read are committed together, so every event is planned for exactly once, whoever goes on.
 */
@Injectable()
export class MessagePlanner {
  constructor(
    private readonly database: Database,
    private readonly feed: FeedView,
    private readonly store: MessageStore,
    private readonly view: MessageView,
    private readonly firstSms: FirstSmsStore,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly gateway: MessageGateway,
    private readonly clock: Clock,
    @Inject(CONFIG) private readonly config: Pick<Config, 'messages'>,
  ) {}

  /** @returns whether there may be more to plan at once */
  async round(): Promise<boolean> {
    if (!(await this.isNeeded())) return false;
    return this.database.transaction(messageSession, (tx) => this.plan(tx));
  }

  /** Looks before it writes: most rounds have nothing to do. */
  private isNeeded(): Promise<boolean> {
    return this.database.read(messageSession, async (tx) => {
      const position = await this.store.position(tx);
      if (!position) return true;
      const [events, oldest] = await Promise.all([this.feed.after(tx, position, 1), this.view.oldestLine(tx)]);
      return events.length > 0 || (oldest !== null && oldest <= this.windowStart(this.clock.now()));
    });
  }

  private async plan(tx: Tx): Promise<boolean> {
    if (!(await this.store.position(tx))) {
      // Whoever switches messages on hears of what happens from then on.
      await this.store.begin(tx, await this.feed.end(tx));
      return false;
    }
    const position = await this.store.take(tx);
    if (!position) return false;
    tx.restamp();
    const events = await this.feed.after(tx, position, EVENTS_AT_ONCE);
    const last = events.at(-1);
    if (last) {
      const organization = await this.organization.current();
      const read = events.map((event) => ({ event, data: JSON.parse(event.data) as Record<string, unknown> }));
      await this.store.addLines(tx, await this.linesOf(tx, read, organization));
      await this.planFirstSms(tx, read);
      this.store.move(tx, last);
    }
    await this.bundle(tx);
    return events.length === EVENTS_AT_ONCE;
  }

  private async linesOf(tx: Tx, read: readonly ReadEvent[], organization: OrganizationSnapshot): Promise<Line[]> {
    const told = read
      .filter(({ event }) => tx.now.getTime() - event.at.getTime() <= REMINDER_MS)
      .flatMap(({ event, data }) =>
        audiencesOf(event, data).flatMap((audience) => {
          const agency = agencyOf(audience, event, organization);
          return agency ? [{ event, data, audience, agency }] : [];
        }),
      );
    const recipients = await this.view.recipients(tx, [...new Set(told.map(({ agency }) => agency.id))]);
    return told.flatMap(({ event, data, audience, agency }) =>
      recipients
        .filter((recipient) => recipient.agencyId === agency.id && hears(recipient, audience))
        .map(({ contactId }) => ({
          contactId,
          caseId: event.caseId,
          seq: event.seq,
          agencyId: agency.id,
          alertNo: event.caseNumber,
          type: event.type,
          ...factsOf(data),
          plannedAt: tx.now,
        })),
    );
  }

  private async planFirstSms(tx: Tx, read: readonly ReadEvent[]): Promise<void> {
    if (!this.gateway.knows(SMS)) return;
    const assigned = read.filter(
      ({ event, data }) => isAssigned(event, data) && tx.now.getTime() - event.at.getTime() <= FIRST_SMS_MS,
    );
    for (const city of new Set(assigned.map(({ event }) => event.cityId))) {
      const { messages } = await this.policies.at(city, tx.now);
      const ids = assigned.filter(({ event }) => event.cityId === city).map(({ event }) => event.caseId);
      await this.firstSms.plan(tx, [...new Set(ids)], messages.autoSmsLevels);
    }
  }

  /** Makes one message of all that waits for a recipient. */
  private async bundle(tx: Tx): Promise<void> {
    await this.store.forgetLines(tx);
    const hourAgo = new Date(tx.now.getTime() - HOUR_MS);
    const ready = await this.view.ready(tx, this.windowStart(tx.now), hourAgo, this.config.messages.perHour);
    await this.store.bundle(
      tx,
      ready.map((recipient) => ({ id: newId(tx.now), ...recipient })),
    );
  }

  private windowStart(now: Date): Date {
    return new Date(now.getTime() - this.config.messages.bundleSeconds * 1_000);
  }
}

/** The agency that is told, if the case is one that it may see. */
function agencyOf(audience: Audience, event: FeedEvent, organization: OrganizationSnapshot): Agency | undefined {
  const agency =
    audience.agency !== undefined
      ? organization.byCode(audience.agency)
      : event.holderId === null
        ? undefined
        : organization.byId(event.holderId);
  const { cityId, heldBy } = event;
  return agency && sees(agency, { cityId, heldBy: [...heldBy] }, organization) ? agency : undefined;
}

function hears({ roles }: Recipient, { role }: Audience): boolean {
  return roles === null || roles.includes(role);
}
