/** Shares are told in so many parts of the whole: 4 decimals. */
const PARTS = 10_000n;

/**
 * The share of each value in their sum, as fractions with 4 decimals that add up to exactly 1: every share is rounded
 * down, and the parts that are left go to the largest remainders (of equal ones to the larger value, then to the earlier).
 * @param values whole numbers, none negative
 * @returns null each where there is nothing to share
 */
export function sharesOf(values: readonly (number | bigint)[]): (number | null)[] {
  const amounts = values.map(BigInt);
  const sum = amounts.reduce((total, amount) => total + amount, 0n);
  if (sum === 0n) return amounts.map(() => null);
  const parts = amounts.map((amount) => (amount * PARTS) / sum);
  const left = Number(PARTS - parts.reduce((total, part) => total + part, 0n));
  const byRemainder = amounts
    .map((amount, index) => ({ index, amount, remainder: (amount * PARTS) % sum }))
    .sort((a, b) => descending(a.remainder, b.remainder) || descending(a.amount, b.amount) || a.index - b.index);
  for (const { index } of byRemainder.slice(0, left)) parts[index]! += 1n;
  return parts.map((part) => Number(part) / Number(PARTS));
}

const descending = (a: bigint, b: bigint): number => (a === b ? 0 : a > b ? -1 : 1);
