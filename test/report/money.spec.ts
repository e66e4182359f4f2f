import { MONEY_INDICATOR_NAMES } from '../../src/report/money.indicators.js';
import type { FiguresAnswer } from '../../src/report/figures.dto.js';
import type { FundsFiguresAnswer, FundsReportAnswer } from '../../src/report/funds-report.dto.js';
import type { TierReportIncidentAnswer } from '../../src/report/tier-report.dto.js';
import { PopulationService } from '../../src/organization/population.service.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { systemCaller } from '../../src/identity/caller.js';
import { PLACES, type Place } from '../case/support.js';
import { account } from '../freeze/support.js';
import { incident } from '../incident/support.js';
import { Returners } from '../returns/support.js';
import { fraction, numbersIn, queryOf, ReportWorld, type Params } from './support.js';

const { city, county, county2, township } = PLACES;
const YEAR = { from: '2023-01-01', to: '2023-12-31' };
let returners: Returners;
let world: Returners['world'];
let reports: ReportWorld;

beforeAll(async () => {
  returners = await Returners.start(['city', 'county', 'township', 'county2', 'otherCity']);
  ({ world } = returners);
  reports = ReportWorld.of(world);
});

afterAll(async () => {
  // Whatever the tests did, a recount from the rows of incidents, stops, freezes and claims gives the same figures.
  await world.app.clocks();
  const { differences } = await reports.verify(['2023-06', '2023-07']);
  await world.stop();
  expect(differences).toEqual([]);
});

interface Stopped {
  account?: string;
  fen: number;
  by?: Place;
  bank?: string;
  incidentId?: string;
}

async function must(answer: ReturnType<typeof world.post>): Promise<{ id: string; version: number }> {
  return (await returners.must(answer)) as { id: string; version: number };
}

async function reported(by: Place, more: Record<string, unknown> = {}): Promise<string> {
  const divisionCode = { city: undefined, county: '411322101', township, county2 }[by as 'city'];
  return ((await incident(world, by, { divisionCode, ...more })) as { id: string }).id;
}

/** A stop-payment that the bank has put in place now. */
async function stopped({ fen, by = 'county', bank = '中国工商银行', ...more }: Stopped): Promise<string> {
  const incidentId = more.incidentId ?? (await reported(by, { lossFen: fen }));
  const body = {
    account: more.account ?? account(),
    bank,
    holderName: '赵六',
    transferFen: fen,
    transferAt: world.now,
  };
  const { id } = await must(world.post(by, `/incidents/${incidentId}/stop-payments`, body));
  await must(world.post(by, `/stop-payments/${id}/effective`, { stoppedAt: world.now, stoppedFen: fen }));
  return id;
}

const give = (place: Place, stopId: string, command: string, body: object): Promise<unknown> =>
  must(world.post(place, `/stop-payments/${stopId}/${command}`, body));

async function funds(params: Params, who: Place = 'city'): Promise<FundsReportAnswer> {
  const { status, body, text } = await world.get(who, `/reports/funds?${queryOf(params)}`);
  if (status !== 200) throw new Error(`funds: ${status} ${text}`);
  return body as FundsReportAnswer;
}

function fundsRow(report: FundsReportAnswer, code: string): FundsFiguresAnswer {
  return report.rows.find(({ agency }) => agency.code === code)!;
}

