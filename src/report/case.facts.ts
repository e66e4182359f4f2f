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
  visited: 1 << 10,
  valid: 1 << 11,
  dissuasion: 1 << 12,
  reached: 1 << 13,
  defraudedAfter: 1 << 14,
  fundValid: 1 << 15,
  fundFailed: 1 << 16,
  returned: 1 << 17,
} as const;

export const RESULT_BIT: Readonly<Record<Result, number>> = {
  dissuaded: 1 << 18,
  'partial-loss': 1 << 19,
  'already-defrauded': 1 << 20,
  'defrauded-after-warning': 1 << 21,
  'false-alarm': 1 << 22,
  unreachable: 1 << 23,
  refused: 1 << 24,
};

const ACCEPT_BITS = BIT.acceptDue | BIT.acceptOnTime;

/** The case clocks: columns of `alert` begin with the name. */
const CLOCKS = [
  { column: 'call', tenths: 'contact', due: BIT.contactDue, onTime: BIT.contactOnTime },
  { column: 'visit', tenths: 'visit', due: BIT.visitDue, onTime: BIT.visitOnTime },
  { column: 'feedback', tenths: 'feedback', due: BIT.feedbackDue, onTime: BIT.feedbackOnTime },
] as const;

/** Durations that a line carries, in tenths of a minute. */
export const DURATIONS = ['accept', 'contact', 'visit', 'feedback'] as const;
export type Duration = (typeof DURATIONS)[number];

/** A slice of the cohort by descending alert id: lists read as much as their page needs. */
export interface Slice {
  /** This alert and older ones; undefined: from the newest. */
  fromAlertId: string | undefined;
  /** So many lines, and all others of the last one's alert. */
  atLeast: number;
}

/** Attempts are recorded while the agency holds the case; the margin is for servers whose clocks differ. */
const RECORDED_EARLIER_MS = 86_400_000;

/**
 * Common table expressions that end in `lines`: one line for each case in each row's cohort.
 * Columns: row_id, alert_id, hop, shared (the case is in another row's cohort as well), flags (BIT, RESULT_BIT),
 * signals (that joined it), and `<duration>_tenths`.
 */
export function caseLines(scope: ReportScope, values: Values, slice?: Slice): string {
  const asOf = `${values.add(scope.asOf)}::timestamptz`;
  const rowOf = rowLookup(scope, values);
  return `WITH cohort AS MATERIALIZED (${cohort(scope, values, asOf, slice)}),
  shared AS (SELECT alert_id FROM cohort GROUP BY alert_id HAVING count(*) > 1),
  joined AS (
    SELECT merged_into AS alert_id, count(*)::int AS signals FROM alert
    WHERE merged_into IN (SELECT alert_id FROM cohort) GROUP BY merged_into
  ),
  reached AS (
    SELECT c.row_id, c.alert_id, bool_or(t.method = 'visit') AS visited
    FROM cohort c JOIN attempt t ON t.alert_id = c.alert_id
    WHERE t.reached AND ${rowOf('t.agency_id')} = c.row_id AND t.id >= ${values.add(firstIdAt(new Date(scope.start.getTime() - RECORDED_EARLIER_MS)))}::uuid
    GROUP BY c.row_id, c.alert_id
  ),
  lines AS (
    SELECT c.row_id, c.alert_id, c.hop, s.alert_id IS NOT NULL AS shared, coalesce(j.signals, 0) AS signals,
      ${flags(scope, rowOf, asOf)} AS flags,
      ${tenths('c.assigned_at', 'c.accepted_at')} AS accept_tenths,
      ${CLOCKS.map(({ column, tenths: name }) => `CASE WHEN ${rowOf(`a.${column}_met_by`)} = c.row_id THEN ${tenths('a.clocks_started_at', `a.${column}_met_at`)} END AS ${name}_tenths`).join(',\n      ')}
    FROM cohort c
    JOIN alert a ON a.id = c.alert_id${filterSql(scope.filters, values)}
    LEFT JOIN shared s ON s.alert_id = c.alert_id
    LEFT JOIN joined j ON j.alert_id = c.alert_id
    LEFT JOIN reached r ON r.row_id = c.row_id AND r.alert_id = c.alert_id
    LEFT JOIN LATERAL (${givenBack(scope)}) back ON true
    LEFT JOIN LATERAL (${HOLDER_WHEN_MARKED}) failed ON true
    ${CLOCKS.map(({ column }) => holderWhenRunOut(column, asOf)).join('\n    ')}
  )`;
}

/** Gives the row that an agency's work counts in (null: in none) as one look into an array: this is asked millions of times. */
export type RowLookup = (agencyId: string) => string;

