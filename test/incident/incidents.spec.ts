import { VerifyService } from '../../src/verify/verify.service.js';
import { outcome, PLACES, World, type Answer, type Place } from '../case/support.js';
import { handIn, incident, report } from './support.js';

let world: World;
beforeAll(async () => {
  world = await World.start(['city', 'county', 'township', 'township2', 'county2', 'otherCity']);
});
afterAll(async () => {
  // Whatever the tests did, the facts and what is derived from them agree.
  const { differences } = await world.app.app.get(VerifyService).verify();
  await world.stop();
  expect(differences).toEqual([]);
});

const get = async (id: string, place: Place = 'city'): Promise<Answer['body']> =>
  (await world.get(place, `/incidents/${id}`)).body;
const alertOf = async (id: string, place: Place = 'city'): Promise<Answer['body']> =>
  (await world.get(place, `/alerts/${id}`)).body;
const timeline = async (
  path: string,
  place: Place = 'city',
): Promise<{ type: string; text: string; data: Record<string, unknown> }[]> =>
  (await world.get(place, `${path}/timeline?limit=200`)).body.items as never;
const types = async (path: string): Promise<string[]> => (await timeline(path)).map(({ type }) => type);

let person = 0;
const phone = (): string => `136${String(20_000_000 + ++person)}`;

describe('a report of a fraud', () => {
  const transfers = (): object[] => [
    {
      at: world.now,
      amountFen: 3_000_000,
      fromAccount: '6222 0212 3456 0123',
      toAccount: '6217001234567788',
      toBank: '建设银行',
      toName: '张大山',
    },
    { at: world.now, amountFen: 1_000_000 },
  ];
  const victim = { kind: 'person', name: '李小明', phone: '13900001234', idNumber: '11010519491231002X' };

  test('is taken in, answered masked, and begins a history, a clock and a loss in the ledger', async () => {
    const summary = '李小明被骗,账号 6222021234560123';
    const made = await incident(world, 'county', { victim, transfers: transfers(), summary });
    expect(made).toMatchObject({
      incidentNo: expect.stringMatching(/^4113-20230601-\d{6}$/),
      victim: { kind: 'person', name: '李*明', phone: '139****1234', idNumber: '110105********002X', creditCode: null },
      lossFen: 4_500_000,
      transferredFen: 4_000_000,
      transfers: [
        {
          no: 1,
          amountFen: 3_000_000,
          fromAccount: '6222 **** **** 0123',
          toAccount: '6217 **** **** 7788',
          toBank: '建设银行',
          toName: '张*山',
        },
        { no: 2, amountFen: 1_000_000, fromAccount: null, toAccount: null, toBank: null, toName: null },
      ],
      summary: '李*明被骗,账号 622****23',
      status: 'reported',
      holder: { code: PLACES.county },
      stopDueAt: '2023-06-01T10:00:00.000+08:00',
      stopMetAt: null,
      stopOverdue: false,
      linkedAlerts: [],
      version: 1,
    });
    const read = await world.get('city', `/incidents/${made.id}`);
    expect(read.headers['etag']).toBe('"1"');
    expect(read.body).toEqual({ ...made, allowed: ['file', 'transfer', 'reveal'] });
    expect((await timeline(`/incidents/${made.id}`)).map(({ text }) => text)).toEqual([
      '受理警情(来源 110),报损 45,000.00 元,由方城县公安局办理',
    ]);
    expect(
      await world.sql(`SELECT kind, amount_fen::int, origin_kind FROM ledger_entry WHERE case_id = $1`, [made.id]),
    ).toEqual([{ kind: 'lost', amount_fen: 4_500_000, origin_kind: 'incident' }]);
    const dump = JSON.stringify(
      await world.sql(`SELECT i.*, t.* FROM incident i JOIN incident_transfer t ON t.incident_id = i.id`),
    );
    expect(dump).not.toMatch(/李小明|13900001234|6222021234560123|张大山/);
  });

  test('that comes again is answered with what is stored; with other content it is a conflict', async () => {
    const body = report({ reportedAt: world.now });
    const first = await world.post('county', '/incidents', body);
    const again = await world.post('county', '/incidents', body);
    expect([first.status, again.status]).toEqual([201, 200]);
    expect(again.body).toEqual(first.body);
    const other = await world.post('county', '/incidents', { ...body, lossFen: 1 });
    expect([other.status, other.body.code]).toEqual([409, 'source-ref-conflict']);
    expect(other.body.detail).toContain(first.body.incidentNo);
  });

  test('that comes fifty times at once is stored once', async () => {
    const body = report({ reportedAt: world.now, victim: { kind: 'person', phone: phone() } });
    const answers = await Promise.all(Array.from({ length: 50 }, () => world.post('county', '/incidents', body)));
    expect(answers.map(({ status }) => status).sort()).toEqual([...new Array<number>(49).fill(200), 201]);
    expect(new Set(answers.map((answer) => answer.body.id as string)).size).toBe(1);
  });

  test('is accepted where it is reported, or by the county that covers its division, or by the city', async () => {
    const holder = async (place: Place | 'feed', divisionCode?: string): Promise<string> =>
      (await incident(world, place, { divisionCode })).holder.code as string;
    expect(await holder('township', '411322101')).toBe('411322101');
    expect(await holder('township')).toBe('411322101');
    expect(await holder('county')).toBe('411322');
    expect(await holder('township', '411322102')).toBe('411322');
    expect(await holder('county', '411325102')).toBe('411325');
    expect(await holder('city', '411325')).toBe('411325');
    expect(await holder('city')).toBe('4113');
    expect(await holder('feed', '411322101')).toBe('411322');
    expect(await holder('feed', '4113')).toBe('4113');
  });

  test('of an organisation is found by its credit code', async () => {
    const creditCode = '91350100M000100Y43';
    const { id } = await incident(world, 'county', {
      victim: { kind: 'organisation', name: '方城某商贸有限公司', creditCode },
    });
    expect((await get(id)).victim).toEqual({
      kind: 'organisation',
      name: '方城某商贸有限公司',
      phone: null,
      idNumber: null,
      creditCode: '913501********0Y43',
    });
    const found = await world.get('county', `/incidents?creditCode=${creditCode.toLowerCase()}`);
    expect(found.body.items.map((one: { id: string }) => one.id)).toEqual([id]);
  });

  test('by an officer of another county tells nothing of what is stored under its reference', async () => {
    const body = report({ reportedAt: world.now, divisionCode: '411325' });
    const { id, incidentNo } = (await world.post('city', '/incidents', body)).body;
    const again = await world.post('county', '/incidents', body);
    expect([again.status, again.body.victim]).toEqual([200, undefined]);
    const other = await world.post('county', '/incidents', { ...body, lossFen: 7 });
    expect([other.status, other.text.includes(incidentNo)]).toEqual([409, false]);
    expect((await world.get('county', `/incidents/${id}`)).status).toBe(404);
  });
});

