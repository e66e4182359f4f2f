import type { Result } from '../alert/alert.js';
import { firstIdAt } from '../platform/clock/id.js';
import type { ReportFilters, ReportScope } from './report.scope.js';
import type { Values } from './values.js';

/**
 * What a case counts for in a row of the tier report: one bit for each statement about it. Numbers and the lists behind
 * them are made from these bits and from nothing else, so that they cannot differ.
 * The wording for readers is in indicators.ts; docs/decisions/what-each-indicator-counts.md gives the reasons.
 */
export const BIT = {
  received: 1 << 0,
  acceptDue: 1 << 1,
  acceptOnTime: 1 << 2,
  contactDue: 1 << 3,
  contactOnTime: 1 << 4,
  visitDue: 1 << 5,
  visitOnTime: 1 << 6,
  feedbackDue: 1 << 7,
  feedbackOnTime: 1 << 8,
  visitRequired: 1 << 9,
  /** An agency of the row saw the person. */
  seen: 1 << 10,
  reached: 1 << 11,
  valid: 1 << 12,
  fund: 1 << 13,
  defraudedAfter: 1 << 14,
  returned: 1 << 15,
  // Those above taken together in one row:
  visited: 1 << 16,
  dissuasion: 1 << 17,
  fundValid: 1 << 18,
  fundFailed: 1 << 19,
} as const;

export const RESULT_BIT: Readonly<Record<Result, number>> = {
  dissuaded: 1 << 20,
  'partial-loss': 1 << 21,
  'already-defrauded': 1 << 22,
  'defrauded-after-warning': 1 << 23,
  'false-alarm': 1 << 24,
  unreachable: 1 << 25,
  refused: 1 << 26,
};

/** Bits that follow from others of the same row. */
const TOGETHER: readonly [all: number, then: number][] = [
  [BIT.visitRequired | BIT.seen, BIT.visited],
  [BIT.valid | BIT.reached, BIT.dissuasion],
  [BIT.valid | BIT.fund, BIT.fundValid],
  [BIT.valid | BIT.fund | BIT.defraudedAfter, BIT.fundFailed],
];

const ACCEPT_BITS = BIT.acceptDue | BIT.acceptOnTime;

/** The case clocks: columns of `alert` begin with the name. */
const CLOCKS = [
  { column: 'call', duration: 'contact', due: BIT.contactDue, onTime: BIT.contactOnTime },
  { column: 'visit', duration: 'visit', due: BIT.visitDue, onTime: BIT.visitOnTime },
  { column: 'feedback', duration: 'feedback', due: BIT.feedbackDue, onTime: BIT.feedbackOnTime },
] as const;

/** How long something took; lines carry them in tenths of a minute. */
export const DURATIONS = ['accept', 'contact', 'visit', 'feedback'] as const;
export type Duration = (typeof DURATIONS)[number];

/** A slice of the cohort by descending alert id: lists read as much as their page needs. */
export interface Slice {
  /** Where it begins; undefined: at the newest. */
  start: { alertId: string; included: boolean } | undefined;
  /** So many lines, and all others of the last one's alert. */
  atLeast: number;
}

/** For servers whose clocks differ. */
const ID_MARGIN_MS = 3_600_000;

/** Turns an SQL expression of an agency's id into the one of the row that its work counts in (null or 0: in none). */
type RowOf = (agencyId: string) => string;

/**
 * `WITH … lines`: one line for each case in each row's cohort: row_id, alert_id, hop (whose accept clock the row answers
 * for), shared (the case may be in another row's cohort as well), flags (BIT, RESULT_BIT), `<duration>_tenths`.
 */
