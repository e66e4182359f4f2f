import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import { exactFen } from './fen.rules.js';
import { FUND_COUNTS, FUND_SUMS, FundTally } from './fund.tally.js';
import { rateOf, type Rate } from './rate.rules.js';
import type { ReportScope } from './report.scope.js';

/** The row of what agencies did that are in no other row: those above the tier. No agency has this id. */
export const OWN_ROW = 0;

/** Everything that a row of the funds report says. */
export interface FundsFigures {
  stoppedFen: number;
  stopReleasedFen: { expired: number; toPayer: number; toHolder: number; toFreeze: number; total: number };
  frozenFen: number;
  freezeReleasedFen: { lapsed: number; released: number; total: number };
  returnedFen: number;
  interceptedFen: { dissuasion: number; stopPayment: number; bank: number; total: number };
  lostFen: { outcomes: number; incidents: number };
  balanceFen: { stopped: number; frozen: number };
  stops: { requested: number; effective: number; refused: number };
  stopOnTimeRate: Rate;
  freezes: { requested: number; effective: number; waiting: number; lapsed: number };
  returns: { open: number; paid: number };
}

/** A scope whose rows have every agency below the parent, and the parent itself: in `OWN_ROW`. */
export function withOwnRow(scope: ReportScope, organization: OrganizationSnapshot): ReportScope {
  const placed = new Set(scope.members.map(({ agencyId }) => agencyId));
  const own = organization.subtree(scope.parent).filter(({ id }) => !placed.has(id));
  return { ...scope, members: [...scope.members, ...own.map(({ id }) => ({ agencyId: id, rowId: OWN_ROW }))] };
}

/** All rows together: no agency is in two of them. */
export function sumOf(tallies: Iterable<FundTally>): FundTally {
  const total = new FundTally();
  for (const { fen, balance, counts } of tallies) {
    for (const sum of FUND_SUMS) total.fen[sum] += fen[sum];
    for (const count of FUND_COUNTS) total.counts[count] += counts[count];
    total.balance.stopped += balance.stopped;
    total.balance.frozen += balance.frozen;
  }
  return total;
}

/** @throws Problem `amount-too-large` */
export function fundsFiguresOf({ fen, balance, counts }: FundTally): FundsFigures {
  const { stopExpired, stopToPayer, stopToHolder, stopToFreeze, freezeLapsed, freezeReleased } = fen;
  const { interceptedDissuasion, interceptedStopPayment, interceptedBank } = fen;
  return {
    stoppedFen: exactFen(fen.stopped),
    stopReleasedFen: {
      expired: exactFen(stopExpired),
      toPayer: exactFen(stopToPayer),
      toHolder: exactFen(stopToHolder),
      toFreeze: exactFen(stopToFreeze),
      total: exactFen(stopExpired + stopToPayer + stopToHolder + stopToFreeze),
    },
    frozenFen: exactFen(fen.frozen),
    freezeReleasedFen: {
      lapsed: exactFen(freezeLapsed),
      released: exactFen(freezeReleased),
      total: exactFen(freezeLapsed + freezeReleased),
    },
    returnedFen: exactFen(fen.returned),
    interceptedFen: {
      dissuasion: exactFen(interceptedDissuasion),
      stopPayment: exactFen(interceptedStopPayment),
      bank: exactFen(interceptedBank),
      total: exactFen(interceptedDissuasion + interceptedStopPayment + interceptedBank),
    },
    lostFen: { outcomes: exactFen(fen.lostOutcomes), incidents: exactFen(fen.lostIncidents) },
    balanceFen: { stopped: exactFen(balance.stopped), frozen: exactFen(balance.frozen) },
    stops: { requested: counts.stopsRequested, effective: counts.stopsEffective, refused: counts.stopsRefused },
    stopOnTimeRate: rateOf(counts.stopClocksInTime, counts.stopClocksEnded),
    freezes: {
      requested: counts.freezesRequested,
      effective: counts.freezesEffective,
      waiting: counts.freezesWaiting,
      lapsed: counts.freezesLapsed,
    },
    returns: { open: counts.returnsOpen, paid: counts.returnsPaid },
  };
}