describe('a batch', () => {
  test('takes what is right, names what is wrong, and knows repeats within itself', async () => {
    const at = { reportedAt: world.now };
    const [one, two] = [report(at), report(at)];
    const answer = await world.post('county', '/incidents/batch', {
      incidents: [one, two, one, { ...two, lossFen: 1 }, report({ ...at, lossFen: -5 }), 'x'],
    });
    expect(answer.body).toMatchObject({
      created: 2,
      duplicates: 1,
      rejected: 3,
      results: [
        { index: 0, outcome: 'created' },
        { index: 1, outcome: 'created' },
        { index: 2, outcome: 'duplicate' },
        { index: 3, outcome: 'rejected', errors: [{ pointer: '/sourceRef' }] },
        { index: 4, outcome: 'rejected', errors: [{ pointer: '/lossFen' }] },
        { index: 5, outcome: 'rejected', errors: [{ pointer: '', message: 'must be an object' }] },
      ],
    });
    expect(answer.body.results[2].id).toBe(answer.body.results[0].id);
  });

  test('of a thousand is stored by a handful of statements, each with its transfers and its warnings', async () => {
    const warned = phone();
    const alert = await world.alert({ subject: { phone: warned } });
    const incidents = Array.from({ length: 1_000 }, (_, index) =>
      report({
        reportedAt: world.now,
        transfers: [{ at: world.now, amountFen: 1 + index }],
        ...(index % 500 === 0 ? { victim: { kind: 'person', phone: warned } } : {}),
      }),
    );
    const { body } = await world.post('city', '/incidents/batch', { incidents });
    expect(body).toMatchObject({ created: 1_000, rejected: 0 });
    const [counts] = await world.sql(
      `SELECT count(*)::int AS transfers, count(DISTINCT incident_id)::int AS incidents FROM incident_transfer
       WHERE incident_id = ANY($1::uuid[])`,
      [body.results.map(({ id }: { id: string }) => id)],
    );
    expect(counts).toEqual({ transfers: 1_000, incidents: 1_000 });
    expect(await types(`/alerts/${alert}`)).toEqual([
      'received',
      'incident-linked',
      'defrauded-after-warning',
      'incident-linked',
    ]);
  });

  test.each([[[]], [new Array(1_001).fill({})], ['x']])(
    'of none, too many or no list is refused',
    async (incidents) => {
      expect((await world.post('county', '/incidents/batch', { incidents })).status).toBe(422);
    },
  );
});

