import { Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import { AlertPresenter } from '../alert/alert.presenter.js';
import { AlertStore } from '../alert/alert.store.js';
import { recordAudit } from '../identity/audit.store.js';
import { OrganizationRegistry } from '../organization/organization.registry.js';
import { PolicyRegistry } from '../organization/policy.registry.js';
import { OutcomeStore } from '../outcome/outcome.store.js';
import { Clock } from '../platform/clock/clock.js';
import { newId } from '../platform/clock/id.js';
import { KeyError } from '../platform/crypto/keyring.js';
import { Database, type Tx } from '../platform/database/database.js';
import { PendingEvents, TimelineStore } from '../timeline/timeline.store.js';
import { takesSms } from './address.rules.js';
import { skipReason } from './first-sms.rules.js';
import { FirstSmsStore } from './first-sms.store.js';
import { MessageGateway, SMS, type Delivery, type OutgoingMessage } from './gateway.js';
import { MessageCounts } from './message.counts.js';
import { messageSession, type FirstSms } from './message.js';
import { settleAll } from './settle-all.js';
import { firstSmsText } from './wording.rules.js';

const AT_ONCE = 20;
/** A try takes ten seconds at most; what is not recorded after so long was lost with its process. */
const LOST_MS = 120_000;

/** What is about to be sent: the number is here, in memory, and nowhere else. */
export interface ClaimedSms {
  readonly sms: FirstSms;
  readonly message: OutgoingMessage;
}

/**
 * The ladder's first step by itself: one SMS to the warned person, recorded as an attempt of whoever held the case.
 * Claimed before it is sent and never sent twice: where a crash leaves it unknown whether it went out, it is recorded as
 * not delivered.
 */
@Injectable()
export class FirstSmsSender {
  constructor(
    private readonly database: Database,
    private readonly store: FirstSmsStore,
    private readonly alerts: AlertStore,
    private readonly presenter: AlertPresenter,
    private readonly outcomes: OutcomeStore,
    private readonly timeline: TimelineStore,
    private readonly organization: OrganizationRegistry,
    private readonly policies: PolicyRegistry,
    private readonly gateway: MessageGateway,
    private readonly counts: MessageCounts,
    private readonly clock: Clock,
  ) {}

  /** @returns whether there may be more to send at once */
  async round(): Promise<boolean> {
    await this.recordLost();
    const { taken, claimed } = await this.claim();
    await settleAll(claimed.map(async ({ sms, message }) => this.record(sms, await this.send(message))));
    return taken === AT_ONCE;
  }

  /** Takes the next alerts; those that need no SMS any more are passed over for good. */
  async claim(): Promise<{ taken: number; claimed: ClaimedSms[] }> {
    return this.database.transaction(messageSession, async (tx) => {
      const ids = await this.store.takePlanned(tx, AT_ONCE);
      if (ids.length === 0) return { taken: 0, claimed: [] };
      const alerts = await this.alerts.lockMany(tx, ids);
      tx.restamp();
      const claimed: ClaimedSms[] = [];
      for (const alert of alerts) {
        const message = await this.messageFor(tx, alert);
        if (typeof message === 'string') {
          this.store.skip(tx, alert.id, message);
          continue;
        }
        this.store.claim(tx, alert);
        claimed.push({
          sms: { alertId: alert.id, agencyId: alert.holderId!, hop: alert.hop, claimedAt: tx.now },
          message,
        });
      }
      return { taken: ids.length, claimed };
    });
  }

  async send(message: OutgoingMessage): Promise<Delivery> {
    const delivery = await this.gateway.send(message);
    this.counts.count(SMS, 'subject', delivery);
    return delivery;
  }

  /** The message, or why there is none. */
  private async messageFor(tx: Tx, alert: Alert): Promise<OutgoingMessage | string> {
    const { messages } = await this.policies.at(alert.cityId, tx.now);
    const reason = skipReason(alert, messages, tx.now);
    if (reason) return reason;
    const phone = this.phoneOf(alert);
    if (phone === undefined) return 'unreadable';
    if (!takesSms(phone)) return 'landline';
    const agency = (await this.organization.current()).byId(alert.holderId!);
    // A person's number leaves the house: that is on record before it does.
    await recordAudit(tx, {
      action: 'alert.first-sms',
      caller: null,
      agency,
      objectKind: 'alert',
      objectId: alert.id,
      data: { alertNo: alert.alertNo },
    });
    return {
      id: alert.id,
      channel: SMS,
      to: phone,
      text: firstSmsText(messages.smsText, alert.alertNo, agency.name),
      caseNos: [alert.alertNo],
    };
  }

  /** undefined where its key is lost: one that cannot be read must not hold up the others. */
  private phoneOf(alert: Alert): string | undefined {
    try {
      return this.presenter.open(alert).subject.phone;
    } catch (error) {
      if (error instanceof KeyError) return undefined;
      throw error;
    }
  }

  private async recordLost(): Promise<void> {
    const before = new Date(this.clock.now().getTime() - LOST_MS);
    const lost = await this.database.read(messageSession, (tx) => this.store.lost(tx, before));
    for (const sms of lost) await this.record(sms, { delivered: false, reason: 'unknown' });
  }

  /** An attempt of the agency that held the case when it was sent, also where the case has moved on or ended since. */
  private async record({ alertId, agencyId, hop, claimedAt }: FirstSms, delivery: Delivery): Promise<void> {
    const organization = await this.organization.current();
    await this.database.transaction(messageSession, async (tx) => {
      if (!(await this.store.lock(tx, alertId))) return;
      const alert = await this.alerts.lock(tx, alertId);
      if (!alert) throw new Error(`alert ${alertId} is gone`);
      tx.restamp();
      const { delivered } = delivery;
      const id = newId(tx.now);
      this.outcomes.addAttempt(tx, {
        id,
        alertId,
        agencyId,
        hop,
        method: 'sms',
        at: claimedAt,
        // That it arrived does not say that anybody has read it.
        reached: false,
        participantKinds: [],
        sealed: null,
        recordedAt: tx.now,
        recordedBy: null,
      });
      const pending = new PendingEvents();
      const head = this.timeline.link(pending, alertId, alert, tx.now, { actorId: null, agencyId }, [
        {
          type: 'attempted',
          data: {
            attemptId: id,
            method: 'sms',
            at: claimedAt.toISOString(),
            reached: false,
            participants: [],
            automatic: true,
          },
        },
        {
          type: 'messaged',
          data: { purpose: 'subject', agency: organization.byId(agencyId).code, channel: SMS, delivered, cases: 1 },
        },
      ]);
      Object.assign(alert, head);
      alert.smsAttempts += 1;
      this.alerts.update(tx, alert);
      this.timeline.write(tx, pending);
      this.store.record(tx, alertId, delivery);
    });
  }
}
