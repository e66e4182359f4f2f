import { call, PLACES, tally, World, type Answer } from '../case/support.js';
import { incident } from '../incident/support.js';
import { addDays, localDateOf } from '../../src/platform/clock/local-date.js';
import { VerifyService } from '../../src/verify/verify.service.js';
import { TestApp } from '../support/app.js';
import { entriesOf, eventsOf, must, newAccount, requested, stopBody, stopped } from './support.js';

const HOUR = 60;
const MS = 1 / 60_000;

let world: World;
/** Another server on the same database, in a zone that turns its clocks. */
let second: TestApp;

beforeAll(async () => {
  world = await World.start();
  second = await TestApp.start([], world.app.database, world.app.clock, undefined, { SANJI_TZ: 'America/New_York' });
});
afterAll(async () => {
  // Every balance, history and row agrees with every other, after all that was done here.
  const { differences } = await world.app.app.get(VerifyService, { strict: false }).verify();
  await second.stop(false);
  await world.stop();
  expect(differences).toEqual([]);
});

const get = async (id: string): Promise<Answer['body']> => (await world.get('county', `/stop-payments/${id}`)).body;
const act = (id: string, command: string, body: unknown, headers = {}): Promise<Answer> =>
  world.post('county', `/stop-payments/${id}/${command}`, body, headers);
const EFFECTIVE = (stoppedFen = 4_500_000): Record<string, unknown> => ({ stoppedAt: world.now, stoppedFen });
const PAYER = { to: 'payer', reason: '银行已原路退回' };
const balance = async (stopId: string): Promise<number> =>
  (
    await world.sql<{ fen: string }>(
      'SELECT (ledger_balance(account_id)).stopped_fen AS fen FROM stop_payment WHERE id = $1',
      [stopId],
    )
  ).map(({ fen }) => Number(fen))[0]!;

describe('a request', () => {
  it('is answered masked, meets the clock of its incident, and stands on the timeline', async () => {
    const { id } = await incident(world);
    world.app.clock.advanceMinutes(10);
    const account = newAccount();
    const body = await requested(world, id, { account: `${account.slice(0, 4)} ${account.slice(4)}` });
    expect(body).toMatchObject({
      incidentId: id,
      parent: null,
      level: 1,
      ordinal: 1,
      account: `6222 **** **** ${account.slice(-4)}`,
      holderName: '赵*',
      transferFen: 4_500_000,
      agency: { code: PLACES.county },
      status: 'requested',
      stoppedAt: null,
      version: 1,
      allowed: ['effective', 'refused'],
    });
    expect(await get(body.id)).toEqual(body);
    const read = (await world.get('county', `/incidents/${id}`)).body;
    expect(new Date(read.stopMetAt).toISOString()).toBe(world.now);
    world.app.clock.advanceMinutes(HOUR);
    await world.app.clocks();
    expect(await eventsOf(world, id)).toEqual(['incident-received', 'stop-requested']);
    const timeline = (await world.get('county', `/incidents/${id}/timeline`)).body;
    expect(timeline.items.at(-1).text).toBe('申请一级账户紧急止付,涉及 45,000.00 元');
    expect(JSON.stringify(timeline)).not.toContain(account);
    const stored = await world.sql<{ line: string }>(
      'SELECT s::text || f::text AS line FROM stop_payment s JOIN fund_account f ON f.id = s.account_id WHERE s.id = $1',
      [body.id],
    );
    expect(stored[0]!.line).not.toContain(account);
    expect(stored[0]!.line).not.toContain('赵六');
  });

  it('needs account, name, amount and time, and names every fault', async () => {
    const { id } = await incident(world);
    const wrong = { account: '???', bank: ' ', transferFen: 0, transferAt: '2023-02-30T00:00:00+08:00', parent: 'x' };
    const answer = await world.post('county', `/incidents/${id}/stop-payments`, wrong);
    expect(answer.status).toBe(422);
    expect(new Set(answer.body.errors.map(({ pointer }: { pointer: string }) => pointer))).toEqual(
      new Set(['/account', '/bank', '/holderName', '/transferFen', '/transferAt', '/parent']),
    );
    const late = stopBody(world, { transferAt: new Date(world.app.clock.now().getTime() + 300_001).toISOString() });
    expect((await world.post('county', `/incidents/${id}/stop-payments`, late)).status).toBe(422);
  });

  it('follows the money from account to account of one incident', async () => {
    const [one, other] = [await incident(world), await incident(world)];
    const first = await requested(world, one.id);
    const deeper = await requested(world, one.id, { parent: first.id });
    expect(deeper).toMatchObject({ parent: first.id, level: 2, ordinal: 1 });
    const elsewhere = await world.post(
      'county',
      `/incidents/${other.id}/stop-payments`,
      stopBody(world, { parent: first.id }),
    );
    expect([elsewhere.status, elsewhere.body.errors[0].pointer]).toEqual([422, '/parent']);
    const account = newAccount();
    const own = await requested(world, one.id, { account });
    const circle = await world.post(
      'county',
      `/incidents/${one.id}/stop-payments`,
      stopBody(world, { account, parent: own.id }),
    );
    expect(circle.status).toBe(422);
  });

  it('is retried without a second one, and refused with a stale version of the incident', async () => {
    const { id, version } = await incident(world);
    const body = stopBody(world);
    const path = `/incidents/${id}/stop-payments`;
    expect((await world.post('county', path, body, { 'if-match': `"${version + 1}"` })).status).toBe(412);
    const headers = { 'idempotency-key': 'stop-once', 'if-match': `"${version}"` };
    const [first, again] = [
      await world.post('county', path, body, headers),
      await world.post('county', path, body, headers),
    ];
    expect([first.status, again.status]).toEqual([201, 201]);
    expect(again.text).toBe(first.text);
    expect(again.headers).toMatchObject({ 'idempotent-replayed': 'true', etag: '"1"' });
    expect((await world.get('county', `/stop-payments?incident=${id}`)).body.items).toHaveLength(1);
  });
});

