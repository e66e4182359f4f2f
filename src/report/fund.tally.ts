/** Sums of the period, in fen. */
export const FUND_SUMS = [
  'stopped',
  'stopExpired',
  'stopToPayer',
  'stopToHolder',
  'stopToFreeze',
  'frozen',
  'freezeLapsed',
  'freezeReleased',
  'returned',
  'interceptedDissuasion',
  'interceptedStopPayment',
  'interceptedBank',
  'lostOutcomes',
  'lostIncidents',
] as const;
export type FundSum = (typeof FUND_SUMS)[number];

export const FUND_COUNTS = [
  'stopsRequested',
  'stopsEffective',
  'stopsRefused',
  'stopClocksInTime',
  'stopClocksEnded',
  'freezesRequested',
  'freezesEffective',
  'freezesWaiting',
  'freezesLapsed',
  'returnsOpen',
  'returnsPaid',
] as const;
export type FundCount = (typeof FUND_COUNTS)[number];

/** What is counted for one row. */
export class FundTally {
  readonly fen = Object.fromEntries(FUND_SUMS.map((sum) => [sum, 0n])) as Record<FundSum, bigint>;
  /** What is stopped and frozen when the figures are read: all that came in less all that went out. */
  readonly balance = { stopped: 0n, frozen: 0n };
  readonly counts = Object.fromEntries(FUND_COUNTS.map((count) => [count, 0])) as Record<FundCount, number>;
}
