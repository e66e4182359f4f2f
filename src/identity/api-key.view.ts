import type { Tx } from '../platform/database/database.js';
import { ApiKeyEntity, type ApiKey } from './api-key.entity.js';

export interface ApiKeyFilter {
  /** Agencies whose keys are wanted; undefined for all. */
  agencyIds?: readonly number[];
  revoked?: boolean;
}

/** Keys, the newest first, before one of them. */
export async function listKeys(
  tx: Tx,
  filter: ApiKeyFilter,
  before: string | undefined,
  limit: number,
): Promise<ApiKey[]> {
  const query = select(tx, filter).orderBy('k.id', 'DESC').take(limit);
  if (before !== undefined) query.andWhere('k.id < :before', { before });
  return query.getMany();
}

export async function countKeys(tx: Tx, filter: ApiKeyFilter): Promise<number> {
  return select(tx, filter).getCount();
}

function select(tx: Tx, { agencyIds, revoked }: ApiKeyFilter) {
  const query = tx.manager.createQueryBuilder(ApiKeyEntity, 'k').where('true');
  if (agencyIds) query.andWhere('k.agencyId = ANY (:agencyIds)', { agencyIds });
  if (revoked !== undefined) query.andWhere(revoked ? 'k.revokedAt IS NOT NULL' : 'k.revokedAt IS NULL');
  return query;
}