describe('the warnings of the victim', () => {
  const closed = async (number: string, result: Record<string, unknown> = {}): Promise<string> => {
    const id = await world.alert({ riskLevel: 'medium', subject: { phone: number }, divisionCode: '411322101' });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'outcome', outcome(result));
    if (result['result'] === 'already-defrauded') await world.must('city', id, 'review', { decision: 'approve' });
    return id;
  };

  test('that were closed within the watch period have failed, whatever came of them', async () => {
    const number = phone();
    const id = await closed(number);
    world.app.clock.advanceMinutes(30 * 24 * 60);
    const made = await incident(world, 'county', { victim: { kind: 'person', phone: number } });
    expect(made.linkedAlerts).toMatchObject([
      { id, status: 'closed', result: 'dissuaded', defraudedAfterWarning: true },
    ]);
    expect(await alertOf(id)).toMatchObject({ defraudedAfterWarning: true, result: 'dissuaded' });
    const lines = await timeline(`/alerts/${id}`);
    expect(lines.slice(-2).map(({ text }) => text)).toEqual([`关联警情 ${made.incidentNo}`, '标记为预警后被骗']);
    expect(lines.at(-1)!.data).toMatchObject({
      before: { defraudedAfterWarning: false },
      after: { defraudedAfterWarning: true },
    });
    const { alertNo } = await alertOf(id);
    expect((await timeline(`/incidents/${made.id}`)).map(({ text }) => text)[1]).toBe(`关联预警 ${alertNo}`);
  });

  test('that were closed before it are left alone, and so are those detected after the report', async () => {
    const number = phone();
    const old = await closed(number);
    world.app.clock.advanceMinutes(30 * 24 * 60 + 1);
    const reportedAt = world.now;
    world.app.clock.advanceMinutes(1);
    const late = await world.alert({ subject: { phone: number } });
    const made = await incident(world, 'county', { reportedAt, victim: { kind: 'person', phone: number } });
    expect(made.linkedAlerts).toEqual([]);
    for (const id of [old, late]) expect(await alertOf(id)).toMatchObject({ defraudedAfterWarning: false });
  });

  test('are found by the identity number too, and through signals that joined them', async () => {
    const idNumber = '11010519491231002X';
    const [one, two] = [phone(), phone()];
    const id = await world.alert({ subject: { phone: one, idNumber } });
    await world.intake({ subject: { phone: two, idNumber } });
    const made = await incident(world, 'county', { victim: { kind: 'person', phone: two } });
    expect(made.linkedAlerts).toMatchObject([{ id }]);
    const other = await incident(world, 'county', { victim: { kind: 'person', phone: phone(), idNumber } });
    expect(other.linkedAlerts).toMatchObject([{ id }]);
    await world.must('city', id, 'withdraw', { reason: '测试数据' });
  });

  test('on the desk of the city alone nobody had them: they are linked, and have not failed', async () => {
    const number = phone();
    const id = await world.alert({ subject: { phone: number }, divisionCode: undefined });
    const made = await incident(world, 'city', { victim: { kind: 'person', phone: number } });
    expect(made.linkedAlerts).toMatchObject([{ id, status: 'new', defraudedAfterWarning: false }]);
    await world.must('city', id, 'push', { agency: PLACES.county });
    expect(await types(`/alerts/${id}`)).not.toContain('defrauded-after-warning');
  });

  test('have not failed where they were found to have come too late; reopened, they have', async () => {
    const number = phone();
    const id = await world.alert({ riskLevel: 'medium', subject: { phone: number } });
    await world.must('county', id, 'accept');
    const made = await incident(world, 'county', { victim: { kind: 'person', phone: number } });
    expect(await alertOf(id)).toMatchObject({ status: 'in_progress', defraudedAfterWarning: true });
    await world.must('county', id, 'outcome', outcome({ result: 'already-defrauded', lossFen: 9 }));
    await world.must('city', id, 'review', { decision: 'approve' });
    expect(await alertOf(id)).toMatchObject({ status: 'closed', defraudedAfterWarning: false });
    // The report is the incident of the outcome: no second one is made of it.
    const own = await world.get('city', `/incidents?phone=${number}`);
    expect(own.body.items.map((one: { id: string }) => one.id)).toEqual([made.id]);
    const later = await incident(world, 'county', { victim: { kind: 'person', phone: number } });
    expect(later.linkedAlerts).toMatchObject([{ id, defraudedAfterWarning: false }]);
    world.app.clock.advanceMinutes(1);
    await world.must('city', id, 'reopen', { reason: '有误' });
    expect(await alertOf(id)).toMatchObject({ status: 'in_progress', defraudedAfterWarning: true });
  });

  test('are told of to nobody who may not see them', async () => {
    const number = phone();
    const id = await world.alert({ subject: { phone: number }, divisionCode: '411325' });
    const made = await incident(world, 'county', { victim: { kind: 'person', phone: number } });
    expect(made.linkedAlerts).toEqual([]);
    const { alertNo } = await alertOf(id);
    const own = await world.get('county', `/incidents/${made.id}/timeline`);
    expect([own.text.includes(alertNo), own.text.includes(id)]).toEqual([false, false]);
    expect((await get(made.id)).linkedAlerts).toMatchObject([{ id }]);
    const theirs = await world.get('county2', `/alerts/${id}/timeline`);
    expect([theirs.text.includes(made.incidentNo), theirs.text.includes(made.id)]).toEqual([false, false]);
    expect(JSON.stringify(await timeline(`/alerts/${id}`))).toContain(made.incidentNo);
  });
});

