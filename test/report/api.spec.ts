import { CellKeeper } from '../../src/report/cells/cell.keeper.js';
import { INDICATOR_NAMES } from '../../src/report/indicators.js';
import { DEFINITIONS } from '../../src/report/definitions.js';
import { outcome, PLACES, type Place } from '../case/support.js';
import { KEYS } from '../support/app.js';
import { startProcess } from '../support/process.js';
import { ReportWorld } from './support.js';

const { city, county, county2, township } = PLACES;
const DAY = { from: '2023-06-01', to: '2023-06-01' };
let reports: ReportWorld;
let world: ReportWorld['world'];

beforeAll(async () => {
  reports = await ReportWorld.start(['city', 'county', 'township', 'county2', 'otherCity'], ['4113', '4201']);
  ({ world } = reports);
  const id = await world.alert({ riskLevel: 'high' });
  await world.must('county', id, 'accept');
  await world.must('county', id, 'attempts', world.attempt('visit'));
  await world.must('county', id, 'outcome', outcome({ interceptedFen: 1_234_567, interceptedBasis: 'bank-blocked' }));
});

afterAll(() => world.stop());

describe('jurisdiction', () => {
  test('each sees the tier below it and its own row, and nobody a stranger', async () => {
    const codes = async (tier: string, who: Place, parent?: string): Promise<string[]> =>
      (await reports.report(tier, { ...DAY, ...(parent ? { parent } : {}) }, who)).rows.map(
        ({ agency }) => agency.code,
      );
    expect(await codes('city', 'city')).toEqual([city]);
    expect(await codes('county', 'city')).toHaveLength(15);
    expect(await codes('township', 'city')).toHaveLength(256);
    expect(await codes('county', 'county')).toEqual([county]);
    expect((await codes('township', 'county')).every((code) => code.startsWith(county))).toBe(true);
    expect(await codes('township', 'city', county)).toEqual(await codes('township', 'county'));
    expect(await codes('township', 'township')).toEqual([township]);
    expect((await codes('county', 'otherCity')).some((code) => code.startsWith('4113'))).toBe(false);
  });

  test.each([
    ['a sibling as parent', 'county', `parent=${county2}`],
    ['the city as parent', 'county', `parent=${city}`],
    ['another city as parent', 'city', 'parent=4201'],
    ['an agency that does not exist as parent', 'city', 'parent=9999'],
  ] as [string, Place, string][])('%s gets 404, as if it were not there', async (_, who, parameter) => {
    const tier = who === 'city' ? 'county' : 'township';
    const answer = await world.get(who, `/reports/tiers/${tier}?from=2023-06-01&to=2023-06-01&${parameter}`);
    expect([answer.status, answer.body.code]).toEqual([404, 'not-found']);
    expect(answer.text).toContain('No agency of that code lies in your jurisdiction');
  });

  test('the cases of a sibling, of another city or of nobody get 404; a tier above the own is refused', async () => {
    const ask = async (who: Place, tier: string, agency: string): Promise<number> =>
      (
        await world.get(
          who,
          `/reports/tiers/${tier}/cases?from=2023-06-01&to=2023-06-01&indicator=received&agency=${agency}`,
        )
      ).status;
    expect(await ask('county', 'county', county)).toBe(200);
    expect(await ask('county2', 'county', county)).toBe(404);
    expect(await ask('otherCity', 'county', county)).toBe(404);
    expect(await ask('city', 'county', '999999')).toBe(404);
    expect(await ask('city', 'county', township)).toBe(422);
    expect(await ask('township', 'county', county)).toBe(403);
    expect((await reports.ask('city', DAY, 'county')).status).toBe(403);
  });
});