describe('an account', () => {
  it('is stopped twice in its city, whoever asks; who comes third learns when, and by whom as far as they may see', async () => {
    const account = newAccount();
    const mine = await incident(world);
    const theirs = await incident(world, 'county2', { divisionCode: PLACES.county2 });
    await stopped(world, mine.id, 1, { account });
    const open = await requested(world, theirs.id, { account }, 'county2');
    expect(open.ordinal).toBe(2);
    const third = await world.post('county', `/incidents/${mine.id}/stop-payments`, stopBody(world, { account }));
    expect([third.status, third.body.code]).toEqual([409, 'stop-limit-reached']);
    expect(third.body.earlier).toMatchObject([
      { agency: { code: PLACES.county }, incidentNo: mine.incidentNo, status: 'effective' },
      { agency: null },
    ]);
    expect(third.text).not.toContain(theirs.id);
    expect(third.text).not.toContain(theirs.incidentNo);
    expect(third.text).not.toContain('淅川');
    // The bank refuses one: that one does not count.
    must(await world.post('county2', `/stop-payments/${open.id}/refused`, { reason: '户名不符' }));
    const next = await requested(world, mine.id, { account });
    expect(next.ordinal).toBe(2);
    // Another city counts for itself.
    const far = await incident(world, 'otherCounty', { divisionCode: PLACES.otherCounty });
    expect((await requested(world, far.id, { account }, 'otherCounty')).ordinal).toBe(1);
  });

  it('asked for by ten officers at once is stopped twice', async () => {
    const account = newAccount();
    const { id } = await incident(world);
    const answers = await Promise.all(
      Array.from({ length: 10 }, (_, i) =>
        call(i % 2 ? second : world.app, world.as('county'), {
          method: 'POST',
          path: `/incidents/${id}/stop-payments`,
          body: stopBody(world, { account }),
        }),
      ),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 201: 2, 409: 8 });
    expect(
      answers
        .filter(({ status }) => status === 201)
        .map(({ body }) => body.ordinal)
        .sort(),
    ).toEqual([1, 2]);
  });
});

