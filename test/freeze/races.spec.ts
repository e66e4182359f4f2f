import { tally, type Answer } from '../case/support.js';
import { TestApp } from '../support/app.js';
import { account, Freezers } from './support.js';

let f: Freezers;
/** Another server on the same database. */
let second: TestApp;
beforeAll(async () => {
  f = await Freezers.start();
  second = await TestApp.start([], f.world.app.database, f.world.app.clock);
});
afterAll(async () => {
  await second.stop(false);
  await f.world.stop();
});

const ROUNDS = 4;
const servers = (index: number): TestApp => (index % 2 ? second : f.world.app);
const codes = (answers: readonly Answer[]): Record<string, number> =>
  tally(answers.map(({ status, body }) => (status === 200 ? '200' : (body.code as string))));

test('two freezes of one account made effective at once: one is, the other waits', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const number = account();
    const ids = [];
    for (let i = 0; i < 3; i += 1) ids.push((await f.approved({ account: number })).id as string);
    const answers = await Promise.all(
      ids.map((id, i) =>
        f.post(f.world.as('county'), `/freezes/${id}/effective`, { frozenFen: 100 }, undefined, servers(i)),
      ),
    );
    expect(tally(answers.map(({ body }) => body.status as string))).toEqual({ effective: 1, waiting: 2 });
    const frozen: string[] = [];
    for (const id of ids) frozen.push(...(await f.entries(id)));
    expect(frozen).toEqual(['frozen 100']);
  }
});

test('of those who approve, reject and approve again at once one decides', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { id, incidentId } = await f.requested();
    const answers = await Promise.all(
      [f.countyChief, f.cityChief, f.countyChief, f.cityChief].map((who, i) =>
        i < 3
          ? f.post(who, `/freezes/${id}/approve`, {}, undefined, servers(i))
          : f.post(who, `/freezes/${id}/reject`, { reason: '材料不全' }, undefined, servers(i)),
      ),
    );
    expect(codes(answers)).toEqual({ '200': 1, 'illegal-transition': 3 });
    expect(await f.types(incidentId)).toHaveLength(2);
  }
});

test('a stop-payment is followed by one freeze, whoever asks at once', async () => {
  const incidentId = await f.filed();
  const { id } = await f.must(
    f.world.post('county', `/incidents/${incidentId}/stop-payments`, {
      account: account(),
      bank: '中国工商银行',
      holderName: '李某',
      transferFen: 1_000,
      transferAt: f.world.now,
    }),
  );
  await f.must(f.world.post('county', `/stop-payments/${id}/effective`, { stoppedAt: f.world.now, stoppedFen: 900 }));
  const answers = await Promise.all(
    [0, 1, 2, 3].map((i) =>
      f.post(f.world.as('county'), `/stop-payments/${id}/freeze`, { until: f.day(30) }, undefined, servers(i)),
    ),
  );
  expect(tally(answers.map(({ status, body }) => (status === 201 ? '201' : (body.code as string))))).toEqual({
    '201': 1,
    'stop-has-freeze': 3,
  });
});

test('requests that together are more than a county may have frozen do not slip through side by side', async () => {
  const [number, incidentId] = [account(), await f.filed()];
  const body = { account: number, bank: '中国工商银行', amountFen: 120_000_000, until: f.day(30) };
  const answers = await Promise.all(
    [0, 1, 2, 3].map((i) =>
      f.post(f.world.as('county'), `/incidents/${incidentId}/freezes`, body, undefined, servers(i)),
    ),
  );
  expect(tally(answers.map((answer) => answer.body.approverTier as string))).toEqual({ county: 1, city: 3 });
});

test('corrections, releases and renewals at once leave the ledger as the last of them says', async () => {
  for (let round = 0; round < ROUNDS; round += 1) {
    const { id } = await f.frozen({ frozenFen: 1_000 });
    const asks: [string, object][] = [
      ['correct', { frozenFen: 700, reason: '更正' }],
      ['release', { reason: '解除' }],
      ['correct', { frozenFen: 400, reason: '更正' }],
      ['release', { reason: '解除' }],
      ['unrelated', { reason: '无关' }],
    ];
    const answers = await Promise.all(
      asks.map(([command, body], i) =>
        f.post(f.world.as('county'), `/freezes/${id}/${command}`, body, undefined, servers(i)),
      ),
    );
    expect(answers.filter(({ status, body }) => status === 200 && body.status === 'released')).toHaveLength(1);
    expect(answers.every(({ status }) => status === 200 || status === 409)).toBe(true);
    const [{ frozen }] = (await f.world.sql<{ frozen: number }>(
      `SELECT (ledger_balance(account_id)).frozen_fen AS frozen FROM fund_freeze WHERE id = $1`,
      [id],
    )) as [{ frozen: number }];
    expect(Number(frozen)).toBe(0);
  }
});

