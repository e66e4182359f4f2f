import { INDICATOR_NAMES } from '../../src/report/indicators.js';
import { MONEY_INDICATOR_NAMES } from '../../src/report/money.indicators.js';
import type { FiguresAnswer } from '../../src/report/figures.dto.js';
import type { TierReportCaseAnswer } from '../../src/report/tier-report.dto.js';
import { outcome, PLACES } from '../case/support.js';
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
  return minutes.length === 0 ? null : minutes[Math.ceil((minutes.length * Number(percent)) / 100) - 1]!;
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