describe('incidents', () => {
  test('count by the report, for the agency that they were reported to, wherever they go', async () => {
    const day = reports.nextDay();
    const id = await reported('county', { lossFen: 1_000 });
    await reported('township', { lossFen: 200 });
    await reported('county2', { lossFen: 0 });
    await must(world.post('city', `/incidents/${id}/transfer`, { agency: county2, reason: '管辖在邻县' }));
    const rows = await Promise.all(
      [county, county2].map(async (code) => {
        const row = await reports.row('county', code, day);
        return [row.incidents, row.incidentLossFen];
      }),
    );
    expect(rows).toEqual([
      [2, 1_200],
      [1, 0],
    ]);
    expect((await reports.row('township', township, day)).incidents).toBe(1);
    expect((await reports.row('city', city, day)).incidents).toBe(3);
    expect((await reports.total('county', day)).incidentLossFen).toBe(1_200);
  });

  test('are compared with the same days a year before and the days of equal length before', async () => {
    const day = reports.nextDay();
    await reported('county');
    await reported('county');
    const yearBefore = `${Number(day.slice(0, 4)) - 1}${day.slice(4)}`;
    for (const moment of ['T00:00:00+08:00', 'T12:00:00+08:00', 'T23:59:59+08:00'])
      await reported('county', { reportedAt: `${yearBefore}${moment}` });
    const dayBefore = new Date(Date.parse(`${day}T00:00:00+08:00`) - 1).toISOString();
    const before = (await reports.row('county', county, day)).incidentsMoM!.base;
    await reported('county', { reportedAt: dayBefore });
    const row = await reports.row('county', county, day);
    expect(row.incidentsYoY).toEqual({ change: -0.3333, count: 2, base: 3 });
    expect(row.incidentsMoM).toMatchObject({ count: 2, base: before + 1 });
    const other = await reports.row('county', '411303', day);
    expect(other.incidentsYoY).toEqual({ change: null, count: 0, base: 0 });
  });

  test('of 29 February are compared with 28 February', async () => {
    await reported('county', { reportedAt: '2020-02-29T10:00:00+08:00' });
    await reported('county', { reportedAt: '2019-02-28T10:00:00+08:00' });
    await reported('county', { reportedAt: '2019-03-01T10:00:00+08:00' });
    const row = await reports.row('county', county, '2020-02-29');
    expect(row.incidentsYoY).toEqual({ change: 0, count: 1, base: 1 });
  });

  test('per 10,000 people are told by the latest year that is not after the period', async () => {
    const day = reports.nextDay();
    await reported('county');
    const load = async (text: string): Promise<unknown> => {
      const organization = await world.app.app.get(OrganizationRegistry).current();
      const file = (async function* () {
        yield Buffer.from(text);
      })();
      return world.app.app
        .get(PopulationService, { strict: false })
        .load(systemCaller(organization.byCode(city)!), file)
        .catch((error: { errors?: unknown; message: string }) => error.errors ?? error.message);
    };
    expect((await reports.row('county', county, day)).per10k).toEqual({
      rate: null,
      numerator: 1,
      denominator: 0,
      year: null,
    });
    expect(await load('code,year,population\n411322,2020,x\n999,1900,5\n411322,2021,1\n411322,2021,2\n')).toEqual([
      { pointer: '/2/population', message: expect.any(String) },
      { pointer: '/3/code', message: 'is the code of no agency' },
      { pointer: '/3/year', message: expect.any(String) },
      { pointer: '/5/code', message: 'stands in the file already for the year 2021' },
    ]);
    expect(await load('agency,population\n411322,5\n')).toMatch(/lacks code, year/);
    expect(
      await load('\uFEFFCode,Year,Population\n411322,2020,"800,000"\n411322,2022,875000\n411322,2024,1\n'),
    ).toEqual({
      rows: 3,
      changed: 3,
    });
    expect(await load('code,year,population\n411322,2022,875000\n')).toEqual({ rows: 1, changed: 0 });
    const row = await reports.row('county', county, day);
    expect(row.per10k).toEqual({ rate: 0.0114, numerator: 1, denominator: 87.5, year: 2022 });
    expect((await reports.row('county', county, '2021-03-01')).per10k).toMatchObject({ denominator: 80, year: 2020 });
    expect((await reports.row('county', county, '2019-03-01')).per10k).toMatchObject({ rate: null, year: null });
    expect((await reports.total('county', day)).per10k).toMatchObject({ rate: null, year: null });
    const own = await reports.report('county', { from: day, to: day }, 'county');
    expect(own.total.per10k).toEqual(row.per10k);
  });
});

