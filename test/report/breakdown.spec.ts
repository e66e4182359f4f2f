import type { ChannelsAnswer, FraudTypesAnswer, GroupsAnswer, SourcesAnswer } from '../../src/report/breakdown.dto.js';
import type { FunnelAnswer, FunnelStepAnswer } from '../../src/report/funnel.dto.js';
import type { FiguresAnswer } from '../../src/report/figures.dto.js';
import type { HotSpotsAnswer } from '../../src/report/hot-spots.dto.js';
import type { TierReportAnswer, TierReportCaseAnswer } from '../../src/report/tier-report.dto.js';
import type { OfficerRow, OfficersAnswer } from '../../src/report/officers.dto.js';
import type { TrendAnswer } from '../../src/report/trend.dto.js';
import { toldTenths } from '../../src/report/rate.rules.js';
import { ApiKeyService } from '../../src/identity/api-key.service.js';
import { systemCaller } from '../../src/identity/caller.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { call, FALSE_ALARM, outcome, PLACES, type Answer, type Place } from '../case/support.js';
import { incident } from '../incident/support.js';
import { Officer } from '../support/app.js';
import { randomDays } from './random.day.js';
import { fraction, numbersIn, queryOf, ReportWorld, type Params } from './support.js';

const { city, county, county2, township, township2 } = PLACES;
const TIERS: Record<string, string> = {
  [city]: 'city',
  [county]: 'county',
  [county2]: 'county',
  [township]: 'township',
};
const NAMES = ['fraud-types', 'groups', 'sources', 'channels', 'funnel', 'officers', 'trend'] as const;
const JUNE = { from: '2023-06-01', to: '2023-06-30' };
let reports: ReportWorld;
let world: ReportWorld['world'];

function ask(name: string, params: Params, who: Place = 'city'): Promise<Answer> {
  return world.get(who, `/reports/${name}?${queryOf(params)}`);
}

async function made<T>(name: string, params: Params, who: Place = 'city'): Promise<T> {
  const answer = await ask(name, params, who);
  if (answer.status !== 200) throw new Error(`${name}: ${answer.status} ${answer.text}`);
  return answer.body as T;
}

/** What the tier report says of one agency. */
async function tierRow(code: string, period: Params): Promise<FiguresAnswer> {
  const { rows } = await reports.report(TIERS[code]!, period);
  return rows.find(({ agency }) => agency.code === code)!;
}

const sum = <Row>(rows: readonly Row[], of: (row: Row) => number): number =>
  rows.reduce((total, row) => total + of(row), 0);

const parts = (rows: readonly Record<string, unknown>[], field: string): { numerator: number; denominator: number }[] =>
  rows.map((row) => row[field] as { numerator: number; denominator: number });

/** Everything behind a number, over all pages. */
async function openedItems(name: string, params: Params): Promise<{ items: TierReportCaseAnswer[]; total: number }> {
  return reports.openedOf(`/reports/${name}/cases`, { ...params, limit: 200 });
}

/** What the items behind a number come to. */
function numberBehind(indicator: string, items: readonly TierReportCaseAnswer[]): number | null {
  if (indicator.includes('Fen')) return sum(items, ({ counted }) => counted!.amountFen!);
  if (!indicator.includes('Minutes')) return items.length;
  const minutes = items.map(({ counted }) => counted!.minutes!).sort((a, b) => a - b);
  const median = minutes[Math.ceil(minutes.length / 2) - 1];
  return median === undefined ? null : toldTenths(Math.round(median * 10)) / 10;
}

/** A rate summed over rows. */
function together(rows: readonly object[], field: string): string {
  const rates = parts(rows as Record<string, unknown>[], field);
  return `${sum(rates, (rate) => rate.numerator)}/${sum(rates, (rate) => rate.denominator)}`;
}

function counts(steps: readonly FunnelStepAnswer[]): Record<string, number> {
  return Object.fromEntries(steps.map(({ step, count }) => [step, count]));
}

/** What chance seldom brings about in few steps: success, losses, money, signals that join, outcomes that are rejected. */
async function whatIsRare(): Promise<void> {
  const phone = '13700009999';
  const [saved, lost, refused, wrong] = [
    await world.alert({ subject: { phone } }),
    await world.alert(),
    await world.alert(),
    await world.alert(),
  ];
  await world.intake({ subject: { phone } });
  for (const id of [saved, lost, refused]) {
    await world.must('county', id, 'accept');
    for (const method of ['sms', 'call', 'visit'] as const)
      await world.must('county', id, 'attempts', world.attempt(method));
  }
  await world.must('county', saved, 'outcome', outcome());
  const money = { lossFen: 700, interceptedFen: 300, interceptedBasis: 'bank-blocked' };
  for (const [id, decision] of [
    [lost, 'approve'],
    [refused, 'reject'],
  ] as const) {
    await world.must('county', id, 'outcome', outcome({ result: 'partial-loss', ...money }));
    await world.must('city', id, 'review', { decision, note: '核实' });
  }
  await world.must('county', wrong, 'return', { reason: 'wrong-info', note: '空号' });
}