export function caseLines(scope: ReportScope, values: Values, slice?: Slice): string {
  const asOf = `${values.add(scope.asOf)}::timestamptz`;
  const rowOf = rowLookup(scope, values);
  const select = factsOf(scope, rowOf, asOf);
  const filters = filterSql(scope.filters, values);
  const [first, last] = [firstIdOf(scope, values), lastIdOf(scope, values)];
  // Each line's facts are found once, whatever is asked of them: hence MATERIALIZED. Nearly all cases were received in
  // the period and are read as a range; the few older ones one by one, so that the work never grows with the history.
  return `WITH cohort AS MATERIALIZED (${cohort(scope, values, asOf, slice)}
  ),
  facts AS MATERIALIZED (${select}
    FROM cohort c JOIN alert a ON a.id = c.alert_id${filters}
    WHERE c.alert_id >= ${first} AND a.id >= ${first} AND a.id <= ${last}
    UNION ALL ${select}
    FROM cohort c CROSS JOIN LATERAL (SELECT * FROM alert a WHERE a.id = c.alert_id${filters} OFFSET 0) a
    WHERE c.alert_id < ${first}
  ),
  lines AS NOT MATERIALIZED (
    SELECT row_id, alert_id, hop, shared, ${DURATION_COLUMNS}, ${FLAGS_TOGETHER} AS flags FROM facts
  )`;
}

/** What the lines of given cases need to know, whichever rows they are in. */
export type RowScope = Pick<ReportScope, 'tier' | 'rows' | 'counties' | 'members' | 'asOf'>;

/**
 * The lines of given cases in every row of a tier, whenever they came there: row_id, alert_id, hop, `entered_at` (what
 * decides in which period's cohort the line is), flags, `<duration>_tenths`.
 */
export function linesOfCases(scope: RowScope, alertIds: readonly string[], values: Values): string {
  const asOf = `${values.add(scope.asOf)}::timestamptz`;
  const rowOf = rowLookup(scope, values);
  const ids = `ANY(${values.add(alertIds)}::uuid[])`;
  const rows = (): string => `ANY(${values.add(scope.rows.map(({ id }) => id))}::int[])`;
  const cohort =
    scope.tier === 'city'
      ? cityCohort(`a.status <> 'merged' AND a.id = ${ids}`, scope, asOf, values)
      : hopCohort(`f.agency_id = ${rows()} AND f.alert_id = ${ids}`, asOf);
  return `WITH cohort AS MATERIALIZED (${cohort}),
  facts AS MATERIALIZED (${factsOf(scope, rowOf, asOf)}
    FROM cohort c JOIN alert a ON a.id = c.alert_id WHERE a.id = ${ids}
  )
  SELECT row_id, alert_id, hop, entered_at, ${DURATION_COLUMNS}, ${FLAGS_TOGETHER} AS flags FROM facts`;
}

const DURATION_COLUMNS = DURATIONS.map((duration) => `${duration}_tenths`).join(', ');
const FLAGS_TOGETHER = [
  'flags',
  ...TOGETHER.map(([all, then]) => `CASE WHEN flags & ${all} = ${all} THEN ${then} ELSE 0 END`),
].join(' | ');

/** Everything about a line, of `cohort c` and its `alert a`. */
function factsOf(scope: RowScope, rowOf: RowOf, asOf: string): string {
  return `
    SELECT c.row_id, c.alert_id, c.hop, c.entered_at, ${sharedSql(scope, rowOf)} AS shared,
      ${flags(scope, rowOf, asOf)} AS flags,
      ${tenths('c.assigned_at', 'c.accepted_at')} AS accept_tenths,
      ${CLOCKS.map(({ column, duration }) => `CASE WHEN ${rowOf(`a.${column}_met_by`)} = c.row_id THEN ${tenths('a.clocks_started_at', `a.${column}_met_at`)} END AS ${duration}_tenths`).join(',\n      ')}`;
}

/** Conditions on alert `a`, each with AND in front. */
export function filterSql({ riskLevel, fraudType, kind, source }: ReportFilters, values: Values): string {
  const asked = { risk_level: riskLevel, fraud_type: fraudType, kind, source };
  return Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => ` AND a.${column} = ${values.add(value)}`)
    .join('');
}

