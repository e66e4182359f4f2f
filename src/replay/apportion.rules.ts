/**
 * Whole parts of a whole number by weights, by largest remainder: they add up to it exactly, and none is a whole one away
 * from its exact share.
 * @param total at most 2^53 − 1
 * @param weights not negative; not all 0 where there is something to share out
 */
export function apportion(total: number, weights: readonly number[]): number[] {
  const all = weights.reduce((sum, weight) => sum + weight, 0);
  if (all === 0) {
    if (total === 0) return weights.map(() => 0);
    throw new Error('there is nobody to share it out to');
  }
  const exact = weights.map((weight) => (total * weight) / all);
  const parts = exact.map(Math.floor);
  const order = exact
    .map((value, index) => [value - parts[index]!, index] as const)
    .filter(([, index]) => weights[index]! > 0)
    .sort(([a, at], [b, bt]) => b - a || at - bt);
  let left = total - parts.reduce((sum, part) => sum + part, 0);
  for (let turn = 0; left > 0; left--) parts[order[turn++ % order.length]![1]]! += 1;
  return parts;
}
