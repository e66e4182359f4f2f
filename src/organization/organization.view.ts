import { columns } from '../platform/database/columns.js';
import { session, statement, type Tx } from '../platform/database/database.js';
import type { Agency } from './agency.js';
import type { FraudType } from './fraud-type.js';
import { OrganizationSnapshot, type Area } from './organization.snapshot.js';

/** The organisation is read whole and cut to the caller's share in memory, so it is read as the system. */
export const organizationSession = session({ actor: 'organization', agency_path: '', roles: 'system' });

const AGENCY_COLUMNS = columns([
  'id',
  'code',
  'name',
  'tier',
  'kind',
  'parentId',
  'cityId',
  'path',
  'active',
  'version',
]);
const FRAUD_TYPE_COLUMNS = columns(['code', 'nameZh', 'nameEn', 'listYear', 'mpsRank', 'olderLabels']);

const ALL_AGENCIES = statement('organization.agencies', `SELECT ${AGENCY_COLUMNS} FROM agency`);
const ALL_AREAS = statement(
  'organization.areas',
  `SELECT agency_id AS "agencyId", division_code AS "divisionCode" FROM agency_area`,
);
const ALL_FRAUD_TYPES = statement('organization.fraudTypes', `SELECT ${FRAUD_TYPE_COLUMNS} FROM fraud_type`);
const CITY_AGENCIES = statement('organization.cityAgencies', `SELECT ${AGENCY_COLUMNS} FROM agency WHERE city_id = $1`);
const CITY_AREAS = statement(
  'organization.cityAreas',
  `SELECT area.agency_id AS "agencyId", area.division_code AS "divisionCode"
   FROM agency_area area JOIN agency ON agency.id = area.agency_id WHERE agency.city_id = $1`,
);
const LOCK_CITY = statement('organization.lockCity', `SELECT id FROM agency WHERE id = $1 FOR NO KEY UPDATE`);

/** Everything, as committed now. */
export async function readOrganization(tx: Tx): Promise<OrganizationSnapshot> {
  const [agencies, areas, fraudTypes] = await Promise.all([
    tx.rows<Agency>(ALL_AGENCIES),
    tx.rows<Area>(ALL_AREAS),
    tx.rows<FraudType>(ALL_FRAUD_TYPES),
  ]);
  return new OrganizationSnapshot(agencies, areas, fraudTypes);
}

/** One city's agencies and areas, as this transaction sees them. */
export async function readCityOrganization(tx: Tx, cityId: number): Promise<OrganizationSnapshot> {
  const [agencies, areas] = await Promise.all([
    tx.rows<Agency>(CITY_AGENCIES, [cityId]),
    tx.rows<Area>(CITY_AREAS, [cityId]),
  ]);
  return new OrganizationSnapshot(agencies, areas, []);
}

/** One city's agencies, held still until the transaction ends: rules over several agencies are decided on this. */
export async function lockCityOrganization(tx: Tx, cityId: number): Promise<OrganizationSnapshot> {
  await tx.run(LOCK_CITY, [cityId]);
  tx.restamp();
  return readCityOrganization(tx, cityId);
}