describe('bad input', () => {
  const DAYS = 'from=2023-06-01&to=2023-06-30';
  test.each([
    ['county', 'to=2023-06-01', '/from'],
    ['county', 'from=2023-02-29&to=2023-06-01', '/from'],
    ['county', 'from=2023-06-02&to=2023-06-01', '/to'],
    ['county', `${DAYS}&fraudType=unheard-of`, '/fraudType'],
    ['county', `${DAYS}&riskLevel=dire`, '/riskLevel'],
    ['county', `${DAYS}&kind=letter`, '/kind'],
    ['county', `${DAYS}&format=xml`, '/format'],
    ['county', `${DAYS}&limit=1`, '/limit'],
    ['village', DAYS, '/tier'],
    ['county/cases', DAYS, '/indicator'],
    ['county/cases', `${DAYS}&indicator=happiness`, '/indicator'],
    ['county/cases', `${DAYS}&indicator=constructor`, '/indicator'],
    ['county/cases', `${DAYS}&indicator=received&limit=201`, '/limit'],
    ['county', `${DAYS}&parent=${township}`, '/parent'],
  ])('%s?%s is told at %s', async (path, query, pointer) => {
    const answer = await world.get('city', `/reports/tiers/${path}?${query}`);
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid']);
    expect((answer.body.errors as { pointer: string }[]).map((error) => error.pointer)).toContain(pointer);
  });

  test('a filter is a value, never a part of the statement', async () => {
    const answer = await reports.ask('county', { ...DAY, source: `x' OR '1'='1` });
    expect([answer.status, answer.body.total.received]).toEqual([200, 0]);
  });

  test('a forged cursor is refused', async () => {
    const answer = await world.get(
      'city',
      `/reports/tiers/county/cases?${DAYS}&indicator=received&cursor=WyJhIiwiYiJd.forged`,
    );
    expect([answer.status, answer.body.code]).toEqual([422, 'invalid-cursor']);
  });
});

test('the report says what it is about, when it was read, and what every number in it counts', async () => {
  const report = await reports.report('county', { ...DAY, kind: 'fund' });
  expect(report).toMatchObject({
    tier: 'county',
    ...DAY,
    parent: city,
    filters: { kind: 'fund' },
    asOf: '2023-06-01T09:30:00.000+08:00',
  });
  const { agency: _, ...figures } = report.rows[0]!;
  for (const field of Object.keys(figures))
    expect(report.definitions[field]).toEqual(DEFINITIONS[field as keyof typeof DEFINITIONS]);
  for (const { zh, en, name } of Object.values(report.definitions))
    expect([/\p{Script=Han}/u.test(zh + name), /^[\x20-\x7e÷−’→≥…]+$/u.test(en)]).toEqual([true, true]);
  expect(INDICATOR_NAMES.length).toBeGreaterThan(60);
});

test('rows of agencies that did nothing are there, with nothing', async () => {
  const { rows } = await reports.report('county', DAY);
  expect(rows.find(({ agency }) => agency.code === county2)).toMatchObject({
    agency: { code: county2 },
    received: 0,
    signals: 0,
    acceptOnTimeRate: { rate: null, numerator: 0, denominator: 0 },
    attempts: { sms: 0, call: 0, visit: 0, visitReached: 0 },
    interceptedFen: { dissuasion: 0, stopPayment: 0, bank: 0, total: 0 },
    acceptMinutes: { p50: null, p90: null },
    open: 0,
  });
});

test('amounts that add up beyond what JSON carries exactly are refused in words, not rounded', async () => {
  await world.sql('UPDATE outcome SET intercepted_fen = 9007199254740991');
  // Nobody was told of that: what is prepared is counted anew.
  await world.app.app.get(CellKeeper).rebuild();
  try {
    const one = await reports.report('county', DAY);
    expect(one.total.interceptedFen.total).toBe(Number.MAX_SAFE_INTEGER);
    const id = await world.alert();
    await world.must('county', id, 'accept');
    await world.must('county', id, 'attempts', world.attempt('call'));
    await world.must('county', id, 'outcome', outcome({ interceptedFen: 1, interceptedBasis: 'bank-blocked' }));
    const answer = await reports.ask('county', DAY);
    expect([answer.status, answer.body.code]).toEqual([422, 'amount-too-large']);
    await world.must('city', id, 'reopen', { reason: '更正' });
    await world.must('city', id, 'withdraw', { reason: '更正' });
  } finally {
    await world.sql(`UPDATE outcome SET intercepted_fen = 1234567 WHERE intercepted_fen > 1234567`);
    await world.app.app.get(CellKeeper).rebuild();
  }
});