/** One look into an array: this is asked millions of times. */
export function rowLookup({ members }: Pick<ReportScope, 'members'>, values: Values): RowOf {
  const ids = members.map(({ agencyId }) => agencyId);
  const before = Math.min(...ids) - 1;
  const rows = new Array<number>(Math.max(...ids) - before).fill(0);
  for (const { agencyId, rowId } of members) rows[agencyId - before - 1] = rowId;
  const array = values.add(rows);
  return (agencyId) => `(${array}::int[])[${agencyId} - ${before}]`;
}

/**
 * One line for each row of the report that a case belongs to, with the hop whose accept clock the row answers for.
 * A county or township: its own first hop of the case. The city, which has no hops: the first of the counties' first
 * hops whose clock was met or ran out.
 */
function cohort(scope: ReportScope, values: Values, asOf: string, slice: Slice | undefined): string {
  const rows = `ANY(${values.add(scope.rows.map(({ id }) => id))}::int[])`;
  const [start, end] = [scope.start, scope.end].map((moment) => `${values.add(moment)}::timestamptz`);
  const cut = (column: string): string => (slice === undefined ? '' : sliceSql(column, scope, slice, values));
  if (scope.tier !== 'city') {
    return hopCohort(
      `f.agency_id = ${rows} AND f.assigned_at >= ${start} AND f.assigned_at < ${end}${cut('f.alert_id')}`,
      asOf,
    );
  }
  return cityCohort(
    `a.city_id = ${rows} AND a.status <> 'merged' AND a.id >= ${firstIdOf(scope, values)} AND a.id <= ${lastIdOf(scope, values)}
          AND a.received_at >= ${start} AND a.received_at < ${end}${cut('a.id')}`,
    scope,
    asOf,
    values,
  );
}

/** @param where conditions on the agency's own first hop, `assignment f` */
function hopCohort(where: string, asOf: string): string {
  return `
      SELECT f.agency_id AS row_id, f.alert_id, f.hop, f.assigned_at AS entered_at, f.assigned_at, f.accepted_at, f.accept_due_at,
        ${acceptDue('f', asOf)} AS accept_due
      FROM assignment f
      WHERE f.first_here AND ${where}`;
}

/** @param where conditions on `alert a` */
function cityCohort(where: string, { counties }: Pick<ReportScope, 'counties'>, asOf: string, values: Values): string {
  const ids = values.add(counties.map(({ id }) => id));
  return `
      SELECT a.city_id AS row_id, a.id AS alert_id, h.hop, a.received_at AS entered_at, h.assigned_at, h.accepted_at, h.accept_due_at,
        h.hop IS NOT NULL AS accept_due
      FROM (
        SELECT a.city_id, a.id, a.hop, a.received_at FROM alert a
        WHERE ${where}
      ) a
      LEFT JOIN LATERAL (
        SELECT f.hop, f.assigned_at, f.accepted_at, f.accept_due_at FROM assignment f
        WHERE a.hop > 0 AND f.alert_id = a.id AND f.first_here AND f.agency_id = ANY(${ids}::int[]) AND ${acceptDue('f', asOf)}
        ORDER BY f.hop LIMIT 1
      ) h ON true`;
}

function sliceSql(column: string, scope: ReportScope, { start, atLeast }: Slice, values: Values): string {
  const begin = start
    ? `${column} ${start.included ? '<=' : '<'} ${values.add(start.alertId)}::uuid`
    : `${column} <= ${lastIdOf(scope, values)}`;
  return ` AND ${begin} ORDER BY ${column} DESC FETCH FIRST ${values.add(atLeast)} ROWS WITH TIES`;
}

/** Ids carry the moment of receipt: a range of days is a range of the index. */
function firstIdOf({ start }: ReportScope, values: Values): string {
  return `${values.add(firstIdAt(new Date(start.getTime() - ID_MARGIN_MS)))}::uuid`;
}

