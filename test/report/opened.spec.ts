import { isDeepStrictEqual } from 'node:util';
import { TIERS } from '../../src/organization/agency.js';
import { OrganizationRegistry } from '../../src/organization/organization.registry.js';
import { Database } from '../../src/platform/database/database.js';
import { CellKeeper, keeperSession } from '../../src/report/cells/cell.keeper.js';
import { CellView } from '../../src/report/cells/cell.view.js';
import { toldTenths } from '../../src/report/rate.rules.js';
import { scopeOf } from '../../src/report/report.scope.js';
import { TierReportView, type Tally } from '../../src/report/tier-report.view.js';
import { INDICATOR_NAMES } from '../../src/report/indicators.js';
import { MONEY_INDICATOR_NAMES } from '../../src/report/money.indicators.js';
import type { FiguresAnswer } from '../../src/report/figures.dto.js';
import type { TierReportCaseAnswer } from '../../src/report/tier-report.dto.js';
import { outcome, PLACES } from '../case/support.js';
import { TestApp } from '../support/app.js';
import { randomDays } from './random.day.js';
import { ReportWorld } from './support.js';

let reports: ReportWorld;

beforeAll(async () => {
  reports = await ReportWorld.start(['city', 'county', 'township', 'township2', 'county2', 'township3'], ['4113']);
});

afterAll(() => reports.world.stop());

const PERIODS = [
  { from: '2023-06-01', to: '2023-06-30' },
  { from: '2023-06-01', to: '2023-06-01' },
];

/** The number that an indicator names; of a percentile the values it is of decide. */
function numberOf(figures: FiguresAnswer, indicator: string): number | null {
  const [field, part] = indicator.split('.') as [keyof FiguresAnswer, string | undefined];
  const value = figures[field] as unknown;
  if (typeof value === 'number') return value;
  const group = value as Record<string, number | null>;
  if (part !== undefined) return group[part]!;
  if (field === 'results') return Object.values(group).reduce<number>((sum, count) => sum + count!, 0);
  if (field === 'attempts') return group['sms']! + group['call']! + group['visit']!;
  if (field === 'interceptedFen') return group['total']!;
  if (field === 'followUps') return group['due']!;
  return group['denominator']!;
}

/** What the items behind an indicator add up to. */
function numberBehind(indicator: string, items: readonly TierReportCaseAnswer[]): number | null {
  if (/Fen/.test(indicator)) return items.reduce((sum, { counted }) => sum + counted!.amountFen!, 0);
  const percent = /Minutes\.p(\d+)/.exec(indicator)?.[1];
  if (percent === undefined) return items.length;
  const minutes = items.map(({ counted }) => counted!.minutes!).sort((a, b) => a - b);
  return minutes.length === 0 ? null : told(minutes[Math.ceil((minutes.length * Number(percent)) / 100) - 1]!);
}

/** As precisely as the definition of the durations says. */
function told(minutes: number): number {
  const step = minutes < 20 ? 0.1 : minutes < 240 ? 1 : minutes < 1_440 ? 5 : 30;
  return Number((Math.round(minutes / step) * step).toFixed(1));
}

/** Results that need so many steps that chance seldom takes them all. */
async function giveUp(result: 'unreachable' | 'refused'): Promise<void> {
  const { world } = reports;
  const id = await world.alert({ divisionCode: PLACES.county });
  await world.must('county', id, 'accept');
  if (result === 'refused') await world.must('county', id, 'escalate', { riskLevel: 'high', reason: '拒不配合' });
  for (let call = 0; call < 3; call++)
    await world.must('county', id, 'attempts', world.attempt('call', { reached: false }));
  await world.must('county', id, 'attempts', world.attempt('visit'));
  await world.must('county', id, 'outcome', outcome({ result }));
  if (result === 'refused') await world.must('city', id, 'review', { decision: 'approve' });
}

async function loseSome(): Promise<void> {
  const { world } = reports;
  const id = await world.alert({ divisionCode: PLACES.county });
  await world.must('county', id, 'accept');
  await world.must('county', id, 'attempts', world.attempt('call'));
  await world.must('county', id, 'attempts', world.attempt('visit'));
  const money = { lossFen: 700, interceptedFen: 300, interceptedBasis: 'bank-blocked' };
  await world.must('county', id, 'outcome', outcome({ result: 'partial-loss', ...money }));
  await world.must('city', id, 'review', { decision: 'approve' });
}

