import type { FiguresAnswer, RateAnswer } from '../report/figures.dto.js';
import type { BanksAnswer, FundsFiguresAnswer } from '../report/funds-report.dto.js';
import type { MoneyCell } from './money.recount.js';
import type { Cell } from './recount.cell.js';
import { quotient } from './report.comparison.js';
import type { Findings } from './verify.result.js';

type Inhabitants = { population: number; year: number } | undefined;

/** Compares values of one row, and counts how many. */
class Comparison {
  compared = 0;

  constructor(
    private readonly where: string,
    private readonly findings: Findings,
  ) {}

  same(field: string, expected: unknown, found: unknown): void {
    this.compared += 1;
    this.findings.compare(this.where, field, expected, found);
  }

  rate(field: string, numerator: bigint | number, denominator: bigint | number, found: RateAnswer | undefined): void {
    this.same(`${field}.numerator`, numerator, found?.numerator);
    this.same(`${field}.denominator`, denominator, found?.denominator);
    this.same(`${field}.rate`, quotient(numerator, denominator), found?.rate);
  }
}

/**
 * Compares incidents and money of a row of the tier report with their recount.
 * @returns how many values were compared
 */
export function compareMoney(
  where: string,
  reported: FiguresAnswer,
  recounted: MoneyCell,
  inhabitants: Inhabitants,
  findings: Findings,
): number {
  const comparison = new Comparison(where, findings);
  const { incidentsYoY, incidentsMoM, per10k, returnShare } = reported;
  const incidents = recounted.count('incidents');
  comparison.same('incidents', incidents, reported.incidents);
  comparison.same('incidentLossFen', recounted.sum('incidentLoss'), reported.incidentLossFen);
  for (const [field, change, base] of [
    ['incidentsYoY', incidentsYoY, recounted.count('incidentsYearBefore')],
    ['incidentsMoM', incidentsMoM, recounted.count('incidentsDaysBefore')],
  ] as const) {
    const whole = quotient(incidents, base);
    comparison.same(
      `${field}.change`,
      whole === null ? null : Math.round(whole * 10_000 - 10_000) / 10_000,
      change?.change,
    );
    comparison.same(`${field}.count`, incidents, change?.count);
    comparison.same(`${field}.base`, base, change?.base);
  }
  comparison.same('per10k.numerator', incidents, per10k?.numerator);
  comparison.same('per10k.denominator', (inhabitants?.population ?? 0) / 10_000, per10k?.denominator);
  comparison.same('per10k.year', inhabitants?.year, per10k?.year);
  comparison.same('per10k.rate', quotient(incidents * 10_000, inhabitants?.population ?? 0), per10k?.rate);
  const [stopped, frozen, returned] = [recounted.sum('stopped'), recounted.sum('frozen'), recounted.sum('returned')];
  comparison.same('stoppedFen', stopped, reported.stoppedFen);
  comparison.same('frozenFen', frozen, reported.frozenFen);
  comparison.same('controlledFen', recounted.controlled, reported.controlledFen);
  comparison.rate('stopRate', stopped, recounted.sum('incidentLoss'), reported.stopRate ?? undefined);
  comparison.same('returnedFen', returned, reported.returnedFen);
  comparison.same('victimsReturned', recounted.persons.size, reported.victimsReturned);
  comparison.rate('returnShare.flow', returned, frozen, returnShare?.flow);
  comparison.rate('returnShare.stock', recounted.sum('returnedEver'), recounted.sum('frozenEver'), returnShare?.stock);
  return comparison.compared;
}

/**
 * Compares a row of the funds report.
 * @param outcomes the recount of its approved outcomes, less that of others where the row is what they leave
 * @param ever the period holds all: of money released from a freeze only the sum of all time can be found without the ledger,
 *   because a payment taken back after the freeze leaves no other trace
 * @returns how many values were compared
 */
