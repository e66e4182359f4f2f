import { call } from '../case/support.js';
import { account, codeOf, Freezers } from './support.js';

let f: Freezers;
beforeAll(async () => {
  f = await Freezers.start(['city', 'county', 'county2', 'township']);
});
afterAll(() => f.world.stop());

/** A stop-payment that holds so much. */
async function stopped(incidentId: string, stoppedFen = 80_000): Promise<{ id: string; account: string }> {
  const number = account();
  const { id } = (await f.must(
    f.world.post('county', `/incidents/${incidentId}/stop-payments`, {
      account: number,
      bank: '中国工商银行',
      holderName: '李大山',
      transferFen: 90_000,
      transferAt: f.world.now,
    }),
  )) as { id: string };
  await f.must(f.world.post('county', `/stop-payments/${id}/effective`, { stoppedAt: f.world.now, stoppedFen }));
  return { id, account: number };
}

describe('a freeze of a stop-payment', () => {
  it('takes account, bank, holder and amount from it, is approved by another person, and ends it', async () => {
    const incidentId = await f.filed();
    const stop = await stopped(incidentId);
    const asked = await f.must(
      f.world.post('county', `/stop-payments/${stop.id}/freeze`, {
        until: '2023-12-01',
        approvedBy: f.countyChief.name,
      }),
    );
    expect(asked).toMatchObject({
      stopPaymentId: stop.id,
      status: 'requested',
      account: `6222 **** **** ${stop.account.slice(-4)}`,
      bank: '中国工商银行',
      holderName: '李*山',
      amountFen: 80_000,
      frozenFen: null,
      remainingFen: 0,
      from: '2023-06-01',
      until: '2023-12-01',
      agency: { code: '411322' },
      approverTier: 'county',
      namedApprover: f.countyChief.name,
      version: 1,
    });
    const approved = await f.post(f.countyChief, `/freezes/${asked.id}/approve`, {}, { 'if-match': '"1"' });
    expect(approved.headers['etag']).toBe('"2"');
    expect(approved.body).toMatchObject({ status: 'approved', approvedBy: f.countyChief.name, allowed: [] });
    const frozen = await f.must(f.give('county', asked.id, 'effective', { frozenFen: 79_000 }));
    expect(frozen).toMatchObject({
      status: 'effective',
      frozenFen: 79_000,
      remainingFen: 79_000,
      verificationDueAt: '2023-07-01T00:00:00.000+08:00',
      renewalDueAt: '2023-11-22T00:00:00.000+08:00',
      lapsesAt: '2023-12-02T00:00:00.000+08:00',
      allowed: ['correct', 'renewals', 'unrelated', 'release'],
    });
    expect((await f.get('county', `/stop-payments/${stop.id}`)).body.status).toBe('frozen');
    expect(await f.entries(stop.id)).toEqual(['stopped 80000', 'stop-released 80000']);
    expect(await f.entries(asked.id)).toEqual(['frozen 79000']);
    expect((await f.lines(incidentId)).map(({ text }) => text)).toEqual([
      expect.stringContaining('紧急止付'),
      expect.stringContaining('止付生效'),
      '申请冻结 800.00 元,自 2023-06-01 至 2023-12-01,报县级以上审批',
      '批准冻结',
      '止付转为冻结 800.00 元',
      '冻结生效,实冻 790.00 元,至 2023-12-01 止',
    ]);
  });

  it('is asked for once, while the stop-payment holds, and only where the case has been filed', async () => {
    const unfiled = (await f.must(f.world.post('county', '/incidents', reportOf('S1')))) as { id: string };
    const early = await stopped(unfiled.id);
    const until = f.day(30);
    expect(codeOf(await f.world.post('county', `/stop-payments/${early.id}/freeze`, { until }))).toBe('409 not-filed');

    const incidentId = await f.filed();
    const stop = await stopped(incidentId);
    const first = await f.must(f.world.post('county', `/stop-payments/${stop.id}/freeze`, { until }));
    await f.must(f.post(f.countyChief, `/freezes/${first.id}/reject`, { reason: '材料不全' }));
    await f.must(f.world.post('county', `/stop-payments/${stop.id}/freeze`, { until }));
    expect(codeOf(await f.world.post('county', `/stop-payments/${stop.id}/freeze`, { until }))).toBe(
      '409 stop-has-freeze',
    );
    const empty = await stopped(incidentId, 0);
    const needed = await f.world.post('county', `/stop-payments/${empty.id}/freeze`, { until });
    expect([needed.status, needed.body.errors[0].pointer]).toEqual([422, '/amountFen']);
    const waiting = (await f.must(
      f.world.post('county', `/incidents/${incidentId}/stop-payments`, {
        account: account(),
        bank: '建设银行',
        holderName: '王某',
        transferFen: 1,
        transferAt: f.world.now,
      }),
    )) as { id: string };
    expect(codeOf(await f.world.post('county', `/stop-payments/${waiting.id}/freeze`, { until }))).toBe(
      '409 illegal-transition',
    );
    const late = await stopped(incidentId);
    f.world.app.clock.advanceMinutes(48 * 60);
    expect(codeOf(await f.world.post('county', `/stop-payments/${late.id}/freeze`, { until }))).toBe(
      '409 stop-expired',
    );
    // On the incident it can be asked for all the same.
    expect((await f.ask({ incidentId, account: late.account })).status).toBe(201);
  });
});