describe('what officers find out themselves', () => {
  const worked = async (number: string): Promise<string> => {
    const id = await world.alert({
      riskLevel: 'medium',
      subject: { name: '欧阳某某', phone: number },
      divisionCode: '411322101',
    });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    return id;
  };
  const of = async (number: string): Promise<Answer['body'][]> =>
    (await world.get('city', `/incidents?phone=${number}`)).body.items as never;

  test.each(['already-defrauded', 'defrauded-after-warning'])('starts an incident: %s', async (result) => {
    const number = phone();
    const id = await worked(number);
    await world.must('county', id, 'outcome', outcome({ result, lossFen: 123_400 }));
    await world.must('city', id, 'review', { decision: 'approve' });
    const [made, ...others] = await of(number);
    expect(others).toEqual([]);
    expect(made).toMatchObject({
      source: 'sanji',
      victim: { kind: 'person', name: '欧**某' },
      lossFen: 123_400,
      holder: { code: PLACES.county },
      fraudType: 'brushing-rebate',
    });
    expect((await get(made.id)).linkedAlerts).toMatchObject([{ id, result }]);
    expect(await types(`/incidents/${made.id}`)).toEqual(['incident-received', 'alert-linked']);
    expect(await types(`/alerts/${id}`)).toEqual(expect.arrayContaining(['incident-linked', 'closed']));
    const entries = await world.sql(`SELECT case_kind FROM ledger_entry WHERE case_id = ANY($1::uuid[]) ORDER BY 1`, [
      [id, made.id],
    ]);
    expect(entries).toEqual([{ case_kind: 'alert' }, { case_kind: 'incident' }]);
  });

  test('links what the person reported since the warning, and starts no second one', async () => {
    const number = phone();
    const before = await incident(world, 'county', { victim: { kind: 'person', phone: number } });
    world.app.clock.advanceMinutes(10);
    const id = await worked(number);
    await world.must('county', id, 'outcome', outcome({ result: 'already-defrauded', lossFen: 5 }));
    await world.must('city', id, 'review', { decision: 'approve' });
    expect(await of(number)).toMatchObject([{ id: before.id }]);
    expect(await types(`/incidents/${before.id}`)).toEqual(['incident-received', 'alert-linked']);
    // What was reported before the warning is not the fraud that came after it.
    world.app.clock.advanceMinutes(10);
    const next = await worked(number);
    await world.must('county', next, 'outcome', outcome({ result: 'defrauded-after-warning', lossFen: 5 }));
    await world.must('city', next, 'review', { decision: 'approve' });
    expect(await of(number)).toMatchObject([{ source: 'sanji' }, { id: before.id }]);
  });

  test('by a follow-up starts one, and a second follow-up links it', async () => {
    const number = phone();
    const id = await worked(number);
    await world.must('county', id, 'outcome', outcome());
    const defrauded = { at: world.now, result: 'defrauded', lossFen: 77 };
    const followUp = await world.must('county', id, 'follow-ups', defrauded);
    await world.must('county', id, 'follow-ups', defrauded);
    expect(await of(number)).toMatchObject([{ source: 'sanji', sourceRef: followUp.id, lossFen: 77 }]);
    expect(await alertOf(id)).toMatchObject({ defraudedAfterWarning: true });
  });

  test('of many alerts at once starts one each', async () => {
    const numbers = [phone(), phone(), phone()];
    const ids = await Promise.all(numbers.map((number) => worked(number)));
    const body = outcome({ result: 'already-defrauded', lossFen: 5 });
    await world.post('county', '/alerts/bulk', { ids, command: 'outcome', body });
    const done = await world.post('city', '/alerts/bulk', { ids, command: 'review', body: { decision: 'approve' } });
    expect(done.body).toMatchObject({ done: 3, failed: 0 });
    for (const number of numbers) expect(await of(number)).toMatchObject([{ source: 'sanji', lossFen: 5 }]);
  });
});

