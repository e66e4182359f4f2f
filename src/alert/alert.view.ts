import { Injectable } from '@nestjs/common';
import { firstIdAt } from '../platform/clock/id.js';
import { columns } from '../platform/database/columns.js';
import { Conditions } from '../platform/database/conditions.js';
import { statement, type Tx } from '../platform/database/database.js';
import { OPEN_STATUSES, type Alert } from './alert.js';
import { ALERT_FIELDS } from './alert.entity.js';

const OPEN = OPEN_STATUSES.map((status) => `'${status}'`).join(', ');

const GET = statement('alert.get', `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE id = $1`);
const SIGNALS = statement(
  'alert.signals',
  `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE merged_into = $1 AND id > $2 ORDER BY id LIMIT $3`,
);
// Each signal is looked up by itself through its index. On a young database, without statistics, the planner would read all
// cases of the city for every batch, and keep to it: LIMIT and OFFSET hinder it from joining the sets, `+ 0` from taking the
// city's index.
const BY_REFERENCE = statement(
  'alert.by-reference',
  `SELECT i.ord::int AS ord, ${columns(ALERT_FIELDS, 'a')}
   FROM unnest($2::text[], $3::text[]) WITH ORDINALITY AS i(source, source_ref, ord) CROSS JOIN LATERAL (
     SELECT * FROM alert WHERE source_ref = i.source_ref AND source = i.source AND city_id + 0 = $1 LIMIT 1
   ) a`,
);
const PERSON_FIELDS = ['id', 'phoneIx', 'identityIx', 'status', 'split', 'endedAt'] as const;
const OF_PERSON = `SELECT ${columns(PERSON_FIELDS)} FROM alert WHERE city_id + 0 = $1 AND status <> 'merged'`;
const OF_PERSONS = statement(
  'alert.of-persons',
  `SELECT a.* FROM unnest($2::bytea[]) AS p(ix) CROSS JOIN LATERAL (${OF_PERSON} AND phone_ix = p.ix OFFSET 0) a
   UNION
   SELECT a.* FROM unnest($3::bytea[]) AS p(ix) CROSS JOIN LATERAL (${OF_PERSON} AND identity_ix = p.ix OFFSET 0) a
   ORDER BY id`,
);

/** An alert of a person, as far as merging must know it. */
export type AlertOfPerson = Pick<Alert, (typeof PERSON_FIELDS)[number]>;

/** What a list asks for, with every name resolved to ids. */
export interface AlertFilter {
  /** Cases of the whole city, of one agency and those below it, or of a feed's sources. */
  scope: { cityId: number } | { agencyId: number } | { cityId: number; sources: readonly string[] };
  /** The agency and all below it: whose open cases `sort=dueAt` walks. */
  subtree: readonly number[];
  holders?: readonly number[];
  statuses?: readonly string[];
  equal: Partial<
    Pick<Alert, 'kind' | 'riskLevel' | 'fraudType' | 'source' | 'urged' | 'visitRequired' | 'alertNo' | 'phoneIx'>
  >;
  overdueAt?: { moment: Date; overdue: boolean };
  receivedFrom?: Date;
  /** Exclusive. */
  receivedBefore?: Date;
}

const EQUAL_COLUMNS: Record<keyof AlertFilter['equal'], string> = {
  kind: 'kind',
  riskLevel: 'risk_level',
  fraudType: 'fraud_type',
  source: 'source',
  urged: 'urged',
  visitRequired: 'visit_required',
  alertNo: 'alert_no',
  phoneIx: 'phone_ix',
};

/** Reads of `alert`. */
@Injectable()
export class AlertView {
  async find(tx: Tx, id: string): Promise<Alert | undefined> {
    return tx.row<Alert>(GET, [id]);
  }

  /** Signals that joined an alert, in order of arrival. */
  async signals(tx: Tx, id: string, afterId: string, limit: number): Promise<Alert[]> {
    return tx.rows<Alert>(SIGNALS, [id, afterId, limit]);
  }

  /** Stored alerts of source references; `ord` counts from 1 in the order asked. */
  async byReference(tx: Tx, cityId: number, sources: string[], refs: string[]): Promise<(Alert & { ord: number })[]> {
    return tx.rows(BY_REFERENCE, [cityId, sources, refs]);
  }

  /** Every alert of persons, oldest first. */
  async ofPersons(tx: Tx, cityId: number, phones: Buffer[], identities: Buffer[]): Promise<AlertOfPerson[]> {
    return tx.rows(OF_PERSONS, [cityId, phones, identities]);
  }

  /** Newest first: by id, which carries the moment of receipt. */
  async newest(tx: Tx, filter: AlertFilter, beforeId: string | undefined, limit: number): Promise<Alert[]> {
    const where = new Conditions();
    const from = scoped(filter, where);
    filtered(filter, where);
    receivedById(filter, where, from.id);
    if (beforeId !== undefined) where.add(`${from.id} < ${where.value(beforeId)}::uuid`);
    return tx.adHoc<Alert>(
      `SELECT ${columns(ALERT_FIELDS, 'a')} FROM ${from.tables} WHERE ${where.toString()} ORDER BY ${from.id} DESC LIMIT ${where.value(limit)}`,
      where.values,
    );
  }

