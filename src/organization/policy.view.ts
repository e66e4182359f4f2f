import { statement, type Tx } from '../platform/database/database.js';
import { PolicySnapshot, type PolicyVersion } from './policy.snapshot.js';

const POLICY_COLUMNS = `city_id AS "cityId", kind, valid_from AS "effectiveFrom", document, set_by AS "setBy", set_at AS "setAt"`;
const ALL = statement('policy.all', `SELECT ${POLICY_COLUMNS} FROM policy`);
const OF_CITY = statement('policy.ofCity', `SELECT ${POLICY_COLUMNS} FROM policy WHERE city_id = $1`);

export async function readPolicies(tx: Tx): Promise<PolicySnapshot> {
  return new PolicySnapshot(await tx.rows<PolicyVersion>(ALL));
}

export async function readCityPolicies(tx: Tx, cityId: number): Promise<PolicySnapshot> {
  return new PolicySnapshot(await tx.rows<PolicyVersion>(OF_CITY, [cityId]));
}