describe('the 48 hours', () => {
  it('hold until 47:59:59.999; at 48:00:00.000 they are over, before and after the clock has told so', async () => {
    const { id: incidentId } = await incident(world);
    const { id, expiresAt, stoppedAt, version } = await stopped(world, incidentId);
    expect(Date.parse(expiresAt) - Date.parse(stoppedAt)).toBe(48 * 3_600_000);
    world.app.clock.advanceMinutes(48 * HOUR - MS);
    await world.app.clocks();
    expect(await get(id)).toMatchObject({ status: 'effective', allowed: ['release', 'correct'] });
    expect(
      (await world.get('county', `/stop-payments?incident=${incidentId}&status=effective`)).body.items,
    ).toHaveLength(1);
    world.app.clock.advanceMinutes(MS);
    expect(await get(id)).toMatchObject({ status: 'expired', endedAt: expiresAt, allowed: [], version });
    expect((await world.get('county', `/stop-payments?incident=${incidentId}&status=effective`)).body.items).toEqual(
      [],
    );
    for (const [command, body] of Object.entries({
      release: PAYER,
      correct: { stoppedFen: 1, reason: '更正' },
      effective: EFFECTIVE(),
    })) {
      const answer = await act(id, command, body);
      expect([command, answer.status, answer.body.code]).toEqual([command, 409, 'stop-expired']);
    }
    expect(await entriesOf(world, id)).toEqual(['stopped 4500000']);
    await world.app.clocks();
    await second.clocks();
    expect(await get(id)).toMatchObject({ status: 'expired', endedAt: expiresAt, version: version + 1 });
    expect(await entriesOf(world, id)).toEqual(['stopped 4500000', 'stop-released 4500000']);
    expect(await balance(id)).toBe(0);
    const [released] = await world.sql<{ at: Date; late: string }>(
      `SELECT e.at, v.data AS late FROM ledger_entry e JOIN event v ON v.case_id = e.case_id AND v.type = 'stop-expired'
       WHERE e.origin_id = $1 AND e.kind = 'stop-released'`,
      [id],
    );
    expect(released!.at.toISOString()).toBe(new Date(expiresAt).toISOString());
    expect(JSON.parse(released!.late)).toEqual({ stopId: id, stoppedFen: 4_500_000, late: false });
    expect((await act(id, 'release', PAYER)).body.code).toBe('stop-expired');
  });

  it('are as long where the clocks are turned', async () => {
    world.app.clock.set('2023-11-04T12:00:00-04:00');
    const { id: incidentId } = await incident(world);
    const { id } = await stopped(world, incidentId);
    const shown = await call(second, world.as('county'), { path: `/stop-payments/${id}` });
    expect(shown.body).toMatchObject({
      stoppedAt: '2023-11-04T12:00:00.000-04:00',
      expiresAt: '2023-11-06T11:00:00.000-05:00',
    });
    world.app.clock.set('2023-11-06T10:59:59.999-05:00');
    await second.clocks();
    expect((await get(id)).status).toBe('effective');
    world.app.clock.set('2023-11-06T11:00:00.000-05:00');
    await second.clocks();
    expect(await entriesOf(world, id)).toEqual(['stopped 4500000', 'stop-released 4500000']);
  });

  it('that are over when they are put on record have held and ended all the same', async () => {
    const { id: incidentId } = await incident(world);
    const { id, requestedAt } = await requested(world, incidentId);
    world.app.clock.advanceMinutes(48 * HOUR);
    const early = new Date(Date.parse(requestedAt) - 1).toISOString();
    expect((await act(id, 'effective', { stoppedAt: early, stoppedFen: 5 })).body).toMatchObject({
      status: 422,
      code: 'stop-time',
    });
    const future = new Date(world.app.clock.now().getTime() + 1).toISOString();
    expect((await act(id, 'effective', { stoppedAt: future, stoppedFen: 5 })).body.code).toBe('stop-time');
    const { body } = await act(id, 'effective', { stoppedAt: requestedAt, stoppedFen: 5 });
    expect(body).toMatchObject({ status: 'expired', stoppedFen: 5, endedAt: body.expiresAt, version: 2 });
    expect(await entriesOf(world, id)).toEqual(['stopped 5', 'stop-released 5']);
    expect((await eventsOf(world, incidentId)).slice(-2)).toEqual(['stop-effective', 'stop-expired']);
    const planned = await world.sql('SELECT id FROM deadline WHERE subject_id = $1', [id]);
    expect(planned).toEqual([]);
  });
});

