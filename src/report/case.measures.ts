import { RESULTS } from '../alert/alert.js';
import { RESULT_BIT } from './case.facts.js';
import { passes, RATE_FIELDS, RATES, RECEIVED, type CaseTest } from './indicators.js';

/** Every number of cases that a row of the tier report tells, by the name of its indicator, and which lines it counts. */
export const CASE_MEASURES: readonly (readonly [name: string, test: CaseTest])[] = [
  ['received', RECEIVED],
  ...RATE_FIELDS.flatMap((field): [string, CaseTest][] => [
    [`${field}.numerator`, RATES[field].numerator],
    [`${field}.denominator`, RATES[field].denominator],
  ]),
  ...RESULTS.map((result): [string, CaseTest] => [`results.${result}`, { any: RESULT_BIT[result] }]),
];

const counted = new Map<number, readonly number[]>();

/** What one line of such flags counts as: 1 or 0 for each of CASE_MEASURES. The same few hundred flags occur millions of times. */
export function countsOf(flags: number): readonly number[] {
  let counts = counted.get(flags);
  if (!counts) counted.set(flags, (counts = CASE_MEASURES.map(([, test]) => (passes(flags, test) ? 1 : 0))));
  return counts;
}

/** Numbers of cases of a row, by name. */
export class CaseNumbers {
  private readonly numbers = new Array<number>(CASE_MEASURES.length).fill(0);

  /** @param flags of `times` lines */
  addLines(flags: number, times: number): void {
    countsOf(flags).forEach((counts, index) => (this.numbers[index]! += counts * times));
  }

  /** @param numbers one for each of CASE_MEASURES, in their order; what comes behind them is left alone */
  addNumbers(numbers: readonly number[], times = 1): void {
    for (let index = 0; index < this.numbers.length; index++) this.numbers[index]! += numbers[index]! * times;
  }

  /** @param measure its place, see `measureOf` */
  of(measure: number): number {
    return this.numbers[measure]!;
  }
}

/** The place of a measure among CASE_MEASURES: looked up once, as reports ask for it thousands of times. */
export function measureOf(name: string): number {
  const measure = CASE_MEASURES.findIndex(([each]) => each === name);
  if (measure < 0) throw new Error(`nothing counts ${name}`);
  return measure;
}
