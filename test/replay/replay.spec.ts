import type { AddressInfo } from 'node:net';
import { createApp, type App } from '../../src/app.js';
import { SeedService } from '../../src/organization/seed.service.js';
import { readConfig } from '../../src/platform/config/config.js';
import { Keyring } from '../../src/platform/crypto/keyring.js';
import { Database, session } from '../../src/platform/database/database.js';
import { createLogger } from '../../src/platform/log/logger.js';
import type { ReplayOptions } from '../../src/replay/plan.js';
import { checkReplay } from '../../src/replay/replay.check.js';
import { replay, ReplayRefused, type Replayed } from '../../src/replay/replay.js';
import { ReplayStaff } from '../../src/replay/replay.staff.js';
import { ApiClient } from '../../src/simulation/api.client.js';
import { PlayedClock } from '../../src/simulation/played.clock.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { KEYS } from '../support/app.js';
import { filledDatabase, type TestDatabase } from '../support/database.js';

const OPTIONS: ReplayOptions = { city: '4113', from: '2023-01-01', to: '2023-01-03', scale: 0.02, seed: 'test' };
/** The replay is killed on its second afternoon. */
const KILLED_AT = Date.parse('2023-01-02T16:30:00+08:00');
const SIGNED_IN = 60 * 24 * 30;

/** A clock that does something at a moment. */
class TrippingClock extends PlayedClock {
  constructor(
    private readonly at = Infinity,
    private readonly trip = (): void => undefined,
  ) {
    super(new Date('2022-12-31T23:00:00+08:00'));
  }

  override moveTo(moment: number): void {
    super.moveTo(moment);
    if (moment >= this.at) this.trip();
  }
}

async function openApp(url: string, clock: PlayedClock): Promise<App> {
  return createApp({
    config: readConfig({ SANJI_KEYS: KEYS, SANJI_LOG_LEVEL: 'silent' }),
    url,
    keyring: Keyring.parse(KEYS),
    clock,
    logger: createLogger('silent'),
    identity: { accessMinutes: SIGNED_IN, idleMinutes: SIGNED_IN, touchSeconds: SIGNED_IN * 60 },
    background: false,
  });
}

/** Works with an application of its own, as a process of the command line does. */
async function inApp<T>(url: string, clock: PlayedClock, work: (made: App, base: string) => Promise<T>): Promise<T> {
  const made = await openApp(url, clock);
  try {
    await made.app.listen(0, '127.0.0.1');
    return await work(made, `http://127.0.0.1:${(made.app.getHttpServer().address() as AddressInfo).port}`);
  } finally {
    await made.close();
  }
}

function run(url: string, options = OPTIONS, clock = new TrippingClock(), signal?: AbortSignal): Promise<Replayed> {
  return inApp(url, clock, ({ app }, base) =>
    replay({ app, base, clock, timeZone: 'Asia/Shanghai', options, today: Date.now(), signal }),
  );
}

const sql = <T extends object>(url: string, text: string): Promise<T[]> =>
  inApp(url, new PlayedClock(new Date()), ({ app }) =>
    app.get(Database).transaction(session({}), (tx) => tx.adHoc<T>(text)),
  );

const HISTORY = `SELECT type, count(*)::int AS count FROM event GROUP BY type
  UNION ALL SELECT 'attempt ' || method, count(*)::int FROM attempt GROUP BY method
  UNION ALL SELECT 'entry ' || kind, sum(amount_fen)::bigint FROM ledger_entry GROUP BY kind
  UNION ALL SELECT 'users', count(*)::int FROM user_account ORDER BY 1`;

