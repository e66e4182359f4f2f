/** 警情: somebody reports having been defrauded (spec page 4, "Incident"). */
export interface Incident {
  id: string;
  incidentNo: string;
  cityId: number;
  source: string;
  sourceRef: string;
  /** Of what was handed in: tells a repeat from a conflict. */
  contentHash: Buffer;
  reportedAt: Date;
  receivedAt: Date;
  divisionCode: string | null;
  fraudType: string;
  victimKind: VictimKind;
  phoneIx: Buffer | null;
  /** Of the identity number, or of an organisation's credit code. */
  identityIx: Buffer | null;
  /** `SealedIncident`, bound to `incidentContext`. */
  sealed: Buffer;
  lossFen: number;
  status: IncidentStatus;
  /** 案号, once it is filed. */
  caseNo: string | null;
  /** 立案. */
  filedAt: Date | null;
  filedBy: string | null;
  /** The accepting agency: it holds the incident. */
  agencyId: number;
  /** The agency that it was reported to: whose figures it counts in, wherever it goes later. */
  creditedId: number;
  /** Every agency that holds it or held it. */
  heldBy: number[];
  /** By when the first stop-payment is to be asked for. */
  stopDueAt: Date;
  /** When the first stop-payment was asked for. */
  stopMetAt: Date | null;
  version: number;
  eventSeq: number;
  eventHash: Buffer;
}

export const VICTIM_KINDS = ['person', 'organisation'] as const;
export type VictimKind = (typeof VICTIM_KINDS)[number];

/** Of incidents that outcomes and follow-ups of alerts start. */
export const OWN_SOURCE = 'sanji';

export const INCIDENT_STATUSES = ['reported', 'filed'] as const;
export type IncidentStatus = (typeof INCIDENT_STATUSES)[number];

export interface SealedIncident {
  victim: { name?: string; phone?: string; idNumber?: string; creditCode?: string };
  summary?: string;
}

/** One payment of the victim, numbered from 1 as it was reported. */
export interface Transfer {
  incidentId: string;
  no: number;
  at: Date;
  amountFen: number;
  fromIx: Buffer | null;
  toIx: Buffer | null;
  /** `SealedTransfer`, bound to `transferContext`. */
  sealed: Buffer;
}

/** How an alert came to be linked: by its person, or because what came of it is the incident. */
export type LinkedHow = 'person' | 'outcome' | 'follow-up';

/** An incident and a warning of the same person. */
export interface IncidentLink {
  incidentId: string;
  alertId: string;
  how: LinkedHow;
  /** Of `person`: somebody had been given the alert when it was linked, so that the fraud is a failure of the warning. */
  warned: boolean;
  linkedAt: Date;
}

export interface SealedTransfer {
  fromAccount?: string;
  toAccount?: string;
  toBank?: string;
  toName?: string;
}

export function incidentContext(incidentId: string): string {
  return `incident:${incidentId}`;
}

export function transferContext(incidentId: string, no: number): string {
  return `incident_transfer:${incidentId}:${no}`;
}

/** Fields of a row, in the order of the interface. */
export const INCIDENT_FIELDS = [
  'id',
  'incidentNo',
  'cityId',
  'source',
  'sourceRef',
  'contentHash',
  'reportedAt',
  'receivedAt',
  'divisionCode',
  'fraudType',
  'victimKind',
  'phoneIx',
  'identityIx',
  'sealed',
  'lossFen',
  'status',
  'caseNo',
  'filedAt',
  'filedBy',
  'agencyId',
  'creditedId',
  'heldBy',
  'stopDueAt',
  'stopMetAt',
  'version',
  'eventSeq',
  'eventHash',
] as const satisfies readonly (keyof Incident)[];
