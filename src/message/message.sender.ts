import { Inject, Injectable } from '@nestjs/common';
import { AlertStore } from '../alert/alert.store.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { localMinuteOf } from '../platform/clock/local-date.js';
import type { Config } from '../platform/config/config.js';
import { KeyError, Keyring } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { CONFIG } from '../platform/platform.module.js';
import { PendingEvents, TimelineStore } from '../timeline/timeline.store.js';
import { FINAL, MessageGateway, type Delivery } from './gateway.js';
import { MessageCounts } from './message.counts.js';
import { contactContext, messageSession, type ClaimedMessage } from './message.js';
import { MessageStore } from './message.store.js';
import { MessageView, type MessageLine } from './message.view.js';
import { nextTry } from './plan.rules.js';
import { settleAll } from './settle-all.js';
import { textOf } from './wording.rules.js';

const AT_ONCE = 20;
/** A try takes ten seconds at most; after so long its process is gone. */
const LOST_MS = 60_000;
/** `06-01 09:35` of `2023-06-01 09:35`. */
const YEAR_LENGTH = 5;

/** Sends what is planned for officers: at least once, tried again for an hour, its end on the timeline of every case. */
@Injectable()
export class MessageSender {
  constructor(
    private readonly database: Database,
    private readonly store: MessageStore,
    private readonly view: MessageView,
    private readonly alerts: AlertStore,
    private readonly timeline: TimelineStore,
    private readonly organization: OrganizationRegistry,
    private readonly keyring: Keyring,
    private readonly gateway: MessageGateway,
    private readonly counts: MessageCounts,
    @Inject(CONFIG) private readonly config: Pick<Config, 'timeZone'>,
  ) {}

  /** @returns whether there may be more to send at once */
  async round(): Promise<boolean> {
    const claimed = await this.claim();
    await settleAll(
      claimed.map(async ({ message, lines }) => this.settle(message, lines, await this.send(message, lines))),
    );
    return claimed.length === AT_ONCE;
  }

  /** Messages whose time has come, for this process to try. */
  async claim(): Promise<{ message: ClaimedMessage; lines: MessageLine[] }[]> {
    return this.database.transaction(messageSession, async (tx) => {
      const messages = await this.store.claim(tx, new Date(tx.now.getTime() + LOST_MS), AT_ONCE);
      const lines = await this.view.linesOf(
        tx,
        messages.map(({ id }) => id),
      );
      return messages.map((message) => ({ message, lines: lines.filter(({ messageId }) => messageId === message.id) }));
    });
  }

  async send(message: ClaimedMessage, lines: readonly MessageLine[]): Promise<Delivery> {
    const { id, channel } = message;
    const to = this.addressOf(message);
    if (to === undefined) return { delivered: false, reason: 'no-contact' };
    const { timeZone } = this.config;
    const delivery = await this.gateway.send({
      id,
      channel,
      to,
      text: textOf(lines, (at) => localMinuteOf(at, timeZone).slice(YEAR_LENGTH)),
      caseNos: [...new Set(lines.map(({ alertNo }) => alertNo))],
    });
    this.counts.count(channel, 'officers', delivery);
    return delivery;
  }

  /** undefined where there is none any more, or its key is lost: one that cannot be read must not hold up the others. */
  private addressOf({ contactId, sealed }: ClaimedMessage): string | undefined {
    if (sealed === null) return undefined;
    try {
      return this.keyring.openText(sealed, contactContext(contactId));
    } catch (error) {
      if (error instanceof KeyError) return undefined;
      throw error;
    }
  }

  private async settle(message: ClaimedMessage, lines: readonly MessageLine[], delivery: Delivery): Promise<void> {
    await this.database.transaction(messageSession, async (tx) => {
      if (!(await this.store.lock(tx, message.id, message.tries))) return;
      tx.restamp();
      const again =
        delivery.delivered || FINAL.has(delivery.reason)
          ? undefined
          : nextTry(message.tries, message.createdAt, tx.now);
      if (again && !delivery.delivered) {
        this.store.retry(tx, message.id, again, delivery.reason);
        return;
      }
      await this.tell(tx, message, lines, delivery);
      this.store.end(tx, message.id, delivery);
    });
  }

  /** Puts the end of a message on the timeline of each of its cases. The cases themselves, and their versions, stay as they are. */
  private async tell(
    tx: Tx,
    { agencyId, channel }: ClaimedMessage,
    lines: readonly MessageLine[],
    { delivered }: Delivery,
  ): Promise<void> {
    const organization = await this.organization.current();
    const alerts = await this.alerts.lockMany(tx, [...new Set(lines.map(({ caseId }) => caseId))]);
    tx.restamp();
    const agency = organization.byId(agencyId).code;
    const data = { purpose: 'officers', agency, channel, delivered, cases: alerts.length };
    const pending = new PendingEvents();
    for (const alert of alerts) {
      const author = { actorId: null, agencyId };
      Object.assign(alert, this.timeline.link(pending, alert.id, alert, tx.now, author, [{ type: 'messaged', data }]));
      this.alerts.extend(tx, alert);
    }
    this.timeline.write(tx, pending);
  }
}