test('whatever officers do, every number of every row can be opened and is what stands behind it', async () => {
  await loseSome();
  await giveUp('unreachable');
  await giveUp('refused');
  const taken = await randomDays(reports, 20_230_601, 1_200);
  // Everything that moves figures has happened.
  for (const command of [
    'push',
    'forward',
    'return',
    'transfer',
    'recall',
    'review',
    'reopen',
    'withdraw',
    'unmerge',
    'follow-ups',
  ]) {
    expect([command, (taken[command] ?? 0) > 0]).toEqual([command, true]);
  }
  const seen = new Set<string>();
  const { city, county, county2, township, township2, township3 } = PLACES;
  const rows = { city: [city], county: [county, county2], township: [township, township2, township3] };
  for (const [tier, codes] of Object.entries(rows)) {
    for (const period of PERIODS) {
      const report = await reports.report(tier, period);
      // Of the single day the totals will do.
      for (const code of period.from === period.to ? [undefined] : [...codes, undefined]) {
        const figures: FiguresAnswer =
          code === undefined ? report.total : report.rows.find(({ agency }) => agency.code === code)!;
        for (const indicator of INDICATOR_NAMES) {
          // Those of incidents and money are opened in money.spec.ts.
          if (/Minutes$/.test(indicator) || MONEY_INDICATOR_NAMES.includes(indicator)) continue;
          const asked = { ...period, indicator, limit: 200, ...(code === undefined ? {} : { agency: code }) };
          const { items, total } = await reports.opened(tier, asked);
          const where = `${tier} ${code ?? 'total'} ${period.to} ${indicator}`;
          expect([where, numberBehind(indicator, items), items.length]).toEqual([
            where,
            numberOf(figures, indicator),
            total,
          ]);
          if (items.length > 0) seen.add(indicator);
        }
      }
    }
  }
  // The days were rich enough to tell one indicator from another.
  const empty = INDICATOR_NAMES.filter(
    (name) => !/Minutes$/.test(name) && !MONEY_INDICATOR_NAMES.includes(name) && !seen.has(name),
  );
  expect(empty).toEqual([]);
}, 240_000);

/** The same figures out of the prepared cells and counted, for every tier, parent and period. */
async function differentFigures(): Promise<{ different: string[]; compared: number }> {
  const { app } = reports.world.app;
  const [cells, counting] = [app.get(CellView), app.get(TierReportView)];
  const organization = await app.get(OrganizationRegistry).current();
  await app.get(CellKeeper).catchUp();
  const different: string[] = [];
  let compared = 0;
  await app.get(Database).readSnapshot(keeperSession, async (tx) => {
    const standing = (await cells.standing(tx))!;
    expect(standing.asOf).toEqual(tx.now);
    for (const code of ['4113', PLACES.county, PLACES.county2, PLACES.township]) {
      const parent = organization.byCode(code)!;
      for (const tier of TIERS.slice(TIERS.indexOf(parent.tier))) {
        for (const [from, to] of STRETCHES) {
          const scope = scopeOf({ tier, parent, from, to, filters: {} }, organization, 'Asia/Shanghai', tx.now);
          const [kept, counted] = [await cells.tallies(tx, standing, scope), await counting.tallies(tx, scope)];
          for (const id of [...counted.rows.keys(), 'total'] as const) {
            const [own, other] = [kept, counted].map((tallies) =>
              id === 'total' ? tallies.total : tallies.rows.get(id)!,
            );
            compared += 1;
            if (!isDeepStrictEqual(numbersOf(own!), numbersOf(other!)))
              different.push(`${tier} of ${code}, ${from} to ${to}, ${id}`);
          }
        }
      }
    }
  });
  return { different, compared };
}

const STRETCHES = [
  ['2023-06-01', '2023-06-01'],
  ['2023-06-02', '2023-06-02'],
  ['2023-06-01', '2023-06-02'],
  ['2023-06-02', '2023-06-05'],
  ['2023-06-03', '2023-07-02'],
  ['2023-06-01', '2023-06-30'],
  ['2022-11-13', '2024-02-29'],
  ['2023-01-01', '2023-12-31'],
] as const;

/** Everything that is counted, with durations as they are told. */
function numbersOf(tally: Tally): unknown {
  const durations = Object.values(tally.durations).map((values) => {
    const sums = new Map<number, number>();
    for (const [value, times] of values) sums.set(toldTenths(value), (sums.get(toldTenths(value)) ?? 0) + times);
    return [...sums].sort(([a], [b]) => a - b);
  });
  return { ...tally, durations };
}

test('prepared figures are what counting gives, for any tier, parent and period', async () => {
  const { different, compared } = await differentFigures();
  expect(different).toEqual([]);
  expect(compared).toBeGreaterThan(1_000);
});

test('… also when limits run out and nothing else happens', async () => {
  for (const minutes of [7, 40, 400, 3_000]) {
    reports.wait(minutes);
    expect((await differentFigures()).different).toEqual([]);
  }
});

