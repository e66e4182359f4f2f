/** 低 · 中 · 高 · 紧急, the least first. */
export const RISK_LEVELS = ['low', 'medium', 'high', 'urgent'] as const;
export type RiskLevel = (typeof RISK_LEVELS)[number];

/** 0 for `low` … 3 for `urgent`. */
export function riskOrder(level: RiskLevel): number {
  return RISK_LEVELS.indexOf(level);
}

/** The higher of two levels: what becomes of an alert that another signal joins. */
export function higherRisk(a: RiskLevel, b: RiskLevel): RiskLevel {
  return riskOrder(a) >= riskOrder(b) ? a : b;
}