export function compareFunds(
  where: string,
  reported: FundsFiguresAnswer,
  recounted: MoneyCell,
  outcomes: readonly [Cell, less?: Cell],
  ever: boolean,
  findings: Findings,
): number {
  const comparison = new Comparison(where, findings);
  const [cell, less] = outcomes;
  const ofOutcomes = (field: string): bigint => cell.sum(field) - (less?.sum(field) ?? 0n);
  const sum = (...fields: string[]): bigint => fields.reduce((all, field) => all + recounted.sum(field), 0n);
  const fen: [field: string, expected: bigint, found: number][] = [
    ['stoppedFen', sum('stopped'), reported.stoppedFen],
    ['stopReleasedFen.expired', sum('stopExpired'), reported.stopReleasedFen.expired],
    ['stopReleasedFen.toPayer', sum('stopToPayer'), reported.stopReleasedFen.toPayer],
    ['stopReleasedFen.toHolder', sum('stopToHolder'), reported.stopReleasedFen.toHolder],
    ['stopReleasedFen.toFreeze', sum('stopToFreeze'), reported.stopReleasedFen.toFreeze],
    [
      'stopReleasedFen.total',
      sum('stopExpired', 'stopToPayer', 'stopToHolder', 'stopToFreeze'),
      reported.stopReleasedFen.total,
    ],
    ['frozenFen', sum('frozen'), reported.frozenFen],
    ['returnedFen', sum('returned'), reported.returnedFen],
    ['interceptedFen.dissuasion', ofOutcomes('interceptedFen.dissuasion'), reported.interceptedFen.dissuasion],
    ['interceptedFen.stopPayment', sum('interceptedStopPayment'), reported.interceptedFen.stopPayment],
    ['interceptedFen.bank', ofOutcomes('interceptedFen.bank'), reported.interceptedFen.bank],
    [
      'interceptedFen.total',
      ofOutcomes('interceptedFen.dissuasion') + ofOutcomes('interceptedFen.bank') + sum('interceptedStopPayment'),
      reported.interceptedFen.total,
    ],
    ['lostFen.outcomes', ofOutcomes('lossFen'), reported.lostFen.outcomes],
    ['lostFen.incidents', sum('incidentLoss'), reported.lostFen.incidents],
    ['balanceFen.stopped', sum('balanceStopped'), reported.balanceFen.stopped],
    ['balanceFen.frozen', sum('balanceFrozen'), reported.balanceFen.frozen],
  ];
  if (ever) {
    const { lapsed, released, total } = reported.freezeReleasedFen;
    fen.push(
      ['freezeReleasedFen.lapsed', sum('freezeLapsedEver'), lapsed],
      ['freezeReleasedFen.released', sum('freezeReleasedEver'), released],
      ['freezeReleasedFen.total', sum('freezeLapsedEver', 'freezeReleasedEver'), total],
    );
  }
  for (const [field, expected, found] of fen) comparison.same(field, expected, found);
  const { stops, freezes, returns } = reported;
  for (const [field, expected, found] of [
    ['stops.requested', 'stopsRequested', stops.requested],
    ['stops.effective', 'stopsEffective', stops.effective],
    ['stops.refused', 'stopsRefused', stops.refused],
    ['freezes.requested', 'freezesRequested', freezes.requested],
    ['freezes.effective', 'freezesEffective', freezes.effective],
    ['freezes.waiting', 'freezesWaiting', freezes.waiting],
    ['freezes.lapsed', 'freezesLapsed', freezes.lapsed],
    ['returns.open', 'returnsOpen', returns.open],
    ['returns.paid', 'returnsPaid', returns.paid],
  ] as const)
    comparison.same(field, recounted.count(expected), found);
  const clocks = [recounted.count('stopClocksInTime'), recounted.count('stopClocksEnded')] as const;
  comparison.rate('stopOnTimeRate', ...clocks, reported.stopOnTimeRate);
  return comparison.compared;
}

/** Compares what is told by bank. @returns how many values were compared */
export function compareBanks(where: string, { top, others }: BanksAnswer, cell: MoneyCell, findings: Findings): number {
  const comparison = new Comparison(where, findings);
  const banks = new Map([...cell.banks].filter(([, { stopped, frozen }]) => stopped + frozen > 0n));
  comparison.same('banks', banks.size, top.length + others.banks);
  for (const { bank, stoppedFen, frozenFen } of top) {
    comparison.same(`stopped at ${bank}`, banks.get(bank)?.stopped, stoppedFen);
    comparison.same(`frozen at ${bank}`, banks.get(bank)?.frozen, frozenFen);
  }
  const rest = (kind: 'stopped' | 'frozen', told: 'stoppedFen' | 'frozenFen'): bigint =>
    top.reduce((left, bank) => left - BigInt(bank[told]), cell.sum(kind));
  comparison.same('stopped at other banks', rest('stopped', 'stoppedFen'), others.stoppedFen);
  comparison.same('frozen at other banks', rest('frozen', 'frozenFen'), others.frozenFen);
  return comparison.compared;
}
