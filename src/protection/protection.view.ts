import { Injectable } from '@nestjs/common';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { PROTECTION_FIELDS, type Protection } from './protection.js';

const CASE = statement(
  'protection.case',
  `SELECT alert_id AS "alertId", agency_id AS "agencyId" FROM protection WHERE id = $1`,
);
const LIST = statement(
  'protection.list',
  `SELECT ${columns(PROTECTION_FIELDS)} FROM protection WHERE alert_id = $1 AND id > $2 ORDER BY id LIMIT $3`,
);
const COUNT = statement('protection.count', `SELECT count(*) AS total FROM protection WHERE alert_id = $1`);

/** Reads of `protection`. */
@Injectable()
export class ProtectionView {
  /** The alert that one belongs to, and the agency that put it in place: neither ever changes. */
  async caseOf(tx: Tx, id: string): Promise<Pick<Protection, 'alertId' | 'agencyId'> | undefined> {
    return tx.row(CASE, [id]);
  }

  /** Of an alert, the oldest first. */
  async list(tx: Tx, alertId: string, afterId: string, limit: number): Promise<Protection[]> {
    return tx.rows<Protection>(LIST, [alertId, afterId, limit]);
  }

  async count(tx: Tx, alertId: string): Promise<number> {
    return (await tx.row<{ total: number }>(COUNT, [alertId]))!.total;
  }
}
