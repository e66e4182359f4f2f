import { EntitySchema } from 'typeorm';
import type { Agency, Tier } from './agency.js';
import type { Area } from './organization.snapshot.js';

/** One row of `agency`. */
export interface AgencyRow extends Agency {
  readonly createdAt: Date;
  readonly updatedAt: Date;
}

/** One row of `agency_area`; the tier repeats the agency's, so that a division has one agency of each tier. */
export interface AgencyAreaRow extends Area {
  readonly tier: Tier;
}

export const AgencyEntity = new EntitySchema<AgencyRow>({
  name: 'Agency',
  tableName: 'agency',
  columns: {
    id: { type: 'integer', primary: true },
    code: { type: 'text' },
    name: { type: 'text' },
    tier: { type: 'text' },
    kind: { type: 'text' },
    parentId: { type: 'integer', name: 'parent_id', nullable: true },
    cityId: { type: 'integer', name: 'city_id' },
    path: { type: 'text' },
    active: { type: 'boolean', default: true },
    createdAt: { type: 'timestamptz', precision: 3, name: 'created_at' },
    updatedAt: { type: 'timestamptz', precision: 3, name: 'updated_at' },
    version: { type: 'integer', default: 1 },
  },
});

export const AgencyAreaEntity = new EntitySchema<AgencyAreaRow>({
  name: 'AgencyArea',
  tableName: 'agency_area',
  columns: {
    divisionCode: { type: 'text', name: 'division_code', primary: true },
    tier: { type: 'text', primary: true },
    agencyId: { type: 'integer', name: 'agency_id' },
  },
});