test('… and when they are built anew, beside what is read meanwhile', async () => {
  const { app } = reports.world.app;
  const [keeper, database] = [app.get(CellKeeper), app.get(Database)];
  const cells = (): Promise<{ generation: number }[]> =>
    database.read(keeperSession, (tx) =>
      tx.adHoc(
        `SELECT generation, part, agency_id, grain, first_day, last_day, received, joined, open, fen_dissuasion, durations
         FROM (SELECT *, held_open AS open FROM report_cell) c
         WHERE received <> 0 OR joined <> 0 OR open <> 0 OR fen_dissuasion <> 0 ORDER BY 1, 2, 3, 4, 5, 6`,
      ),
    );
  const before = await cells();
  await keeper.rebuild();
  // While it is being built, a report is what it was.
  expect(await keeper.progress()).toBeDefined();
  await keeper.catchUp();
  const after = await cells();
  expect(new Set(after.map(({ generation }) => generation))).toEqual(new Set([before[0]!.generation + 1]));
  expect(after.map((cell) => ({ ...cell, generation: 0 }))).toEqual(before.map((cell) => ({ ...cell, generation: 0 })));
  expect((await differentFigures()).different).toEqual([]);
});

test('… and when two servers keep them, build them anew and change cases at the same time', async () => {
  const { world } = reports;
  const other = await TestApp.on(world.app.database, world.app.clock);
  try {
    const keepers = [world.app.app.get(CellKeeper), other.app.get(CellKeeper)];
    await keepers[1]!.rebuild();
    const working = [1, 2, 3, 4].map(async (turn) => {
      const id = await world.alert({ divisionCode: turn % 2 ? PLACES.county : PLACES.county2 });
      await world.must(turn % 2 ? 'county' : 'county2', id, 'accept');
      await world.must(turn % 2 ? 'county' : 'county2', id, 'attempts', world.attempt('call'));
    });
    await Promise.all([...working, ...keepers.flatMap((keeper) => [keeper.catchUp(), keeper.catchUp()])]);
    expect((await differentFigures()).different).toEqual([]);
  } finally {
    await other.stop(false);
  }
});

test('a cell that says something else is found, with its agency and day', async () => {
  const { app } = reports.world.app;
  await reports.world.app.clocks();
  const spoil = (sign: string): Promise<unknown> =>
    app.get(Database).transaction(keeperSession, (tx) =>
      tx.adHoc(
        `UPDATE report_cell SET attempts_call = attempts_call ${sign} 1
         WHERE part = 'row' AND grain = 'day' AND first_day = 20230601 AND agency_id = (SELECT id FROM agency WHERE code = $1)`,
        [PLACES.county2],
      ),
    );
  await spoil('+');
  const { differences, cells } = await reports.verify(['2023-06']);
  await spoil('-');
  expect(differences.map(({ where, what }) => `${where}: ${what}`)).toEqual([
    `prepared figures of ${PLACES.county2}, 20230601: attempts.call`,
    `prepared figures of ${PLACES.county2}, 20230101, year: attempts.call`,
    `prepared figures of ${PLACES.county2}, 20230601, month: attempts.call`,
    `prepared figures of ${PLACES.county2}, 20230601, third: attempts.call`,
  ]);
  expect(cells).toBeGreaterThan(10);
});

test('a recount that shares no code with the report finds no difference', async () => {
  await reports.world.app.clocks();
  const { differences, alerts, events, figures } = await reports.verify(['2023-05', '2023-06']);
  expect(differences).toEqual([]);
  expect(alerts).toBeGreaterThan(80);
  expect(events).toBeGreaterThan(500);
  expect(figures).toBeGreaterThan(3 * 3 * 40);
});

test('pages of any size give each item once, in one order', async () => {
  const period = PERIODS[0]!;
  for (const indicator of [
    'received',
    'signals',
    'attempts',
    'interceptedFen',
    'contactMinutes',
    'open',
    'dissuasionRate.numerator',
  ]) {
    const keys = async (limit: number): Promise<string[]> => {
      const { items } = await reports.opened('county', { ...period, indicator, limit });
      return items.map(({ id, counted }) => JSON.stringify([id, counted]));
    };
    const whole = await keys(200);
    expect(await keys(7)).toEqual(whole);
    if (indicator !== 'attempts') expect(new Set(whole).size).toBe(whole.length);
  }
});

test('what is listed is masked, and a cursor of one number opens no other', async () => {
  const period = PERIODS[0]!;
  const { items } = await reports.opened('county', { ...period, indicator: 'received', limit: 5 });
  expect(items[0]!.subject!.phone).toMatch(/^\d{3}\*{4}\d{4}$/);
  const first = await reports.world.get(
    'city',
    `/reports/tiers/county/cases?from=${period.from}&to=${period.to}&indicator=received&limit=5`,
  );
  const cursor = encodeURIComponent(first.body.nextCursor as string);
  const other = await reports.world.get(
    'city',
    `/reports/tiers/county/cases?from=${period.from}&to=${period.to}&indicator=open&cursor=${cursor}`,
  );
  expect([other.status, other.body.code]).toEqual([422, 'invalid-cursor']);
});
