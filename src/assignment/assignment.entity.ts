import { EntitySchema } from 'typeorm';
import type { Assignment } from './assignment.js';

export const AssignmentEntity = new EntitySchema<Assignment>({
  name: 'Assignment',
  tableName: 'assignment',
  columns: {
    alertId: { type: 'uuid', name: 'alert_id', primary: true },
    hop: { type: 'smallint', primary: true },
    agencyId: { type: 'integer', name: 'agency_id' },
    how: { type: 'text' },
    reason: { type: 'text', nullable: true },
    firstHere: { type: 'boolean', name: 'first_here' },
    assignedAt: { type: 'timestamptz', precision: 3, name: 'assigned_at' },
    assignedBy: { type: 'uuid', name: 'assigned_by', nullable: true },
    acceptDueAt: { type: 'timestamptz', precision: 3, name: 'accept_due_at', nullable: true },
    acceptedAt: { type: 'timestamptz', precision: 3, name: 'accepted_at', nullable: true },
    acceptedBy: { type: 'uuid', name: 'accepted_by', nullable: true },
    endedAt: { type: 'timestamptz', precision: 3, name: 'ended_at', nullable: true },
    endedHow: { type: 'text', name: 'ended_how', nullable: true },
    returnReason: { type: 'text', name: 'return_reason', nullable: true },
  },
});
