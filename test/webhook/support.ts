import pg from 'pg';
import type { Logger } from '../../src/platform/log/logger.js';
import { MovableClock } from '../../src/platform/clock/clock.js';
import { WebhookPlanner } from '../../src/webhook/webhook.planner.js';
import { WebhookSender } from '../../src/webhook/webhook.sender.js';
import { Officer, signal, START, TestApp } from '../support/app.js';
import { Receiver } from './receiver.js';

export const ALLOW_LOCAL = { SANJI_WEBHOOK_ALLOW_PRIVATE: '127.0.0.0/8' };
export const [CITY, COUNTY, TOWNSHIP, SIBLING] = ['4113', '411322', '411322101', '411325'] as const;

export interface DeliveryRow {
  id: string;
  type: string;
  status: string;
  attempts: number;
  lastResult: string | null;
  seq: number;
  caseId: string;
  nextAttemptAt: string | null;
}

/** The application with people who make webhooks and work cases, and the rounds of its background work called by hand. */
export class Hooks {
  readonly receivers: Receiver[] = [];
  private readonly people = new Map<string, Officer>();

  private constructor(
    readonly app: TestApp,
    readonly feed: Officer,
    private readonly client: pg.Client,
  ) {}

  static async start(logger?: Logger): Promise<Hooks> {
    const app = await TestApp.start([CITY], undefined, new MovableClock(START), logger, ALLOW_LOCAL);
    const client = new pg.Client({ connectionString: app.database.url });
    client.on('error', () => undefined);
    await client.connect();
    return new Hooks(app, await app.feed(), client);
  }

  async stop(): Promise<void> {
    // Whatever is still held ends with its connection, and is noted as a failure.
    await Promise.all(this.receivers.map((receiver) => receiver.stop()));
    await this.client.end();
    await this.app.stop();
  }

  get sender(): WebhookSender {
    return this.app.app.get(WebhookSender);
  }

  get planner(): WebhookPlanner {
    return this.app.app.get(WebhookPlanner);
  }

  async sql<T extends object>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.client.query(text, values)).rows as T[];
  }

  async admin(agency: string = CITY): Promise<Officer> {
    return this.person(agency, 'admin');
  }

  async officer(agency: string): Promise<Officer> {
    return this.person(agency, 'officer');
  }

  async receiver(): Promise<Receiver> {
    const made = await Receiver.start(this.app.clock);
    this.receivers.push(made);
    return made;
  }

  /** A webhook of an agency with a receiver that knows its secret. */
  async webhook(agency: string = CITY, types: string[] = ['case.*']): Promise<{ id: string; receiver: Receiver }> {
    const receiver = await this.receiver();
    const answer = await (await this.admin(agency)).post('/webhooks', { url: receiver.url, types });
    if (answer.status !== 201) throw new Error(`webhook: ${answer.status} ${answer.text}`);
    receiver.secrets.push(answer.body.secret as string);
    return { id: answer.body.id as string, receiver };
  }

  async removeAll(): Promise<void> {
    await this.sender.idle();
    await this.sql('DELETE FROM webhook');
  }

  /** A new alert of the county. @returns its id */
  async alert(): Promise<string> {
    const answer = await this.feed.post('/alerts', signal({ detectedAt: this.app.clock.now().toISOString() }));
    if (answer.status !== 201) throw new Error(`intake: ${answer.status} ${answer.text}`);
    return answer.body.id as string;
  }

  async give(agency: string, id: string, command: string, body: object = {}): Promise<void> {
    const answer = await (await this.officer(agency)).post(`/alerts/${id}/${command}`, body);
    if (answer.status > 201) throw new Error(`${command}: ${answer.status} ${answer.text}`);
  }

  /** A case with five events: received, accepted, forwarded, accepted, attempted. */
  async story(): Promise<string> {
    const id = await this.alert();
    await this.give(COUNTY, id, 'accept');
    await this.give(COUNTY, id, 'forward', { agency: TOWNSHIP, note: '请上门' });
    await this.give(TOWNSHIP, id, 'accept');
    const at = this.app.clock.now().toISOString();
    await this.give(TOWNSHIP, id, 'attempts', { method: 'call', at, reached: true, participants: [] });
    return id;
  }

  /** Plans all that has happened. An event waits for every older transaction of the whole server, so perhaps not at once. */
  async plan(...planners: WebhookPlanner[]): Promise<void> {
    const all = planners.length > 0 ? planners : [this.planner];
    for (;;) {
      await Promise.all(all.map((planner) => planner.round()));
      const [left] = await this.sql<{ events: number }>(
        `SELECT count(*)::int AS events FROM event e, webhook_cursor c WHERE (e.tx, e.case_id, e.seq) > (c.tx, c.case_id, c.seq)`,
      );
      if (left!.events === 0) return;
    }
  }

  /** Sends until nothing is due. */
  async send(): Promise<void> {
    while ((await this.sender.round()) > 0) await this.sender.idle();
  }

  /** Moves the clock to when the next attempt is due. @returns false where nothing waits */
  async toNextAttempt(): Promise<boolean> {
    const [next] = await this.sql<{ at: Date | null }>(
      `SELECT min(greatest(d.next_attempt_at, w.paused_until)) AS at FROM webhook_delivery d JOIN webhook w ON w.id = d.webhook_id
       WHERE d.status = 'pending' AND NOT EXISTS (
         SELECT FROM webhook_delivery e
         WHERE e.webhook_id = d.webhook_id AND e.case_id = d.case_id AND e.seq < d.seq AND e.status = 'pending')`,
    );
    if (!next!.at) return false;
    if (next!.at > this.app.clock.now()) this.app.clock.set(next!.at);
    return true;
  }

  async deliveries(webhookId: string, query = '', agency: string = CITY): Promise<DeliveryRow[]> {
    const answer = await (await this.admin(agency)).get(`/webhooks/${webhookId}/deliveries?limit=200${query}`);
    return answer.body.items as DeliveryRow[];
  }

  private async person(agency: string, role: 'admin' | 'officer'): Promise<Officer> {
    const key = `${role}@${agency}`;
    const known = this.people.get(key) ?? (await this.app.user(agency, role));
    this.people.set(key, known);
    return known;
  }
}
