import { Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import { ALERT_FIELDS } from '../alert/alert.entity.js';
import { INCIDENT_FIELDS, type Incident } from '../incident/incident.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { caseLines, foldedLines, type Slice } from './case.facts.js';
import type { CountedItem, Opening, Position } from './counted.item.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

const ALERTS = statement('report.alerts', `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE id = ANY($1::uuid[])`);
const INCIDENTS = statement(
  'report.incidents',
  `SELECT ${columns(INCIDENT_FIELDS)} FROM incident WHERE id = ANY($1::uuid[])`,
);
const ACCOUNTS = statement('report.accounts', `SELECT id, sealed FROM fund_account WHERE id = ANY($1::uuid[])`);

type OfCohort = Extract<Opening, { of: 'cohort' }>;
type OfActs = Extract<Opening, { of: 'acts' }>;

const FIRST_SLICE = 400;
/** Where few pass, the whole cohort is read in a few slices. */
const SLICE_GROWTH = 8;

/** Finds what stands behind each number of the reports, newest first, by the conditions that counted it. */
@Injectable()
export class CountedView {
  async items(
    tx: Tx,
    scope: ReportScope,
    opening: Opening,
    after: Position | undefined,
    limit: number,
  ): Promise<CountedItem[]> {
    if (scope.members.length === 0) return [];
    return opening.of === 'cohort'
      ? this.ofCohort(tx, scope, opening, after, limit)
      : this.ofActs(tx, scope, opening, after, limit);
  }

  /** How many items there are: the number itself, or of a sum or a percentile how many went into it. */
  async count(tx: Tx, scope: ReportScope, opening: Opening): Promise<number> {
    if (scope.members.length === 0) return 0;
    const values = new Values();
    const text =
      opening.of === 'cohort'
        ? `${itemsOfCohort(scope, opening, values)} SELECT count(*) AS total FROM items`
        : `SELECT count(*) AS total FROM (${opening.select(scope, values)}) items`;
    const [row] = await tx.adHoc<{ total: number }>(text, values.list);
    return row!.total;
  }

  /** Alerts by id, in no order. */
  async alerts(tx: Tx, ids: readonly string[]): Promise<Map<string, Alert>> {
    return ids.length === 0 ? new Map() : byId(await tx.rows<Alert>(ALERTS, [[...new Set(ids)]]));
  }

  async incidents(tx: Tx, ids: readonly string[]): Promise<Map<string, Incident>> {
    return ids.length === 0 ? new Map() : byId(await tx.rows<Incident>(INCIDENTS, [[...new Set(ids)]]));
  }

  /** Sealed numbers of accounts. */
  async accounts(tx: Tx, ids: readonly string[]): Promise<Map<string, { id: string; sealed: Buffer }>> {
    return ids.length === 0 ? new Map() : byId(await tx.rows(ACCOUNTS, [[...new Set(ids)]]));
  }

  /** Reads the cohort in slices, newest first, until the page is full: the work is bounded by the page where many pass. */
  private async ofCohort(
    tx: Tx,
    scope: ReportScope,
    opening: OfCohort,
    after: Position | undefined,
    limit: number,
  ): Promise<CountedItem[]> {
    const found: CountedItem[] = [];
    let slice: Slice = { start: after && { alertId: after.alertId!, included: true }, atLeast: FIRST_SLICE };
    for (;;) {
      const { items, lines, last } = await this.ofSlice(tx, scope, opening, slice, after, limit - found.length);
      found.push(...items);
      if (found.length === limit || last === null || lines < slice.atLeast) return found;
      slice = { start: { alertId: last, included: false }, atLeast: slice.atLeast * SLICE_GROWTH };
    }
  }

  /** What a slice has for the page; how many lines it read, and the last alert among them. */
  private async ofSlice(
    tx: Tx,
    scope: ReportScope,
    opening: OfCohort,
    slice: Slice,
    after: Position | undefined,
    limit: number,
  ): Promise<{ items: CountedItem[]; lines: number; last: string | null }> {
    const values = new Values();
    const items = itemsOfCohort(scope, opening, values, slice);
    const later = after
      ? `("alertId" < ${values.add(after.alertId)}::uuid OR "itemId" > ${values.add(after.itemId)}::uuid)`
      : 'true';
    const rows = await tx.adHoc<CountedItem & { lines: number; last: string | null }>(
      `${items} SELECT slice.*, page.*
       FROM (SELECT count(*) AS lines, (array_agg(alert_id ORDER BY alert_id))[1] AS last FROM cohort) slice
       LEFT JOIN (
         SELECT * FROM items WHERE ${later} ORDER BY "alertId" DESC, "itemId" LIMIT ${values.add(limit)}
       ) page ON true
       ORDER BY page."alertId" DESC, page."itemId"`,
      values.list,
    );
    const { lines, last } = rows[0]!;
    return { items: rows.filter(({ itemId }) => itemId !== null), lines, last };
  }

  private async ofActs(
    tx: Tx,
    scope: ReportScope,
    opening: OfActs,
    after: Position | undefined,
    limit: number,
  ): Promise<CountedItem[]> {
    const values = new Values();
    const items = opening.select(scope, values);
    const later = after
      ? `("itemId", part) < (${values.add(after.itemId)}::uuid, ${values.add(after.part)}::int)`
      : 'true';
    return tx.adHoc(
      `SELECT * FROM (${items}) items WHERE ${later} ORDER BY "itemId" DESC, part DESC LIMIT ${values.add(limit)}`,
      values.list,
    );
  }
}

/** `WITH … items`: what of the cohort passes; over several rows each case once. */
function itemsOfCohort(scope: ReportScope, { select }: OfCohort, values: Values, slice?: Slice): string {
  const lines = caseLines(scope, values, slice);
  const each = scope.rows.length > 1 ? `(${foldedLines('lines')}) AS l` : 'lines AS l';
  return `${lines}, items AS (${select(each, scope, values)})`;
}

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