beforeAll(async () => {
  reports = await ReportWorld.start(['city', 'county', 'township', 'township2', 'county2', 'township3'], ['4113']);
  ({ world } = reports);
});

afterAll(() => world.stop());

describe('the same question gets the same number', () => {
  const period = JUNE;

  beforeAll(async () => {
    await randomDays(reports, 4_711, 300);
    await whatIsRare();
    // Attributes that the random days have all alike.
    await world.sql(`UPDATE alert SET
      subject_group = (ARRAY['elderly', 'student', 'minor', 'none'])[1 + n % 4],
      fraud_type = (ARRAY['brushing-rebate', 'fake-loan', 'other'])[1 + n % 3],
      source = (ARRAY['national-platform', 'bank', 'hotline-96110'])[1 + n % 3]
      FROM (SELECT id, row_number() OVER (ORDER BY id)::int AS n FROM alert) numbered WHERE numbered.id = alert.id`);
    for (const [place, fraudType, lossFen] of [
      ['county', 'fake-loan', 700],
      ['county', 'brushing-rebate', 200],
      ['township', 'fake-loan', 100],
      ['county2', 'other', 0],
    ] as const)
      await incident(world, place, { fraudType, lossFen, divisionCode: PLACES[place] });
  }, 60_000);

  test.each([city, county, county2, township])('of %s in every report as in the tier report', async (agency) => {
    const asked = { ...period, agency };
    const row = await tierRow(agency, period);

    const types = await made<FraudTypesAnswer>('fraud-types', asked);
    expect([sum(types.rows, ({ alerts }) => alerts), types.total.alerts]).toEqual([row.received, row.received]);
    expect(sum(types.rows, ({ closed }) => closed)).toBe(sum(Object.values(row.results), (count) => count));
    expect(types.total.successRate).toEqual(row.successRate);
    expect(together(types.rows, 'successRate')).toBe(fraction(row.successRate));

    const groups = await made<GroupsAnswer>('groups', asked);
    for (const field of ['visitRate', 'dissuasionRate', 'successRate', 'defraudedAfterRate'] as const) {
      expect([field, together(groups.rows, field)]).toEqual([field, fraction(row[field])]);
      expect([field, groups.total[field]]).toEqual([field, row[field]]);
    }
    expect(sum(groups.rows, ({ received }) => received)).toBe(row.received);
    expect(groups.total.interceptedFen).toBe(row.interceptedFen.dissuasion + row.interceptedFen.bank);
    expect(sum(groups.rows, ({ lossFen }) => lossFen)).toBe(row.lossFen);

    const sources = await made<SourcesAnswer>('sources', asked);
    expect([sources.total.signals, sources.total.alerts]).toEqual([row.signals, row.received]);
    expect(sources.total.alerts - sources.total.withdrawn - sources.total.returnedWrongInfo).toBe(
      row.dissuasionRate.denominator,
    );
    expect(sources.total.provedTrueRate.denominator - sources.total.provedTrueRate.numerator).toBe(
      row.results['false-alarm'],
    );

    const { rows: channels } = await made<ChannelsAnswer>('channels', asked);
    const [sms, phone, visit] = channels;
    expect([sms!.attempts, phone!.attempts, visit!.attempts, visit!.reached]).toEqual([
      row.attempts.sms,
      row.attempts.call,
      row.attempts.visit,
      row.attempts.visitReached,
    ]);
    expect(phone!.firstAttemptMinutes).toBe(row.contactMinutes.p50);
    expect(sum(channels, ({ dissuaded }) => dissuaded)).toBeLessThanOrEqual(row.results.dissuaded);

    const funnel = await made<FunnelAnswer>('funnel', asked);
    const steps = counts(funnel.steps);
    expect(steps).toMatchObject({
      signals: row.signals,
      alerts: row.received,
      reached: row.defraudedAfterRate.denominator,
      closed: sum(Object.values(row.results), (count) => count),
      dissuaded: row.results.dissuaded,
    });
    expect(steps['visited']).toBeGreaterThanOrEqual(row.visitRate.numerator);
    expect(steps['pushed']).toBeGreaterThanOrEqual(steps['accepted']!);
    for (const { shareOfBefore, dropOff } of funnel.steps.slice(1))
      expect(shareOfBefore!.numerator + dropOff!.numerator).toBe(dropOff!.denominator);
    for (const { agency: below, steps: own } of funnel.below?.rows ?? []) {
      if (below.code in TIERS)
        expect([below.code, counts(own)]).toEqual([
          below.code,
          counts((await made<FunnelAnswer>('funnel', { ...period, agency: below.code })).steps),
        ]);
    }

    const whole = await made<TrendAnswer>('trend', { ...asked, interval: 'month' });
    expect(whole.points).toHaveLength(1);
    expect(whole.points[0]).toMatchObject({
      received: row.received,
      signals: row.signals,
      attempts: row.attempts.sms + row.attempts.call + row.attempts.visit,
      successes: row.successRate.numerator,
      interceptedFen: row.interceptedFen.total,
      lossFen: row.lossFen,
      incidents: types.total.incidents,
      incidentLossFen: types.total.incidentLossFen,
    });
    const daily = await made<TrendAnswer>('trend', { ...asked, interval: 'day' });
    expect(daily.points).toHaveLength(30);
    for (const field of ['received', 'signals', 'attempts', 'successes', 'interceptedFen', 'incidents'] as const)
      expect([field, sum(daily.points, (point) => point[field])]).toEqual([field, whole.points[0]![field]]);
    for (const point of daily.points.filter(({ received }) => received > 0).slice(0, 2)) {
      const { received, signals } = await tierRow(agency, { from: point.from, to: point.to });
      expect([point.received, point.signals]).toEqual([received, signals]);
    }
  });

  test.each([city, county])(
    'of %s in every report opens to as many cases, or to amounts that add up to it',
    async (agency) => {
      const [all, filled] = [new Set<string>(), new Set<string>()];
      const check = async (name: string, params: Params, row: object): Promise<void> => {
        for (const [indicator, value] of numbersIn(row)) {
          const { items, total } = await openedItems(name, { ...params, indicator });
          const where = `${name} ${JSON.stringify(params)} ${indicator}`;
          expect([where, numberBehind(indicator, items), items.length]).toEqual([where, value, total]);
          all.add(`${name} ${indicator}`);
          if (total > 0) filled.add(`${name} ${indicator}`);
        }
      };
      const asked = { ...period, agency };

      const types = await made<FraudTypesAnswer>('fraud-types', asked);
      for (const { fraudType, ...row } of types.rows.filter(({ alerts, incidents }) => alerts + incidents > 0))
        await check('fraud-types', { ...asked, key: fraudType.code }, row);
      await check('fraud-types', asked, types.total);
      const groups = await made<GroupsAnswer>('groups', asked);
      for (const { group, ...row } of groups.rows) await check('groups', { ...asked, key: group }, row);
      await check('groups', asked, groups.total);
      const sources = await made<SourcesAnswer>('sources', asked);
      for (const { source, ...row } of sources.rows) await check('sources', { ...asked, key: source }, row);
      await check('sources', asked, sources.total);
      for (const { channel, ...row } of (await made<ChannelsAnswer>('channels', asked)).rows)
        await check('channels', { ...asked, key: channel }, row);
      const funnel = await made<FunnelAnswer>('funnel', asked);
      const below = funnel.below!.rows.filter(({ agency: { code } }) =>
        [county2, township, township2].some((each) => each === code),
      );
      for (const { code, steps } of [
        { code: agency, steps: funnel.steps },
        ...below.map(({ agency: { code }, steps }) => ({ code, steps })),
      ])
        for (const { step, ...row } of steps) await check('funnel', { ...period, agency: code, key: step }, row);
      const people = await made<OfficersAnswer>('officers', asked);
      for (const { officer, ...row } of people.rows)
        await check('officers', { ...asked, key: officer.id ?? 'system' }, row);
      await check('officers', asked, people.total);
      const trend = await made<TrendAnswer>('trend', { ...asked, interval: 'week', compare: 'mom' });
      for (const { compared, from, to, received, signals, attempts, successes, ...money } of trend.points) {
        const { interceptedFen, lossFen, incidents, incidentLossFen } = money;
        const own = { received, signals, attempts, successes, interceptedFen, lossFen, incidents, incidentLossFen };
        for (const { from: first, to: last, ...figures } of [{ from, to, ...own }, ...(compared ? [compared] : [])])
          await check('trend', { agency, from: first, to: last }, figures);
      }
      // The days were rich enough to tell one number from another; the city's own people do little.
      const empty = [...all].filter((number) => !filled.has(number));
      expect(agency === city ? empty.filter((number) => !number.startsWith('officers')) : empty).toEqual([]);
    },
  );

  test('of the people of an agency together as of the agency alone', async () => {
    // A township has nothing below it: what its people did is its row.
    const row = await tierRow(township, period);
    const { rows, total } = await made<OfficersAnswer>('officers', { ...period, agency: township });
    expect(total.attempts).toEqual(row.attempts);
    expect(sum(rows, ({ attempts }) => attempts.call)).toBe(row.attempts.call);
    expect(total.acceptOnTimeRate.numerator).toBeGreaterThanOrEqual(row.acceptOnTimeRate.numerator);
    expect(total.submitted).toBeGreaterThanOrEqual(total.approved + total.rejected);
  });
});

