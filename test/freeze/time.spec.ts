import { account, codeOf, Freezers } from './support.js';

let f: Freezers;
beforeAll(async () => {
  f = await Freezers.start(['city', 'county']);
});
afterAll(() => f.world.stop());

const set = (moment: string): void => f.world.app.clock.set(moment);
const clocks = (): Promise<void> => f.world.app.clocks();
const renew = (id: string, until: string): ReturnType<Freezers['give']> =>
  f.give('county', id, 'renewals', { until, reason: '案件仍在侦办' });
/** Lines of the alarms and the end, with the day on which each was due. */
async function told(incidentId: string): Promise<string[]> {
  return (await f.lines(incidentId))
    .map(
      ({ type, data }) => `${type}${data['months'] ? ` ${String(data['months'])}` : ''}${data['late'] ? ' late' : ''}`,
    )
    .filter((line) => /due|overdue|lapsed|renewed/.test(line));
}

// The clock goes on from test to test.
test('a freeze is verified after one and three months, called for renewal, and over at the midnight behind its last day', async () => {
  set('2023-08-31T10:00:00+08:00');
  expect(codeOf(await f.ask({ until: '2024-09-01' }))).toBe('422 invalid');
  expect(await f.requested({ until: '2024-03-01' })).toMatchObject({ approverTier: 'city' });
  const { id, incidentId } = await f.frozen({ until: '2024-02-29', amountFen: 500 });
  expect(await f.read(id)).toMatchObject({
    verificationDueAt: '2023-09-30T00:00:00.000+08:00',
    renewalDueAt: '2024-02-20T00:00:00.000+08:00',
    lapsesAt: '2024-03-01T00:00:00.000+08:00',
  });
  const steps: [string, string[]][] = [
    ['2023-09-29T23:59:59.999+08:00', []],
    ['2023-09-30T00:00:00+08:00', ['freeze-verification-due 1']],
    ['2023-11-29T23:59:59.999+08:00', []],
    // Three months from 08-31 are the last day of November.
    ['2023-11-30T00:00:30+08:00', ['freeze-verification-due 3']],
    ['2024-02-19T23:59:59.999+08:00', []],
    ['2024-02-20T00:02:00+08:00', ['freeze-renewal-due late']],
    ['2024-02-29T23:59:59.999+08:00', []],
  ];
  const lines: string[] = [];
  for (const [moment, more] of steps) {
    set(moment);
    await clocks();
    await clocks();
    lines.push(...more);
    expect([moment, await told(incidentId)]).toEqual([moment, lines]);
  }
  expect((await f.get('city', '/freezes?queue=expiring')).body.items).toMatchObject([{ id }]);
  expect(await f.read(id)).toMatchObject({ status: 'effective', remainingFen: 500, verificationDueAt: null });

  // At the moment itself it is over for everybody, whether or not the clock has told so.
  set('2024-03-01T00:00:00+08:00');
  expect(await f.read(id)).toMatchObject({
    status: 'lapsed',
    remainingFen: 0,
    endedAt: '2024-03-01T00:00:00.000+08:00',
    lapsesAt: null,
    allowed: [],
  });
  for (const [command, body] of [
    ['release', { reason: '解除' }],
    ['correct', { frozenFen: 1, reason: '更正' }],
    ['unrelated', { reason: '无关' }],
    ['renewals', { until: '2024-06-01', reason: '续' }],
    ['approve', {}],
  ] as const) {
    expect([command, codeOf(await f.give('county', id, command, body))]).toEqual([command, '409 freeze-lapsed']);
  }
  expect((await f.get('city', `/freezes?incident=${incidentId}&status=effective`)).body.items).toEqual([]);
  expect((await f.get('city', `/freezes?incident=${incidentId}&status=lapsed`)).body.items).toHaveLength(1);
  expect((await f.get('city', '/freezes?queue=expiring')).body.items).toEqual([]);
  expect(await f.entries(id)).toEqual(['frozen 500']);

  set('2024-03-01T00:10:00+08:00');
  await clocks();
  expect(await told(incidentId)).toEqual([...lines, 'freeze-lapsed late']);
  expect(await f.entries(id)).toEqual(['frozen 500', 'freeze-released 500']);
  // Dated as it ended, not as it was told.
  const [entry] = await f.world.sql<{ at: Date }>(
    `SELECT at FROM ledger_entry WHERE origin_id = $1 AND kind = 'freeze-released'`,
    [id],
  );
  expect(entry!.at.toISOString()).toBe('2024-02-29T16:00:00.000Z');
  expect(await f.read(id)).toMatchObject({ status: 'lapsed', endedAt: '2024-03-01T00:00:00.000+08:00' });
  expect(codeOf(await f.give('county', id, 'release', { reason: '解除' }))).toBe('409 freeze-lapsed');
});

