/** Something that is counted into. */
export interface Counting {
  add(field: string, times?: number): void;
  addFen(field: string, amount: number): void;
  addDuration(field: string, milliseconds: number): void;
}

/** What a row shows, counted from the facts one case at a time: by the report's own names of its fields. */
export class Cell implements Counting {
  private readonly counts = new Map<string, number>();
  private readonly fen = new Map<string, bigint>();
  private readonly minutes = new Map<string, Map<number, number>>();

  count(field: string): number {
    return this.counts.get(field) ?? 0;
  }

  sum(field: string): bigint {
    return this.fen.get(field) ?? 0n;
  }

  add(field: string, times = 1): void {
    this.counts.set(field, this.count(field) + times);
  }

  addFen(field: string, amount: number): void {
    this.fen.set(field, this.sum(field) + BigInt(amount));
  }

  addDuration(field: string, milliseconds: number): void {
    const tenths = tenthsOf(milliseconds);
    const values = this.minutes.get(field) ?? new Map<number, number>();
    this.minutes.set(field, values.set(tenths, (values.get(tenths) ?? 0) + 1));
  }

  /** The value that so many per cent of all values do not exceed; null of none. */
  percentile(field: string, percent: number): number | null {
    const sorted = [...(this.minutes.get(field) ?? [])].sort(([a], [b]) => a - b);
    const all = sorted.reduce((sum, [, times]) => sum + times, 0);
    let passed = 0;
    for (const [tenths, times] of sorted) {
      passed += times;
      if (passed * 100 >= all * percent) return told(tenths) / 10;
    }
    return null;
  }
}

/** As the definition of the durations says: the longer, the coarser. */
export function told(tenths: number): number {
  const minutes = tenths / 10;
  const step = minutes < 20 ? 0.1 : minutes < 240 ? 1 : minutes < 1440 ? 5 : minutes < 10_080 ? 30 : 120;
  return Math.round(Math.round(tenths / (step * 10)) * step * 10);
}

/** Whole tenths of a minute, half up. */
export function tenthsOf(milliseconds: number): number {
  return Math.floor(Math.max(0, milliseconds) / 6_000 + 0.5);
}