describe('an effective stop-payment', () => {
  let incidentId: string;
  beforeEach(async () => {
    incidentId = (await incident(world)).id;
  });

  it('released to the payer has intercepted the money, for the agency that asked', async () => {
    const { id, version } = await stopped(world, incidentId, 700);
    expect((await act(id, 'release', PAYER, { 'if-match': `"${version - 1}"` })).status).toBe(412);
    const answer = await act(
      id,
      'release',
      { ...PAYER, reason: '户主赵六退款至 6222021234560123' },
      { 'if-match': `"${version}"` },
    );
    expect(answer.body).toMatchObject({ status: 'released', releasedTo: 'payer', version: version + 1, allowed: [] });
    expect(answer.headers['etag']).toBe(`"${version + 1}"`);
    expect(await entriesOf(world, id)).toEqual(['stopped 700', 'stop-released 700', 'intercepted 700']);
    const [entry] = await world.sql<{ basis: string; code: string }>(
      `SELECT e.basis, a.code FROM ledger_entry e JOIN agency a ON a.id = e.agency_id WHERE e.origin_id = $1 AND e.kind = 'intercepted'`,
      [id],
    );
    expect(entry).toEqual({ basis: 'stop-payment', code: PLACES.county });
    const { items } = (await world.get('county', `/incidents/${incidentId}/timeline`)).body;
    expect(items.at(-1).text).toBe('解除止付 7.00 元,资金退回受害人,原因:户主赵*退款至 622****23');
    world.app.clock.advanceMinutes(49 * HOUR);
    await world.app.clocks();
    expect(await entriesOf(world, id)).toHaveLength(3);
  });

  it('released to the holder has intercepted nothing; one that stopped nothing moves nothing', async () => {
    const full = await stopped(world, incidentId, 9);
    must(await act(full.id, 'release', { to: 'holder', reason: '核实为正常交易' }));
    expect(await entriesOf(world, full.id)).toEqual(['stopped 9', 'stop-released 9']);
    const empty = await stopped(world, incidentId, 0);
    must(await act(empty.id, 'release', PAYER));
    expect(await entriesOf(world, empty.id)).toEqual([]);
  });

  it('is corrected by a contrary entry and a new one, dated as the stop itself', async () => {
    const { id, stoppedAt } = await stopped(world, incidentId, 900);
    world.app.clock.advanceMinutes(5);
    expect((await act(id, 'correct', { stoppedFen: 900, reason: '同额' })).status).toBe(422);
    expect(must(await act(id, 'correct', { stoppedFen: 850, reason: '银行回执更正' })).stoppedFen).toBe(850);
    must(await act(id, 'correct', { stoppedFen: 0, reason: '账户无余额' }));
    must(await act(id, 'correct', { stoppedFen: 3, reason: '再更正' }));
    expect(await entriesOf(world, id)).toEqual([
      'stopped 900',
      '-stopped 900',
      'stopped 850',
      '-stopped 850',
      'stopped 3',
    ]);
    const moments = await world.sql<{ at: Date }>('SELECT DISTINCT at FROM ledger_entry WHERE origin_id = $1', [id]);
    expect(moments.map(({ at }) => at.toISOString())).toEqual([new Date(stoppedAt).toISOString()]);
    expect(await balance(id)).toBe(3);
    world.app.clock.advanceMinutes(48 * HOUR);
    await world.app.clocks();
    expect(await balance(id)).toBe(0);
  });

  it('takes one of two answers of the bank, however many come at once over two servers', async () => {
    const { id } = await requested(world, incidentId);
    const answers = await Promise.all(
      Array.from({ length: 8 }, (_, i) =>
        call(i % 2 ? second : world.app, world.as('county'), {
          method: 'POST',
          path: `/stop-payments/${id}/effective`,
          body: EFFECTIVE(100 + i),
        }),
      ),
    );
    expect(tally(answers.map(({ status }) => status))).toEqual({ 200: 1, 409: 7 });
    const winner = answers.find(({ status }) => status === 200)!.body;
    expect(await entriesOf(world, id)).toEqual([`stopped ${winner.stoppedFen}`]);
    expect(answers.find(({ status }) => status === 409)!.body).toMatchObject({
      code: 'illegal-transition',
      stopStatus: 'effective',
      allowed: ['release', 'correct'],
    });
  });

  it('that is released while its time ends on two servers ends once, and the ledger says how', async () => {
    for (const before of [MS, 0]) {
      const { id } = await stopped(world, incidentId, 50);
      world.app.clock.advanceMinutes(48 * HOUR - before);
      const release = act(id, 'release', PAYER);
      if (before > 0) {
        // Who asked in time is served in time, or late: one of both.
        await Promise.resolve();
        world.app.clock.advanceMinutes(before);
      }
      const [answer] = await Promise.all([release, world.app.clocks(), second.clocks()]);
      const { status } = await get(id);
      expect([answer.status, status]).toEqual(answer.status === 200 ? [200, 'released'] : [409, 'expired']);
      expect(await entriesOf(world, id)).toEqual([
        'stopped 50',
        'stop-released 50',
        ...(status === 'released' ? ['intercepted 50'] : []),
      ]);
      expect(await balance(id)).toBe(0);
    }
  });
});

