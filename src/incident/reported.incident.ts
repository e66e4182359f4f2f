import type { SealedIncident, SealedTransfer, VictimKind } from './incident.js';

/** A payment of the victim as it was reported. */
export interface ReportedTransfer extends SealedTransfer {
  at: Date;
  amountFen: number;
}

/** An incident as it is understood: checked, normalised, nothing unknown left in it. */
export interface ReportedIncident {
  source: string;
  sourceRef: string;
  reportedAt: Date;
  divisionCode: string | null;
  fraudType: string;
  victimKind: VictimKind;
  lossFen: number;
  transfers: readonly ReportedTransfer[];
  /** What gets sealed. */
  personal: SealedIncident;
}

/** What repeats and persons are found by. */
export interface IncidentDigests {
  contentHash: Buffer;
  phoneIx: Buffer | null;
  identityIx: Buffer | null;
}

/**
 * What makes two messages of one source reference the same: everything but the reference itself. Written the same way
 * for equal content, whatever order or notation it came in.
 */
export function contentOf(incident: ReportedIncident): string {
  const { victim, summary } = incident.personal;
  return JSON.stringify([
    incident.reportedAt.getTime(),
    incident.divisionCode,
    incident.fraudType,
    incident.victimKind,
    [victim.name, victim.phone, victim.idNumber, victim.creditCode],
    incident.lossFen,
    incident.transfers.map(({ at, amountFen, fromAccount, toAccount, toBank, toName }) => [
      at.getTime(),
      amountFen,
      fromAccount,
      toAccount,
      toBank,
      toName,
    ]),
    summary,
  ]);
}
