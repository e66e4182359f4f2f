import { OPEN_STATUSES } from '../alert/alert.js';
import { FOLLOW_UP_GRACE_HOURS } from '../outcome/follow-up.store.js';
import { filterSql, holderAt } from './case.facts.js';
import type { ReportScope } from './report.scope.js';
import type { Values } from './values.js';

// What does not hang on a cohort: acts by their time, and cases held now. Each is a FROM with its WHERE; AND may follow.

export const OPEN = `a.status IN (${OPEN_STATUSES.map((status) => `'${status}'`).join(', ')})`;

/** The approved outcomes of a period that still stand, of given agencies. */
export const STANDING = `o.decision = 'approve' AND o.voided_at IS NULL`;

/** When a follow-up `f` that was not made is overdue. */
export const OVERDUE_AT = `(f.due_at + interval '${FOLLOW_UP_GRACE_HOURS} hours')`;

/** `attempt t` of a scope with its conditions. */
export function attemptsIn(scope: ReportScope, values: Values): string {
  return `attempt t${alertOf('t', scope, values)}
    WHERE t.agency_id = ${membersOf(scope, values)} AND ${within('t.at', scope, values)}`;
}

/** `outcome o` of a scope with its conditions. */
export function outcomesIn(scope: ReportScope, values: Values): string {
  return `outcome o${alertOf('o', scope, values)}
    WHERE o.agency_id = ${membersOf(scope, values)} AND ${STANDING} AND ${within('o.decided_at', scope, values)}`;
}

/** `alert a` that is open and held in a scope now. */
export function heldIn(scope: ReportScope, values: Values): string {
  return `alert a WHERE a.holder_id = ${membersOf(scope, values)} AND ${OPEN}${filterSql(scope.filters, values)}`;
}

/**
 * `urge u` made in the period, with `part p` for each agency of the scope that it concerns: the one that was urged
 * (`made`), and the one that answers for the reply, as a clock is answered for: whoever replied `in-time`, otherwise
 * whoever held the case when the time to reply ran out (`late`). That may be an agency to which the case went after
 * the urge: hence those of the whole city are looked through.
 */
export function urgesIn(scope: ReportScope, values: Values): string {
  const asOf = `${values.add(scope.asOf)}::timestamptz`;
  return `urge u${alertOf('u', scope, values)} CROSS JOIN LATERAL (${urgeParts(asOf, `${values.add(scope.city.id)}::int`)}
    ) p
    WHERE u.to_agency_id = ANY(${values.add(scope.agencyIds)}::int[]) AND ${within('u.urged_at', scope, values)}
      AND p.agency_id = ${membersOf(scope, values)}`;
}

/**
 * `follow_up f` that fell due in the period, or was made before, with its `state s`: made `in-time` or `late`, `missed`
 * or still `waiting`. One whose case was reopened before it fell due is none; afterwards it waits for ever.
 */
export function followUpsIn(scope: ReportScope, values: Values): string {
  const until = `coalesce(f.cancelled_at, ${values.add(scope.asOf)}::timestamptz)`;
  return `follow_up f${alertOf('f', scope, values)} CROSS JOIN LATERAL (SELECT ${followUpState(until)} AS state) s
    WHERE f.agency_id = ${membersOf(scope, values)} AND ${within('f.due_at', scope, values)} AND ${followUpCounts(until)}`;
}

/** The rows `part`, `agency_id` of an `urge u`. */
export function urgeParts(asOf: string, cityId: string): string {
  return `
      SELECT 'made' AS part, u.to_agency_id AS agency_id
      UNION ALL (
        SELECT 'in-time', e.agency_id FROM event e
        WHERE u.replied_at <= u.reply_by AND e.case_id = u.alert_id AND e.type = 'replied' AND e.at = u.replied_at
        ORDER BY e.seq LIMIT 1
      )
      UNION ALL SELECT 'late', ${holderAt('u.alert_id', 'u.reply_by', cityId)}
        WHERE (u.replied_at <= u.reply_by) IS NOT TRUE AND u.reply_by <= coalesce(u.ended_at, ${asOf})`;
}

/** The state of a `follow_up f`. @param until when it was cancelled, or now */
export function followUpState(until: string): string {
  return `CASE
        WHEN f.done_at <= ${OVERDUE_AT} THEN 'in-time'
        WHEN f.done_at IS NOT NULL THEN 'late'
        WHEN ${OVERDUE_AT} <= ${until} THEN 'missed'
        ELSE 'waiting' END`;
}

/** A planned `follow_up f` counts once its time has come, or when it was made before. */
export function followUpCounts(until: string): string {
  return `(f.done_at IS NOT NULL OR f.due_at <= ${until})`;
}

function membersOf({ members }: ReportScope, values: Values): string {
  return `ANY(${values.add(members.map(({ agencyId }) => agencyId))}::int[])`;
}

function within(moment: string, { start, end }: ReportScope, values: Values): string {
  return `${moment} >= ${values.add(start)}::timestamptz AND ${moment} < ${values.add(end)}::timestamptz`;
}

/** The join that filters on the alert need; nothing where there are none. */
function alertOf(table: string, { filters }: ReportScope, values: Values): string {
  const conditions = filterSql(filters, values);
  return conditions === '' ? '' : ` JOIN alert a ON a.id = ${table}.alert_id${conditions}`;
}
