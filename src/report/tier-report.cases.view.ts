import { Injectable } from '@nestjs/common';
import type { Alert, Result } from '../alert/alert.js';
import { ALERT_FIELDS } from '../alert/alert.entity.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { caseLines, foldedLines, type Slice } from './case.facts.js';
import { HELD, passesSql, type Indicator } from './indicators.js';
import type { ReportScope } from './report.scope.js';
import { attemptsIn, heldIn, outcomesIn } from './tier-report.view.js';
import { Values } from './values.js';

const ALERTS = statement('report.alerts', `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE id = ANY($1::uuid[])`);

/** What an indicator counted: a case, a signal, an attempt or an outcome. */
export interface CountedItem {
  /** The case, or the case that a signal joined. */
  alertId: string;
  /** Id of what was counted; the case's own where it is the case. */
  itemId: string;
  /** Who did it; null where the case itself is counted. */
  agencyId: number | null;
  at: Date | null;
  tenths: number | null;
  method: string | null;
  reached: boolean | null;
  result: Result | null;
  amountFen: number | null;
}

/** Where a page ended. */
export interface Position {
  alertId: string;
  itemId: string;
}

type Lists = Exclude<Indicator, { list: 'attempts' } | { list: 'outcomes' } | { list: 'held' }>;

const NOTHING_ELSE = `NULL::int AS "agencyId", NULL::timestamptz AS at, NULL::text AS method, NULL::boolean AS reached, NULL::text AS result, NULL::bigint AS "amountFen"`;
const FIRST_SLICE = 400;
/** Where few pass, the whole cohort is read in a few slices. */
const SLICE_GROWTH = 8;

/** Finds what stands behind each number of the tier report, newest first, by the tests that counted it. */
@Injectable()
export class TierReportCasesView {
  async items(
    tx: Tx,
    scope: ReportScope,
    indicator: Indicator,
    after: Position | undefined,
    limit: number,
  ): Promise<CountedItem[]> {
    if (scope.rows.length === 0) return [];
    switch (indicator.list) {
      case 'cases':
      case 'signals':
      case 'durations':
        return this.ofCohort(tx, scope, indicator, after, limit);
      case 'attempts':
      case 'outcomes':
      case 'held':
        return this.direct(tx, scope, indicator, after, limit);
    }
  }

  /** How many items there are: the number itself, or of a sum or a percentile how many went into it. */
  async count(tx: Tx, scope: ReportScope, indicator: Indicator): Promise<number> {
    if (scope.rows.length === 0) return 0;
    const values = new Values();
    const text =
      indicator.list === 'attempts' || indicator.list === 'outcomes' || indicator.list === 'held'
        ? `SELECT count(*) AS total FROM (${directSql(scope, indicator, values)}) items`
        : `${itemsOfCohort(scope, indicator, values)} SELECT count(*) AS total FROM items`;
    const [row] = await tx.adHoc<{ total: number }>(text, values.list);
    return row!.total;
  }

  /** Alerts by id, in no order. */
  async alerts(tx: Tx, ids: readonly string[]): Promise<Map<string, Alert>> {
    const alerts = await tx.rows<Alert>(ALERTS, [[...new Set(ids)]]);
    return new Map(alerts.map((alert) => [alert.id, alert]));
  }

  /** Reads the cohort in slices, newest first, until the page is full: the work is bounded by the page where many pass. */
  private async ofCohort(
    tx: Tx,
    scope: ReportScope,
    indicator: Lists,
    after: Position | undefined,
    limit: number,
  ): Promise<CountedItem[]> {
    const found: CountedItem[] = [];
    let slice: Slice = { start: after && { alertId: after.alertId, included: true }, atLeast: FIRST_SLICE };
    for (;;) {
      const { items, lines, last } = await this.ofSlice(tx, scope, indicator, slice, after, limit - found.length);
      found.push(...items);
      if (found.length === limit || last === null || lines < slice.atLeast) return found;
      slice = { start: { alertId: last, included: false }, atLeast: slice.atLeast * SLICE_GROWTH };
    }
  }

  /** What a slice has for the page; how many lines it read, and the last alert among them. */
  private async ofSlice(
    tx: Tx,
    scope: ReportScope,
    indicator: Lists,
    slice: Slice,
    after: Position | undefined,
    limit: number,
  ): Promise<{ items: CountedItem[]; lines: number; last: string | null }> {
    const values = new Values();
    const items = itemsOfCohort(scope, indicator, values, slice);
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

  private async direct(
    tx: Tx,
    scope: ReportScope,
    indicator: Exclude<Indicator, Lists>,
    after: Position | undefined,
    limit: number,
  ): Promise<CountedItem[]> {
    const values = new Values();
    const items = directSql(scope, indicator, values);
    const later = after ? `"itemId" < ${values.add(after.itemId)}::uuid` : 'true';
    return tx.adHoc(
      `SELECT * FROM (${items}) items WHERE ${later} ORDER BY "itemId" DESC LIMIT ${values.add(limit)}`,
      values.list,
    );
  }
}

/** `WITH … items`: what of the cohort passes; over several rows each case once. */
function itemsOfCohort(scope: ReportScope, indicator: Lists, values: Values, slice?: Slice): string {
  const lines = caseLines(scope, values, slice);
  const each = scope.rows.length > 1 ? `(${foldedLines('lines')}) AS line` : 'lines AS line';
  return `${lines}, items AS (${selectItems(indicator, each)})`;
}

function selectItems(indicator: Lists, each: string): string {
  const own = (tenths: string, where: string): string =>
    `SELECT line.alert_id AS "alertId", line.alert_id AS "itemId", ${tenths} AS tenths, ${NOTHING_ELSE} FROM ${each} WHERE ${where}`;
  switch (indicator.list) {
    case 'cases':
      return own('NULL::int', passesSql('line.flags', indicator.test));
    case 'durations':
      return own(`line.${indicator.duration}_tenths`, `line.${indicator.duration}_tenths IS NOT NULL`);
    case 'signals':
      return `${own('NULL::int', 'true')}
        UNION ALL SELECT line.alert_id, signal.id, NULL::int, ${NOTHING_ELSE} FROM ${each} JOIN alert signal ON signal.merged_into = line.alert_id`;
  }
}

/** What does not hang on a cohort: acts of the period, and cases held now. */
function directSql(scope: ReportScope, indicator: Exclude<Indicator, Lists>, values: Values): string {
  switch (indicator.list) {
    case 'attempts':
      return `SELECT t.alert_id AS "alertId", t.id AS "itemId", NULL::int AS tenths, t.agency_id AS "agencyId", t.at, t.method, t.reached,
          NULL::text AS result, NULL::bigint AS "amountFen"
        FROM ${attemptsIn(scope, values)} AND ${indicator.where}`;
    case 'outcomes':
      return `SELECT o.alert_id AS "alertId", o.id AS "itemId", NULL::int AS tenths, o.agency_id AS "agencyId", o.decided_at AS at,
          NULL::text AS method, NULL::boolean AS reached, o.result, ${indicator.amount} AS "amountFen"
        FROM ${outcomesIn(scope, values)} AND ${indicator.where}`;
    case 'held':
      return `SELECT a.id AS "alertId", a.id AS "itemId", NULL::int AS tenths, ${NOTHING_ELSE}
        FROM ${heldIn(scope, values)} AND ${HELD[indicator.field](() => `${values.add(scope.asOf)}::timestamptz`)}`;
  }
}