test('reports and findings of one person at the same moment neither wait for ever nor make two of one finding', async () => {
  const numbers = Array.from({ length: 6 }, phone);
  const ids: string[] = [];
  for (const number of numbers) {
    const id = await world.alert({ riskLevel: 'medium', subject: { phone: number } });
    await world.must('county', id, 'accept');
    await world.must('county', id, 'outcome', outcome({ result: 'defrauded-after-warning', lossFen: 5 }));
    ids.push(id);
  }
  const incidents = (order: readonly string[]): Record<string, unknown>[] =>
    order.map((number) => report({ reportedAt: world.now, victim: { kind: 'person', phone: number } }));
  const answers = await Promise.all([
    ...ids.map((id) => world.give('city', id, 'review', { decision: 'approve' })),
    world.post('county', '/incidents/batch', { incidents: incidents(numbers) }),
    world.post('city', '/incidents/batch', { incidents: incidents([...numbers].reverse()) }),
  ]);
  expect(answers.map(({ status }) => status)).toEqual(new Array(8).fill(200));
  for (const [index, number] of numbers.entries()) {
    const { items } = (await world.get('city', `/incidents?phone=${number}`)).body;
    const own = items.filter(({ source }: { source: string }) => source === 'sanji');
    expect([items.length - own.length, own.length <= 1]).toEqual([2, true]);
    expect(await alertOf(ids[index]!)).toMatchObject({ status: 'closed', defraudedAfterWarning: true });
  }
});