test('a request that nobody decides, and one that the bank never answers, are over with their last day', async () => {
  const requested = await f.requested({ until: f.day(3) });
  const approved = await f.approved({ until: f.day(3) });
  set(`${f.day(4)}T00:00:00+08:00`);
  expect(codeOf(await f.post(f.countyChief, `/freezes/${requested.id}/approve`))).toBe('409 freeze-lapsed');
  expect(codeOf(await f.give('county', approved.id, 'effective', { frozenFen: 1 }))).toBe('409 freeze-lapsed');
  await clocks();
  for (const { id, incidentId } of [requested, approved] as { id: string; incidentId: string }[]) {
    expect(await told(incidentId)).toEqual(['freeze-lapsed']);
    const [row] = await f.world.sql(`SELECT status FROM fund_freeze WHERE id = $1`, [id]);
    expect(row).toEqual({ status: 'lapsed' });
  }
});

describe('a renewal', () => {
  test('is asked for and approved by two persons before the end, and moves what falls due', async () => {
    set('2024-03-10T09:00:00+08:00');
    const { id, incidentId } = await f.frozen({ until: '2024-04-20', amountFen: 700 });
    for (const [until, code] of [
      ['2024-04-20', '422 invalid'],
      ['2025-04-22', '422 invalid'],
    ] as const) {
      expect([until, codeOf(await renew(id, until))]).toEqual([until, code]);
    }
    const asked = await f.must(renew(id, '2024-10-21'));
    expect(asked.renewals).toMatchObject([
      {
        from: '2024-04-21',
        until: '2024-10-21',
        decision: null,
        approverTier: 'county',
        askedBy: f.world.as('county').name,
      },
    ]);
    const path = `/freezes/${id}/renewals/${asked.renewals[0].id}`;
    expect(codeOf(await renew(id, '2024-05-01'))).toBe('409 renewal-waiting');
    expect(codeOf(await f.world.post('county', `${path}/approve`))).toBe('409 four-eyes');
    expect(codeOf(await f.post(f.countyChief, `/freezes/${id}/renewals/${id}/approve`))).toBe('404 not-found');
    const queue = await f.get('city', '/freezes?queue=approval');
    expect(queue.body.items).toMatchObject([{ id }]);
    const rejected = await f.must(f.post(f.countyChief, `${path}/reject`, { reason: '理由不足' }));
    expect(rejected).toMatchObject({
      until: '2024-04-20',
      renewals: [{ decision: 'reject', decidedBy: f.countyChief.name }],
    });
    expect(codeOf(await f.post(f.countyChief, `${path}/approve`))).toBe('409 illegal-transition');

    // On the very last day it is still in time.
    set('2024-04-20T23:59:59.999+08:00');
    await clocks();
    const again = await f.must(renew(id, '2024-10-21'));
    const renewed = await f.must(f.post(f.countyChief, `/freezes/${id}/renewals/${again.renewals[1].id}/approve`));
    expect(renewed).toMatchObject({
      status: 'effective',
      until: '2024-10-21',
      verificationDueAt: '2024-06-10T00:00:00.000+08:00',
      renewalDueAt: '2024-10-12T00:00:00.000+08:00',
      lapsesAt: '2024-10-22T00:00:00.000+08:00',
    });
    set('2024-04-21T00:00:00+08:00');
    await clocks();
    expect(await told(incidentId)).toEqual([
      'freeze-verification-due 1 late',
      'freeze-renewal-due late',
      'freeze-renewed',
    ]);
    // The third month lay behind the first end; now it is told of.
    set('2024-06-10T00:00:00+08:00');
    await f.signIn();
    await clocks();
    expect((await told(incidentId)).at(-1)).toBe('freeze-verification-due 3');
    set('2024-10-22T00:00:00+08:00');
    await clocks();
    expect((await told(incidentId)).slice(-2)).toEqual(['freeze-renewal-due late', 'freeze-lapsed']);
    expect(await f.entries(id)).toEqual(['frozen 700', 'freeze-released 700']);
  });

  test('that is longer, or of a freeze that the city approved, is for the city', async () => {
    set('2024-11-01T09:00:00+08:00');
    await f.signIn();
    const { id } = await f.frozen({ until: '2024-12-31' });
    const asked = await f.must(renew(id, '2025-07-02'));
    expect(asked.renewals).toMatchObject([{ approverTier: 'city' }]);
    const path = `/freezes/${id}/renewals/${asked.renewals[0].id}`;
    expect(codeOf(await f.post(f.countyChief, `${path}/approve`))).toBe('403 wrong-tier');
    expect(await f.must(f.post(f.cityChief, `${path}/approve`))).toMatchObject({ until: '2025-07-02' });

    const ofCity = await f.requested({ until: '2024-12-31' });
    expect(ofCity).toMatchObject({ approverTier: 'county' });
    await f.must(f.post(f.cityChief, `/freezes/${ofCity.id}/approve`));
    await f.must(f.give('county', ofCity.id, 'effective', { frozenFen: 1 }));
    expect((await f.must(renew(ofCity.id, '2025-01-31'))).renewals).toMatchObject([{ approverTier: 'city' }]);
  });

  test('that is not decided in time dies with the freeze', async () => {
    const { id, incidentId } = await f.frozen({ until: f.day(1) });
    const asked = await f.must(renew(id, f.day(30)));
    const path = `/freezes/${id}/renewals/${asked.renewals[0].id}/approve`;
    set(`${f.day(2)}T00:00:00+08:00`);
    expect(codeOf(await f.post(f.countyChief, path))).toBe('409 freeze-lapsed');
    expect((await f.read(id)).renewals).toMatchObject([{ decision: 'late' }]);
    await clocks();
    expect((await f.read(id)).renewals).toMatchObject([{ decision: 'late', decidedBy: null }]);
    expect((await told(incidentId)).at(-1)).toBe('freeze-lapsed');
  });
});