function reportOf(ref: string): Record<string, unknown> {
  return {
    source: '110',
    sourceRef: ref,
    reportedAt: f.world.now,
    divisionCode: '411322101',
    victim: { kind: 'person', name: '赵某', phone: '13711112222' },
    fraudType: 'brushing-rebate',
    lossFen: 90_000,
  };
}

describe('a request', () => {
  it.each([
    ['more months than the city may approve', { from: 0, until: '+12m1d' }, '/until'],
    ['a last day before the first', { until: '2023-01-01' }, '/until'],
    ['a first day long ago', { from: -30, until: '+1m' }, '/from'],
    ['a first day far ahead', { from: 60, until: '+3m' }, '/from'],
    ['an account that is none', { account: '12' }, '/account'],
    ['nothing to freeze', { amountFen: 0 }, '/amountFen'],
    ['a day that does not exist', { until: '2023-02-30' }, '/until'],
  ])('of %s is refused', async (_what, overrides, pointer) => {
    const resolved: Record<string, unknown> = { ...overrides };
    if (typeof resolved['from'] === 'number') resolved['from'] = f.day(resolved['from']);
    const ahead = /^\+(\d+)m(1d)?$/.exec(String(resolved['until'] ?? ''));
    if (ahead) resolved['until'] = later(f.day(), Number(ahead[1]), ahead[2] ? 1 : 0);
    const answer = await f.ask(resolved);
    expect([answer.status, answer.body.errors.map((fault: { pointer: string }) => fault.pointer)]).toEqual([
      422,
      [pointer],
    ]);
  });

  it('of up to six months is for the county, of up to twelve for the city', async () => {
    const six = later(f.day(), 6, 0);
    expect(await f.requested({ until: six })).toMatchObject({ approverTier: 'county' });
    expect(await f.requested({ until: later(f.day(), 6, 1) })).toMatchObject({ approverTier: 'city' });
    expect(await f.requested({ until: later(f.day(), 12, 0) })).toMatchObject({ approverTier: 'city' });
  });

  it('of more than two million yuan on one account is for the city, with what is asked for there already', async () => {
    const number = account();
    expect(await f.requested({ account: number, amountFen: 120_000_000 })).toMatchObject({ approverTier: 'county' });
    expect(await f.requested({ account: ` ${number} `, amountFen: 80_000_000 })).toMatchObject({
      approverTier: 'county',
    });
    const third = await f.requested({ account: number.replace(/(.{4})/, '$1 '), amountFen: 1 });
    expect(third).toMatchObject({ approverTier: 'city' });
    expect(codeOf(await f.post(f.countyChief, `/freezes/${third.id}/approve`))).toBe('403 wrong-tier');
    // Rejected requests do not count.
    await f.must(f.post(f.cityChief, `/freezes/${third.id}/reject`, { reason: '重复' }));
    expect(await f.requested({ amountFen: 200_000_000 })).toMatchObject({ approverTier: 'county' });
    expect(await f.requested({ amountFen: 200_000_001 })).toMatchObject({ approverTier: 'city' });
  });

  it('names whom it waits for: a supervisor who can approve, and not the asker', async () => {
    const { app } = f.world;
    const officer = await app.user('411322', 'officer');
    const sibling = await app.user('411325', 'supervisor');
    const township = await app.user('411322101', 'supervisor');
    for (const name of [officer.name, sibling.name, township.name, 'nobody']) {
      const answer = await f.ask({ approvedBy: name });
      expect([name, answer.status, answer.body.errors?.[0].pointer]).toEqual([name, 422, '/approvedBy']);
    }
    const county = await f.ask({ approvedBy: f.countyChief.name, amountFen: 300_000_000 });
    expect([county.status, county.body.errors[0].pointer]).toEqual([422, '/approvedBy']);
    expect(codeOf(await f.ask({ approvedBy: f.world.as('county').name }))).toBe('409 four-eyes');
    expect((await f.ask({ approvedBy: f.cityChief.name })).body).toMatchObject({ namedApprover: f.cityChief.name });
  });

  it('is repeated by its Idempotency-Key, and refused where the incident was changed since it was read', async () => {
    const incidentId = await f.filed();
    const body = { account: account(), bank: '农业银行', amountFen: 5, until: f.day(9) };
    const key = { 'idempotency-key': 'freeze-1' };
    const first = await f.world.post('county', `/incidents/${incidentId}/freezes`, body, key);
    const again = await f.world.post('county', `/incidents/${incidentId}/freezes`, body, key);
    expect([first.status, again.status, again.text]).toEqual([201, 201, first.text]);
    const stale = await f.world.post('county', `/incidents/${incidentId}/freezes`, body, { 'if-match': '"1"' });
    expect(codeOf(stale)).toBe('412 stale-version');
  });
});

