import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import type { ElementType } from '../platform/database/binary-column.js';
import { snake } from '../platform/database/columns.js';
import type { Alert } from './alert.js';

const text: EntitySchemaColumnOptions = { type: 'text' };
const uuid: EntitySchemaColumnOptions = { type: 'uuid' };
const int: EntitySchemaColumnOptions = { type: 'integer' };
const small: EntitySchemaColumnOptions = { type: 'smallint' };
const fen: EntitySchemaColumnOptions = { type: 'bigint' };
const bool: EntitySchemaColumnOptions = { type: 'boolean' };
const bytes: EntitySchemaColumnOptions = { type: 'bytea' };
const moment: EntitySchemaColumnOptions = { type: 'timestamptz', precision: 3 };
const optional = (column: EntitySchemaColumnOptions): EntitySchemaColumnOptions => ({ ...column, nullable: true });

const columns: Record<keyof Alert, EntitySchemaColumnOptions> = {
  id: { ...uuid, primary: true },
  alertNo: text,
  cityId: int,
  source: text,
  sourceRef: text,
  contentHash: bytes,
  kind: text,
  riskLevel: text,
  fraudType: text,
  divisionCode: optional(text),
  subjectGroup: text,
  phoneIx: bytes,
  identityIx: optional(bytes),
  sealed: bytes,
  amountAtRiskFen: optional(fen),
  detectedAt: moment,
  receivedAt: moment,
  status: text,
  holderId: optional(int),
  heldBy: { type: 'integer', array: true },
  hop: small,
  returns: small,
  escalated: bool,
  visitRequired: bool,
  urged: bool,
  result: optional(text),
  endedAt: optional(moment),
  mergedInto: optional(uuid),
  split: bool,
  previousAlerts: int,
  defraudedAfterWarning: bool,
  clocksStartedAt: optional(moment),
  acceptDueAt: optional(moment),
  callDueAt: optional(moment),
  callMetAt: optional(moment),
  callMetBy: optional(int),
  visitDueAt: optional(moment),
  visitMetAt: optional(moment),
  visitMetBy: optional(int),
  feedbackDueAt: optional(moment),
  feedbackMetAt: optional(moment),
  feedbackMetBy: optional(int),
  nextDueAt: optional(moment),
  acceptLimit: optional(int),
  acceptStage: small,
  callLimit: optional(int),
  callStage: small,
  visitLimit: optional(int),
  visitStage: small,
  feedbackLimit: optional(int),
  feedbackStage: small,
  nextStageAt: optional(moment),
  smsAttempts: int,
  callAttempts: int,
  visitAttempts: int,
  version: int,
  eventSeq: int,
  eventHash: bytes,
};

export const AlertEntity = new EntitySchema<Alert>({
  name: 'Alert',
  tableName: 'alert',
  columns: Object.fromEntries(
    Object.entries(columns).map(([name, column]) => [name, { ...column, name: snake(name) }]),
  ) as Record<keyof Alert, EntitySchemaColumnOptions>,
});

/** Every field of a row, in the order of the interface. */
export const ALERT_FIELDS = Object.keys(columns) as (keyof Alert)[];

/** Type of each field, for arrays handed to unnest. Not of `heldBy`, which is an array itself. */
export function alertElementType(field: keyof Alert): ElementType {
  return columns[field].type as ElementType;
}
