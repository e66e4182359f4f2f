import { EntitySchema } from 'typeorm';
import type { EventRow } from './event.js';

export const EventEntity = new EntitySchema<EventRow & { tx: string }>({
  name: 'Event',
  tableName: 'event',
  columns: {
    caseId: { type: 'uuid', name: 'case_id', primary: true },
    seq: { type: 'integer', primary: true },
    at: { type: 'timestamptz', precision: 3 },
    type: { type: 'text' },
    actorId: { type: 'uuid', name: 'actor_id', nullable: true },
    agencyId: { type: 'integer', name: 'agency_id', nullable: true },
    data: { type: 'text' },
    noteDigest: { type: 'bytea', name: 'note_digest', nullable: true },
    hash: { type: 'bytea' },
    /** Filled in by the database: see docs/decisions/one-order-of-events.md. */
    tx: { type: 'bigint', insert: false, update: false },
  },
});
