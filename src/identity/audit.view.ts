import { firstIdAt, isId } from '../platform/clock/id.js';
import type { Tx } from '../platform/database/database.js';
import { AuditEntryEntity, type AuditEntry } from './audit-entry.entity.js';

export interface AuditFilter {
  /** The subtree whose lines are wanted; undefined for all. */
  path?: string;
  /** Whole, or ending in a dot for all that begin so. */
  action?: string;
  /** Name or id. */
  actor?: string;
  /** Moments from `start`, before `end`. */
  start?: Date;
  end?: Date;
}

const SLACK_MS = 60_000;

/** Lines, the newest first, before one of them. */
export async function listAudit(
  tx: Tx,
  filter: AuditFilter,
  before: string | undefined,
  limit: number,
): Promise<AuditEntry[]> {
  const query = select(tx, filter).orderBy('a.id', 'DESC').take(limit);
  if (before !== undefined) query.andWhere('a.id < :before', { before });
  return query.getMany();
}

export async function countAudit(tx: Tx, filter: AuditFilter): Promise<number> {
  return select(tx, filter).getCount();
}

function select(tx: Tx, { path, action, actor, start, end }: AuditFilter) {
  const query = tx.manager.createQueryBuilder(AuditEntryEntity, 'a').where('true');
  // A path holds letters, digits, hyphens and slashes: nothing that LIKE reads as a pattern.
  if (path !== undefined)
    query.andWhere(`(a.agencyPath = :path OR a.agencyPath LIKE :below)`, { path, below: `${path}/%` });
  if (action?.endsWith('.')) query.andWhere('starts_with(a.action, :action)', { action });
  else if (action !== undefined) query.andWhere('a.action = :action', { action });
  if (actor !== undefined) query.andWhere(isId(actor) ? 'a.actorId = :actor' : 'a.actorName = :actor', { actor });
  // The list is read along its ids, which begin with their moment, give or take a little: they cut what is looked at.
  if (start) query.andWhere('a.at >= :start AND a.id >= :first', { start, first: firstIdAt(later(start, -SLACK_MS)) });
  if (end) query.andWhere('a.at < :end AND a.id < :last', { end, last: firstIdAt(later(end, SLACK_MS)) });
  return query;
}

function later(moment: Date, milliseconds: number): Date {
  return new Date(moment.getTime() + milliseconds);
}