test('shares of incidents and losses are those of the type and add up to 1; every type is listed', async () => {
  const day = reports.nextDay();
  for (const [fraudType, lossFen, times] of [
    ['brushing-rebate', 100, 2],
    ['fake-loan', 50, 1],
    // Of an older list; taken for today's type.
    ['冒充客服', 0, 1],
  ] as const)
    for (let time = 0; time < times; time++)
      await incident(world, 'county', { fraudType, lossFen, divisionCode: county });
  const { rows, total } = await made<FraudTypesAnswer>('fraud-types', { agency: county, from: day, to: day });
  const shown = Object.fromEntries(
    rows.map((row) => [row.fraudType.code, [row.incidents, row.incidentShare, row.incidentLossFen, row.lossShare]]),
  );
  expect(rows).toHaveLength(13);
  expect(rows.at(-1)!.fraudType).toMatchObject({ code: 'other', nameZh: '其他' });
  expect(shown).toMatchObject({
    'brushing-rebate': [2, 0.5, 200, 0.8],
    'fake-loan': [1, 0.25, 50, 0.2],
    'fake-customer-service': [1, 0.25, 0, 0],
    gambling: [0, 0, 0, 0],
  });
  expect(total).toMatchObject({ incidents: 4, incidentShare: 1, incidentLossFen: 250, lossShare: 1, alerts: 0 });
  expect(total.successRate).toEqual({ rate: null, numerator: 0, denominator: 0 });
  const other = await made<FraudTypesAnswer>('fraud-types', { agency: county2, from: day, to: day });
  expect([other.total.incidents, other.total.incidentShare, other.rows[0]!.incidentShare]).toEqual([0, null, null]);
});

