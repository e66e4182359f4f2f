import { Random } from '../../src/simulation/random.js';
import { planSignals, type PlannedSignal } from '../../src/demo/signals.js';
import { normaliseIdNumber, normalisePhone } from '../../src/alert/person.rules.js';
import { CITY_MAP } from './support.js';

const START = Date.parse('2023-06-01T00:00:00+08:00');
const plan = (seed: string, count = 4_000): PlannedSignal[] =>
  planSignals({ count, start: START, day: '20230601', map: CITY_MAP, random: new Random(seed) });

const signals = plan('1');

const share = (signals: PlannedSignal[], of: (signal: PlannedSignal) => boolean): number =>
  signals.filter(of).length / signals.length;

test('a seed makes one day, another seed another', () => {
  expect(plan('1', 300)).toEqual(plan('1', 300));
  expect(plan('1', 300)).not.toEqual(plan('2', 300));
});

test('the day is in order, inside its 24 hours, and busier by day than by night', () => {
  const moments = signals.map(({ at }) => at);
  expect(moments).toEqual([...moments].sort((a, b) => a - b));
  expect(moments[0]!).toBeGreaterThanOrEqual(START);
  expect(moments.at(-1)!).toBeLessThan(START + 24 * 3_600_000);
  const hour = ({ at }: PlannedSignal): number => Math.floor((at - START) / 3_600_000);
  expect(share(signals, (signal) => hour(signal) < 6)).toBeLessThan(0.06);
  expect(share(signals, (signal) => hour(signal) >= 9 && hour(signal) < 12)).toBeGreaterThan(0.2);
});

test('levels, repeats and what is out of the ordinary come about as often as planned', () => {
  const ofRisk = (level: string): number => share(signals, ({ body }) => body.riskLevel === level);
  expect(ofRisk('urgent')).toBeCloseTo(0.05, 1);
  expect(ofRisk('high')).toBeCloseTo(0.2, 1);
  expect(ofRisk('medium')).toBeCloseTo(0.35, 1);
  expect(ofRisk('low')).toBeCloseTo(0.4, 1);
  const references = new Set(signals.map(({ body }) => `${body.source} ${body.sourceRef}`));
  expect(1 - references.size / signals.length).toBeCloseTo(0.015, 2);
  const phones = new Set(signals.map(({ body }) => body.subject.phone));
  expect(1 - phones.size / signals.length).toBeGreaterThan(0.05);
  expect(share(signals, ({ body }) => (body.divisionCode ?? '4113').length === 4)).toBeCloseTo(0.02, 2);
  const wrong = ({ body, home }: PlannedSignal): boolean =>
    (body.divisionCode ?? '4113').length > 4 && !body.divisionCode!.startsWith(home.county);
  expect(share(signals, wrong)).toBeGreaterThan(0.005);
  expect(signals.some(({ trial }) => trial)).toBe(true);
  expect(signals.some(({ hotline }) => hotline)).toBe(true);
});

test('people are possible ones', () => {
  const broken = signals.filter(({ body }) => normalisePhone(body.subject.phone) === undefined);
  expect(broken.length).toBeLessThan(signals.length * 0.005);
  for (const { body } of signals) {
    const { idNumber } = body.subject;
    if (idNumber !== undefined) expect(normaliseIdNumber(idNumber)).toBe(idNumber);
    expect(Number.isInteger(body.amountAtRiskFen ?? 0)).toBe(true);
  }
});