describe('a replay', () => {
  let databases: TestDatabase[];
  let whole: Replayed;
  let resumed: Replayed;

  beforeAll(async () => {
    const seeded = (): Promise<TestDatabase> =>
      filledDatabase('replay', (url) =>
        inApp(url, new TrippingClock(), async ({ app }) => void (await app.get(SeedService).seedCity('4113'))),
      );
    databases = [await seeded(), await seeded()];
    whole = await run(databases[0]!.url);
    const kill = new AbortController();
    const clock = new TrippingClock(KILLED_AT, () => kill.abort(new Error('killed')));
    await expect(run(databases[1]!.url, OPTIONS, clock, kill.signal)).rejects.toThrow('killed');
    resumed = await run(databases[1]!.url);
  }, 120_000);

  afterAll(async () => {
    for (const database of databases) await database.drop();
  });

  it('comes to its figures, which its briefing tells', () => {
    const figures = checkReplay(whole);
    expect(figures.filter(({ met }) => !met)).toEqual([]);
    const printed = new Map(whole.briefing.figures.map(({ key, printed: words }) => [key, words?.zh]));
    expect(printed.get('dailySignals')).toBe('220条');
    expect(printed.get('attempts')).toBe('106人次');
    const { text } = whole.briefing;
    expect(text.zh).toMatch(
      /^2023年1月1日至1月3日,南阳市反诈中心:预警660条,日均产出预警信息220条。预警劝阻潜在受害人106人次,成功劝阻1起,/,
    );
    expect(text.en).toContain('1 January 2023 to 3 January 2023: 660 warning signals came in, 220 a day on average.');
  });

  it('goes on after it was killed in the middle of a day, with nothing twice and nothing missing', async () => {
    const told = ({ briefing, fraudTypes }: Replayed): unknown => [
      briefing.figures,
      briefing.fraudTypes,
      briefing.text,
      fraudTypes.rows,
    ];
    expect(told(resumed)).toEqual(told(whole));
    const [first, second] = await Promise.all(databases.map(({ url }) => sql(url, HISTORY)));
    expect(second).toEqual(first);
  });

  it('leaves nothing that a recount finds wrong', async () => {
    const { differences, alerts } = await inApp(databases[1]!.url, new PlayedClock(new Date()), ({ app }) =>
      app.get(VerifyService, { strict: false }).verify({ months: ['2023-01'] }),
    );
    expect(differences).toEqual([]);
    expect(alerts).toBe(660);
  });

  it('each figure of the briefing is the one of the report that it names', async () => {
    await inApp(databases[0]!.url, new PlayedClock(new Date()), async ({ app }, base) => {
      const client = new ApiClient(base, 2);
      const supervisor = await new ReplayStaff(app, client, '4113').supervisor('4113');
      for (const { value, report, field } of whole.briefing.figures) {
        const { body, status } = await supervisor.get(report.replace('/api/v1', ''));
        expect(status).toBe(200);
        const at = field
          .replace('rows[0].', '')
          .split('.')
          .reduce((node, name) => (node as Record<string, unknown>)[name], (body as { rows: unknown[] }).rows[0]);
        const sum = field.endsWith('attempts') ? 106 : value;
        const expected = field.endsWith('signals') ? 660 : sum;
        const found = typeof at === 'object' && at !== null ? attemptsOrRate(at) : at;
        expect([field, found]).toEqual([field, expected]);
      }
      const wrong = await supervisor.get('/reports/briefing?agency=4113&from=2023-01-03&to=2023-01-01');
      expect(wrong.status).toBe(422);
      const year = await supervisor.get('/reports/briefing?from=2024-01-01&to=2024-01-03');
      const { figures, text } = year.body as Replayed['briefing'];
      expect(figures.find(({ key }) => key === 'signals')).toMatchObject({
        value: 0,
        printed: null,
        yearBefore: { value: 660, change: -1 },
      });
      expect(text.zh).toContain('与上年同期相比,预警信号下降100%');
      const empty = await supervisor.get('/reports/briefing?from=2022-01-01&to=2022-01-03');
      expect((empty.body as Replayed['briefing']).text.zh).toBe(
        '2022年1月1日至1月3日,南阳市反诈中心没有可通报的数据。',
      );
      client.close();
    });
  });

  it('refuses a database that holds another replay, or somebody’s cases', async () => {
    const { url } = databases[0]!;
    const other = run(url, { ...OPTIONS, seed: 'another' });
    await expect(other).rejects.toThrow(ReplayRefused);
    await expect(other).rejects.toThrow('--city 4113 --from 2023-01-01 --to 2023-01-03 --scale 0.02 --seed test');
    await inApp(url, new PlayedClock(new Date()), async ({ app }, base) => {
      const client = new ApiClient(base, 1);
      const feed = await new ReplayStaff(app, client, '4113').source();
      const answer = await feed.post('/alerts', {
        source: 'national-platform',
        sourceRef: 'NP-1',
        detectedAt: '2023-06-01T09:30:00+08:00',
        riskLevel: 'low',
        fraudType: 'other',
        subject: { phone: '13800001234' },
      });
      expect(answer.status).toBe(201);
      client.close();
    });
    await expect(run(url)).rejects.toThrow('never mixes with real cases');
  });
});

function attemptsOrRate(at: object): unknown {
  const { sms, call, visit, rate } = at as Record<string, number>;
  return rate ?? sms! + call! + visit!;
}