export function rowLookup({ members }: ReportScope, values: Values): RowLookup {
  const ids = members.map(({ agencyId }) => agencyId);
  const before = Math.min(...ids) - 1;
  const rows = new Array<number>(Math.max(...ids) - before).fill(0);
  for (const { agencyId, rowId } of members) rows[agencyId - before - 1] = rowId;
  const array = values.add(rows);
  return (agencyId) => `(${array}::int[])[${agencyId} - ${before}]`;
}

/** Conditions on alert `a`, each with AND in front. */
export function filterSql({ riskLevel, fraudType, kind, source }: ReportFilters, values: Values): string {
  const asked = { risk_level: riskLevel, fraud_type: fraudType, kind, source };
  return Object.entries(asked)
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => ` AND a.${column} = ${values.add(value)}`)
    .join('');
}

/**
 * One line for each row of the report that a case belongs to, with the hop whose accept clock the row answers for.
 * A county or township: its own first hop of the case. The city, which has no hops: the first of the counties' first
 * hops whose clock was met or ran out.
 */
function cohort(scope: ReportScope, values: Values, asOf: string, slice: Slice | undefined): string {
  const rows = `ANY(${values.add(scope.rows.map(({ id }) => id))}::int[])`;
  const [start, end] = [scope.start, scope.end].map((moment) => `${values.add(moment)}::timestamptz`);
  const cut = (column: string): string =>
    slice === undefined
      ? ''
      : `${slice.fromAlertId === undefined ? '' : ` AND ${column} <= ${values.add(slice.fromAlertId)}::uuid`}
         ORDER BY ${column} DESC FETCH FIRST ${values.add(slice.atLeast)} ROWS WITH TIES`;
  if (scope.tier !== 'city') {
    return `
    SELECT f.agency_id AS row_id, f.alert_id, f.hop, f.assigned_at, f.accepted_at, f.accept_due_at, ${acceptDue('f', asOf)} AS accept_due
    FROM assignment f
    WHERE f.first_here AND f.agency_id = ${rows} AND f.assigned_at >= ${start} AND f.assigned_at < ${end}${cut('f.alert_id')}`;
  }
  // Ids carry the moment of receipt: a range of days is a range of the index.
  const [firstId, lastId] = [scope.start.getTime() - 1_000, scope.end.getTime() + 1_000].map(
    (moment) => `${values.add(firstIdAt(new Date(moment)))}::uuid`,
  );
  return `
    SELECT a.city_id AS row_id, a.id AS alert_id, h.hop, h.assigned_at, h.accepted_at, h.accept_due_at, h.hop IS NOT NULL AS accept_due
    FROM (
      SELECT a.city_id, a.id, a.hop FROM alert a
      WHERE a.city_id = ${rows} AND a.status <> 'merged' AND a.id >= ${firstId} AND a.id < ${lastId}
        AND a.received_at >= ${start} AND a.received_at < ${end}${cut('a.id')}
    ) a
    LEFT JOIN LATERAL (
      SELECT f.hop, f.assigned_at, f.accepted_at, f.accept_due_at
      FROM assignment f JOIN agency county ON county.id = f.agency_id AND county.tier = 'county'
      WHERE a.hop > 0 AND f.alert_id = a.id AND f.first_here AND ${acceptDue('f', asOf)}
      ORDER BY f.hop LIMIT 1
    ) h ON true`;
}

/** The hop's accept clock was met, or ran out while the hop was open. */
function acceptDue(hop: string, asOf: string): string {
  const due = `${hop}.accept_due_at`;
  return `(${due} IS NOT NULL AND (${hop}.accepted_at IS NOT NULL OR ${due} <= least(${asOf}, ${hop}.ended_at)))`;
}

const onTime = (column: string): string => `a.${column}_met_at <= a.${column}_due_at`;
const late = (column: string, asOf: string): string =>
  `(a.${column}_met_at > a.${column}_due_at OR (a.${column}_met_at IS NULL AND a.${column}_due_at <= ${asOf}))`;

/** Joins `<clock>_holder`: the agency that held the case when a clock ran out. None where it lay on the city's desk. */
function holderWhenRunOut(column: string, asOf: string): string {
  return `LEFT JOIN LATERAL (
      SELECT s.agency_id FROM assignment s
      WHERE ${late(column, asOf)} AND s.alert_id = a.id AND s.assigned_at <= a.${column}_due_at
        AND (s.ended_at IS NULL OR s.ended_at > a.${column}_due_at
          OR (s.ended_at = a.${column}_due_at AND s.ended_how IN ('closed', 'withdraw')))
      ORDER BY s.hop DESC LIMIT 1
    ) ${column}_holder ON true`;
}

