import { Injectable } from '@nestjs/common';
import type { Alert } from '../alert/alert.js';
import { ALERT_FIELDS } from '../alert/alert.entity.js';
import { INCIDENT_FIELDS, type Incident } from '../incident/incident.js';
import type { EntryKind } from '../ledger/ledger.js';
import { columns } from '../platform/database/columns.js';
import { statement, type Tx } from '../platform/database/database.js';
import { attemptsIn, followUpsIn, heldIn, outcomesIn, OVERDUE_AT, urgesIn } from './act.facts.js';
import { caseLines, foldedLines, type Slice } from './case.facts.js';
import { HELD, passesSql, type Indicator } from './indicators.js';
import { actedEver, actedIn, controlling, entriesOf, incidentsOf, reportedIn } from './money.facts.js';
import type { MoneyIndicator } from './money.indicators.js';
import { moneyApplies } from './money.rules.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

const ALERTS = statement('report.alerts', `SELECT ${columns(ALERT_FIELDS)} FROM alert WHERE id = ANY($1::uuid[])`);
const INCIDENTS = statement(
  'report.incidents',
  `SELECT ${columns(INCIDENT_FIELDS)} FROM incident WHERE id = ANY($1::uuid[])`,
);
const ACCOUNTS = statement('report.accounts', `SELECT id, sealed FROM fund_account WHERE id = ANY($1::uuid[])`);

/** What an indicator counted: a case, a signal, an attempt, an outcome, an urge, a follow-up, an incident or a movement of money. */
export interface CountedItem {
  /** The case, or the case that a signal joined; null where it is of an incident. */
  alertId: string | null;
  incidentId: string | null;
  /** Id of what was counted; the case's own where it is the case. */
  itemId: string;
  /** Who did it, or had to; null where the case itself is counted. */
  agencyId: number | null;
  at: Date | null;
  dueAt: Date | null;
  doneAt: Date | null;
  tenths: number | null;
  method: string | null;
  reached: boolean | null;
  result: string | null;
  amountFen: number | null;
  /** Of a movement of money: what it was, and the account. */
  entryKind: EntryKind | null;
  accountId: string | null;
}

/** Where a page ended. */
export interface Position {
  alertId: string | null;
  itemId: string;
}

/** Those of the cohort; the others are found directly. */
type Lists = Extract<Indicator, { list: 'cases' | 'signals' | 'durations' }>;

const COLUMNS = {
  incidentId: 'uuid',
  agencyId: 'int',
  at: 'timestamptz',
  dueAt: 'timestamptz',
  doneAt: 'timestamptz',
  tenths: 'int',
  method: 'text',
  reached: 'boolean',
  result: 'text',
  amountFen: 'bigint',
  entryKind: 'text',
  accountId: 'uuid',
} as const satisfies Partial<Record<keyof CountedItem, string>>;

/** The columns of an item, always the same ones: those that are not given are null. */
function item(alertId: string, itemId: string, given: Partial<Record<keyof typeof COLUMNS, string>> = {}): string {
  const others = Object.entries(COLUMNS).map(
    ([column, type]) => `${given[column as keyof typeof COLUMNS] ?? `NULL::${type}`} AS "${column}"`,
  );
  return [`SELECT ${alertId} AS "alertId"`, `${itemId} AS "itemId"`, ...others].join(', ');
}

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
      default:
        return this.direct(tx, scope, indicator, after, limit);
    }
  }

  /** How many items there are: the number itself, or of a sum or a percentile how many went into it. */
  async count(tx: Tx, scope: ReportScope, indicator: Indicator): Promise<number> {
    if (scope.rows.length === 0) return 0;
    const values = new Values();
    const text =
      indicator.list === 'cases' || indicator.list === 'signals' || indicator.list === 'durations'
        ? `${itemsOfCohort(scope, indicator, values)} SELECT count(*) AS total FROM items`
        : `SELECT count(*) AS total FROM (${directSql(scope, indicator, values)}) items`;
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
    indicator: Lists,
    after: Position | undefined,
    limit: number,
  ): Promise<CountedItem[]> {
    const found: CountedItem[] = [];
    let slice: Slice = { start: after && { alertId: after.alertId!, included: true }, atLeast: FIRST_SLICE };
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
  const own = (where: string, tenths?: string): string =>
    `${item('line.alert_id', 'line.alert_id', tenths === undefined ? {} : { tenths })} FROM ${each} WHERE ${where}`;
  switch (indicator.list) {
    case 'cases':
      return own(passesSql('line.flags', indicator.test));
    case 'durations':
      return own(`line.${indicator.duration}_tenths IS NOT NULL`, `line.${indicator.duration}_tenths`);
    case 'signals':
      return `${own('true')}
        UNION ALL ${item('line.alert_id', 'signal.id')} FROM ${each} JOIN alert signal ON signal.merged_into = line.alert_id`;
  }
}