describe('whoever', () => {
  it('does not stand over the incident reads at most, and a stranger not even that it exists', async () => {
    const { id: incidentId } = await incident(world);
    const { id } = await requested(world, incidentId);
    expect((await world.post('city', `/stop-payments/${id}/effective`, EFFECTIVE())).status).toBe(200);
    for (const place of ['township', 'county2', 'otherCity'] as const) {
      const missing = await world.get(place, '/stop-payments/01887496-3c80-7b4e-9a54-0f2d6c1b7e21');
      const read = await world.get(place, `/stop-payments/${id}`);
      const given = await world.post(place, `/stop-payments/${id}/release`, PAYER);
      const asked = await world.post(place, `/incidents/${incidentId}/stop-payments`, stopBody(world));
      expect([place, read.status, given.status, asked.status]).toEqual([place, 404, 404, 404]);
      expect(read.body.detail).toBe(missing.body.detail);
      expect(
        (await world.get(place, '/stop-payments?count=true')).body.items.map((one: { id: string }) => one.id),
      ).not.toContain(id);
      expect((await world.get(place, `/stop-payments?incident=${incidentId}&count=true`)).body).toMatchObject({
        items: [],
        total: 0,
      });
    }
    must(await world.post('city', `/incidents/${incidentId}/transfer`, { agency: PLACES.county2, reason: '管辖' }));
    expect((await world.get('county', `/stop-payments/${id}`)).body).toMatchObject({
      status: 'effective',
      allowed: [],
    });
    expect((await act(id, 'release', PAYER)).body.code).toBe('not-the-holder');
    expect((await world.post('county2', `/stop-payments/${id}/release`, PAYER)).status).toBe(200);
    // What it stopped still counts for whoever had asked.
    const agencies = await world.sql(
      'SELECT DISTINCT a.code FROM ledger_entry e JOIN agency a ON a.id = e.agency_id WHERE e.origin_id = $1',
      [id],
    );
    expect(agencies).toEqual([{ code: PLACES.county }]);
  });

  it('lists them newest first, or what ends soon first, page by page', async () => {
    const { id: incidentId } = await incident(world);
    const ids: string[] = [];
    for (let i = 0; i < 5; i++) {
      ids.push((await stopped(world, incidentId, 10)).id);
      world.app.clock.advanceMinutes(HOUR);
    }
    const { id: waiting } = await requested(world, incidentId);
    const walk = async (query: string): Promise<string[]> => {
      const found: string[] = [];
      for (let cursor: string | null = ''; cursor !== null;) {
        const path: string = `/stop-payments?limit=2&count=true&incident=${incidentId}&${query}${cursor && `&cursor=${cursor}`}`;
        const { items, nextCursor, total } = must(await world.get('county', path));
        found.push(...items.map((one: { id: string }) => one.id));
        cursor = nextCursor;
        if (cursor === null) expect(total).toBe(found.length);
      }
      return found;
    };
    expect(await walk('')).toEqual([waiting, ...[...ids].reverse()]);
    expect(await walk('status=requested,refused')).toEqual([waiting]);
    // The first ends in 43 hours, each following one an hour later.
    expect(await walk('expiresWithinHours=45')).toEqual(ids.slice(0, 3));
    expect(await walk('expiresWithinHours=42')).toEqual([]);
    world.app.clock.advanceMinutes(44 * HOUR);
    expect(await walk('expiresWithinHours=48')).toEqual(ids.slice(2));
    expect(await walk('status=expired')).toEqual([ids[1], ids[0]]);
    const { nextCursor } = (await world.get('county', `/stop-payments?limit=1`)).body;
    expect((await world.get('county', `/stop-payments?limit=1&status=expired&cursor=${nextCursor}`)).status).toBe(422);
  });
});

