import { EntitySchema } from 'typeorm';
import type { Attempt, Outcome } from './outcome.store.js';

export const AttemptEntity = new EntitySchema<Attempt>({
  name: 'Attempt',
  tableName: 'attempt',
  columns: {
    id: { type: 'uuid', primary: true },
    alertId: { type: 'uuid', name: 'alert_id' },
    agencyId: { type: 'integer', name: 'agency_id' },
    hop: { type: 'smallint' },
    method: { type: 'text' },
    at: { type: 'timestamptz', precision: 3 },
    reached: { type: 'boolean' },
    participantKinds: { type: 'text', array: true, name: 'participant_kinds' },
    sealed: { type: 'bytea', nullable: true },
    recordedAt: { type: 'timestamptz', precision: 3, name: 'recorded_at' },
    recordedBy: { type: 'uuid', name: 'recorded_by', nullable: true },
  },
});

export const OutcomeEntity = new EntitySchema<Outcome>({
  name: 'Outcome',
  tableName: 'outcome',
  columns: {
    id: { type: 'uuid', primary: true },
    alertId: { type: 'uuid', name: 'alert_id' },
    agencyId: { type: 'integer', name: 'agency_id' },
    hop: { type: 'smallint' },
    result: { type: 'text' },
    interceptedFen: { type: 'bigint', name: 'intercepted_fen' },
    interceptedBasis: { type: 'text', name: 'intercepted_basis', nullable: true },
    lossFen: { type: 'bigint', name: 'loss_fen' },
    stoppedTransfer: { type: 'boolean', name: 'stopped_transfer', nullable: true },
    submittedAt: { type: 'timestamptz', precision: 3, name: 'submitted_at' },
    submittedBy: { type: 'uuid', name: 'submitted_by', nullable: true },
    reviewByTier: { type: 'text', name: 'review_by_tier', nullable: true },
    decision: { type: 'text', nullable: true },
    decidedAt: { type: 'timestamptz', precision: 3, name: 'decided_at', nullable: true },
    decidedBy: { type: 'uuid', name: 'decided_by', nullable: true },
    voidedAt: { type: 'timestamptz', precision: 3, name: 'voided_at', nullable: true },
  },
});
