import { ClockService } from '../../src/clock/clock.service.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { DEFAULT_POLICIES } from '../../src/organization/policy.js';
import { call, FALSE_ALARM, outcome, PLACES, World } from '../case/support.js';
import { TestApp } from '../support/app.js';

interface Line {
  type: string;
  agency: string | null;
  actor: string | null;
  data: Record<string, unknown>;
}

let world: World;
/** Another server on the same database. */
let second: TestApp;

beforeAll(async () => {
  world = await World.start(['city', 'county', 'township', 'county2'], ['4113']);
  second = await TestApp.start([], world.app.database, world.app.clock);
});
afterAll(async () => {
  await second.stop(false);
  await world.stop();
});
afterEach(async () => {
  await world.app.clocks();
  expect((await world.app.app.get(VerifyService).verify({ months: [] })).differences).toEqual([]);
});

const clocks = (): Promise<void> => world.app.clocks();
const later = (minutes: number): void => world.app.clock.advanceMinutes(minutes);
/** To a whole minute and so many milliseconds after a moment. */
const moveTo = (iso: string, milliseconds: number): void =>
  world.app.clock.set(new Date(Date.parse(iso) + milliseconds));

/** What was told of the clocks of a case. */
async function told(id: string, more: string[] = []): Promise<string[]> {
  const lines = await linesOf(id);
  const types = ['clock-reminded', 'clock-overdue', 'clock-climbed', ...more];
  return lines
    .filter(({ type }) => types.includes(type))
    .map(({ type, data, agency }) => [type.replace('clock-', ''), data['clock'], agency].filter(Boolean).join(' '));
}

async function linesOf(id: string): Promise<Line[]> {
  const rows = await world.sql<{ type: string; agency: string | null; actor: string | null; data: string }>(
    `SELECT e.type, a.code AS agency, e.actor_id AS actor, e.data FROM event e LEFT JOIN agency a ON a.id = e.agency_id
     WHERE case_id = $1 ORDER BY seq`,
    [id],
  );
  return rows.map((row) => ({ ...row, data: JSON.parse(row.data) as Record<string, unknown> }));
}

