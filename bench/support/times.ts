import { quantile, spreadOf, type Spread } from './statistics.js';

/** How long something took, beside what it must not exceed. */
export interface TimeOf {
  readonly name: string;
  /** Milliseconds. */
  readonly ours: Spread;
  readonly p99?: number;
  /** What it is compared with, in the same run. */
  readonly against?: { readonly name: string; readonly times: Spread; readonly ratio: number };
  readonly goal: string;
  readonly met: boolean;
}

/** A line that judges times. */
export interface TimesLine {
  readonly name: string;
  readonly title: string;
  readonly times: readonly TimeOf[];
  readonly notes: readonly string[];
}

/** Runs of one kind: what each round took in the median, and every single one for the slowest. */
export class Timings {
  private readonly rounds: number[] = [];
  private readonly singles: number[] = [];

  add(round: readonly number[]): void {
    this.rounds.push(quantile(round, 0.5));
    this.singles.push(...round);
  }

  get spread(): Spread {
    return spreadOf(this.rounds);
  }

  get p99(): number {
    return quantile(this.singles, 0.99);
  }
}

/** @param work is done `times` times, one after the other. @returns milliseconds of each */
export async function timesOf(times: number, work: () => Promise<unknown>): Promise<number[]> {
  const taken: number[] = [];
  for (let time = 0; time < times; time++) {
    const began = performance.now();
    await work();
    taken.push(performance.now() - began);
  }
  return taken;
}