describe('an approval', () => {
  it('is never of the asker, whatever roles they have, and of nobody below or beside', async () => {
    const { id } = await f.requested();
    // The officer who asked is a supervisor of the county as well.
    expect(codeOf(await f.give('county', id, 'approve'))).toBe('409 four-eyes');
    expect(codeOf(await f.give('county', id, 'reject', { reason: '不' }))).toBe('409 four-eyes');
    const township = await f.world.app.user('411322101', 'supervisor');
    expect((await f.post(township, `/freezes/${id}/approve`)).status).toBe(403);
    expect(codeOf(await f.give('county2', id, 'approve'))).toBe('404 not-found');
    // Another than the named one is as good.
    expect((await f.post(f.cityChief, `/freezes/${id}/approve`)).body).toMatchObject({
      status: 'approved',
      approverTier: 'city',
    });
    expect(codeOf(await f.post(f.countyChief, `/freezes/${id}/approve`))).toBe('409 illegal-transition');
  });

  it('of an incident that has moved on is for those who stand over it now', async () => {
    const incidentId = await f.filed();
    const { id } = await f.requested({ incidentId });
    await f.must(f.world.post('city', `/incidents/${incidentId}/transfer`, { agency: '411325', reason: '管辖' }));
    expect(codeOf(await f.post(f.countyChief, `/freezes/${id}/approve`))).toBe('403 not-the-holder');
    expect((await f.give('county2', id, 'approve')).body).toMatchObject({ status: 'approved' });
    // Whoever asked still reads it.
    expect((await f.get('county', `/freezes/${id}`)).body).toMatchObject({ status: 'approved', allowed: [] });
    expect(codeOf(await f.give('county', id, 'effective', { frozenFen: 1 }))).toBe('403 not-the-holder');
  });
});