test('what is shown to be unrelated is released within three days, or an alarm is told', async () => {
  const { id, incidentId } = await f.frozen({ until: f.day(90) });
  const { releaseDueAt } = await f.must(f.give('county', id, 'unrelated', { reason: '系货款' }));
  expect(Date.parse(releaseDueAt) - Date.parse(f.world.now)).toBe(3 * 86_400_000);
  expect(codeOf(await f.give('county', id, 'unrelated', { reason: '系货款' }))).toBe('409 freeze-unrelated');
  expect(codeOf(await renew(id, f.day(120)))).toBe('409 freeze-unrelated');
  set(new Date(Date.parse(releaseDueAt) - 1).toISOString());
  await clocks();
  expect(await told(incidentId)).toEqual([]);
  set(releaseDueAt);
  await clocks();
  expect(await told(incidentId)).toEqual(['freeze-release-overdue']);
  await f.must(f.give('county', id, 'release', { reason: '系货款' }));
  f.world.app.clock.advanceMinutes(60 * 24 * 100);
  await clocks();
  expect(await told(incidentId)).toEqual(['freeze-release-overdue']);
  const left = await f.world.sql(
    `SELECT kind FROM deadline WHERE subject_id = $1 AND fired_at IS NULL AND cancelled_at IS NULL`,
    [id],
  );
  expect(left).toEqual([]);
});

describe('a line', () => {
  test('moves up at the midnight at which the first lapses; its days count from there', async () => {
    set('2025-06-30T10:00:00+08:00');
    await f.signIn();
    const number = account();
    const first = await f.frozen({ account: number, until: '2025-08-30', amountFen: 900 });
    const second = await f.frozen({ account: number, until: '2025-12-30', amountFen: 400 });
    expect(second).toMatchObject({ status: 'waiting' });
    set('2025-08-31T00:00:00+08:00');
    await clocks();
    expect(await f.read(second.id)).toMatchObject({
      status: 'effective',
      frozenFen: 400,
      from: '2025-08-31',
      // Six months, as it was asked for.
      until: '2026-02-28',
      effectiveAt: '2025-08-31T00:00:00.000+08:00',
      verificationDueAt: '2025-09-30T00:00:00.000+08:00',
    });
    expect(await f.entries(first.id)).toEqual(['frozen 900', 'freeze-released 900']);
    await f.must(f.give('county', second.id, 'correct', { frozenFen: 900, reason: '银行回执' }));
    expect(await f.read(second.id)).toMatchObject({ remainingFen: 900 });
  });

  test('moves up without the clock where a command comes first, however many are over by then', async () => {
    set('2026-03-10T10:00:00+08:00');
    const number = account();
    const first = await f.frozen({ account: number, until: '2026-03-11', amountFen: 10 });
    const second = await f.frozen({ account: number, until: '2026-03-12', amountFen: 10 });
    const third = await f.frozen({ account: number, until: '2026-04-09', amountFen: 10 });
    const last = await f.approved({ account: number, until: '2026-04-09', amountFen: 10 });
    // The clock stands: the first is over on the 12th, the second, three days long, on the 15th.
    set('2026-03-16T08:00:00+08:00');
    expect(await f.must(f.give('county', last.id, 'effective', { frozenFen: 10 }))).toMatchObject({
      status: 'waiting',
    });
    expect(await f.read(first.id)).toMatchObject({ status: 'lapsed', endedAt: '2026-03-12T00:00:00.000+08:00' });
    expect(await f.read(second.id)).toMatchObject({ status: 'lapsed', endedAt: '2026-03-15T00:00:00.000+08:00' });
    expect(await f.read(third.id)).toMatchObject({
      status: 'effective',
      frozenFen: 10,
      from: '2026-03-15',
      effectiveAt: '2026-03-15T00:00:00.000+08:00',
    });
    await clocks();
    expect(await f.entries(second.id)).toEqual(['frozen 10', 'freeze-released 10']);
    expect((await f.types(second.incidentId)).slice(2)).toEqual([
      'freeze-waiting',
      'freeze-effective',
      'freeze-lapsed',
    ]);
  });
});
