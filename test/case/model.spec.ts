import { START, type Officer } from '../support/app.js';
import { Dice } from '../support/dice.js';
import { faultsOf } from './invariants.js';
import { COMMANDS, Model, type Case, type Person, type Risk } from './model.js';
import { call, PLACES, World, type Answer, type Place } from './support.js';

/** MODEL_SEED repeats a run, MODEL_STEPS makes it longer. */
const SEED = Number(process.env['MODEL_SEED'] ?? Math.floor(Math.random() * 2 ** 31));
const STEPS = Number(process.env['MODEL_STEPS'] ?? 500);

/** How often a command is given compared with others, so that many stories come to their end. */
const LIVELY: Record<string, number> = {
  push: 8,
  accept: 12,
  forward: 8,
  attempts: 8,
  outcome: 12,
  review: 12,
  reply: 3,
  reopen: 2,
  'follow-ups': 2,
  withdraw: 0.3,
  reveal: 0.2,
  urge: 0.5,
  escalate: 0.5,
};

const AT: Place[] = ['city', 'county', 'county2', 'township', 'township2', 'township3', 'otherCity'];
const RISKS: Risk[] = ['low', 'medium', 'high', 'urgent'];

describe(`random commands by random people (MODEL_SEED=${SEED})`, () => {
  let world: World;
  const people: (Person & { officer: Officer })[] = [];
  const model = new Model();
  const dice = new Dice(SEED);
  const trace: string[] = [];

  beforeAll(async () => {
    world = await World.start([]);
    for (const place of AT) {
      for (const role of ['officer', 'supervisor'] as const) {
        people.push({ place, role, officer: await world.app.user(PLACES[place], role) });
      }
    }
  });
  afterAll(() => world.stop());

  const phones = Array.from({ length: 40 }, (_, i) => `150${String(i).padStart(8, '0')}`);
  const somebody = (): (typeof people)[number] => dice.pick(people);
  const anAlert = (): Case => {
    // Mostly the young ones, so that stories go on; now and then any.
    const young = model.cases.slice(-6);
    return dice.pick(dice.chance(0.8) ? young : model.cases);
  };

  async function intake(): Promise<Case> {
    const phone = dice.pick(phones);
    const riskLevel = dice.pick(RISKS);
    const divisionCode = dice.pick([
      PLACES.county,
      PLACES.county2,
      PLACES.township,
      PLACES.township3,
      '4113',
      undefined,
    ]);
    const amountAtRiskFen = dice.chance(0.5) ? dice.below(1e7) : null;
    const sent = { subject: { phone }, riskLevel, divisionCode, amountAtRiskFen };
    const answer = await world.intake(sent);
    trace.push(`intake ${JSON.stringify(sent)} → ${answer.status} ${answer.body.id}`);
    expect(answer.status).toBe(201);
    const made = model.intake(answer.body.id, phone, divisionCode, riskLevel, amountAtRiskFen);
    if (made.into) await compare(made.into);
    return made;
  }

  function bodyOf(command: string, it: Case): Record<string, unknown> {
    const agencies = [
      PLACES.county,
      PLACES.county2,
      PLACES.township,
      PLACES.township2,
      PLACES.township3,
      PLACES.city,
      '420102',
    ];
    switch (command) {
      case 'push':
        return { agency: dice.pick(dice.chance(0.2) ? agencies : [PLACES.county, PLACES.county2]) };
      case 'forward':
        return {
          agency: dice.pick(dice.chance(0.2) ? agencies : [PLACES.township, PLACES.township2, PLACES.township3]),
        };
      case 'transfer':
        return { agency: dice.pick(agencies), reason: '移交' };
      case 'return':
        return { reason: dice.pick(['wrong-jurisdiction', 'not-local', 'wrong-info', 'other']), note: '退' };
      case 'attempts':
        return {
          method: dice.pick(['sms', 'call', 'call', 'visit']),
          at: new Date(Math.max(model.now - (dice.chance(0.3) ? 120_000 : 0), received.get(it.id)!)).toISOString(),
          reached: dice.chance(0.7),
          participants: [{ kind: 'police' }],
        };
      case 'outcome': {
        const result = dice.pick([
          'dissuaded',
          'dissuaded',
          'partial-loss',
          'already-defrauded',
          'defrauded-after-warning',
          'false-alarm',
          'unreachable',
          'refused',
        ]);
        const lost = /loss|defrauded/.test(result);
        const interceptedFen =
          (lost || result === 'dissuaded') && dice.chance(0.4) ? dice.pick([1, 4_999_999, 5_000_000]) : 0;
        const careless = dice.chance(0.1);
        return {
          result,
          interceptedFen,
          lossFen: lost !== careless ? 7 : 0,
          ...(interceptedFen > 0 ? { interceptedBasis: 'bank-blocked' } : {}),
          note: '反馈',
        };
      }
      case 'review':
        return { decision: dice.pick(['approve', 'approve', 'reject']) };
      case 'escalate':
        return { riskLevel: dice.pick(RISKS), reason: '升级' };
      case 'urge':
      case 'reply':
        return { note: '督办' };
      case 'follow-ups':
        return {
          at: new Date(model.now).toISOString(),
          result: dice.pick(['safe', 'safe', 'unreachable', 'defrauded']),
        };
      case 'protections':
        return { account: `62170000000${dice.below(2)}`, bank: '中国建设银行', reason: '仍欲转账' };
      case 'reveal':
        return { purpose: '核对' };
      case 'accept':
        return {};
      default:
        return { reason: '理由' };
    }
  }

  const received = new Map<string, number>();

  async function give(): Promise<Case> {
    const it = anAlert();
    let person = somebody();
    let command = dice.pick(COMMANDS);
    if (dice.chance(0.75)) {
      // Somebody does what the model says they may, mostly what moves the story on; the rest is in its way.
      const able = people
        .filter((each) => model.sees(each, it))
        .flatMap((each) => model.allowed(each, it).map((may) => ({ each, may })));
      const chosen = dice.weigh(able, ({ may }) => LIVELY[may] ?? 1);
      if (chosen) ({ each: person, may: command } = chosen);
    }
    const body = bodyOf(command, it);
    const ifMatch = command !== 'reveal' && dice.chance(0.1) ? it.version - (dice.chance(0.5) ? 1 : 0) : undefined;
    const line = `${person.role} of ${person.place}: ${command} ${it.id} ${JSON.stringify(body)}${ifMatch === undefined ? '' : ` If-Match ${ifMatch}`}`;
    const wasInto = it.into;
    const expected = model.give(person, it, command, body, ifMatch);
    const answer = await call(world.app, person.officer, {
      method: 'POST',
      path: `/alerts/${it.id}/${command}`,
      body,
      headers: ifMatch === undefined ? {} : { 'if-match': `"${ifMatch}"` },
    });
    trace.push(`${line} → ${answer.status} ${answer.status > 201 ? answer.body.code : ''}`);
    expect({ step: line, status: answer.status, code: answer.status > 201 ? answer.body.code : undefined }).toEqual({
      step: line,
      ...expected,
      code: expected.code,
    });
    if (answer.status === 409 && answer.body.code === 'illegal-transition') {
      expect([...answer.body.allowed].sort()).toEqual(model.allowed(person, it).sort());
    }
    if (wasInto && !it.into) await compare(wasInto);
    return it;
  }

  /** What the program says of a case is what the model says. */
  async function compare(it: Case): Promise<void> {
    const { body } = await call(world.app, people[0]!.officer, { path: `/alerts/${it.id}` });
    expect(factsOf(body)).toEqual({
      status: it.status,
      holder: it.holder,
      result: it.result,
      riskLevel: it.risk,
      amountAtRiskFen: it.amount,
      visitRequired: it.visitRequired,
      urged: it.urged,
      mergedInto: it.into?.id ?? null,
      previousAlerts: it.previous,
      defraudedAfterWarning: it.defrauded,
      version: it.version,
      nextDueAt: model.nextDue(it),
      overdue: (model.nextDue(it) ?? Infinity) <= model.now,
      closed: it.status === 'closed' ? it.endedAt : null,
    });
    const viewer = somebody();
    const seen = await call(world.app, viewer.officer, { path: `/alerts/${it.id}` });
    expect([viewer.place, seen.status]).toEqual([viewer.place, model.sees(viewer, it) ? 200 : 404]);
    if (seen.status === 200) {
      expect([viewer.place, viewer.role, ...[...seen.body.allowed].sort()]).toEqual([
        viewer.place,
        viewer.role,
        ...model.allowed(viewer, it).sort(),
      ]);
    }
  }

  /** Pages through lists, and finds on them what the model says, once each and in order. */
  async function compareLists(person: (typeof people)[number]): Promise<void> {
    const own = PLACES[person.place];
    const seen = model.cases.filter((it) => model.sees(person, it) && (own === PLACES.city || !it.into));
    const open = seen.filter((it) => model.isOpen(it));
    const late = (it: Case): boolean => (model.nextDue(it) ?? Infinity) <= model.now;
    const newestFirst = (cases: Case[]): string[] =>
      cases
        .map(({ id }) => id)
        .sort()
        .reverse();
    const pressingFirst = (cases: Case[]): string[] =>
      cases
        .map((it) => ({ id: it.id, due: model.nextDue(it) ?? Infinity }))
        .sort((a, b) => a.due - b.due || (a.id < b.id ? -1 : 1))
        .map(({ id }) => id);
    const lists: Record<string, string[]> = {
      '': newestFirst(seen),
      'status=closed,withdrawn': newestFirst(seen.filter((it) => ['closed', 'withdrawn'].includes(it.status))),
      'status=merged': newestFirst(seen.filter((it) => it.status === 'merged')),
      'overdue=true': newestFirst(open.filter(late)),
      'overdue=false': newestFirst(seen.filter((it) => !late(it))),
      'urged=true': newestFirst(seen.filter((it) => it.urged)),
      'riskLevel=urgent&visitRequired=true': newestFirst(seen.filter((it) => it.risk === 'urgent')),
      [`phone=${phones[0]}`]: newestFirst(seen.filter((it) => it.phone === phones[0])),
      'queue=mine': pressingFirst(open.filter((it) => it.holder === own)),
      'queue=mine&status=in_progress': pressingFirst(
        open.filter((it) => it.holder === own && it.status === 'in_progress'),
      ),
      'sort=dueAt': pressingFirst(open.filter((it) => it.holder!.startsWith(own))),
      'tier=township': newestFirst(seen.filter((it) => it.holder?.length === 9 && it.holder.startsWith(own))),
    };
    for (const [query, expected] of Object.entries(lists)) {
      const found: string[] = [];
      let cursor: string | null = '';
      while (cursor !== null) {
        const path: string = `/alerts?limit=7&count=true&${query}${cursor && `&cursor=${cursor}`}`;
        const { body } = await call(world.app, person.officer, { path });
        expect([person.place, query, body.total]).toEqual([person.place, query, expected.length]);
        found.push(...(body.items as { id: string }[]).map(({ id }) => id));
        cursor = body.nextCursor as string | null;
      }
      expect([person.place, query, ...found]).toEqual([person.place, query, ...expected]);
    }
  }

  function factsOf(body: Answer['body']): Record<string, unknown> {
    const { status, holder, result, riskLevel, amountAtRiskFen, visitRequired, urged, mergedInto } = body;
    const { previousAlerts, defraudedAfterWarning, version, nextDueAt, overdue, closedAt } = body;
    return {
      status,
      holder: holder?.code ?? null,
      result,
      riskLevel,
      amountAtRiskFen,
      visitRequired,
      urged,
      mergedInto,
      previousAlerts,
      defraudedAfterWarning,
      version,
      nextDueAt: nextDueAt && Date.parse(nextDueAt),
      overdue,
      closed: closedAt && Date.parse(closedAt),
    };
  }

  const signedInUntil = Date.parse(START) + 300 * 86_400_000;

  function passTime(): void {
    // Tokens of the test's application live 400 days.
    const days = dice.chance(0.04) && model.now < signedInUntil ? dice.pick([2, 20, 31]) : 0;
    const minutes = days * 24 * 60 + (dice.chance(0.2) ? dice.next() * 600 : dice.next() * 6);
    world.app.clock.advanceMinutes(minutes);
    model.now = world.app.clock.now().getTime();
  }

  it(`${STEPS} steps lead where the model says, and leave nothing wrong behind`, async () => {
    model.now = world.app.clock.now().getTime();
    try {
      for (let step = 0; step < STEPS; step++) {
        if (dice.chance(0.3)) passTime();
        const fresh = model.cases.length === 0 || dice.chance(0.07);
        const touched = fresh ? await intake() : await give();
        if (fresh) received.set(touched.id, model.now);
        await compare(touched);
        if (step % 100 === 99) expect(await faultsOf(world)).toEqual([]);
      }
      for (const person of people.filter(({ role }) => role === 'officer')) await compareLists(person);
      const counted = await world.sql<{ id: string; returns: number; planned: number }>(
        `SELECT id, returns, (SELECT count(*) FROM follow_up f WHERE f.alert_id = a.id AND done_at IS NULL AND cancelled_at IS NULL) AS planned
         FROM alert a ORDER BY id`,
      );
      const expected = model.cases.map(({ id, returns, plannedFollowUps }) => ({
        id,
        returns,
        planned: plannedFollowUps,
      }));
      expect(counted).toEqual(expected.sort((a, b) => (a.id < b.id ? -1 : 1)));
    } catch (error) {
      (error as Error).message += `\n\nMODEL_SEED=${SEED}; the last steps:\n${trace.slice(-25).join('\n')}`;
      throw error;
    }
  });
});