describe('the word of the bank', () => {
  it('may be that nothing was there: then no entry is made', async () => {
    const freeze = await f.frozen({ frozenFen: 0 });
    expect(freeze).toMatchObject({ status: 'effective', frozenFen: 0, remainingFen: 0 });
    expect(await f.entries(freeze.id)).toEqual([]);
    expect(await f.must(f.give('county', freeze.id, 'release', { reason: '无余额' }))).toMatchObject({
      status: 'released',
    });
  });

  it('may be a refusal', async () => {
    const { id, incidentId } = await f.approved();
    const refused = await f.must(f.give('county', id, 'refused', { reason: '账户已销户' }));
    expect(refused).toMatchObject({ status: 'refused', allowed: [] });
    expect(await f.types(incidentId)).toEqual(['freeze-requested', 'freeze-approved', 'freeze-refused']);
    expect(codeOf(await f.give('county', id, 'effective', { frozenFen: 1 }))).toBe('409 illegal-transition');
  });

  it('is of a moment behind the approval and within the days', async () => {
    const { id } = await f.approved({ from: f.day(), until: f.day(5) });
    const at = (minutes: number): string => new Date(Date.parse(f.world.now) + minutes * 60_000).toISOString();
    for (const [effectiveAt, code] of [
      [at(-1), '422 freeze-time'],
      [at(6), '422 freeze-time'],
      ['yesterday', '422 invalid'],
    ] as const) {
      expect(codeOf(await f.give('county', id, 'effective', { effectiveAt, frozenFen: 1 }))).toBe(code);
    }
    const skewed = await f.frozen({ effectiveAt: at(4) });
    expect(Date.parse(skewed.effectiveAt)).toBe(Date.parse(f.world.now));
    const ahead = await f.approved({ from: f.day(2), until: f.day(5) });
    expect(codeOf(await f.give('county', ahead.id, 'effective', { frozenFen: 1 }))).toBe('422 freeze-time');
    f.world.app.clock.advanceMinutes(30);
    expect(await f.must(f.give('county', id, 'effective', { effectiveAt: at(-10), frozenFen: 1 }))).toMatchObject({
      effectiveAt: expect.stringMatching(/\+08:00$/),
    });
  });

  it('of more than a county may have frozen needs the approval of the city', async () => {
    const small = await f.approved({ amountFen: 1 });
    expect(codeOf(await f.give('county', small.id, 'effective', { frozenFen: 200_000_001 }))).toBe(
      '409 city-approval-needed',
    );
    await f.must(f.give('county', small.id, 'effective', { frozenFen: 200_000_000 }));
    expect(codeOf(await f.give('county', small.id, 'correct', { frozenFen: 200_000_001, reason: '更正' }))).toBe(
      '409 city-approval-needed',
    );
    const large = await f.frozen({ amountFen: 300_000_000, frozenFen: 310_000_000 });
    expect(large).toMatchObject({ status: 'effective', frozenFen: 310_000_000 });
  });

  it('is corrected by a contrary entry and a new one, dated as the mistake was', async () => {
    const { id, incidentId } = await f.frozen({ frozenFen: 70_000, holderName: '李大山' });
    f.world.app.clock.advanceMinutes(60);
    const body = { frozenFen: 65_000, reason: '李大山账户 6222021234560123 回执更正' };
    const corrected = await f.must(f.give('county', id, 'correct', body));
    expect(corrected).toMatchObject({ frozenFen: 65_000, remainingFen: 65_000 });
    expect(await f.entries(id)).toEqual(['frozen 70000', 'frozen 65000', 'reversed frozen 70000']);
    const moments = await f.world.sql(`SELECT DISTINCT at FROM ledger_entry WHERE origin_id = $1`, [id]);
    expect(moments).toHaveLength(1);
    expect((await f.lines(incidentId)).at(-1)!.text).toBe('更正冻结金额为 650.00 元,原因:李*山账户 622****23 回执更正');
    expect(codeOf(await f.give('county', id, 'correct', body))).toBe('422 invalid');
    expect(await f.must(f.give('county', id, 'correct', { frozenFen: 0, reason: '无余额' }))).toMatchObject({
      remainingFen: 0,
    });
    expect(await f.must(f.give('county', id, 'correct', { frozenFen: 10, reason: '更正' }))).toMatchObject({
      remainingFen: 10,
    });
  });
});

