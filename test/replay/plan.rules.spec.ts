import { readPublishedFigures, type PublishedFigures } from '../../src/replay/published.figures.js';
import { apportion } from '../../src/replay/apportion.rules.js';
import { ACTS, actsOf, type ReplayOptions, type ReplayPlan } from '../../src/replay/plan.js';
import { profileOf, targetsOf } from '../../src/replay/profile.rules.js';
import { PlanError, planReplay } from '../../src/replay/replay.plan.js';
import { phoneOf } from '../../src/replay/residents.js';
import { Random } from '../../src/simulation/random.js';
import { CITY_MAP } from '../demo/support.js';

const NANYANG = { city: '4113', from: '2023-01-01', to: '2023-07-06', scale: 0.01, seed: '1' };
const ZHENGZHOU = { city: '4101', from: '2019-01-01', to: '2019-12-31', scale: 0.01, seed: '1' };
let figures: PublishedFigures;

beforeAll(async () => {
  figures = await readPublishedFigures();
});

function plan(options: ReplayOptions): ReplayPlan {
  const profile = profileOf(options.city, figures);
  const map = { ...CITY_MAP, code: options.city };
  return planReplay({ options, targets: targetsOf(profile, options, 15), types: profile.types, map });
}

const sum = <T>(of: readonly T[], value: (each: T) => number): number => of.reduce((all, each) => all + value(each), 0);

/** What the planned acts come to, counted without the planner. */
function countOf({ days, warned, incidents, input }: ReplayPlan): Record<string, number> {
  const groups = days.flatMap((day) => day.groups);
  const lost = warned.filter(({ result }) => result !== 'dissuaded' && result !== 'partial-loss');
  return {
    signals: warned.length + sum(groups, ({ cases }) => cases) + sum(days, ({ repeats }) => repeats),
    attempts: sum(warned, actsOf) + sum(groups, ({ kind, cases }) => cases * ACTS[kind]),
    successes: warned.length - lost.length,
    interceptedFen: sum(warned, (each) => each.interceptedFen),
    controlledFen: sum(incidents, ({ money }) => money.stoppedFen ?? 0),
    returnedFen: sum(incidents, ({ money }) => money.back?.returnFen ?? 0),
    incidents: incidents.length + lost.length,
    incidentLossFen: sum(incidents, ({ lossFen }) => lossFen) + sum(lost, ({ lossFen }) => lossFen),
    ...(input.targets.incidents < 0 ? { never: 0 } : {}),
  };
}

test('parts add up to the whole, and none is one away from its exact share', () => {
  const random = new Random('apportion');
  for (let time = 0; time < 2_000; time++) {
    const weights = Array.from({ length: random.integer(1, 40) }, () =>
      random.chance(0.2) ? 0 : random.lognormal(5, 2),
    );
    weights.push(1);
    const total = Math.floor(10 ** random.between(0, 11));
    const parts = apportion(total, weights);
    const all = sum(weights, (weight) => weight);
    expect(sum(parts, (part) => part)).toBe(total);
    const off = Math.max(...parts.map((part, at) => Math.abs(part - (total * weights[at]!) / all)));
    expect(off).toBeLessThan(1.001);
  }
  expect(apportion(0, [0, 0])).toEqual([0, 0]);
  expect(() => apportion(1, [0])).toThrow('nobody');
});

test('the targets are the published figures, by scale', () => {
  const targets = targetsOf(profileOf('4113', figures), { ...NANYANG, scale: 1 }, 15);
  expect(targets).toMatchObject({
    signals: 11_000 * 187,
    attempts: 330_000,
    successes: 3_287,
    interceptedFen: 13_500_000_000,
    controlledFen: 21_000_000_000,
  });
  expect(targets.returnedFen).toBeGreaterThanOrEqual(3_100_000_000);
  const half = targetsOf(profileOf('4114', figures), { ...NANYANG, city: '4114', scale: 1 }, 9);
  expect(half.attempts).toBe(198_000);
});

test.each<[string, Partial<ReplayOptions>]>([
  ['the half-year', {}],
  ['the whole of it', { scale: 1 }],
  ['another seed', { seed: 'another' }],
  ['a tenth', { scale: 0.1, seed: '7' }],
  ['three days', { to: '2023-01-03' }],
  ['one day', { to: '2023-01-01', scale: 0.3 }],
  ['hardly anything', { scale: 0.0005 }],
])('%s comes to its targets exactly', (_, changed) => {
  const made = plan({ ...NANYANG, ...changed });
  expect(countOf(made)).toEqual(made.input.targets);
  const last = made.days.length - 1;
  for (const { day, money, lossFen } of made.incidents) {
    if (!money.back) continue;
    const { asked, approved, notified, paid, returnFen, method } = money.back;
    expect([...[day, asked, approved, notified, paid, last]].sort((a, b) => a - b)).toEqual([
      day,
      asked,
      approved,
      notified,
      paid,
      last,
    ]);
    expect(money.frozen && returnFen <= money.stoppedFen!).toBe(true);
    if (method === 'pro-rata') expect([notified - approved > 30, returnFen * 2 <= lossFen]).toEqual([true, true]);
  }
});

test('a seed makes one plan, another seed other people with the same figures', () => {
  expect(plan(NANYANG)).toEqual(plan(NANYANG));
  expect(plan(NANYANG).warned).not.toEqual(plan({ ...NANYANG, seed: '2' }).warned);
});

test.each([1, 0.1, 0.01])('Zhengzhou’s table of 2019 comes out in whole percents at scale %d', (scale) => {
  const { incidents, days } = plan({ ...ZHENGZHOU, scale });
  const all = incidents.length;
  const loss = sum(incidents, ({ lossFen }) => lossFen);
  const percent = (label: string): [number, number] => {
    const of = incidents.filter(({ fraudType }) => fraudType === label);
    return [Math.round((100 * of.length) / all), Math.round((100 * sum(of, ({ lossFen }) => lossFen)) / loss)];
  };
  expect(all / scale).toBeGreaterThan(10_000);
  expect(days.every(({ groups, repeats }) => groups.length === 0 && repeats === 0)).toBe(true);
  expect(['兼职刷单', '贷款办卡', '冒充公检法', '网络交友投资赌博', 'QQ微信冒充领导、冒充熟人'].map(percent)).toEqual([
    [26, 16],
    [19, 13],
    [13, 29],
    [12, 23],
    [8, 7],
  ]);
});

test('nobody has the phone of another', () => {
  const phones = Array.from({ length: 200_000 }, (_, serial) => phoneOf(serial * 1_777));
  expect(new Set(phones).size).toBe(phones.length);
  expect(phones.every((phone) => /^1[3-9]\d{9}$/.test(phone))).toBe(true);
});

test('figures that contradict each other are refused in words', () => {
  const profile = profileOf('4113', figures);
  const targets = { ...targetsOf(profile, NANYANG, 15), attempts: 3 };
  const input = { options: NANYANG, targets, types: profile.types, map: CITY_MAP };
  expect(() => planReplay(input)).toThrow(PlanError);
});