describe('the trace', () => {
  it('is the tree of accounts with what was stopped and is held, and what went to accounts that nothing was done about', async () => {
    const [known, unknown] = [newAccount(), newAccount()];
    const at = world.now;
    const { id } = await incident(world, 'county', {
      lossFen: 6_000,
      transfers: [
        { at, amountFen: 3_000, toAccount: known, toBank: '中国工商银行', toName: '赵六' },
        { at, amountFen: 2_000, toAccount: known },
        { at, amountFen: 1_000, toAccount: unknown, toBank: '中国银行', toName: '钱七' },
      ],
    });
    const first = await stopped(world, id, 2_500, { account: known, transferFen: 3_000 });
    const deeper = await stopped(world, id, 400, { parent: first.id, transferFen: 2_100 });
    const waiting = await requested(world, id, { parent: deeper.id, transferFen: 300 });
    const trace = (await world.get('county', `/incidents/${id}/trace`)).body;
    expect(trace).toMatchObject({
      incidentId: id,
      lossFen: 6_000,
      transfers: [
        { no: 1, amountFen: 3_000, toAccount: `6222 **** **** ${known.slice(-4)}`, toName: '赵*', placed: true },
        { no: 2, amountFen: 2_000, placed: true },
        { no: 3, amountFen: 1_000, toAccount: `6222 **** **** ${unknown.slice(-4)}`, placed: false },
      ],
      accounts: [
        {
          level: 1,
          status: 'effective',
          transferFen: 5_000,
          stoppedFen: 2_500,
          heldFen: 2_500,
          stops: [{ id: first.id }],
          children: [
            {
              level: 2,
              transferFen: 2_100,
              stoppedFen: 400,
              children: [{ level: 3, status: 'requested', stoppedFen: 0, stops: [{ id: waiting.id }], children: [] }],
            },
          ],
        },
      ],
      levels: [
        { level: 1, accounts: 1, transferFen: 5_000, stoppedFen: 2_500, heldFen: 2_500 },
        { level: 2, accounts: 1, transferFen: 2_100, stoppedFen: 400, heldFen: 400 },
        { level: 3, accounts: 1, transferFen: 300, stoppedFen: 0, heldFen: 0 },
      ],
      totals: {
        transferFen: 6_000,
        unplacedFen: 1_000,
        stoppedFen: 2_900,
        frozenFen: 0,
        returnedFen: 0,
        heldFen: 2_900,
      },
    });
    expect(JSON.stringify(trace)).not.toMatch(new RegExp(`${known}|${unknown}|赵六|钱七`));
    must(await act(deeper.id, 'release', { to: 'holder', reason: '合法经营' }));
    world.app.clock.advanceMinutes(48 * HOUR);
    // The clock has not told of the end yet.
    const after = (await world.get('city', `/incidents/${id}/trace`)).body;
    expect(after.totals).toMatchObject({ stoppedFen: 2_900, heldFen: 0 });
    expect(after.accounts[0]).toMatchObject({ status: 'expired', children: [{ status: 'released' }] });
    expect((await world.get('county2', `/incidents/${id}/trace`)).status).toBe(404);
    expect((await world.get('county', '/incidents/nonsense/trace')).status).toBe(404);
  });

  it('shows what was frozen where it was stopped, and a freeze without a stop-payment at the first level', async () => {
    const { id } = await incident(world);
    must(await world.post('county', `/incidents/${id}/file`, { caseNo: '方公(刑)立字〔2023〕1号' }));
    const stop = await stopped(world, id, 800);
    const today = localDateOf(world.app.clock.now(), 'Asia/Shanghai');
    const until = addDays(today, 30);
    const account = newAccount();
    const asked = { account, bank: '中国银行', amountFen: 50, from: today, until };
    const alone = must(await world.post('county', `/incidents/${id}/freezes`, asked));
    const freeze = must(await world.post('county', `/stop-payments/${stop.id}/freeze`, { until }));
    must(await world.post('city', `/freezes/${freeze.id}/approve`));
    must(await world.post('county', `/freezes/${freeze.id}/effective`, { frozenFen: 750 }));
    const trace = (await world.get('county', `/incidents/${id}/trace`)).body;
    expect(trace.accounts).toMatchObject([
      { status: 'frozen', stoppedFen: 800, frozenFen: 750, heldFen: 750, freezes: [{ id: freeze.id, frozenFen: 750 }] },
      { status: 'requested', stops: [], freezes: [{ id: alone.id, status: 'requested' }], heldFen: 0, level: 1 },
    ]);
    expect((await act(stop.id, 'release', PAYER)).body).toMatchObject({
      code: 'illegal-transition',
      stopStatus: 'frozen',
      allowed: [],
    });
  });

  it('goes twenty levels deep and no further', async () => {
    const { id } = await incident(world);
    let parent: string | undefined;
    for (let level = 1; level <= 20; level++) parent = (await requested(world, id, { parent })).id;
    const answer = await world.post('county', `/incidents/${id}/stop-payments`, stopBody(world, { parent }));
    expect([answer.status, answer.body.code]).toEqual([409, 'trace-too-large']);
    expect((await world.get('county', `/incidents/${id}/trace`)).body.levels).toHaveLength(20);
  });
});