describe('filing, handing over, seeing in clear', () => {
  test('an incident is filed once, by whom it is with or above', async () => {
    const { id } = await incident(world, 'county');
    const file = (place: Place, body: object, headers = {}): Promise<Answer> =>
      world.post(place, `/incidents/${id}/file`, body, headers);
    expect((await file('county2', { caseNo: 'A' })).status).toBe(404);
    expect((await file('township', { caseNo: 'A' })).status).toBe(404);
    expect((await file('county', { caseNo: ' ' })).status).toBe(422);
    const early = new Date(world.app.clock.now().getTime() - 60_000).toISOString();
    expect((await file('county', { caseNo: 'A', filedAt: early })).body.errors).toEqual([
      { pointer: '/filedAt', message: 'lies before the incident was reported' },
    ]);
    expect((await file('county', { caseNo: 'A' }, { 'if-match': '"9"' })).status).toBe(412);
    const both = await Promise.all([file('county', { caseNo: 'A 1' }), file('city', { caseNo: 'A 2' })]);
    expect(both.map(({ status }) => status).sort()).toEqual([200, 409]);
    expect(both.find(({ status }) => status === 409)!.body.code).toBe('already-filed');
    expect(await get(id)).toMatchObject({ status: 'filed', version: 2, allowed: ['transfer', 'reveal'] });
    expect((await timeline(`/incidents/${id}`)).at(-1)).toMatchObject({
      data: { before: { status: 'reported', caseNo: null }, after: { status: 'filed' } },
    });
  });

  test('is handed on among one’s own, and stays visible to whoever held it, masked', async () => {
    const { id } = await incident(world, 'county');
    const hand = (place: Place, agency: string): Promise<Answer> =>
      world.post(place, `/incidents/${id}/transfer`, { agency, reason: '案发地在邻县' });
    expect((await hand('county', PLACES.county)).body.code).toBe('already-there');
    expect((await hand('county', PLACES.county2)).body.code).toBe('wrong-target-agency');
    expect((await hand('city', PLACES.otherCounty)).body.code).toBe('wrong-target-agency');
    expect((await hand('city', PLACES.city)).body.code).toBe('wrong-target-agency');
    expect((await hand('county', PLACES.township)).body).toMatchObject({
      holder: { code: PLACES.township },
      version: 2,
    });
    expect((await hand('city', PLACES.county2)).body).toMatchObject({ holder: { code: PLACES.county2 } });
    expect(await get(id, 'county')).toMatchObject({ id, allowed: [] });
    for (const command of ['file', 'transfer', 'reveal']) {
      const body = {
        file: { caseNo: 'A' },
        transfer: { agency: PLACES.township, reason: '退' },
        reveal: { purpose: '看看' },
      };
      const answer = await world.post('county', `/incidents/${id}/${command}`, body[command as keyof typeof body]);
      expect([command, answer.status, answer.body.code]).toEqual([command, 403, 'not-the-holder']);
    }
    expect((await get(id, 'township')).id).toBe(id);
    expect((await world.get('township2', `/incidents/${id}`)).status).toBe(404);
    const lines = await timeline(`/incidents/${id}`);
    expect(lines.at(-1)!.text).toMatch(/^由.+移交.+,原因:案发地在邻县$/);
    expect(lines.at(-1)!.data).toMatchObject({
      before: { holder: PLACES.township },
      after: { holder: PLACES.county2 },
    });
  });

  test('is seen in clear with a purpose, which is on the timeline and in the audit log; not without end', async () => {
    const toAccount = '6217001234567788';
    const { id } = await incident(world, 'county', {
      victim: { kind: 'person', name: '李小明', phone: '13900001234' },
      transfers: [{ at: world.now, amountFen: 5, toAccount, toName: '张大山' }],
    });
    const reveal = (): Promise<Answer> =>
      world.post('county', `/incidents/${id}/reveal`, { purpose: '向银行申请止付' });
    expect((await reveal()).body).toEqual({
      victim: { kind: 'person', name: '李小明', phone: '13900001234', idNumber: null, creditCode: null },
      transfers: [expect.objectContaining({ no: 1, toAccount, toName: '张大山' })],
      summary: null,
    });
    expect((await get(id)).version).toBe(1);
    expect((await timeline(`/incidents/${id}`)).at(-1)!.text).toBe('查看当事人信息,用途:向银行申请止付');
    const audit = await world.sql(`SELECT action FROM audit_entry WHERE object_id = $1`, [id]);
    expect(audit).toEqual([{ action: 'incident.revealed' }]);
    for (let once = 1; once < 60; once++) await reveal();
    expect((await reveal()).body.code).toBe('reveal-limited');
  });
});

