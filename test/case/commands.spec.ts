import { FALSE_ALARM, PLACES, World, type Answer, type Place } from './support.js';

const BLIND_TRIES = ['accept', 'withdraw', 'escalate', 'reveal'];

/** Page 1 of the contract as a table: in each state, what each place may do. Who is not named sees nothing of the case. */
interface State {
  make: () => Promise<string>;
  open: Partial<Record<Place, string[]>>;
}

const ABOVE = ['transfer', 'recall', 'escalate', 'urge'];
const ON_DESK = ['push', 'transfer', 'escalate', 'withdraw', 'reveal'];
const CITY_ABOVE = [...ABOVE, 'withdraw'];

describe('commands by state and place', () => {
  let world: World;
  beforeAll(async () => {
    world = await World.start();
  });
  afterAll(() => world.stop());

  const must = (place: Place, id: string, command: string, body?: unknown): Promise<Answer['body']> =>
    world.must(place, id, command, body);

  const assigned = (): Promise<string> => world.alert();
  const atCounty = async (): Promise<string> => {
    const id = await assigned();
    await must('county', id, 'accept');
    return id;
  };
  const handedDown = async (): Promise<string> => {
    const id = await atCounty();
    await must('county', id, 'forward', { agency: PLACES.township });
    return id;
  };
  const atTownship = async (): Promise<string> => {
    const id = await handedDown();
    await must('township', id, 'accept');
    return id;
  };
  const waiting = async (): Promise<string> => {
    const id = await atTownship();
    await must('township', id, 'outcome', FALSE_ALARM);
    return id;
  };
  const then = async (made: Promise<string>, place: Place, command: string, body?: unknown): Promise<string> => {
    const id = await made;
    await must(place, id, command, body);
    return id;
  };
  const LOSS = { result: 'already-defrauded', interceptedFen: 0, lossFen: 100, note: '预警前已转账' };
  const RETURN = { reason: 'not-local', note: '人在外地' };

  const STATES: Record<string, State> = {
    'new, division unknown': {
      make: () => world.alert({ divisionCode: undefined }),
      open: { city: ON_DESK },
    },
    'new, returned by the county': {
      make: () => then(assigned(), 'county', 'return', RETURN),
      open: { city: ON_DESK, county: [] },
    },
    'assigned at the county': {
      make: assigned,
      open: { city: CITY_ABOVE, county: ['accept', 'return', 'escalate', 'reveal'] },
    },
    'in progress at the county': {
      make: atCounty,
      open: {
        city: CITY_ABOVE,
        county: ['forward', 'return', 'attempts', 'outcome', 'protections', 'escalate', 'reveal'],
      },
    },
    'in progress at the county, urged': {
      make: () => then(atCounty(), 'city', 'urge', { note: '请抓紧' }),
      open: {
        city: CITY_ABOVE,
        county: ['forward', 'return', 'attempts', 'outcome', 'protections', 'escalate', 'reply', 'reveal'],
      },
    },
    'in progress at the county, urgent': {
      make: () => then(atCounty(), 'county', 'escalate', { riskLevel: 'urgent', reason: '正在转账' }),
      open: {
        city: ['transfer', 'recall', 'urge', 'withdraw'],
        county: ['forward', 'return', 'attempts', 'outcome', 'protections', 'reveal'],
      },
    },
    'assigned at the township': {
      make: handedDown,
      open: { city: CITY_ABOVE, county: ABOVE, township: ['accept', 'return', 'escalate', 'reveal'] },
    },
    'in progress at the township': {
      make: atTownship,
      open: {
        city: CITY_ABOVE,
        county: ABOVE,
        township: ['return', 'attempts', 'outcome', 'protections', 'escalate', 'reveal'],
      },
    },
    'pending review, by the township': {
      make: waiting,
      open: {
        city: ['transfer', 'escalate', 'urge', 'withdraw'],
        county: ['transfer', 'review', 'escalate', 'urge'],
        township: ['attempts', 'protections', 'escalate', 'reveal'],
      },
    },
    'pending review, by the county': {
      make: () => then(atCounty(), 'county', 'outcome', LOSS),
      open: {
        city: ['transfer', 'review', 'escalate', 'urge', 'withdraw'],
        county: ['attempts', 'protections', 'escalate', 'reveal'],
      },
    },
    'closed by the township': {
      make: () => then(waiting(), 'county', 'review', { decision: 'approve' }),
      open: { city: ['reopen', 'follow-ups'], county: ['reopen', 'follow-ups'], township: ['follow-ups', 'reveal'] },
    },
    'closed by the county': {
      make: () => then(atCounty(), 'county', 'outcome', FALSE_ALARM),
      open: { city: ['reopen', 'follow-ups'], county: ['follow-ups', 'reveal'] },
    },
    'merged into one at the county': {
      make: async () => {
        const phone = `139${String(Math.floor(Math.random() * 1e8)).padStart(8, '0')}`;
        await must('county', await world.alert({ subject: { phone } }), 'accept');
        return world.alert({ subject: { phone } });
      },
      open: { city: ['unmerge'], county: ['unmerge', 'reveal'] },
    },
    withdrawn: {
      make: () => then(atCounty(), 'city', 'withdraw', { reason: '测试数据' }),
      open: { city: [], county: [] },
    },
    'transferred to another county': {
      make: () => then(atTownship(), 'city', 'transfer', { agency: PLACES.county2, reason: '现住邻县' }),
      open: { city: CITY_ABOVE, county2: ['accept', 'return', 'escalate', 'reveal'], county: [], township: [] },
    },
    'recalled by the county': {
      make: () => then(atTownship(), 'county', 'recall', { reason: '由县局处置' }),
      open: {
        city: CITY_ABOVE,
        county: ['forward', 'return', 'attempts', 'outcome', 'protections', 'escalate', 'reveal'],
        township: [],
      },
    },
  };

  /** Tiers whose people may give a command at all. */
  const TIERS: Record<string, string[]> = {
    push: ['city'],
    withdraw: ['city'],
    transfer: ['city', 'county'],
    recall: ['city', 'county'],
    review: ['city', 'county'],
    reopen: ['city', 'county'],
    urge: ['city', 'county'],
    forward: ['county'],
  };
  const tierOf = (place: Place): string =>
    /city/i.test(place) ? 'city' : /county/i.test(place) ? 'county' : 'township';

  /** A body that each command takes; transfers by the city go to another county than the present one. */
  const bodies = (place: Place = 'city', holder?: string): Record<string, Record<string, unknown>> => {
    const county = holder === PLACES.county2 ? PLACES.county : PLACES.county2;
    return {
      push: { agency: PLACES.county },
      accept: {},
      forward: { agency: PLACES.township },
      return: RETURN,
      transfer: { agency: place === 'city' ? county : PLACES.township2, reason: '移交' },
      recall: { reason: '撤回' },
      attempts: { method: 'call', at: world?.now, reached: true, participants: [{ kind: 'police' }] },
      outcome: FALSE_ALARM,
      review: { decision: 'approve' },
      reopen: { reason: '仍在转账' },
      escalate: { riskLevel: 'urgent', reason: '正在转账' },
      urge: { note: '请立即上门' },
      reply: { note: '已到现场' },
      withdraw: { reason: '来源撤回' },
      unmerge: { reason: '同号两人' },
      'follow-ups': { at: world?.now, result: 'safe' },
      protections: { account: '6217001234567890123', bank: '中国建设银行', reason: '仍欲转账' },
      reveal: { purpose: '核对住址' },
    };
  };
  const COMMANDS = Object.keys(bodies());

  /** Where a command leads: page 1, column "to". undefined: where it was. */
  const target = (command: string, place: Place, before: { status: string; holder: string }): [string, string] => {
    const same: [string, string] = [before.status, before.holder];
    const to: Record<string, [string, string]> = {
      push: ['assigned', PLACES.county],
      accept: ['in_progress', before.holder],
      forward: ['assigned', PLACES.township],
      return: place === 'township' ? ['assigned', PLACES.county] : ['new', PLACES.city],
      transfer: ['assigned', bodies(place, before.holder)['transfer']!['agency'] as string],
      recall: place === 'city' ? ['new', PLACES.city] : ['in_progress', PLACES.county],
      outcome: place === 'township' ? ['pending_review', before.holder] : ['closed', before.holder],
      review: ['closed', before.holder],
      reopen: ['in_progress', before.holder],
      withdraw: ['withdrawn', before.holder],
      unmerge: ['assigned', PLACES.county],
    };
    return to[command] ?? same;
  };

  describe.each(Object.entries(STATES))('%s', (_name, { make, open }) => {
    it('shows as allowed what the table allows, and refuses the rest with its reason, changing nothing', async () => {
      const id = await make();
      const before = (await world.get('city', `/alerts/${id}`)).body;
      const [holding] = await world.sql<{ held: number[] }>('SELECT held_by AS held FROM alert WHERE id = $1', [id]);
      const held = await world.sql<{ code: string }>('SELECT code FROM agency WHERE id = ANY($1)', [holding!.held]);
      const holder = before.holder?.code as string | undefined;
      for (const place of Object.keys(PLACES) as Place[]) {
        const allowed = open[place];
        const seen = await world.get(place, `/alerts/${id}`);
        expect([place, seen.status]).toEqual([place, allowed ? 200 : 404]);
        if (allowed) expect([place, [...seen.body.allowed].sort()]).toEqual([place, [...allowed].sort()]);
        for (const command of COMMANDS) {
          // Who sees nothing is tried with a few: the access table has them all.
          if (allowed ? allowed.includes(command) : !BLIND_TRIES.includes(command)) continue;
          const answer = await world.give(place, id, command, bodies(place, holder)[command]);
          const own = PLACES[place];
          const wasHere = held.some(({ code }) => code === own) && own !== holder;
          const may = !TIERS[command] || TIERS[command].includes(tierOf(place));
          const expected = !may ? [403] : !allowed ? [404] : wasHere && command !== 'reveal' ? [409] : [403, 409];
          expect([place, command, expected]).toEqual([place, command, expect.arrayContaining([answer.status])]);
          expect(answer.headers['content-type']).toMatch(/^application\/problem\+json/);
          if (answer.status === 409) {
            expect(answer.body).toMatchObject({ status: 409, code: 'illegal-transition', alertStatus: before.status });
            expect(new Set(answer.body.allowed)).toEqual(new Set(allowed));
            expect(answer.body.holder.code).toBe(holder ?? PLACES.county);
          }
        }
      }
      expect((await world.get('city', `/alerts/${id}`)).body).toEqual(before);
    });

    it('carries out each allowed command, to where the table says', async () => {
      for (const [place, commands] of Object.entries(open) as [Place, string[]][]) {
        for (const command of commands) {
          const id = await make();
          const before = (await world.get('city', `/alerts/${id}`)).body;
          const answer = await world.give(place, id, command, bodies(place, before.holder?.code)[command]);
          const made = ['attempts', 'follow-ups', 'protections'].includes(command);
          expect([place, command, answer.status]).toEqual([place, command, made ? 201 : 200]);
          const after = (await world.get('city', `/alerts/${id}`)).body;
          const [status, code] = target(command, place, { status: before.status, holder: before.holder?.code });
          expect([place, command, after.status, after.holder?.code]).toEqual([place, command, status, code]);
          expect(after.version).toBe(before.version + (command === 'reveal' ? 0 : 1));
          if (!made && command !== 'reveal') {
            const { allowed: _own, ...answered } = answer.body;
            const { allowed: _city, ...read } = after;
            expect(answered).toEqual(read);
            expect(answer.headers['etag']).toBe(`"${after.version}"`);
          }
        }
      }
    });
  });

  it('tells a wrong state from a wrong agency', async () => {
    const id = await atTownship();
    expect((await world.give('county', id, 'accept')).status).toBe(409);
    expect((await world.give('county', id, 'attempts', world.attempt('call'))).status).toBe(409);
    expect((await world.give('city', id, 'attempts', world.attempt('call'))).status).toBe(403);
    expect((await world.give('county', id, 'forward', { agency: PLACES.township2 })).status).toBe(409);
    await world.must('county', id, 'recall', { reason: '由县局处置' });
    expect((await world.give('county', id, 'recall', { reason: '再撤一次' })).status).toBe(409);
    expect((await world.give('township', id, 'reveal', { purpose: '看看' })).status).toBe(403);
    expect((await world.give('township', id, 'return', RETURN)).status).toBe(409);
  });

  it('withdrawn and closed alerts have no clock, merged ones no holder', async () => {
    for (const [name, status] of [
      ['withdrawn', 'withdrawn'],
      ['closed by the county', 'closed'],
    ] as const) {
      const { body } = await world.get('city', `/alerts/${await STATES[name]!.make()}`);
      expect(body).toMatchObject({ status, nextDueAt: null, overdue: false });
    }
    const merged = await world.get('city', `/alerts/${await STATES['merged into one at the county']!.make()}`);
    expect(merged.body).toMatchObject({ status: 'merged', holder: null, nextDueAt: null });
  });
});
