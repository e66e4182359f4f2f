import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pg from 'pg';
import { AlertStore } from '../../src/alert/alert.store.js';
import { FirstSmsSender } from '../../src/message/first-sms.sender.js';
import { messageSession } from '../../src/message/message.js';
import { MessagePlanner } from '../../src/message/message.planner.js';
import { MessageSender } from '../../src/message/message.sender.js';
import { Database } from '../../src/platform/database/database.js';
import type { Logger } from '../../src/platform/log/logger.js';
import type { EventData, EventType } from '../../src/timeline/event.js';
import { PendingEvents, TimelineStore } from '../../src/timeline/timeline.store.js';
import { signal, TestApp, type Officer } from '../support/app.js';
import { Receiver } from './receiver.js';

const body = { to: '{{to}}', text: '{{text}}', cases: '{{caseNos}}', id: '{{id}}' };
const success = { pointer: '/errcode', equals: 0 };

/** An application whose messages go to a receiver; its rounds are called by the test. */
export class Post {
  private constructor(
    readonly app: TestApp,
    readonly receiver: Receiver,
    readonly feed: Officer,
    private readonly client: pg.Pool,
    private readonly folder: string,
    private readonly env: Record<string, string>,
  ) {}

  static async start(more: Record<string, string> = {}, logger?: Logger): Promise<Post> {
    const receiver = await Receiver.start();
    const folder = await mkdtemp(join(tmpdir(), 'sanji-messages-'));
    const file = join(folder, 'channels.json');
    const channel = (path: string): object => ({ url: `${receiver.url}${path}`, body, success, reference: '/msgid' });
    await writeFile(file, JSON.stringify({ sms: channel('/sms'), wecom: channel('/wecom') }));
    const env = { SANJI_MESSAGES: 'http', SANJI_MESSAGES_CONFIG: file, SANJI_DATA_DIR: folder, ...more };
    const app = await TestApp.start(['4113'], undefined, undefined, logger, env);
    const client = new pg.Pool({ connectionString: app.database.url, max: 3 });
    client.on('error', () => undefined);
    const post = new Post(app, receiver, await app.feed(), client, folder, env);
    await post.plan();
    return post;
  }

  async stop(): Promise<void> {
    await this.client.end();
    await this.app.stop();
    await this.receiver.stop();
    await rm(this.folder, { recursive: true });
  }

  /** Another instance over the same database, with the same clock. */
  second(): Promise<TestApp> {
    return TestApp.start([], this.app.database, this.app.clock, undefined, this.env);
  }

  get dataDir(): string {
    return this.folder;
  }

  async rows<T>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.client.query(text, values)).rows as T[];
  }

  async plan(app = this.app): Promise<boolean> {
    await this.settled();
    return app.app.get(MessagePlanner).round();
  }

  /** Until the feed shows all that was written: transactions of other tests' databases on the server hold it up, too. */
  private async settled(): Promise<void> {
    const open = `SELECT FROM event WHERE tx >= feed_offset() + pg_snapshot_xmin(pg_current_snapshot())::text::bigint LIMIT 1`;
    while ((await this.rows(open)).length > 0);
  }

  /** Plans, lets the window pass, bundles and sends. */
  async deliver(): Promise<void> {
    await this.plan();
    this.app.clock.advanceMinutes(1);
    await this.plan();
    await this.app.app.get(MessageSender).round();
  }

  sendAgain(): Promise<boolean> {
    return this.app.app.get(MessageSender).round();
  }

  get firstSms(): FirstSmsSender {
    return this.app.app.get(FirstSmsSender);
  }

  /** Somebody with a phone. */
  async person(agency: string, role: 'officer' | 'supervisor', phone: string): Promise<Officer> {
    const who = await this.app.user(agency, role);
    const answer = await who.put('/auth/me/contact', { channel: 'sms', address: phone });
    if (answer.status !== 200) throw new Error(`contact: ${answer.status} ${answer.text}`);
    return who;
  }

  async alert(overrides: Record<string, unknown> = {}): Promise<{ id: string; alertNo: string }> {
    const detectedAt = this.app.clock.now().toISOString();
    const answer = await this.feed.post('/alerts', signal({ detectedAt, ...overrides }));
    if (answer.status !== 201) throw new Error(`intake: ${answer.status} ${answer.text}`);
    return answer.body as { id: string; alertNo: string };
  }

  /** Puts an event on a case, as the clocks do. */
  async happen(id: string, type: EventType, data: EventData): Promise<void> {
    const { app } = this.app;
    await app.get(Database).transaction(messageSession, async (tx) => {
      const alerts = app.get(AlertStore);
      const alert = (await alerts.lock(tx, id))!;
      const pending = new PendingEvents();
      const timeline = app.get(TimelineStore);
      Object.assign(
        alert,
        timeline.link(pending, id, alert, tx.now, { actorId: null, agencyId: alert.holderId }, [{ type, data }]),
      );
      alerts.extend(tx, alert);
      timeline.write(tx, pending);
    });
  }

  remind(id: string, agency = '411322'): Promise<void> {
    return this.happen(id, 'clock-reminded', {
      clock: 'accept',
      agency,
      dueAt: '2023-06-01T02:30:00.000Z',
      late: false,
    });
  }

  /** Events of a type on a case, their facts parsed. */
  async events(id: string, type: EventType): Promise<Record<string, unknown>[]> {
    const rows = await this.rows<{ data: string }>(
      'SELECT data FROM event WHERE case_id = $1 AND type = $2 ORDER BY seq',
      [id, type],
    );
    return rows.map(({ data }) => JSON.parse(data));
  }
}