/** Nothing is assigned before it was received. */
function lastIdOf({ end }: ReportScope, values: Values): string {
  return `${values.add(firstIdAt(new Date(end.getTime() + ID_MARGIN_MS)))}::uuid`;
}

/** The hop's accept clock was met, or ran out while the hop was open. */
function acceptDue(hop: string, asOf: string): string {
  const due = `${hop}.accept_due_at`;
  return `(${due} IS NOT NULL AND (${hop}.accepted_at IS NOT NULL OR ${due} <= least(${asOf}, ${hop}.ended_at)))`;
}

/** How an agency of the row reached the person, if at all. Looked up only where the alert itself does not tell. */
function reach(rowOf: RowOf): string {
  return `CASE WHEN ${rowOf('a.visit_met_by')} = c.row_id THEN ${BIT.seen | BIT.reached}
        WHEN a.call_attempts + a.visit_attempts + a.sms_attempts > 0 THEN coalesce((
          SELECT bit_or(CASE t.method WHEN 'visit' THEN ${BIT.seen | BIT.reached} ELSE ${BIT.reached} END) FROM attempt t
          WHERE t.alert_id = a.id AND t.reached AND ${rowOf('t.agency_id')} = c.row_id
        ), 0) ELSE 0 END`;
}

/** Whether a case may be in the cohort of more than one row; folding one that is not does no harm. */
function sharedSql({ tier }: RowScope, rowOf: RowOf): string {
  if (tier === 'city') return 'false';
  // A case of one township has been at its county and there; one of one county and one township is usually of one row.
  if (tier === 'township') return 'cardinality(a.held_by) > 2';
  return `(cardinality(a.held_by) > 2 OR ${rowOf('a.held_by[1]')} IS DISTINCT FROM ${rowOf('coalesce(a.held_by[2], a.held_by[1])')})`;
}

const onTime = (column: string): string => `a.${column}_met_at <= a.${column}_due_at`;
const late = (column: string, asOf: string): string =>
  `(a.${column}_met_at > a.${column}_due_at OR (a.${column}_met_at IS NULL AND a.${column}_due_at <= ${asOf}))`;

/**
 * The agency that held a case at a moment; the city where the case lay on its desk. A case that ended at that very moment
 * was still held.
 */
export function holderAt(alertId: string, moment: string, cityId: string): string {
  return `coalesce((
          SELECT s.agency_id FROM assignment s
          WHERE s.alert_id = ${alertId} AND s.assigned_at <= ${moment}
            AND (s.ended_at IS NULL OR s.ended_at > ${moment}
              OR (s.ended_at = ${moment} AND s.ended_how IN ('closed', 'withdraw')))
          ORDER BY s.hop DESC LIMIT 1
        ), ${cityId})`;
}

/**
 * The agency that held the case when it was marked as defrauded after the warning: the one that had closed it, or works on
 * it. The event names the hop; older ones do not, and are of closed cases.
 */
const HOLDER_WHEN_MARKED = `(
          SELECT s.agency_id FROM event e
          JOIN assignment s ON s.alert_id = e.case_id AND s.assigned_at <= e.at
            AND s.hop = coalesce(substring(e.data FROM '"hop":([0-9]+)')::int, s.hop)
          WHERE e.case_id = c.alert_id AND e.type = 'defrauded-after-warning'
          ORDER BY e.seq DESC, (s.ended_how = 'closed' AND s.ended_at <= e.at) IS TRUE DESC, s.hop DESC LIMIT 1
        )`;

/**
 * The row's own agency gave the case back (退回): ever; and whether its last stay there ended so for wrong information.
 * The city gives nothing back: there it is whether the case came back to its desk so, and lies there still.
 */
