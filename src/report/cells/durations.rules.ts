import { DURATIONS } from '../case.facts.js';

/** How often which durations occurred, by kind in the order of DURATIONS. */
export type Durations = readonly Map<number, number>[];

/**
 * Durations as bytes: for each kind how many different ones there are, then each as the difference to the one before and
 * how often it occurred (which in overlaps is below zero); all in groups of seven bits. Pieces behind one another are the sum.
 */
export function packDurations(durations: Durations): Buffer {
  if (durations.every(({ size }) => size === 0)) return Buffer.alloc(0);
  const bytes: number[] = [];
  for (const values of durations) {
    put(bytes, values.size);
    let before = 0;
    for (const value of [...values.keys()].sort((a, b) => a - b)) {
      put(bytes, value - before);
      before = value;
      const often = values.get(value)!;
      put(bytes, often < 0 ? -2 * often - 1 : 2 * often);
    }
  }
  return Buffer.from(bytes);
}

/** Adds packed durations to a sum. */
export function addPacked(packed: Uint8Array, into: Durations): void {
  let at = 0;
  const next = (): number => {
    let [value, scale] = [0, 1];
    for (;;) {
      const byte = packed[at++];
      if (byte === undefined) throw new Error('durations end in the middle');
      value += (byte & 127) * scale;
      if (byte < 128) return value;
      scale *= 128;
    }
  };
  while (at < packed.length) {
    for (let kind = 0; kind < DURATIONS.length; kind++) {
      const values = into[kind]!;
      let value = 0;
      for (let left = next(); left > 0; left--) {
        value += next();
        const coded = next();
        addOften(values, value, coded % 2 === 1 ? -(coded + 1) / 2 : coded / 2);
      }
    }
  }
}

/** That a value occurred so often more, or less. */
export function addOften(values: Map<number, number>, value: number, often: number): void {
  const sum = (values.get(value) ?? 0) + often;
  if (sum === 0) values.delete(value);
  else values.set(value, sum);
}

function put(bytes: number[], value: number): void {
  let rest = value;
  while (rest >= 128) {
    bytes.push((rest % 128) | 128);
    rest = Math.floor(rest / 128);
  }
  bytes.push(rest);
}