describe('a line', () => {
  it('forms behind the freeze that holds the account, and the first takes hold of what is released', async () => {
    const number = account();
    const first = await f.frozen({ account: number, frozenFen: 50_000 });
    const second = await f.frozen({ account: number, amountFen: 30_000, until: f.day(40), by: 'county2' });
    f.world.app.clock.advanceMinutes(1);
    const last = await f.frozen({ account: number, amountFen: 90_000 });
    expect([second, last]).toMatchObject([
      { status: 'waiting', frozenFen: null, remainingFen: 0, effectiveAt: null, lapsesAt: null },
      { status: 'waiting' },
    ]);
    f.world.app.clock.advanceMinutes(10 * 24 * 60);
    const released = await f.must(f.give('county', first.id, 'release', { reason: '已结案' }));
    expect(released).toMatchObject({ status: 'released', remainingFen: 0 });
    expect(await f.entries(first.id)).toEqual(['frozen 50000', 'freeze-released 50000']);
    expect(await f.read(second.id)).toMatchObject({
      status: 'effective',
      frozenFen: 30_000,
      from: f.day(),
      until: f.day(40),
      lapsesAt: `${f.day(41)}T00:00:00.000+08:00`,
    });
    expect(await f.read(last.id)).toMatchObject({ status: 'waiting' });
    expect(await f.types(second.incidentId)).toEqual([
      'freeze-requested',
      'freeze-approved',
      'freeze-waiting',
      'freeze-effective',
    ]);
    // It is the system that lets it take effect: who released the first need not see the case of the second.
    expect((await f.lines(second.incidentId)).at(-1)!.actor).toBeNull();
    expect(await f.must(f.give('county', last.id, 'release', { reason: '不再需要' }))).toMatchObject({
      status: 'released',
    });
    expect(await f.entries(last.id)).toEqual([]);
    await f.must(f.give('county2', second.id, 'release', { reason: '已结案' }));
    const balance = await f.world.sql<{ frozen: string }>(
      `SELECT (ledger_balance(account_id)).frozen_fen AS frozen FROM fund_freeze WHERE id = $1`,
      [first.id],
    );
    expect(balance).toEqual([{ frozen: 0 }]);
  });

  it('does not begin before the end of what held the account', async () => {
    const number = account();
    const first = await f.frozen({ account: number });
    const second = await f.approved({ account: number });
    const before = f.world.now;
    f.world.app.clock.advanceMinutes(5);
    await f.must(f.give('county', first.id, 'release', { reason: '已结案' }));
    f.world.app.clock.advanceMinutes(5);
    expect(codeOf(await f.give('county', second.id, 'effective', { effectiveAt: before, frozenFen: 1 }))).toBe(
      '422 freeze-time',
    );
    expect((await f.give('county', second.id, 'effective', { frozenFen: 1 })).body).toMatchObject({
      status: 'effective',
    });
  });
});