test('a signal counts for its own source, and what proves true for the source of the case', async () => {
  const day = reports.nextDay();
  const close = async (id: string, what: object): Promise<void> => {
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'outcome', what);
  };
  const phone = '13700001234';
  const [first, second, wrong, undone] = [
    await world.alert({ subject: { phone } }),
    await world.alert(),
    await world.alert(),
    await world.alert(),
  ];
  const joined = (await world.intake({ subject: { phone } })).body.id as string;
  await world.sql(`UPDATE alert SET source = 'bank' WHERE id = ANY($1::uuid[])`, [[second, joined]]);
  await close(first, outcome());
  await close(second, FALSE_ALARM);
  await world.must('county', wrong, 'return', { reason: 'wrong-info', note: '空号' });
  await world.must('city', undone, 'withdraw', { reason: '测试数据' });
  const { rows } = await made<SourcesAnswer>('sources', { from: day, to: day });
  expect(
    rows.map((row) => [
      row.source,
      ...[row.signals, row.alerts, row.merged, row.returnedWrongInfo, row.withdrawn],
      fraction(row.provedTrueRate),
      fraction(row.successRate),
    ]),
  ).toEqual([
    ['national-platform', 3, 3, 0, 1, 1, '1/1', '1/1'],
    ['bank', 2, 1, 1, 0, 0, '0/1', '0/0'],
  ]);
});

test('a channel counts what it reached, and a dissuaded case for the channel that reached the person last', async () => {
  const day = reports.nextDay();
  const one = await world.alert();
  await world.must('county', one, 'accept');
  reports.wait(10);
  await world.must('county', one, 'attempts', world.attempt('call'));
  reports.wait(20);
  await world.must('county', one, 'attempts', world.attempt('visit'));
  await world.must('county', one, 'attempts', world.attempt('call', { reached: false }));
  await world.must('county', one, 'outcome', outcome());
  const two = await world.alert();
  await world.must('county', two, 'accept');
  reports.wait(4);
  await world.must('county', two, 'attempts', world.attempt('call'));
  await world.must('county', two, 'outcome', outcome());
  const { rows } = await made<ChannelsAnswer>('channels', { agency: county, from: day, to: day });
  expect(
    rows.map((row) => [row.channel, fraction(row.reachRate), row.cases, row.dissuaded, row.firstAttemptMinutes]),
  ).toEqual([
    ['sms', '0/0', 0, 0, null],
    ['call', '2/3', 2, 1, 4],
    ['visit', '1/1', 1, 1, 30],
  ]);
});