describe('the file', () => {
  test('is CSV in UTF-8 with BOM and Chinese headers: rows, total, who asked and when, definitions', async () => {
    const answer = await reports.ask('county', { ...DAY, format: 'csv' });
    expect(answer.status).toBe(200);
    expect(answer.headers['content-type']).toBe('text/csv; charset=utf-8');
    expect(answer.headers['content-disposition']).toBe(
      'attachment; filename="sanji-4113-2-county-2023-06-01-2023-06-01.csv"',
    );
    expect(answer.text.startsWith('\uFEFF单位代码,单位名称,接收,预警信号,及时签收率,及时签收率-分子,')).toBe(true);
    const lines = answer.text.slice(1).split('\r\n');
    const [header, ...rest] = lines.map((line) => line.split(','));
    const cell = (row: string[], title: string): string | undefined => row[header!.indexOf(title)];
    const row = rest.find(([code]) => code === county)!;
    const idle = rest.find(([code]) => code === county2)!;
    const total = rest.find(([, name]) => name === '合计')!;
    expect([cell(row, '及时签收率'), cell(idle, '及时签收率'), cell(idle, '签收用时-P50(分钟)')]).toEqual([
      '1.0000',
      '—',
      '—',
    ]);
    expect([row, total].map((each) => cell(each, '拦截损失-银行(元)'))).toEqual(['12345.67', '12345.67']);
    expect(rest.slice(0, 16).every((each) => each.length === header!.length)).toBe(true);
    expect(lines).toContain('统计区间,2023-06-01 至 2023-06-01');
    expect(lines.find((line) => line.startsWith('导出人,'))).toContain('officer-supervisor-4113');
    expect(lines).toContain('导出时间,2023-06-01 09:30');
    expect(lines.filter((line) => line.startsWith('及时联系率,'))).toHaveLength(1);
  });

  test('is on the audit log; a number in a filter is masked there', async () => {
    await reports.ask('township', { ...DAY, format: 'csv', source: '13800001234' });
    const [entry] = await world.sql<{ action: string; object_id: string; data: Record<string, unknown> }>(
      `SELECT action, object_id, data FROM audit_entry WHERE action = 'report.exported' ORDER BY id DESC LIMIT 1`,
    );
    expect(entry).toMatchObject({
      object_id: '4113/township/2023-06-01/2023-06-01',
      data: { tier: 'township', format: 'csv', rows: 256, source: '138****34' },
    });
  });

  test('neutralises formulas, also in the name of an agency', async () => {
    const [agency] = await world.sql<{ name: string }>(`SELECT name FROM agency WHERE code = '${county2}'`);
    await world.sql(
      `UPDATE agency SET name = '=HYPERLINK("http://x","y")' WHERE code = '${county2}'; SELECT pg_notify('sanji_cache', 'organization')`,
    );
    try {
      let text = '';
      for (let tries = 0; tries < 200 && !text.includes('HYPERLINK'); tries++)
        text = (await reports.ask('county', { ...DAY, format: 'csv' })).text;
      expect(text).toContain(`${county2},"'=HYPERLINK(""http://x"",""y"")",`);
    } finally {
      await world.sql(
        `UPDATE agency SET name = '${agency!.name}' WHERE code = '${county2}'; SELECT pg_notify('sanji_cache', 'organization')`,
      );
    }
  });
});

test('a local day is the city’s day, whatever zone the server and the database live in', async () => {
  const { clock, database } = world.app;
  const [late, early] = ['2023-06-05', '2023-06-06'];
  clock.set(`${late}T23:59:59.999+08:00`);
  const id = await world.alert();
  await world.must('county', id, 'accept');
  await world.must('county', id, 'attempts', world.attempt('call'));
  clock.set(`${early}T00:00:00.000+08:00`);
  await world.alert();
  await world.must('county', id, 'attempts', world.attempt('call'));
  const name = new URL(database.url).pathname.slice(1);
  await world.sql(`ALTER DATABASE ${name} SET timezone = 'Pacific/Kiritimati'`);
  const server = startProcess('test/report/far-away.ts', [database.url, KEYS, world.now, late, early], {
    env: { TZ: 'America/New_York' },
  });
  const told = JSON.parse((await server.waitFor(/\{.*\}/))[0]) as unknown;
  expect(await server.ended).toBe(0);
  expect(told).toEqual({
    zone: 240,
    totals: [
      [late, 1, 1],
      [early, 1, 1],
    ],
    found: 0,
  });
});