describe('the clock of the first stop-payment', () => {
  const told = async (id: string): Promise<unknown[]> =>
    (await timeline(`/incidents/${id}`)).slice(1).map(({ type, data }) => [type, data['agency'], data['told']]);

  test('reminds, tells the tier above, and tells the city, each once', async () => {
    const { id } = await incident(world, 'township');
    const none = await incident(world, 'township', { lossFen: 0 });
    await world.app.clocks();
    expect(await told(id)).toEqual([]);
    for (const [minutes, lines] of [
      [15, 1],
      [15, 2],
      [15, 3],
      [600, 3],
    ] as const) {
      world.app.clock.advanceMinutes(minutes);
      await Promise.all([world.app.clocks(), world.app.clocks()]);
      expect(await told(id)).toHaveLength(lines);
    }
    expect(await told(id)).toEqual([
      ['stop-request-reminded', PLACES.township, undefined],
      ['stop-request-overdue', PLACES.township, PLACES.county],
      ['stop-request-climbed', PLACES.township, PLACES.city],
    ]);
    expect((await get(id)).stopOverdue).toBe(true);
    expect(await told(none.id)).toEqual([]);
    expect((await get(none.id)).stopOverdue).toBe(false);
    const overdue = await world.get('township', '/incidents?stopOverdue=true');
    const ids = overdue.body.items.map((one: { id: string }) => one.id) as string[];
    expect([ids.includes(id), ids.includes(none.id)]).toEqual([true, false]);
  });
});

describe('lists', () => {
  test('hold what the own subtree holds or held, page by page, newest first, and filter', async () => {
    const mark = `list-${phone()}`;
    const ids: string[] = [];
    for (const place of ['township', 'township2', 'county', 'county2', 'city'] as const) {
      ids.push((await incident(world, place, { source: mark, divisionCode: undefined })).id as string);
    }
    const list = async (place: Place, more = ''): Promise<string[]> =>
      (await world.get(place, `/incidents?source=${mark}${more}`)).body.items.map((one: { id: string }) => one.id);
    expect(await list('city')).toEqual([...ids].reverse());
    expect(await list('county')).toEqual([ids[2], ids[1], ids[0]]);
    expect(await list('township')).toEqual([ids[0]]);
    expect(await list('otherCity')).toEqual([]);
    expect(await list('city', `&agency=${PLACES.county2}`)).toEqual([ids[3]]);
    const [page] = [await world.get('county', `/incidents?source=${mark}&limit=2&count=true`)];
    expect(page.body).toMatchObject({ total: 3, items: [{ id: ids[2] }, { id: ids[1] }] });
    expect(page.body.items[0]).not.toHaveProperty('transfers');
    expect(await list('county', `&limit=2&cursor=${page.body.nextCursor}`)).toEqual([ids[0]]);
    expect((await world.get('county', `/incidents?cursor=${page.body.nextCursor}`)).body.code).toBe('invalid-cursor');
    expect((await world.get('county', `/incidents?agency=${PLACES.county2}`)).status).toBe(422);
    const day = (await get(ids[0]!)).reportedAt.slice(0, 10) as string;
    expect(await list('city', `&reportedFrom=${day}&reportedTo=${day}`)).toHaveLength(5);
    expect(await list('city', `&reportedTo=2023-05-31`)).toEqual([]);
    await world.post('city', `/incidents/${ids[0]}/file`, { caseNo: 'A' });
    expect(await list('city', '&status=filed')).toEqual([ids[0]]);
    const { incidentNo } = await get(ids[4]!);
    expect(await list('city', `&incidentNo=${incidentNo}`)).toEqual([ids[4]]);
  });

  test('a feed reads back the status of what it handed in, without personal data', async () => {
    const made = await incident(world, 'feed', { summary: '王某某被骗' });
    expect(made).toMatchObject({ status: 'reported', lossFen: 4_500_000 });
    const { feed } = world;
    const read = (await feed.get(`/incidents/${made.id}`)).body as Record<string, unknown>;
    expect(Object.keys(read)).not.toEqual(expect.arrayContaining(['victim']));
    for (const personal of ['victim', 'transfers', 'summary', 'linkedAlerts'])
      expect(read).not.toHaveProperty(personal);
    expect((await feed.get('/incidents?limit=200')).text).toContain(made.id);
    const own = await incident(world, 'county');
    expect((await feed.get(`/incidents/${own.id}`)).status).toBe(404);
    const foreign = await handIn(world, 'feed', { source: '110' });
    expect(foreign.body.errors).toEqual([{ pointer: '/source', message: 'is not among the sources of this key' }]);
  });
});