test('a funnel tells at which step cases are lost, and in which unit below', async () => {
  const day = reports.nextDay();
  await world.alert();
  const worked = await world.alert();
  await world.must('county', worked, 'accept');
  await world.must('county', worked, 'forward', { agency: township });
  await world.must('township', worked, 'accept');
  await world.must('township', worked, 'attempts', world.attempt('call'));
  await world.alert({ divisionCode: undefined });
  const { steps, below } = await made<FunnelAnswer>('funnel', { from: day, to: day });
  expect(counts(steps)).toEqual({
    signals: 3,
    alerts: 3,
    pushed: 2,
    accepted: 1,
    reached: 1,
    visited: 0,
    closed: 0,
    dissuaded: 0,
  });
  expect(steps[2]).toMatchObject({
    shareOfBefore: { rate: 0.6667, numerator: 2, denominator: 3 },
    dropOff: { rate: 0.3333, numerator: 1, denominator: 3 },
  });
  expect(steps[7]).toMatchObject({ dropOff: { rate: null, numerator: 0, denominator: 0 } });
  expect([below!.tier, below!.rows.length]).toEqual(['county', 15]);
  const townships = await made<FunnelAnswer>('funnel', { agency: county, from: day, to: day });
  const rowOf = (code: string): Record<string, number> =>
    counts(townships.below!.rows.find(({ agency }) => agency.code === code)!.steps);
  expect(rowOf(township)).toMatchObject({ signals: 1, pushed: 1, accepted: 1, reached: 1, visited: 0 });
  expect(rowOf(township2)).toMatchObject({ signals: 0, accepted: 0 });
  expect((await made<FunnelAnswer>('funnel', { agency: township, from: day, to: day })).below).toBeNull();
});

test('a person’s work is told by name for the agency it was done for, also after the person has left', async () => {
  const day = reports.nextDay();
  const { app } = world;
  const leaver = await app.user(county, 'officer');
  const agency = (await app.app.get(OrganizationRegistry).current()).byCode(county)!;
  const issued = await app.app
    .get(ApiKeyService)
    .issue(systemCaller(agency), { name: 'desk-robot', agency: county, roles: ['officer'] });
  const robot = new Officer(app, { 'x-api-key': issued.key }, 'robot');
  const give = async (who: Officer, id: string, command: string, body: object): Promise<void> => {
    const answer = await call(app, who, { method: 'POST', path: `/alerts/${id}/${command}`, body });
    if (answer.status > 201) throw new Error(`${command}: ${answer.text}`);
  };
  const [soon, late] = [await world.alert(), await world.alert()];
  await give(leaver, soon, 'accept', {});
  await give(leaver, soon, 'attempts', world.attempt('visit'));
  await give(leaver, soon, 'attempts', world.attempt('visit', { reached: false }));
  await give(leaver, soon, 'outcome', outcome());
  reports.wait(61);
  await give(leaver, late, 'accept', {});
  await give(robot, late, 'attempts', world.attempt('sms', { reached: false }));
  await world.sql(`UPDATE user_account SET agency_id = (SELECT id FROM agency WHERE code = $1) WHERE username = $2`, [
    county2,
    leaver.name,
  ]);
  const people = async (code: string): Promise<Map<string, OfficerRow>> => {
    const { rows } = await made<OfficersAnswer>('officers', { agency: code, from: day, to: day });
    return new Map(rows.map((row) => [row.officer.name, row]));
  };
  const here = await people(county);
  expect(here.get(leaver.name)).toMatchObject({
    officer: { kind: 'user', here: false, id: expect.stringMatching(/^[0-9a-f-]{36}$/) },
    accepted: 2,
    acceptOnTimeRate: { rate: 0.5, numerator: 1, denominator: 2 },
    attempts: { sms: 0, call: 0, visit: 2, visitReached: 1 },
    submitted: 1,
    approved: 1,
    rejected: 0,
    feedbackOnTimeRate: { rate: 1, numerator: 1, denominator: 1 },
    followUpsDone: 0,
  });
  expect(here.get('desk-robot')).toMatchObject({
    officer: { kind: 'key', id: issued.id, here: true },
    accepted: 0,
    attempts: { sms: 1, call: 0, visit: 0, visitReached: 0 },
  });
  // Who had nothing to do is told of, too; those below the agency are not.
  const colleague = world.as('county').name;
  expect(here.get(colleague)).toMatchObject({ officer: { here: true }, accepted: 0, submitted: 0 });
  expect(here.has(world.as('township').name)).toBe(false);
  expect((await people(county2)).get(leaver.name)).toMatchObject({ officer: { here: true }, accepted: 0 });
});

