import type { Agency } from '../organization/agency.js';
import { newId } from '../platform/clock/id.js';
import { statement, type Tx } from '../platform/database/database.js';

const INSERT = statement(
  'audit_entry.insert',
  `INSERT INTO audit_entry (id, at, action, actor_id, actor_name, agency_id, agency_path, object_kind, object_id,
     request_id, address, data)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12)`,
);

/** Where a request came from. */
export interface Origin {
  readonly requestId?: string;
  readonly address?: string;
}

/** As much of a caller as the log keeps. */
export interface AuditCaller extends Origin {
  readonly id: string | null;
  readonly name?: string;
  readonly agency: Agency;
}

export interface AuditFact {
  /** What was done, as `thing.done`, e.g. `user.locked`. */
  action: string;
  /** Who did it; null where nobody was recognised, as with a failed sign-in. */
  caller: AuditCaller | null;
  /** Whom it concerns, where that is not the caller's own agency. */
  agency?: Agency;
  objectKind?: string;
  objectId?: string;
  /** What there is to know about it; never personal data, passwords or keys. */
  data?: Record<string, unknown>;
  /** Where nobody was recognised: where the request came from. */
  origin?: Origin;
}

/** Adds a line to the audit log, in the transaction of what it tells. */
export async function recordAudit(tx: Tx, fact: AuditFact): Promise<void> {
  const { caller } = fact;
  const agency = fact.agency ?? caller?.agency;
  const origin = caller ?? fact.origin;
  await tx.run(INSERT, [
    newId(tx.now),
    tx.now,
    fact.action,
    caller?.id ?? null,
    caller?.name ?? null,
    agency?.id ?? null,
    agency?.path ?? '',
    fact.objectKind ?? null,
    fact.objectId ?? null,
    origin?.requestId ?? null,
    origin?.address ?? null,
    JSON.stringify(fact.data ?? {}),
  ]);
}