function givenBack({ tier }: RowScope): { ever: string; wrongInfo: string } {
  const lookup = (what: string, where: string): string =>
    `CASE WHEN a.returns > 0 THEN (SELECT ${what} FROM assignment s WHERE s.alert_id = c.alert_id AND ${where}) END`;
  if (tier === 'city') return { ever: 'false', wrongInfo: lookup(`s.return_reason = 'wrong-info'`, 's.hop = a.hop') };
  return {
    ever: lookup(`bool_or(s.ended_how = 'return')`, 's.agency_id = c.row_id'),
    wrongInfo: lookup(`(array_agg(s.return_reason = 'wrong-info' ORDER BY s.hop DESC))[1]`, 's.agency_id = c.row_id'),
  };
}

function flags(scope: RowScope, rowOf: RowOf, asOf: string): string {
  const { ever, wrongInfo } = givenBack(scope);
  const valid = `(a.status <> 'withdrawn' AND (${wrongInfo}) IS NOT TRUE)`;
  const marked =
    scope.tier === 'city'
      ? 'a.defrauded_after_warning'
      : `CASE WHEN a.defrauded_after_warning THEN ${rowOf(HOLDER_WHEN_MARKED)} = c.row_id END`;
  const conditions: [condition: string, bit: number][] = [
    ['c.accept_due', BIT.acceptDue],
    ['c.accept_due AND c.accepted_at <= c.accept_due_at', BIT.acceptOnTime],
    ['a.visit_required', BIT.visitRequired],
    [valid, BIT.valid],
    [`a.kind = 'fund'`, BIT.fund],
    [marked, BIT.defraudedAfter],
    [ever, BIT.returned],
  ];
  const results = Object.entries(RESULT_BIT).map(([result, bit]) => `WHEN '${result}' THEN ${bit}`);
  return [
    String(BIT.received),
    reach(rowOf),
    ...CLOCKS.map(
      (clock) => `CASE
        WHEN ${onTime(clock.column)} THEN CASE WHEN ${rowOf(`a.${clock.column}_met_by`)} = c.row_id THEN ${clock.due | clock.onTime} ELSE 0 END
        WHEN ${late(clock.column, asOf)} THEN CASE WHEN ${rowOf(holderAt('c.alert_id', `a.${clock.column}_due_at`, 'a.city_id'))} = c.row_id THEN ${clock.due} ELSE 0 END
        ELSE 0 END`,
    ),
    ...conditions.map(([condition, bits]) => `CASE WHEN ${condition} THEN ${bits} ELSE 0 END`),
    `CASE WHEN ${rowOf('a.holder_id')} = c.row_id THEN CASE a.result ${results.join(' ')} ELSE 0 END ELSE 0 END`,
  ].join('\n      | ');
}

/** Whole tenths of a minute between two moments, rounded half up; nothing is done before its clock starts. */
export function tenths(from: string, to: string): string {
  const milliseconds = `round(date_part('epoch', ${to} - ${from}) * 1000)::bigint`;
  return `CASE WHEN ${to} > ${from} THEN ((${milliseconds} + 3000) / 6000)::int WHEN ${to} IS NOT NULL THEN 0 END`;
}

/**
 * Lines folded into one a case, for totals over distinct alerts: it counts for whatever it counts for in any row; of its
 * accept clocks, one a row, the first that was met or ran out counts.
 * @param lines what to fold
 */
export function foldedLines(lines: string): string {
  const ofFirstAccept = (what: string): string =>
    `(array_agg(${what} ORDER BY hop) FILTER (WHERE flags & ${BIT.acceptDue} <> 0))[1]`;
  return `
    SELECT alert_id, bit_or(flags & ${~ACCEPT_BITS}) | coalesce(${ofFirstAccept(`flags & ${ACCEPT_BITS}`)}, 0) AS flags,
      ${ofFirstAccept('accept_tenths')} AS accept_tenths,
      ${DURATIONS.slice(1)
        .map((duration) => `max(${duration}_tenths) AS ${duration}_tenths`)
        .join(', ')}
    FROM ${lines} GROUP BY alert_id`;
}
