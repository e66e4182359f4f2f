import { EntitySchema } from 'typeorm';
import type { PolicyVersion } from './policy.snapshot.js';

export const PolicyEntity = new EntitySchema<PolicyVersion>({
  name: 'Policy',
  tableName: 'policy',
  columns: {
    cityId: { type: 'integer', name: 'city_id', primary: true },
    kind: { type: 'text', primary: true },
    effectiveFrom: { type: 'timestamptz', precision: 3, name: 'valid_from', primary: true },
    document: { type: 'json' },
    setBy: { type: 'uuid', name: 'set_by', nullable: true },
    setAt: { type: 'timestamptz', precision: 3, name: 'set_at' },
  },
});