describe('a trend', () => {
  const points = async (params: Params): Promise<TrendAnswer['points']> =>
    (await made<TrendAnswer>('trend', { agency: county, ...params })).points;

  beforeAll(async () => {
    // 2024-02-28, 29 and 2024-03-01; a year before on the 28th.
    const { clock } = world.app;
    const incidents = async (day: string, times: number): Promise<void> => {
      clock.set(`${day}T10:00:00+08:00`);
      for (let time = 0; time < times; time++) await incident(world, 'county', { lossFen: 10, divisionCode: county });
    };
    await incidents('2024-01-15', 1);
    await world.sql(`UPDATE incident SET reported_at = '2023-02-28T10:00:00+08:00'
      WHERE reported_at = '2024-01-15T10:00:00+08:00'`);
    await incidents('2024-02-15', 2);
    await incidents('2024-02-28', 3);
    await incidents('2024-02-29', 4);
    await incidents('2024-03-01', 5);
    clock.set('2024-04-02T10:00:00+08:00');
  });

  test('tells each interval beside the one that it is compared with, also where two have the same base', async () => {
    const days = await points({ from: '2024-02-28', to: '2024-03-01', compare: 'mom' });
    expect(
      days.map(({ from, incidents, compared, change }) => [from, incidents, compared!.from, change!.incidents]),
    ).toEqual([
      ['2024-02-28', 3, '2024-02-27', { change: null, base: 0 }],
      ['2024-02-29', 4, '2024-02-28', { change: 0.3333, base: 3 }],
      ['2024-03-01', 5, '2024-02-29', { change: 0.25, base: 4 }],
    ]);
    const yearly = await points({ from: '2024-02-28', to: '2024-02-29', compare: 'yoy' });
    expect(
      yearly.map(({ compared, change }) => [compared!.from, compared!.incidents, change!.incidents.change]),
    ).toEqual([
      ['2023-02-28', 1, 2],
      ['2023-02-28', 1, 3],
    ]);
  });

  test('compares whole months with whole months, and a running one with the same part of the former', async () => {
    const shown = async (from: string, to: string): Promise<unknown[]> =>
      (await points({ from, to, interval: 'month', compare: 'mom' })).map((point) => [
        `${point.from}…${point.to} ${point.complete}`,
        point.incidents,
        point.compared && `${point.compared.from}…${point.compared.to}`,
        point.change && point.change.incidents.base,
      ]);
    expect(await shown('2024-02-01', '2024-03-31')).toEqual([
      ['2024-02-01…2024-02-29 true', 9, '2024-01-01…2024-01-31', 0],
      ['2024-03-01…2024-03-31 true', 5, '2024-02-01…2024-02-29', 9],
    ]);
    const { clock } = world.app;
    const now = clock.now();
    clock.set('2024-03-28T12:00:00+08:00');
    expect(await shown('2024-03-01', '2024-04-30')).toEqual([
      ['2024-03-01…2024-03-31 false', 5, '2024-02-01…2024-02-28', 5],
      ['2024-04-01…2024-04-30 false', 0, null, null],
    ]);
    clock.set(now);
  });

  test('by weeks begins them on Monday; without a comparison there is none', async () => {
    // 2024-02-26 was a Monday.
    const weeks = await points({ from: '2024-02-15', to: '2024-03-02', interval: 'week' });
    expect(
      weeks.map(({ from, to, incidents, incidentLossFen, compared, change }) => [
        from,
        to,
        incidents,
        incidentLossFen,
        compared,
        change,
      ]),
    ).toEqual([
      ['2024-02-15', '2024-02-18', 2, 20, null, null],
      ['2024-02-19', '2024-02-25', 0, 0, null, null],
      ['2024-02-26', '2024-03-02', 12, 120, null, null],
    ]);
  });
});