describe('money', () => {
  test('controlled is per account the larger of stopped and frozen, in a row and again over all rows', async () => {
    const day = reports.nextDay();
    const [shared, alone] = [account(), account()];
    const incidentId = await returners.freezers.filed('county');
    const stop = await stopped({ account: shared, fen: 800, incidentId });
    await returners.freezers.frozen({ account: alone, amountFen: 300, incidentId });
    await stopped({ account: shared, fen: 500, by: 'county2' });
    let row = await reports.row('county', county, day);
    expect([row.stoppedFen, row.frozenFen, row.controlledFen]).toEqual([800, 300, 1_100]);
    const freeze = await must(
      world.post('county', `/stop-payments/${stop}/freeze`, { amountFen: 600, until: returners.freezers.day(90) }),
    );
    await must(returners.freezers.post(returners.freezers.countyChief, `/freezes/${freeze.id}/approve`));
    await must(returners.freezers.give('county', freeze.id, 'effective', { frozenFen: 600 }));
    row = await reports.row('county', county, day);
    expect([row.stoppedFen, row.frozenFen, row.controlledFen]).toEqual([800, 900, 1_100]);
    expect((await reports.row('county', county2, day)).controlledFen).toBe(500);
    const total = await reports.total('county', day);
    expect([total.stoppedFen, total.frozenFen, total.controlledFen]).toEqual([1_300, 900, 1_600]);
    expect(total.stopRate).toMatchObject({ numerator: 1_300, denominator: 4_500_500 });
    const { stopReleasedFen, balanceFen } = fundsRow(await funds({ from: day, to: day }), county);
    expect([stopReleasedFen.toFreeze, stopReleasedFen.total, balanceFen.stopped]).toEqual([800, 800, 0]);
  });

  test('that was corrected counts at its own time, as if the mistake had not been', async () => {
    const day = reports.nextDay();
    const id = await stopped({ fen: 700 });
    const next = reports.nextDay();
    await give('county', id, 'correct', { stoppedFen: 650, reason: '银行回执更正' });
    expect((await reports.row('county', county, day)).stoppedFen).toBe(650);
    expect((await reports.row('county', county, next)).stoppedFen).toBe(0);
    const { items, total } = await reports.opened('county', {
      from: day,
      to: day,
      agency: county,
      indicator: 'stoppedFen',
    });
    expect([total, items.map(({ counted }) => counted!.amountFen)]).toEqual([1, [650]]);
  });

  test('that went back to its payer is intercepted, for the agency that had it stopped', async () => {
    const day = reports.nextDay();
    const [back, kept] = [await stopped({ fen: 900 }), await stopped({ fen: 40 })];
    expect((await reports.row('county', county, day)).interceptedFen.stopPayment).toBe(0);
    await give('county', back, 'release', { to: 'payer', reason: '退回付款人' });
    await give('county', kept, 'release', { to: 'holder', reason: '与案件无关' });
    const row = await reports.row('county', county, day);
    expect(row.interceptedFen).toEqual({ dissuasion: 0, stopPayment: 900, bank: 0, total: 900 });
    const { stopReleasedFen, interceptedFen, balanceFen } = fundsRow(await funds({ from: day, to: day }), county);
    expect(stopReleasedFen).toEqual({ expired: 0, toPayer: 900, toHolder: 40, toFreeze: 0, total: 940 });
    expect(interceptedFen).toEqual(row.interceptedFen);
    expect(balanceFen.stopped).toBeGreaterThanOrEqual(0);
  });

  test('returned counts when it was paid, for the freezing agency, each victim once; the stock is of all time', async () => {
    const earlier = await reports.row('county', county, reports.nextDay());
    const [paidBefore, frozenBefore] = [earlier.returnShare!.stock.numerator, earlier.returnShare!.stock.denominator];
    const pot = await returners.pot({ paid: [1_000, 3_000], frozenFen: 5_000, places: ['county', 'county2'] });
    const day = reports.nextDay();
    const { id, allocations } = (await returners.atBank(pot, {}, 'direct-timestamp')) as {
      id: string;
      allocations: { claimId: string; returnFen: number }[];
    };
    for (const { claimId } of allocations) await returners.must(returners.pay(id, claimId));
    const row = await reports.row('county', county, day);
    expect([row.returnedFen, row.victimsReturned, row.returnShare]).toEqual([
      4_000,
      2,
      {
        flow: { rate: null, numerator: 4_000, denominator: 0 },
        stock: {
          rate: expect.any(Number),
          numerator: paidBefore + 4_000,
          denominator: frozenBefore + 5_000,
        },
      },
    ]);
    expect((await reports.row('county', county2, day)).returnedFen).toBe(0);
    expect(fundsRow(await funds({ from: day, to: day }), county)).toMatchObject({
      returnedFen: 4_000,
      returns: { paid: 1 },
    });
    // The freezing county sees that a victim of its neighbour was paid, but not that neighbour's incident.
    const seen = async (who: Place): Promise<(string | null)[]> => {
      const asked = { from: day, to: day, agency: county, indicator: 'returnedFen' };
      const { items } = await reports.opened('county', asked, who);
      return (items as unknown as TierReportIncidentAnswer[]).map(({ incidentId }) => incidentId);
    };
    const ids = pot.victims.map(({ incidentId }) => incidentId);
    expect((await seen('city')).sort()).toEqual([...ids].sort());
    expect((await seen('county')).filter((one) => one !== null)).toEqual([ids[0]]);
  });
});

