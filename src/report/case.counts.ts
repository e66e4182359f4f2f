import { BIT, RESULT_BIT } from './case.facts.js';
import { passes, RATES, type CaseTest, type RateField } from './indicators.js';
import { rateOf, type Rate } from './rate.rules.js';

/** Cases whose result the agency answers for: closed now, and by it or below it. */
export const CLOSED: CaseTest = { any: Object.values(RESULT_BIT).reduce((bits, bit) => bits | bit, 0) };
/** Those of them that were no false alarm. */
export const PROVED_TRUE: CaseTest = { any: CLOSED.any & ~RESULT_BIT['false-alarm'] };
export const NOT_VALID: CaseTest = { any: BIT.received, none: BIT.valid };

/** How often lines of the cohort have which flags: every number of cases is a sum of some of them. */
export class CaseCounts {
  private readonly times = new Map<number, number>();

  /** @param flags BIT and RESULT_BIT of `caseLines` */
  add(flags: number, times: number): void {
    this.times.set(flags, (this.times.get(flags) ?? 0) + times);
  }

  addAll(other: CaseCounts): void {
    for (const [flags, times] of other.times) this.add(flags, times);
  }

  get received(): number {
    return this.count({ any: BIT.received });
  }

  count(test: CaseTest): number {
    let sum = 0;
    for (const [flags, times] of this.times) if (passes(flags, test)) sum += times;
    return sum;
  }

  rate(field: RateField): Rate {
    return rateOf(this.count(RATES[field].numerator), this.count(RATES[field].denominator));
  }
}
