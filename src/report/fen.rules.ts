import { amountTooLarge } from './report.problems.js';

/**
 * A sum of money as the JSON number that the contract has.
 * @throws Problem `amount-too-large`: a rounded amount is a wrong one
 */
export function exactFen(sum: bigint): number {
  if (sum <= BigInt(Number.MAX_SAFE_INTEGER)) return Number(sum);
  throw amountTooLarge.with(
    'The amounts of this period add up to more than 9,007,199,254,740,991 fen. Ask for a shorter period; the tier report’s interceptedFen.total and lossFen can be opened to find the amount that is wrong.',
  );
}