test('with one If-Match only one of many changes is made', async () => {
  const { id } = await f.frozen({ frozenFen: 1_000 });
  const answers = await Promise.all(
    [0, 1, 2, 3].map((i) =>
      f.post(
        f.world.as('county'),
        `/freezes/${id}/correct`,
        { frozenFen: 500 + i, reason: '更正' },
        { 'if-match': '"3"' },
        servers(i),
      ),
    ),
  );
  expect(codes(answers)).toEqual({ '200': 1, 'stale-version': 3 });
});

test('a lapse told by two servers, and a release or another freeze at that moment: the money is free once', async () => {
  const lapsing: { id: string; incidentId: string; account: string }[] = [];
  const waiting: string[] = [];
  for (let i = 0; i < ROUNDS; i += 1) {
    const number = account();
    const { id, incidentId } = await f.frozen({ account: number, until: f.day(1), amountFen: 1_000 });
    lapsing.push({ id, incidentId, account: number });
    waiting.push((await f.frozen({ account: number, until: f.day(60), amountFen: 600 })).id as string);
  }
  const behind = await Promise.all(
    lapsing.map(({ account: number }) => f.approved({ account: number, until: f.day(60) })),
  );
  f.world.app.clock.set(`${f.day(2)}T00:00:00+08:00`);
  const answers = await Promise.all([
    f.world.app.clocks(),
    second.clocks(),
    ...lapsing.map(({ id }, i) =>
      f.post(f.world.as('county'), `/freezes/${id}/release`, { reason: '解除' }, undefined, servers(i)),
    ),
    ...behind.map(({ id }, i) =>
      f.post(f.world.as('county'), `/freezes/${id}/effective`, { frozenFen: 5 }, undefined, servers(i)),
    ),
  ]);
  await f.world.app.clocks();
  const given = answers.filter((answer): answer is Answer => answer !== undefined);
  expect(given.map(({ status, body }) => (status === 200 ? body.status : body.code))).toEqual([
    ...lapsing.map(() => 'freeze-lapsed'),
    ...behind.map(() => 'waiting'),
  ]);
  for (const [i, { id, incidentId }] of lapsing.entries()) {
    expect(await f.entries(id)).toEqual(['frozen 1000', 'freeze-released 1000']);
    expect((await f.types(incidentId)).filter((type) => type === 'freeze-lapsed')).toHaveLength(1);
    expect(await f.entries(waiting[i]!)).toEqual(['frozen 600']);
  }
  // Each deadline fired once or was put away, none is left behind the moment.
  const left = await f.world.sql(
    `SELECT kind FROM deadline WHERE due_at <= $1 AND fired_at IS NULL AND cancelled_at IS NULL`,
    [f.world.now],
  );
  expect(left).toEqual([]);
});

test('releases on accounts that cross in their incidents never wait for each other', async () => {
  const incidents = [await f.filed(), await f.filed()];
  const numbers = [account(), account()];
  const effective: string[] = [];
  for (const [i, number] of numbers.entries()) {
    effective.push((await f.frozen({ account: number, incidentId: incidents[i]! })).id as string);
    await f.frozen({ account: number, incidentId: incidents[1 - i]! });
  }
  const answers = await Promise.all(
    effective.map((id, i) =>
      f.post(f.world.as('county'), `/freezes/${id}/release`, { reason: '解除' }, undefined, servers(i)),
    ),
  );
  expect(codes(answers)).toEqual({ '200': 2 });
  const chains = await f.world.sql<{ broken: number }>(
    `SELECT count(*) AS broken FROM incident i WHERE event_seq <> (SELECT max(seq) FROM event e WHERE e.case_id = i.id)`,
  );
  expect(Number(chains[0]!.broken)).toBe(0);
});