describe('hot spots', () => {
  const ask = (params: Params, who: Place = 'city'): Promise<Answer> =>
    world.get(who, `/reports/hot-spots?${queryOf(params)}`);

  beforeAll(async () => {
    const { clock } = world.app;
    const incidents = async (day: string, place: Place, times: number): Promise<void> => {
      clock.set(`${day}T10:00:00+08:00`);
      for (let time = 0; time < times; time++)
        await incident(world, place, { lossFen: 100, divisionCode: PLACES[place] });
    };
    await incidents('2024-05-31', 'township', 2);
    await incidents('2024-06-01', 'township2', 4);
    await incidents('2024-06-15', 'township3', 3);
    // Fewer than make a hot spot, and what is no township's own.
    await incidents('2024-06-15', 'county', 5);
    await incidents('2024-06-30', 'township', 4);
    clock.set('2024-07-02T10:00:00+08:00');
  });

  test('are the townships of a month in order, with what the tier report says of them and where it opens', async () => {
    const { status, body } = await ask({ agency: city, month: '2024-06', limit: 1 });
    const { rows, others, compared } = body as HotSpotsAnswer;
    expect(status).toBe(200);
    expect(rows.map(({ rank, agency, county: above }) => [rank, agency.code, above.code])).toEqual([
      [1, township, county],
      [1, township2, county],
    ]);
    expect(others).toMatchObject({ ranked: 1, incidents: 3 });
    expect(compared).toEqual({
      monthBefore: { from: '2024-05-01', to: '2024-05-31' },
      yearBefore: { from: '2023-06-01', to: '2023-06-30' },
    });
    const period = { from: '2024-06-01', to: '2024-06-30' };
    const report = await reports.report('township', period);
    const before = await reports.report('township', { ...compared.yearBefore });
    for (const { agency, cases, ...row } of rows) {
      const figures = report.rows.find((each) => each.agency.code === agency.code)!;
      const { incidents, incidentLossFen, received, lossFen, per10k } = figures;
      expect(row).toMatchObject({ incidents, incidentLossFen, received, lossFen, per10k });
      const yearBefore = before.rows.find((each) => each.agency.code === agency.code)!;
      expect(row.receivedChange.yearBefore).toMatchObject({ count: received, base: yearBefore.received });
      for (const [path, number] of [
        [cases.incidents, incidents],
        [cases.received, received],
      ] as const)
        expect((await world.get('city', `${path}&count=true`)).body.total).toBe(number);
    }
    expect(rows[0]!.incidentsChange).toEqual({
      monthBefore: { change: null, count: 4, base: 2 },
      yearBefore: { change: null, count: 4, base: yearBeforeOf(before, township) },
    });
    const own = (await ask({ month: '2024-06' }, 'county2')).body as HotSpotsAnswer;
    expect(own.rows.map(({ rank, agency }) => [rank, agency.code])).toEqual([[1, PLACES.township3]]);
  });

  test('are a file, too; nothing outside the jurisdiction, no month that has not begun', async () => {
    const file = await ask({ month: '2024-06', format: 'csv' });
    expect([file.status, file.headers['content-disposition']]).toEqual([
      200,
      'attachment; filename="sanji-4113-hot-spots-2024-06-01-2024-06-30.csv"',
    ]);
    expect(file.text.slice(1).split('\r\n')[0]).toMatch(/^名次,乡镇代码,乡镇,所属县区,发案,发案环比,/);
    expect((await ask({ month: '2024-06', agency: county2 }, 'county')).status).toBe(404);
    for (const [params, pointer] of [
      [{ month: '2031-01' }, '/month'],
      [{ month: '2024-13' }, '/month'],
      [{ month: '2024-06', by: 'loss' }, '/by'],
    ] as const) {
      const { status, body } = await ask(params);
      expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
    }
  });
});

function yearBeforeOf(report: TierReportAnswer, code: string): number {
  return report.rows.find(({ agency }) => agency.code === code)!.incidents!;
}

