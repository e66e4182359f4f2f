/** Random numbers that are the same at each run with the same seed (mulberry32). */
export class Dice {
  constructor(private state: number) {}

  /** From 0, below 1. */
  next(): number {
    this.state = (this.state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(this.state ^ (this.state >>> 15), 1 | this.state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  }

  chance(of: number): boolean {
    return this.next() < of;
  }

  /** A whole number from 0, below `end`. */
  below(end: number): number {
    return Math.floor(this.next() * end);
  }

  pick<T>(from: readonly T[]): T {
    return from[this.below(from.length)]!;
  }

  /** One of them, each as often as its weight; undefined where there is none. */
  weigh<T>(from: readonly T[], weight: (each: T) => number): T | undefined {
    let left = this.next() * from.reduce((sum, each) => sum + weight(each), 0);
    return from.find((each) => (left -= weight(each)) <= 0) ?? from.at(-1);
  }
}