/**
 * `ever`: the agency itself gave the case back. `wrong_info`: its last stay there ended so, for wrong information; for
 * the city, which gives nothing back: the case came back to its desk so, and lies there still.
 */
function givenBack({ tier }: ReportScope): string {
  if (tier === 'city') {
    return `SELECT false AS ever, s.return_reason = 'wrong-info' AS wrong_info FROM assignment s
      WHERE a.returns > 0 AND s.alert_id = a.id AND s.hop = a.hop`;
  }
  return `SELECT bool_or(s.ended_how = 'return') AS ever,
        (array_agg(s.return_reason = 'wrong-info' ORDER BY s.hop DESC))[1] AS wrong_info
      FROM assignment s WHERE a.returns > 0 AND s.alert_id = a.id AND s.agency_id = c.row_id`;
}

/** The agency that held the case when it was marked as defrauded after the warning; a follow-up marks a closed one. */
const HOLDER_WHEN_MARKED = `SELECT s.agency_id FROM event e JOIN assignment s ON s.alert_id = e.case_id AND s.assigned_at <= e.at
      WHERE a.defrauded_after_warning AND e.case_id = a.id AND e.type = 'defrauded-after-warning'
      ORDER BY e.seq DESC, s.hop DESC LIMIT 1`;

function flags({ tier }: ReportScope, rowOf: RowLookup, asOf: string): string {
  const valid = `a.status <> 'withdrawn' AND back.wrong_info IS NOT TRUE`;
  const reached = `r.alert_id IS NOT NULL`;
  const marked = `a.defrauded_after_warning AND ${tier === 'city' ? 'true' : `${rowOf('failed.agency_id')} = c.row_id`}`;
  const conditions: [condition: string, bit: number][] = [
    ['c.accept_due', BIT.acceptDue],
    ['c.accept_due AND c.accepted_at <= c.accept_due_at', BIT.acceptOnTime],
    ...CLOCKS.flatMap(({ column, due, onTime: met }): [string, number][] => [
      [`${late(column, asOf)} AND ${rowOf(`coalesce(${column}_holder.agency_id, a.city_id)`)} = c.row_id`, due],
      [`${onTime(column)} AND ${rowOf(`a.${column}_met_by`)} = c.row_id`, due | met],
    ]),
    ['a.visit_required', BIT.visitRequired],
    ['a.visit_required AND r.visited', BIT.visited],
    [valid, BIT.valid],
    [`${valid} AND ${reached}`, BIT.dissuasion],
    [reached, BIT.reached],
    [marked, BIT.defraudedAfter],
    [`a.kind = 'fund' AND ${valid}`, BIT.fundValid],
    [`a.kind = 'fund' AND ${valid} AND ${marked}`, BIT.fundFailed],
    ['back.ever', BIT.returned],
  ];
  const results = Object.entries(RESULT_BIT).map(([result, bit]) => `WHEN '${result}' THEN ${bit}`);
  return [
    String(BIT.received),
    ...conditions.map(([condition, bit]) => `CASE WHEN ${condition} THEN ${bit} ELSE 0 END`),
    `CASE WHEN ${rowOf('a.holder_id')} = c.row_id THEN CASE a.result ${results.join(' ')} ELSE 0 END ELSE 0 END`,
  ].join('\n      | ');
}

/** Whole tenths of a minute between two moments, rounded half up; nothing is done before its clock starts. */
function tenths(from: string, to: string): string {
  return `((round(date_part('epoch', greatest(${to} - ${from}, interval '0')) * 1000)::bigint + 3000) / 6000)::int`;
}

/**
 * The lines of cases that are in several rows, folded into one a case, for totals over distinct alerts: it counts for
 * whatever it counts for in any row; of its accept clocks, one a row, the first that was met or ran out counts.
 */
export const FOLDED = `SELECT alert_id, max(signals) AS signals,
    bit_or(flags & ${~ACCEPT_BITS}) | coalesce((array_agg(flags & ${ACCEPT_BITS} ORDER BY hop) FILTER (WHERE flags & ${BIT.acceptDue} <> 0))[1], 0) AS flags,
    (array_agg(accept_tenths ORDER BY hop) FILTER (WHERE flags & ${BIT.acceptDue} <> 0))[1] AS accept_tenths,
    max(contact_tenths) AS contact_tenths, max(visit_tenths) AS visit_tenths, max(feedback_tenths) AS feedback_tenths
  FROM lines WHERE shared GROUP BY alert_id`;