  /**
   * Open cases, the most pressing first; those without a running clock last. Walks the city's worklist index, or that of
   * each holder and merges the heads, so that its work is bounded by the page, not by how many cases are stored.
   */
  async pressing(
    tx: Tx,
    filter: AlertFilter,
    after: { due: string; id: string } | undefined,
    limit: number,
  ): Promise<Alert[]> {
    const where = new Conditions();
    const due = `coalesce(a.next_due_at, 'infinity')`;
    const wholeCity = 'cityId' in filter.scope && !filter.holders;
    if (wholeCity) scoped(filter, where);
    const holders = wholeCity ? '' : where.value(filter.holders ?? filter.subtree);
    if (!wholeCity) where.add(`a.holder_id = h.id`);
    where.add(`a.status IN (${OPEN})`);
    filtered(filter, where);
    if (after) where.add(`(${due}, a.id) > (${where.value(after.due)}::timestamptz, ${where.value(after.id)}::uuid)`);
    const most = where.value(limit);
    if (wholeCity) {
      return tx.adHoc<Alert>(
        `SELECT ${columns(ALERT_FIELDS, 'a')} FROM alert a WHERE ${where.toString()} ORDER BY a.city_id, ${due}, a.id LIMIT ${most}`,
        where.values,
      );
    }
    return tx.adHoc<Alert>(
      `SELECT ${columns(ALERT_FIELDS, 'a')} FROM unnest(${holders}::int[]) AS h(id) CROSS JOIN LATERAL (
         SELECT a.* FROM alert a WHERE ${where.toString()} ORDER BY a.holder_id, ${due}, a.id LIMIT ${most}
       ) a ORDER BY ${due}, a.id LIMIT ${most}`,
      where.values,
    );
  }

  async count(tx: Tx, filter: AlertFilter, openOnly: boolean): Promise<number> {
    const where = new Conditions();
    let tables = 'alert a';
    if (openOnly) {
      where.add(`a.holder_id = ANY(${where.value(filter.holders ?? filter.subtree)}::int[]) AND a.status IN (${OPEN})`);
    } else {
      tables = scoped(filter, where).tables;
    }
    filtered(filter, where);
    const [row] = await tx.adHoc<{ total: number }>(
      `SELECT count(*) AS total FROM ${tables} WHERE ${where.toString()}`,
      where.values,
    );
    return row!.total;
  }
}

/** Which cases the caller's agency may see, and the column that orders them; a feed's sources are a filter on top. */
function scoped({ scope, holders }: AlertFilter, where: Conditions): { tables: string; id: string } {
  if ('agencyId' in scope) {
    // The first hop of a case to an agency is its entry in what the agency sees. What one agency below holds is all among
    // that agency's own entries, which are fewer.
    const entries = holders?.length === 1 ? holders[0] : scope.agencyId;
    where.add(`f.agency_id = ${where.value(entries)} AND f.first_here`);
    return { tables: 'assignment f JOIN alert a ON a.id = f.alert_id', id: 'f.alert_id' };
  }
  where.add(`a.city_id = ${where.value(scope.cityId)}`);
  return { tables: 'alert a', id: 'a.id' };
}

/** Ids carry the moment of receipt, so that a range of days is a range of the index that orders the list. */
function receivedById({ receivedFrom, receivedBefore }: AlertFilter, where: Conditions, id: string): void {
  const margin = 1_000;
  if (receivedFrom) where.add(`${id} >= ${where.value(firstIdAt(new Date(receivedFrom.getTime() - margin)))}::uuid`);
  if (receivedBefore) where.add(`${id} < ${where.value(firstIdAt(new Date(receivedBefore.getTime() + margin)))}::uuid`);
}

function filtered(filter: AlertFilter, where: Conditions): void {
  if ('sources' in filter.scope) where.add(`a.source = ANY(${where.value(filter.scope.sources)}::text[])`);
  if (filter.holders) where.add(`a.holder_id = ANY(${where.value(filter.holders)}::int[])`);
  if (filter.statuses?.length === 0) where.add('false');
  else if (filter.statuses) where.add(`a.status = ANY(${where.value(filter.statuses)}::text[])`);
  for (const [field, value] of Object.entries(filter.equal)) {
    if (value !== undefined)
      where.add(`a.${EQUAL_COLUMNS[field as keyof AlertFilter['equal']]} = ${where.value(value)}`);
  }
  if (filter.overdueAt) {
    const late = `a.status IN (${OPEN}) AND a.next_due_at <= ${where.value(filter.overdueAt.moment)}`;
    where.add(filter.overdueAt.overdue ? late : `(${late}) IS NOT TRUE`);
  }
  if (filter.receivedFrom) where.add(`a.received_at >= ${where.value(filter.receivedFrom)}`);
  if (filter.receivedBefore) where.add(`a.received_at < ${where.value(filter.receivedBefore)}`);
}