/** The number that an indicator names. */
function numberOf(figures: FiguresAnswer, indicator: string): number {
  const value = indicator
    .split('.')
    .reduce<unknown>((part, name) => (part as Record<string, unknown>)[name], figures) as
    Record<string, unknown> | number;
  if (typeof value === 'number') return value;
  if ('flow' in value) return (value['flow'] as { denominator: number }).denominator;
  // By itself per10k is its incidents, a change its base.
  const part = indicator === 'per10k' ? 'numerator' : 'base' in value ? 'base' : 'denominator';
  return value[part] as number;
}

test('every number can be opened and is what stands behind it, masked, on pages of any size', async () => {
  const empty = new Set(MONEY_INDICATOR_NAMES);
  for (const [tier, code] of [
    ['county', county],
    ['county', county2],
    ['county', undefined],
    ['city', undefined],
    ['township', township],
  ] as const) {
    const report = await reports.report(tier, YEAR);
    const figures = code === undefined ? report.total : report.rows.find(({ agency }) => agency.code === code)!;
    for (const indicator of [...MONEY_INDICATOR_NAMES, 'interceptedFen.total']) {
      const asked = { ...YEAR, indicator, limit: 7, ...(code === undefined ? {} : { agency: code }) };
      const { items, total } = await reports.opened(tier, asked);
      const amounts = items.map(({ counted }) => counted!.amountFen!);
      const isSum = /Fen|Rate|Share/.test(indicator);
      const behind = isSum ? amounts.reduce((sum, fen) => sum + fen, 0) : items.length;
      const where = `${tier} ${code ?? 'total'} ${indicator}`;
      expect([where, behind, items.length]).toEqual([where, numberOf(figures, indicator), total]);
      if (items.length > 0) empty.delete(indicator);
    }
  }
  expect([...empty].filter((name) => !/incidentsYoY/.test(name))).toEqual([]);
  const { items } = await reports.opened('county', { ...YEAR, indicator: 'stoppedFen', agency: county });
  const [item] = items as unknown as TierReportIncidentAnswer[];
  expect(item).toMatchObject({
    incidentId: expect.any(String),
    incidentNo: expect.stringMatching(/^4113-/),
    incident: { victim: { name: '李*明' } },
    counted: {
      agency: { code: county },
      entry: { kind: 'stopped', account: expect.stringMatching(/^6222 \*{4} \*{4} \d{4}$/) },
    },
  });
}, 60_000);

describe('filters', () => {
  test('by type and source are those of the incident', async () => {
    const day = reports.nextDay();
    await stopped({ fen: 10, incidentId: await reported('county', { fraudType: 'romance', lossFen: 5 }) });
    await stopped({ fen: 20, incidentId: await reported('county', { source: '96110', lossFen: 7 }) });
    const of = async (filter: Params): Promise<unknown[]> => {
      const { total } = await reports.report('county', { from: day, to: day, ...filter });
      return [total.incidents, total.incidentLossFen, total.stoppedFen];
    };
    expect(await of({ fraudType: 'romance' })).toEqual([1, 5, 10]);
    expect(await of({ source: '96110' })).toEqual([1, 7, 20]);
    expect(await of({})).toEqual([2, 12, 30]);
  });

  test.each(['riskLevel=high', 'kind=fund'])(
    '%s says nothing about incidents: their figures are null',
    async (filter) => {
      const [name, value] = filter.split('=') as [string, string];
      const { total, definitions } = await reports.report('county', { ...YEAR, [name]: value });
      expect(total).toMatchObject({
        incidents: null,
        incidentsYoY: null,
        per10k: null,
        stopRate: null,
        returnShare: null,
        interceptedFen: { stopPayment: null, total: 0 },
      });
      expect(definitions['filters']!.en).toMatch(/riskLevel and kind are of alerts only/);
      const answer = await world.get(
        'city',
        `/reports/tiers/county/cases?${queryOf({ ...YEAR, indicator: 'incidents' })}&${filter}`,
      );
      expect([answer.status, answer.body.errors[0].pointer]).toEqual([422, `/${name}`]);
      const csv = await reports.ask('county', { ...YEAR, [name]: value, format: 'csv' });
      expect(csv.status).toBe(200);
    },
  );
});

