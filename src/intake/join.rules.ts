import type { Alert } from '../alert/alert.js';
import { raiseClocks } from '../alert/clock.rules.js';
import type { Policies } from '../organization/policy.js';
import { higherRisk } from '../organization/risk.js';

/**
 * A signal joins an open alert: the level becomes the higher of the two, the amount at risk the larger; with the level
 * the clocks.
 * @returns the facts for the alert's timeline
 */
export function joinSignals(target: Alert, signal: Alert, policies: Policies, now: Date): Record<string, unknown> {
  const before = { riskLevel: target.riskLevel, amountAtRiskFen: target.amountAtRiskFen };
  target.riskLevel = higherRisk(target.riskLevel, signal.riskLevel);
  if (signal.amountAtRiskFen !== null)
    target.amountAtRiskFen = Math.max(target.amountAtRiskFen ?? 0, signal.amountAtRiskFen);
  const riskRaised = target.riskLevel !== before.riskLevel;
  if (riskRaised) {
    target.visitRequired ||= policies.ladder.needed[target.riskLevel] === 'visit';
    raiseClocks(target, target.riskLevel, policies.clocks, now);
  }
  const after = { riskLevel: target.riskLevel, amountAtRiskFen: target.amountAtRiskFen };
  const changed = riskRaised || before.amountAtRiskFen !== after.amountAtRiskFen;
  return {
    signal: signal.id,
    signalNo: signal.alertNo,
    riskLevel: target.riskLevel,
    riskRaised,
    ...(changed ? { before, after } : {}),
  };
}
