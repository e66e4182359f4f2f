import { Injectable } from '@nestjs/common';
import { Counter } from 'prom-client';
import { Database } from '../platform/database/database.js';
import { Metrics } from '../platform/ops/metrics.js';
import type { Delivery } from './gateway.js';
import { messageSession } from './message.js';
import { MessageView } from './message.view.js';

/** What became of the tries of this process, for /metrics. */
@Injectable()
export class MessageCounts {
  private readonly tries = new Counter({
    name: 'sanji_message_tries_total',
    help: 'Tries to send a message, by channel, purpose and result',
    labelNames: ['channel', 'purpose', 'result'],
    registers: [],
  });

  constructor(
    private readonly database: Database,
    private readonly view: MessageView,
    metrics: Metrics,
  ) {
    metrics.registry.registerMetric(this.tries);
    metrics.gauge(
      'sanji_messages_waiting',
      'Reminders that wait to be bundled, messages and first SMS that wait to be sent',
      () => this.waiting(),
    );
  }

  count(channel: string, purpose: 'officers' | 'subject', delivery: Delivery): void {
    this.tries.inc({ channel, purpose, result: delivery.delivered ? 'delivered' : delivery.reason });
  }

  private waiting(): Promise<number> {
    return this.database.readAlone(messageSession, async (tx) => {
      const { lines, messages, sms } = await this.view.waiting(tx);
      return lines + messages + sms;
    });
  }
}