describe('a clock', () => {
  // urgent: sign within 5 min, call within 10, face to face within 60, outcome within 240.
  it('reminds at half of its limit, is overdue at the limit, climbs at half as much again, each once', async () => {
    const id = await world.alert({ riskLevel: 'urgent' });
    const { acceptDueAt } = (
      await world.sql<{ acceptDueAt: Date }>('SELECT accept_due_at AS "acceptDueAt" FROM alert WHERE id = $1', [id])
    )[0]!;
    const due = acceptDueAt.toISOString();
    const at = async (milliseconds: number): Promise<string[]> => {
      moveTo(due, milliseconds);
      await clocks();
      await clocks();
      return (await told(id)).filter((line) => line.includes('accept'));
    };
    expect(await at(-150_000)).toEqual([]);
    expect(await at(-149_999)).toEqual(['reminded accept 411322']);
    expect(await at(0)).toHaveLength(1);
    expect(await at(1)).toEqual(['reminded accept 411322', 'overdue accept 411322']);
    expect(await at(150_000)).toHaveLength(2);
    expect(await at(150_001)).toEqual(['reminded accept 411322', 'overdue accept 411322', 'climbed accept 411322']);
    expect(await at(86_400_000)).toHaveLength(3);
  });

  it('tells the tier above when it is overdue, the city when it climbs, and then the system urges', async () => {
    const id = await world.alert({ riskLevel: 'medium', divisionCode: PLACES.township });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'forward', { agency: PLACES.township });
    const before = (await world.get('city', `/alerts/${id}`)).body;
    later(61);
    await clocks();
    const overdue = (await linesOf(id)).at(-1)!;
    expect(overdue).toMatchObject({
      type: 'clock-overdue',
      agency: PLACES.township,
      actor: null,
      data: { clock: 'accept', hop: 2, told: PLACES.county, late: false },
    });
    const after = (await world.get('city', `/alerts/${id}`)).body;
    // Nothing that a reader sees has changed but the time: whoever has read it may still act on it.
    expect(after).toEqual({ ...before, overdue: true });
    later(30);
    await clocks();
    const lines = (await linesOf(id)).slice(-2);
    expect(lines.map(({ type, data }) => [type, data['told'] ?? data['system']])).toEqual([
      ['clock-climbed', PLACES.city],
      ['urged', true],
    ]);
    const urged = (await world.get('city', `/alerts/${id}`)).body;
    expect([urged.urged, urged.version]).toEqual([true, before.version + 1]);
    // Whoever acts answers it.
    await world.must('township', id, 'accept');
    expect((await world.must('township', id, 'reply', { note: '已在路上' })).urged).toBe(false);
  });

  it('that is met says nothing more, and what happens at the very millisecond of the limit is in time', async () => {
    const id = await world.alert({ riskLevel: 'urgent' });
    later(5);
    await world.must('county', id, 'accept');
    expect(await told(id)).toEqual(['reminded accept 411322']);
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'attempts', world.attempt('visit'));
    later(600);
    await world.must('county', id, 'attempts', world.attempt('call'));
    expect((await told(id)).filter((line) => !line.includes('feedback'))).toEqual(['reminded accept 411322']);
    expect((await told(id)).filter((line) => line.includes('feedback'))).toHaveLength(3);
  });

  it('is told of before the command that comes too late, to the account of who held the case', async () => {
    const id = await world.alert({ riskLevel: 'high' });
    later(16);
    // No round has run: the return itself finds the limit passed.
    await world.must('county', id, 'return', { reason: 'wrong-jurisdiction', note: '不属本县' });
    expect((await linesOf(id)).map(({ type }) => type)).toEqual([
      'received',
      'clock-reminded',
      'clock-overdue',
      'clock-reminded',
      'returned',
    ]);
    expect(await told(id)).toEqual(['reminded accept 411322', 'overdue accept 411322', 'reminded call 411322']);
    await world.must('city', id, 'push', { agency: PLACES.county2 });
    later(20);
    await clocks();
    expect((await told(id)).slice(3)).toEqual([
      'reminded accept 411325',
      'overdue call 411325',
      'overdue accept 411325',
    ]);
  });

  it('that was refused a command tells nothing by it', async () => {
    const id = await world.alert({ riskLevel: 'high' });
    await world.must('county', id, 'accept');
    later(20);
    const refused = await world.give('county', id, 'outcome', outcome());
    expect(refused.body.code).toBe('ladder-incomplete');
    expect(await told(id)).toEqual([]);
  });

  it('goes on through a pause of a day: all in order, and what is late is marked as late', async () => {
    const id = await world.alert({ riskLevel: 'urgent' });
    later(24 * 60);
    await clocks();
    const lines = (await linesOf(id)).filter(({ type }) => type.startsWith('clock-'));
    expect(lines).toHaveLength(12);
    expect(lines.every(({ data }) => data['late'] === true)).toBe(true);
    const reached = lines.map(({ data }) => String(data['reachedAt']));
    expect(reached).toEqual([...reached].sort());
  });

  it('of a closed or withdrawn case is silent', async () => {
    const ids = [await world.alert({ riskLevel: 'urgent' }), await world.alert({ riskLevel: 'urgent' })];
    await world.must('county', ids[0]!, 'accept');
    await world.must('county', ids[0]!, 'outcome', FALSE_ALARM);
    await world.must('city', ids[1]!, 'withdraw', { reason: '测试数据' });
    later(24 * 60);
    await clocks();
    expect(await Promise.all(ids.map((id) => told(id)))).toEqual([[], []]);
  });

  it('that is hastened by a higher level does not tell again what it has told', async () => {
    const id = await world.alert({ riskLevel: 'medium' });
    await world.must('county', id, 'accept');
    later(130);
    await clocks();
    expect(await told(id)).toEqual(['reminded call 411322']);
    await world.must('county', id, 'escalate', { riskLevel: 'urgent', reason: '正在转账' });
    later(11);
    await clocks();
    expect(await told(id)).toEqual(['reminded call 411322', 'overdue call 411322']);
  });

  it('is told of before a signal that joins raises the level', async () => {
    const phone = '13712340001';
    const id = await world.alert({ riskLevel: 'medium', subject: { phone } });
    later(61);
    await world.alert({ riskLevel: 'urgent', subject: { phone } });
    expect((await linesOf(id)).map(({ type }) => type)).toEqual([
      'received',
      'clock-reminded',
      'clock-overdue',
      'signal-joined',
    ]);
  });

  it('keeps the limit it began with when the policy changes', async () => {
    const id = await world.alert({ riskLevel: 'low' });
    const admin = await world.app.user(PLACES.city, 'admin');
    const { clocks: limits } = DEFAULT_POLICIES;
    later(1);
    const put = (document: unknown): Promise<unknown> =>
      call(world.app, admin, { method: 'PUT', path: '/policies/clocks', body: { document } });
    await put({ ...limits, low: { ...limits.low, acceptMinutes: 10 } });
    later(60);
    await clocks();
    expect(await told(id)).toEqual([]);
    later(180);
    await clocks();
    expect(await told(id)).toEqual(['reminded accept 411322']);
    await put(limits);
  });
});