/** What does not hang on a cohort: acts of the period, and cases held now. */
function directSql(scope: ReportScope, indicator: Exclude<Indicator, Lists>, values: Values): string {
  switch (indicator.list) {
    case 'attempts': {
      const facts = { agencyId: 't.agency_id', at: 't.at', method: 't.method', reached: 't.reached' };
      return `${item('t.alert_id', 't.id', facts)} FROM ${attemptsIn(scope, values)} AND ${indicator.where}`;
    }
    case 'outcomes': {
      const facts = { agencyId: 'o.agency_id', at: 'o.decided_at', result: 'o.result', amountFen: indicator.amount };
      return `${item('o.alert_id', 'o.id', facts)} FROM ${outcomesIn(scope, values)} AND ${indicator.where}`;
    }
    case 'urges': {
      const facts = { agencyId: 'p.agency_id', at: 'u.urged_at', dueAt: 'u.reply_by', doneAt: 'u.replied_at' };
      return `${item('u.alert_id', 'u.id', facts)} FROM ${urgesIn(scope, values)} AND ${indicator.where}`;
    }
    case 'follow-ups': {
      const facts = {
        agencyId: 'f.agency_id',
        at: 'f.due_at',
        dueAt: OVERDUE_AT,
        doneAt: 'f.done_at',
        result: 'f.result',
      };
      return `${item('f.alert_id', 'f.id', facts)} FROM ${followUpsIn(scope, values)} AND ${indicator.where}`;
    }
    case 'intercepted': {
      const outcomes = directSql(scope, { ...indicator, list: 'outcomes' }, values);
      return moneyApplies(scope.filters)
        ? `${outcomes} UNION ALL ${moneySql(scope, { list: 'entries', kind: 'intercepted' }, values)}`
        : outcomes;
    }
    case 'held':
      return `${item('a.id', 'a.id')}
        FROM ${heldIn(scope, values)} AND ${HELD[indicator.field](() => `${values.add(scope.asOf)}::timestamptz`)}`;
    default:
      return moneySql(scope, indicator, values);
  }
}

/** Incidents and the movements of their money. */
function moneySql(scope: ReportScope, indicator: MoneyIndicator, values: Values): string {
  const incident = { incidentId: 'i.id', agencyId: 'i.credited_id', at: 'i.reported_at', amountFen: 'i.loss_fen' };
  const entry = {
    incidentId: 'e.case_id',
    agencyId: 'e.agency_id',
    at: 'e.at',
    amountFen: 'e.amount_fen',
    entryKind: 'e.kind',
    accountId: 'e.account_id',
  };
  const entries = (...kinds: EntryKind[]): string => entriesOf(scope, kinds, values);
  switch (indicator.list) {
    case 'incidents':
      return `${item('NULL::uuid', 'i.id', incident)} FROM ${incidentsOf(scope, values)} AND ${reportedIn(indicator.span, scope, values)}`;
    case 'losses':
      return `${item('NULL::uuid', 'i.id', incident)} FROM ${incidentsOf(scope, values)} AND ${reportedIn('period', scope, values)} AND i.loss_fen > 0`;
    case 'entries': {
      const when = indicator.ever ? actedEver(scope, values) : actedIn(scope, values);
      return `${item('NULL::uuid', 'e.id', entry)} FROM ${entries(indicator.kind)} AND ${when}`;
    }
    case 'controlled':
      return `${item('NULL::uuid', 'e.id', entry)} FROM ${controlling(`${entries('stopped', 'frozen')} AND ${actedIn(scope, values)}`)}`;
    case 'victims':
      return `${item('NULL::uuid', 'e.id', entry)} FROM (
        SELECT DISTINCT ON (c.person_ix) e.* FROM (SELECT e.* FROM ${entries('returned')} AND ${actedIn(scope, values)}) e
          JOIN return_claim c ON c.id = e.origin_id
        ORDER BY c.person_ix, e.at, e.id) e`;
  }
}

function byId<T extends { id: string }>(rows: readonly T[]): Map<string, T> {
  return new Map(rows.map((row) => [row.id, row]));
}
