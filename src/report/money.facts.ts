import type { EntryKind } from '../ledger/ledger.js';
import { localRange } from '../platform/clock/local-date.js';
import { daysBefore, sameDaysYearBefore } from './money.rules.js';
import type { ReportScope } from './report.scope.js';
import type { Values } from './values.js';

// Incidents by the report, and movements of their money by the time of the act. Each is a FROM with its WHERE; AND may follow.

/** The period itself, and those that it is compared with. */
export const SPANS = ['period', 'yearBefore', 'daysBefore'] as const;
export type Span = (typeof SPANS)[number];

/** `incident i` of a scope, reported whenever. */
export function incidentsOf(scope: ReportScope, values: Values): string {
  return `incident i WHERE i.credited_id = ${memberIds(scope, values)}${filterSql(scope, values)}`;
}

/** When an incident was reported in a span. */
export function reportedIn(span: Span, scope: ReportScope, values: Values): string {
  return within('i.reported_at', spanOf(span, scope), values);
}

function spanOf(span: Span, scope: ReportScope): { start: Date; end: Date } {
  if (span === 'period') return scope;
  const { from, to } = span === 'yearBefore' ? sameDaysYearBefore(scope) : daysBefore(scope);
  return localRange(from, to, scope.timeZone);
}

/**
 * `ledger_entry e` of incidents that counts for a scope: neither a reversal nor reversed. What was taken back is as if it
 * had not been, also in the past.
 */
export function entriesOf(scope: ReportScope, kinds: readonly EntryKind[], values: Values): string {
  const incident = filterSql(scope, values);
  return `ledger_entry e${incident === '' ? '' : ' JOIN incident i ON i.id = e.case_id'}
    WHERE e.case_kind = 'incident' AND e.agency_id = ${memberIds(scope, values)}${incident}
      AND e.kind IN (${kinds.map((kind) => `'${kind}'`).join(', ')})
      AND e.reverses IS NULL AND NOT EXISTS (SELECT FROM ledger_entry r WHERE r.reverses = e.id)`;
}

/** When an entry's act was in the period. */
export function actedIn(scope: ReportScope, values: Values): string {
  return within('e.at', scope, values);
}

/** When it was by the time that the figures are of, whatever the period. */
export function actedEver({ asOf }: ReportScope, values: Values): string {
  return `e.at <= ${values.add(asOf)}::timestamptz`;
}

/** Of `stopped` and `frozen` entries those of the kind that is the larger on their account: their sum is what is controlled. */
export function controlling(entries: string): string {
  const sum = (kind: EntryKind): string =>
    `coalesce(sum(e.amount_fen) FILTER (WHERE e.kind = '${kind}') OVER (PARTITION BY e.account_id), 0)`;
  return `(SELECT e.*, CASE WHEN ${sum('stopped')} >= ${sum('frozen')} THEN 'stopped' ELSE 'frozen' END AS larger FROM ${entries}) e
    WHERE e.kind = e.larger`;
}

/** `m(agency_id, row_id)`: the row that an agency's work counts in. */
export function rowsOf({ members }: ReportScope, values: Values): string {
  const ids = values.add(members.map(({ agencyId }) => agencyId));
  return `unnest(${ids}::int[], ${values.add(members.map(({ rowId }) => rowId))}::int[]) AS m(agency_id, row_id)`;
}

export function memberIds({ members }: ReportScope, values: Values): string {
  return `ANY(${values.add(members.map(({ agencyId }) => agencyId))}::int[])`;
}

export function within(moment: string, { start, end }: { start: Date; end: Date }, values: Values): string {
  return `(${moment} >= ${values.add(start)}::timestamptz AND ${moment} < ${values.add(end)}::timestamptz)`;
}

/** Those of the filters that an incident has; see `moneyApplies` for the others. */
function filterSql({ filters: { fraudType, source } }: ReportScope, values: Values): string {
  return Object.entries({ fraud_type: fraudType, source })
    .filter(([, value]) => value !== undefined)
    .map(([column, value]) => ` AND i.${column} = ${values.add(value)}`)
    .join('');
}