describe('the funds report', () => {
  test('has a row for every agency of the next tier, what the parent did itself, and the sums of the ledger', async () => {
    const day = reports.nextDay();
    await stopped({ fen: 60, by: 'city', bank: '招商银行' });
    await stopped({ fen: 5, bank: '中国农业银行' });
    const report = await funds({ from: day, to: day });
    expect(report).toMatchObject({ tier: 'county', parent: city, from: day, to: day });
    expect(report.rows).toHaveLength(15);
    expect([report.own.stoppedFen, fundsRow(report, county).stoppedFen, report.total.stoppedFen]).toEqual([60, 5, 65]);
    expect(report.total.stops).toEqual({ requested: 2, effective: 2, refused: 0 });
    expect(fraction(report.total.stopOnTimeRate)).toBe('2/2');
    expect(report.banks.top.map(({ bank, stoppedFen }) => [bank, stoppedFen])).toEqual([
      ['招商银行', 60],
      ['中国农业银行', 5],
    ]);
    const whole = await funds(YEAR);
    const sums = await world.sql<{ kind: string; fen: string }>(
      `SELECT kind, sum(CASE WHEN reverses IS NULL THEN amount_fen ELSE -amount_fen END) AS fen FROM ledger_entry
       WHERE city_id = (SELECT id FROM agency WHERE code = '4113') AND at >= '2023-01-01' GROUP BY kind`,
    );
    const booked = Object.fromEntries(sums.map(({ kind, fen }) => [kind, Number(fen)]));
    const { total } = whole;
    expect({
      stopped: total.stoppedFen,
      'stop-released': total.stopReleasedFen.total,
      frozen: total.frozenFen,
      returned: total.returnedFen,
      intercepted: total.interceptedFen.total,
      lost: total.lostFen.incidents + total.lostFen.outcomes,
    }).toEqual(booked);
    expect(total.balanceFen).toEqual({
      stopped: booked['stopped']! - booked['stop-released']!,
      frozen: booked['frozen']! - booked['returned']!,
    });
  });

  test('opens every number to the movements of money, the stops, freezes or returns behind it', async () => {
    const report = await funds(YEAR);
    const filled = new Set<string>();
    const check = async (params: Params, numbers: [string, number][]): Promise<void> => {
      for (const [indicator, value] of numbers) {
        const asked = { ...YEAR, ...params, indicator, limit: 200 };
        const { items, total } = await reports.openedOf('/reports/funds/cases', asked);
        const behind = indicator.includes('Fen')
          ? items.reduce((sum, { counted }) => sum + counted!.amountFen!, 0)
          : items.length;
        const where = `${JSON.stringify(params)} ${indicator}`;
        expect([where, behind, items.length]).toEqual([where, value, total]);
        if (total > 0) filled.add(indicator);
      }
    };
    for (const { agency, ...row } of report.rows.filter(({ agency: { code } }) =>
      [county, county2].includes(code as never),
    ))
      await check({ agency: agency.code }, numbersIn(row));
    await check({ agency: city }, numbersIn(report.own));
    await check({}, numbersIn(report.total));
    for (const { bank, ...row } of report.banks.top)
      await check(
        { key: bank },
        numbersIn(row).map(([name, value]) => [`banks.${name}`, value]),
      );
    const { banks: _, ...others } = report.banks.others;
    await check(
      {},
      numbersIn(others).map(([name, value]) => [`banks.others.${name}`, value]),
    );
    // What these days had: nothing was refused, lapsed or in line.
    expect([...filled].sort()).toEqual(
      expect.arrayContaining([
        'balanceFen.frozen',
        'balanceFen.stopped',
        'banks.frozenFen',
        'banks.stops',
        'frozenFen',
        'interceptedFen.stopPayment',
        'lostFen.incidents',
        'returnedFen',
        'returns.paid',
        'stopOnTimeRate.denominator',
        'stopReleasedFen.toFreeze',
        'stopReleasedFen.toHolder',
        'stopReleasedFen.toPayer',
      ]),
    );
    for (const [params, pointer] of [
      [{ indicator: 'stoppedFen', key: '招商银行' }, '/key'],
      [{ indicator: 'stops' }, '/indicator'],
    ] as const) {
      const { status, body } = await world.get('city', `/reports/funds/cases?${queryOf({ ...YEAR, ...params })}`);
      expect([status, body.errors[0].pointer]).toEqual([422, pointer]);
    }
    const asked = queryOf({ ...YEAR, agency: '4201', indicator: 'stoppedFen' });
    expect((await world.get('city', `/reports/funds/cases?${asked}`)).status).toBe(404);
  });

  test('tells what expired by itself', async () => {
    const day = reports.nextDay();
    await stopped({ fen: 33 });
    reports.nextDay();
    const end = reports.nextDay();
    await world.app.clocks();
    expect(fundsRow(await funds({ from: day, to: end }), county).stopReleasedFen.expired).toBeGreaterThanOrEqual(33);
    expect(fundsRow(await funds({ from: end, to: end }), county).stopReleasedFen.expired).toBe(33);
  });

  test('of a county has its townships; of a township itself; a sibling and the tier above are not found', async () => {
    const own = await funds(YEAR, 'county');
    expect([own.tier, own.rows.every(({ agency }) => agency.code.startsWith(county))]).toEqual(['township', true]);
    const leaf = await funds(YEAR, 'township');
    expect(leaf.rows.map(({ agency }) => agency.code)).toEqual([township]);
    for (const [who, parent] of [
      ['county', county2],
      ['county', city],
      ['otherCity', county],
    ] as [Place, string][]) {
      expect((await world.get(who, `/reports/funds?${queryOf({ ...YEAR, parent })}`)).status).toBe(404);
    }
    expect((await world.get('city', '/reports/funds?from=2023-06-02&to=2023-06-01')).status).toBe(422);
  });

  test('is a file with banks and definitions, and on the audit log', async () => {
    const { status, text, headers } = await world.get('city', `/reports/funds?${queryOf({ ...YEAR, format: 'csv' })}`);
    expect([status, headers['content-disposition']]).toEqual([
      200,
      'attachment; filename="sanji-4113-funds-2023-01-01-2023-12-31.csv"',
    ]);
    const lines = text.slice(1).split('\r\n');
    expect(lines[0]).toMatch(/^单位代码,单位名称,止付\(元\),/);
    expect(lines.find((line) => line.startsWith('4113,本级,'))).toBeDefined();
    expect(lines.find((line) => line.startsWith('招商银行,0.60,'))).toBeDefined();
    expect(lines.find((line) => line.startsWith('及时止付率,'))).toMatch(/stopOnTimeRate$/);
    const [entry] = await world.sql<{ object_kind: string }>(
      `SELECT object_kind FROM audit_entry WHERE action = 'report.exported' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry!.object_kind).toBe('funds-report');
  });
});

test('the tier report’s file has the columns of money', async () => {
  const { text } = await reports.ask('county', { ...YEAR, format: 'csv' });
  const [header, ...rest] = text
    .slice(1)
    .split('\r\n')
    .map((line) => line.split(','));
  const row = rest.find(([code]) => code === county)!;
  const cell = (title: string): string => row[header!.indexOf(title)]!;
  expect(cell('人口(万人)')).toBe('87.5');
  expect(cell('发案同比-基数')).toMatch(/^\d+$/);
  expect(Number(cell('止付冻结(元)'))).toBeGreaterThan(0);
  expect(header).toHaveLength(row.length);
});

test('a recount tells the first cell that differs: report, row and field', async () => {
  const [stop] = await world.sql<{ id: string }>(
    `SELECT id FROM stop_payment WHERE stopped_fen = 650 AND agency_id = (SELECT id FROM agency WHERE code = '411322')`,
  );
  const set = (fen: number): Promise<unknown> =>
    world.sql('UPDATE stop_payment SET stopped_fen = $2 WHERE id = $1', [stop!.id, fen]);
  await set(651);
  try {
    const { differences } = await reports.verify(['2023-06']);
    const found = differences.filter(({ where }) => where.includes(`4113, county, 2023-06, row ${county}`));
    expect(found.map(({ where, what }) => [where, what])).toContainEqual([
      `report of 4113, county, 2023-06, row ${county}`,
      'stoppedFen',
    ]);
    expect(found.map(({ where }) => where)).toContain(`funds report of 4113, county, 2023-06, row ${county}`);
  } finally {
    await set(650);
  }
});