describe('who asks for what', () => {
  test.each(NAMES)(
    '%s: the own agency by default, nothing outside the jurisdiction, and everything is defined',
    async (name) => {
      const answer = await made<Record<string, unknown>>(name, JUNE, 'county');
      expect(answer).toMatchObject({
        agency: { code: county, name: '方城县公安局' },
        ...JUNE,
        asOf: expect.stringMatching(/\+08:00$/),
      });
      const definitions = answer['definitions'] as Record<string, { zh: string; en: string; name: string }>;
      const rows = (answer['rows'] ?? answer['points'] ?? []) as object[];
      const fields = new Set([...rows.flatMap((row) => Object.keys(row)), ...Object.keys(answer)]);
      for (const known of [
        'agency',
        'from',
        'to',
        'asOf',
        'definitions',
        'rows',
        'points',
        'complete',
        'steps',
        'compare',
      ])
        fields.delete(known);
      expect([...fields].filter((field) => !(field in definitions))).toEqual([]);
      for (const { zh, en, name: title } of Object.values(definitions))
        expect([/\p{Script=Han}/u.test(zh + title), /^[\x20-\x7e÷−’→≥…]+$/u.test(en)]).toEqual([true, true]);
      for (const agency of [county2, city, '999999']) {
        const refused = await ask(name, { ...JUNE, agency }, 'county');
        expect([refused.status, refused.body.code]).toEqual([404, 'not-found']);
      }
      expect((await ask(name, { ...JUNE, agency: township }, 'county')).status).toBe(200);
    },
  );

  test.each<[string, Params, string, RegExp]>([
    ['groups', { to: '2023-06-01' }, '/from', /date/],
    ['groups', { from: '2023-06-02', to: '2023-06-01' }, '/to', /before from/],
    ['sources', { from: '2023-06-01', to: '2026-06-02' }, '/to', /at the latest 2026-06-01/],
    ['funnel', { ...JUNE, format: 'xml' }, '/format', /json/],
    ['officers', { ...JUNE, parent: city }, '/parent', /./],
    ['trend', { ...JUNE, interval: 'year' }, '/interval', /day, week, month/],
    ['trend', { ...JUNE, compare: 'dod' }, '/compare', /yoy, mom/],
    ['trend', { from: '2022-01-01', to: '2023-02-05', interval: 'day' }, '/interval', /401 points.*week or month/],
    ['groups/cases', { ...JUNE, indicator: 'alerts' }, '/indicator', /which has: received, visitRate, /],
    ['groups/cases', { ...JUNE, indicator: 'received', key: 'old' }, '/key', /elderly, student/],
    ['channels/cases', { ...JUNE, indicator: 'cases' }, '/key', /required: the channel/],
    ['funnel/cases', { ...JUNE, indicator: 'dropOff', key: 'signals' }, '/indicator', /not told of signals/],
    ['trend/cases', { ...JUNE, indicator: 'received', key: 'x' }, '/key', /has none/],
    ['officers/cases', { ...JUNE, indicator: 'accepted', key: 'li' }, '/key', /id of the person or key, or system/],
    ['sources/cases', { from: '2023-06-02', to: '2023-06-01', indicator: 'signals' }, '/to', /before from/],
    ['tiers2/cases', { ...JUNE, indicator: 'received' }, '/report', /fraud-types, groups/],
  ])('%s with %j is told at %s', async (name, params, pointer, words) => {
    const answer = await ask(name, params);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid']);
    const errors = answer.body.errors as { pointer: string; message: string }[];
    expect(errors.find((error) => error.pointer === pointer)?.message).toMatch(words);
  });

  test('what stands behind a number is a file, too', async () => {
    const asked = { ...JUNE, agency: county, indicator: 'visitRate', key: 'elderly' };
    const { total } = await openedItems('groups', asked);
    const { status, headers, text } = await ask('groups/cases', { ...asked, format: 'csv' });
    expect([status, headers['content-disposition']]).toEqual([
      200,
      'attachment; filename="sanji-411322-groups-cases-visitRate-2023-06-01-2023-06-30.csv"',
    ]);
    expect(text.slice(1).split('\r\n\r\n')[0]!.split('\r\n')).toHaveLength(1 + total);
    const [entry] = await world.sql<object>(
      `SELECT object_kind, object_id FROM audit_entry WHERE action = 'report.exported' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry).toEqual({
      object_kind: 'groups-report-cases',
      object_id: '411322/2023-06-01/2023-06-30/visitRate',
    });
  });

  test.each(NAMES)(
    '%s is a file, too: Chinese headers, as wide in every row, its definitions, and on record',
    async (name) => {
      const answer = await ask(name, { ...JUNE, format: 'csv', ...(name === 'trend' ? { compare: 'yoy' } : {}) });
      expect([answer.status, answer.headers['content-type']]).toEqual([200, 'text/csv; charset=utf-8']);
      expect(answer.headers['content-disposition']).toBe(
        `attachment; filename="sanji-4113-${name}-2023-06-01-2023-06-30.csv"`,
      );
      const [table, about, definitions] = answer.text.slice(1).split('\r\n\r\n') as [string, string, string];
      const lines = table.split('\r\n').map((line) => line.split(',').length);
      expect([answer.text.charCodeAt(0), new Set(lines).size]).toEqual([0xfeff, 1]);
      expect(/^[^A-Za-z]/.test(table)).toBe(true);
      expect(about).toContain('统计区间,2023-06-01 至 2023-06-30');
      expect(about).toContain('导出人,officer-supervisor-4113');
      expect(definitions).toContain('指标,口径,Definition,字段');
      const [entry] = await world.sql<object>(
        `SELECT object_kind, object_id FROM audit_entry WHERE action = 'report.exported' ORDER BY id DESC LIMIT 1`,
      );
      expect(entry).toEqual({ object_kind: `${name}-report`, object_id: '4113/2023-06-01/2023-06-30' });
    },
  );
});
