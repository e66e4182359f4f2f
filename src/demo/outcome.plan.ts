import type { Result } from '../alert/alert.js';
import type { RiskLevel } from '../organization/risk.js';
import type { OutcomeBody } from '../outcome/outcome.dto.js';
import type { Random } from '../simulation/random.js';
import { yuanInFen } from '../simulation/lures.js';

/** What comes of cases in which the person was spoken to, by how often. */
export const RESULTS_AT_THE_DOOR: readonly (readonly [Result, number])[] = [
  ['dissuaded', 80],
  ['false-alarm', 8],
  ['already-defrauded', 6],
  ['partial-loss', 2.5],
  ['refused', 2],
  ['defrauded-after-warning', 1.5],
];
export const RESULTS_BY_TELEPHONE: readonly (readonly [Result, number])[] = [
  ['dissuaded', 83],
  ['false-alarm', 13],
  ['already-defrauded', 2],
  ['partial-loss', 0.8],
  ['refused', 0.7],
  ['defrauded-after-warning', 0.5],
];

/** In how many dissuaded cases money was about to go. */
const SAVES: Readonly<Record<RiskLevel, number>> = { urgent: 0.08, high: 0.015, medium: 0.002, low: 0 };

const BASES: readonly (readonly [NonNullable<OutcomeBody['interceptedBasis']>, number])[] = [
  ['transfer-cancelled', 4],
  ['balance-protected', 3],
  ['bank-blocked', 2],
  ['transfer-recalled', 1],
  ['victim-statement', 1],
];

const NOTES: Readonly<Record<Result, readonly string[]>> = {
  dissuaded: ['当事人已识破骗局,未转账', '劝阻成功,已下载国家反诈中心 App', '已劝停,涉诈 App 已卸载'],
  'partial-loss': ['发现时已转出一笔,后续转账已拦停'],
  'already-defrauded': ['预警前已转账,已引导报案'],
  'defrauded-after-warning': ['劝阻后仍私下转账,已引导报案'],
  'false-alarm': ['系正常网购,误报', '本人为该平台员工,误报'],
  unreachable: ['多次电话未接,上门未遇'],
  refused: ['当事人拒不配合,已通知家属和社区'],
};

/** What an officer reports. @param atRiskFen what the source saw at risk, fen */
export function outcomeOf(result: Result, riskLevel: RiskLevel, random: Random, atRiskFen?: number): OutcomeBody {
  const amount = (median: number): number => yuanInFen(random.lognormal(median, 0.9));
  const body = { result, interceptedFen: 0, lossFen: 0, note: random.pick(NOTES[result]) };
  if (result === 'already-defrauded' || result === 'defrauded-after-warning')
    return { ...body, lossFen: amount(9_000) };
  const saved = result === 'partial-loss' || (result === 'dissuaded' && random.chance(SAVES[riskLevel]));
  if (!saved) return body;
  const interceptedFen = result === 'dissuaded' && atRiskFen !== undefined ? atRiskFen : amount(6_000);
  const interceptedBasis = random.weighted(BASES);
  const stoppedTransfer = interceptedBasis.startsWith('transfer');
  const lossFen = result === 'partial-loss' ? amount(4_000) : 0;
  return { ...body, interceptedFen, interceptedBasis, stoppedTransfer, lossFen };
}