describe('who sees a freeze', () => {
  it('the agencies of its incident and those above; siblings and strangers get nothing', async () => {
    const incidentId = await f.filed();
    const { id } = await f.requested({ incidentId });
    expect(codeOf(await f.get('county2', `/freezes/${id}`))).toBe('404 not-found');
    expect(codeOf(await f.get('township', `/freezes/${id}`))).toBe('404 not-found');
    expect(codeOf(await f.get('county', '/freezes/1'))).toBe('404 not-found');
    for (const [place, seen] of [
      ['county', true],
      ['city', true],
      ['county2', false],
      ['township', false],
    ] as const) {
      const { body } = await f.get(place, `/freezes?incident=${incidentId}&count=true`);
      expect([place, body.items.length, body.total]).toEqual([place, Number(seen), Number(seen)]);
    }
    expect((await f.world.post('county2', `/incidents/${incidentId}/freezes`, requestBody())).status).toBe(404);
  });

  it('and those whose victims claim from it read it, but do nothing', async () => {
    const { id } = await f.frozen();
    const [agency] = await f.world.sql<{ id: number }>(`SELECT id FROM agency WHERE code = '411325'`);
    await f.world.sql(`UPDATE fund_freeze SET held_by = held_by || $2::int WHERE id = $1`, [id, agency!.id]);
    expect((await f.get('county2', `/freezes/${id}`)).body).toMatchObject({ id, allowed: [] });
    expect((await f.get('county2', '/freezes')).body.items.map((one: { id: string }) => one.id)).toContain(id);
    expect(codeOf(await f.give('county2', id, 'release', { reason: '解除' }))).toBe('403 not-the-holder');
  });

  it('lists are filtered and paged by a cursor of their own', async () => {
    const incidentId = await f.filed();
    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push((await f.requested({ incidentId })).id as string);
    await f.must(f.post(f.countyChief, `/freezes/${ids[0]}/reject`, { reason: '材料不全' }));
    const list = async (query: string): Promise<string[]> =>
      (await f.get('county', `/freezes?incident=${incidentId}&${query}`)).body.items.map(
        (one: { id: string }) => one.id,
      );
    expect(await list('')).toEqual([...ids].reverse());
    expect(await list('status=rejected')).toEqual([ids[0]]);
    expect(await list('status=rejected,requested')).toHaveLength(3);
    const first = await f.get('county', `/freezes?incident=${incidentId}&limit=2`);
    const cursor = encodeURIComponent(first.body.nextCursor as string);
    const second = await f.get('county', `/freezes?incident=${incidentId}&limit=2&cursor=${cursor}`);
    expect(second.body).toMatchObject({ items: [{ id: ids[0] }], nextCursor: null });
    expect(codeOf(await f.get('county', `/freezes?limit=2&cursor=${cursor}`))).toBe('422 invalid-cursor');
    expect(codeOf(await f.get('county', `/freezes?status=gone`))).toBe('422 invalid');
  });
});

function requestBody(): Record<string, unknown> {
  return { account: account(), bank: '中国银行', amountFen: 1, until: f.day(10) };
}

/** The same day of a later month, and so many days; the first of the month lies in none that is too short. */
function later(day: string, months: number, days: number): string {
  const [year, month] = day.split('-').map(Number) as [number, number];
  return new Date(Date.UTC(year, month - 1 + months, Number(day.slice(8)) + days)).toISOString().slice(0, 10);
}

describe('what waits for approval', () => {
  it('is shown to those who can approve it: tier, place, not the own, not named for another', async () => {
    const { app } = f.world;
    const own = await f.requested();
    const named = await f.requested({ approvedBy: f.cityChief.name });
    const large = await f.requested({ amountFen: 900_000_000 });
    const asker = f.world.as('county');
    const queue = async (who = f.countyChief): Promise<string[]> =>
      (await call(app, who, { path: '/freezes?queue=approval&limit=200' })).body.items.map(
        (one: { id: string }) => one.id,
      );
    const [county, city, officer, self, sibling] = [
      await queue(),
      await queue(f.cityChief),
      await queue(await app.user('411322', 'officer')),
      await queue(asker),
      await queue(f.world.as('county2')),
    ];
    expect(county).toContain(own.id);
    expect(county).not.toContain(named.id);
    expect(county).not.toContain(large.id);
    expect(city).toEqual(expect.arrayContaining([own.id, named.id, large.id]));
    expect(officer).toEqual([]);
    expect(self).not.toContain(own.id);
    expect(sibling).not.toContain(own.id);
    const { body } = await call(app, f.countyChief, { path: '/freezes?queue=approval&count=true&limit=1' });
    expect(body.total).toBe(county.length);
  });

  it('is not for a machine', async () => {
    const { id } = await f.requested();
    const { ApiKeyService } = await import('../../src/identity/api-key.service.js');
    const { systemCaller } = await import('../../src/identity/caller.js');
    const { OrganizationRegistry } = await import('../../src/organization/organization.registry.js');
    const agency = (await f.world.app.app.get(OrganizationRegistry).current()).byCode('411322')!;
    const { key } = await f.world.app.app
      .get(ApiKeyService)
      .issue(systemCaller(agency), { name: 'desk', agency: '411322', roles: ['supervisor'] });
    const answer = await f.world.app.app.inject({
      method: 'POST',
      url: `/api/v1/freezes/${id}/approve`,
      headers: { 'x-api-key': key },
    });
    expect(answer.statusCode).toBe(403);
  });
});
