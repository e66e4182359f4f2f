import type { Group, Kind, SealedPart } from '../alert/alert.js';
import type { RiskLevel } from '../organization/risk.js';

/** A signal as it is understood: checked, normalised, nothing unknown left in it. */
export interface Signal {
  source: string;
  sourceRef: string;
  detectedAt: Date;
  kind: Kind;
  riskLevel: RiskLevel;
  fraudType: string;
  divisionCode: string | null;
  group: Group;
  amountAtRiskFen: number | null;
  /** What gets sealed. */
  personal: SealedPart;
}

/**
 * What makes two messages of one source reference the same: everything but the reference itself. Written the same way
 * for equal content, whatever order or notation it came in.
 */
export function contentOf(signal: Signal): string {
  const { subject, suspect, summary } = signal.personal;
  return JSON.stringify([
    signal.detectedAt.getTime(),
    signal.kind,
    signal.riskLevel,
    signal.fraudType,
    signal.divisionCode,
    signal.group,
    signal.amountAtRiskFen,
    [subject.name, subject.phone, subject.idNumber, subject.address],
    suspect ? [suspect.phone, suspect.account, suspect.app, suspect.url] : null,
    summary,
  ]);
}
