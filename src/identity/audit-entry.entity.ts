import { EntitySchema } from 'typeorm';

/** One row of `audit_entry`. Added, never changed: the database refuses it. */
export interface AuditEntry {
  readonly id: string;
  readonly at: Date;
  /** What was done, as `thing.done`, e.g. `user.locked`. */
  readonly action: string;
  /** User or API key; null for the system, and where nobody was recognised. */
  readonly actorId: string | null;
  readonly actorName: string | null;
  /** Whom it concerns: that agency's auditors, and those above it, read the line. */
  readonly agencyId: number | null;
  /** Of that agency; empty where the line concerns none. */
  readonly agencyPath: string;
  readonly objectKind: string | null;
  readonly objectId: string | null;
  readonly requestId: string | null;
  readonly address: string | null;
  readonly data: Record<string, unknown>;
}

export const AuditEntryEntity = new EntitySchema<AuditEntry>({
  name: 'AuditEntry',
  tableName: 'audit_entry',
  columns: {
    id: { type: 'uuid', primary: true },
    at: { type: 'timestamptz', precision: 3 },
    action: { type: 'text' },
    actorId: { type: 'uuid', name: 'actor_id', nullable: true },
    actorName: { type: 'text', name: 'actor_name', nullable: true },
    agencyId: { type: 'integer', name: 'agency_id', nullable: true },
    agencyPath: { type: 'text', name: 'agency_path' },
    objectKind: { type: 'text', name: 'object_kind', nullable: true },
    objectId: { type: 'text', name: 'object_id', nullable: true },
    requestId: { type: 'text', name: 'request_id', nullable: true },
    address: { type: 'text', nullable: true },
    data: { type: 'json' },
  },
});
