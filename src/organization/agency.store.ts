import { Injectable } from '@nestjs/common';
import { statement, type Tx } from '../platform/database/database.js';
import type { Agency } from './agency.js';
import type { AgencyDraft } from './agency.rules.js';

const INSERT = statement(
  'agency.insert',
  `INSERT INTO agency (code, name, tier, kind, parent_id, city_id, path, created_at, updated_at)
   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $8)
   RETURNING id, active, version`,
);
const UPDATE = statement(
  'agency.update',
  `UPDATE agency SET name = $3, kind = $4, active = $5, updated_at = $6, version = version + 1
   WHERE id = $1 AND version = $2`,
);
const ADD_AREAS = statement(
  'agency.addAreas',
  `INSERT INTO agency_area (division_code, tier, agency_id) SELECT unnest($1::text[]), $2, $3`,
);
const REMOVE_AREAS = statement(
  'agency.removeAreas',
  `DELETE FROM agency_area WHERE agency_id = $1 AND division_code = ANY ($2::text[])`,
);

/** Every statement that changes an agency or what it covers, but for the seed's. */
@Injectable()
export class AgencyStore {
  /** @throws the database's error on agency_code_uq where the code is taken */
  async insert(tx: Tx, parent: Agency, draft: AgencyDraft): Promise<Agency> {
    const path = `${parent.path}/${draft.code}`;
    const { code, name, tier, kind } = draft;
    const values = [code, name, tier, kind, parent.id, parent.cityId, path, tx.now];
    const row = await tx.row<Pick<Agency, 'id' | 'active' | 'version'>>(INSERT, values);
    return { ...row!, code, name, tier, kind, parentId: parent.id, cityId: parent.cityId, path };
  }

  /** @returns whether the agency still was at its version: if not, nothing changed */
  async update(tx: Tx, agency: Agency): Promise<boolean> {
    const { id, version, name, kind, active } = agency;
    return (await tx.run(UPDATE, [id, version, name, kind, active, tx.now])) === 1;
  }

  /** @throws the database's error on agency_area_pk where another agency of the tier covers one of them */
  async addAreas(tx: Tx, agency: Agency, areas: readonly string[]): Promise<void> {
    if (areas.length > 0) await tx.run(ADD_AREAS, [areas, agency.tier, agency.id]);
  }

  async removeAreas(tx: Tx, agency: Agency, areas: readonly string[]): Promise<void> {
    if (areas.length > 0) await tx.run(REMOVE_AREAS, [agency.id, areas]);
  }
}