describe('rounds of several servers', () => {
  it('tell of each stage once, also while officers act on the same cases', async () => {
    const ids = await Promise.all(
      Array.from({ length: 60 }, () => world.alert({ riskLevel: 'urgent', divisionCode: PLACES.county })),
    );
    for (const minutes of [3, 3, 3, 60, 60, 240]) {
      later(minutes);
      await Promise.all([
        world.app.clocks(),
        second.clocks(),
        ...ids.slice(0, 20).map((id) => world.give('county', id, 'accept')),
        ...ids.slice(20, 30).map((id) => world.give('county', id, 'return', { reason: 'other', note: '退回' })),
      ]);
    }
    await world.app.clocks();
    for (const id of ids) {
      const stages = (await linesOf(id))
        .filter(({ type }) => type.startsWith('clock-'))
        .map(({ type, data }) => `${type} ${String(data['clock'])} ${String(data['hop'] ?? '')}`);
      expect(new Set(stages).size).toBe(stages.length);
    }
    // The recount afterwards finds none missing and none too many.
  });

  it('go on where one case cannot be told of, and come back to it', async () => {
    const [bad, good] = [await world.alert({ riskLevel: 'urgent' }), await world.alert({ riskLevel: 'urgent' })];
    await world.sql(`CREATE FUNCTION refuse_it() RETURNS trigger LANGUAGE plpgsql AS $$
      BEGIN IF NEW.case_id = '${bad}' THEN RAISE EXCEPTION 'no'; END IF; RETURN NEW; END $$`);
    await world.sql('CREATE TRIGGER refuse_it BEFORE INSERT ON event FOR EACH ROW EXECUTE FUNCTION refuse_it()');
    const service = world.app.app.get(ClockService);
    const failures = service.failures;
    later(4);
    await clocks();
    expect(await told(good)).toEqual(['reminded accept 411322']);
    expect(await told(bad)).toEqual([]);
    expect(service.failures).toBe(failures + 1);
    await world.sql('DROP TRIGGER refuse_it ON event');
    await world.sql('DROP FUNCTION refuse_it()');
    later(6);
    await clocks();
    expect(await told(bad)).toEqual(await told(good));
  });
});

describe('urges and follow-ups', () => {
  it('an urge that nobody answers in time is told of once; one that was answered is not', async () => {
    const [late, answered] = [await world.alert({ riskLevel: 'low' }), await world.alert({ riskLevel: 'low' })];
    for (const id of [late, answered]) {
      await world.must('county', id, 'accept');
      const replyBy = new Date(world.app.clock.now().getTime() + 30 * 60_000).toISOString();
      await world.must('city', id, 'urge', { note: '请速办', replyBy });
    }
    later(20);
    await world.must('county', answered, 'reply', { note: '正在办' });
    later(11);
    await clocks();
    await clocks();
    expect(await told(late, ['urge-overdue'])).toEqual(['urge-overdue 411322']);
    expect(await told(answered, ['urge-overdue'])).toEqual([]);
    const listed = async (query: string): Promise<string[]> => {
      const { body } = await world.get('county', `/urges?limit=200${query}`);
      return (body.items as { alertId: string }[])
        .map(({ alertId }) => alertId)
        .filter((id) => [late, answered].includes(id));
    };
    expect((await listed('')).sort()).toEqual([late, answered].sort());
    expect(await listed('&state=open')).toEqual([late]);
    expect(await listed('&state=overdue')).toEqual([late]);
    expect(await listed('&state=replied')).toEqual([answered]);
    const [first] = (await world.get('county', '/urges?limit=1')).body.items;
    const { nextCursor } = (await world.get('county', '/urges?limit=1')).body;
    const [next] = (await world.get('county', `/urges?limit=1&cursor=${nextCursor}`)).body.items;
    expect(next.id).not.toBe(first.id);
    expect(next.urgedAt <= first.urgedAt).toBe(true);
    const elsewhere = (await world.get('county2', '/urges?limit=200')).body.items as { agency: { code: string } }[];
    expect(elsewhere.filter(({ agency }) => agency.code !== PLACES.county2)).toEqual([]);
  });

  it('a follow-up is told of on its day and once more when it is overdue; one that was made is not', async () => {
    const ids = [await world.alert({ riskLevel: 'medium' }), await world.alert({ riskLevel: 'medium' })];
    for (const id of ids) {
      await world.must('county', id, 'accept');
      await world.must('county', id, 'attempts', world.attempt('call'));
      await world.must('county', id, 'outcome', outcome());
    }
    const types = ['follow-up-due', 'follow-up-overdue'];
    later(7 * 24 * 60);
    await clocks();
    expect(await told(ids[0]!, types)).toEqual([]);
    later(1);
    await clocks();
    await world.must('county', ids[1]!, 'follow-ups', { at: world.now, result: 'safe' });
    later(24 * 60);
    await clocks();
    await clocks();
    expect(await told(ids[0]!, types)).toEqual(['follow-up-due 411322', 'follow-up-overdue 411322']);
    expect(await told(ids[1]!, types)).toEqual(['follow-up-due 411322']);
  });
});
