import { Injectable } from '@nestjs/common';
import { firstIdAt } from '../platform/clock/id.js';
import { statement, type Tx } from '../platform/database/database.js';
import type { item } from './counted.item.js';
import type { PersonKind } from './officers.dto.js';
import type { ReportScope } from './report.scope.js';
import { ATTEMPT } from './tier-report.openings.js';
import { Values } from './values.js';

/** What is counted for one person. */
export const OFFICER_COUNTS = [
  'accepted',
  'acceptDue',
  'acceptOnTime',
  'sms',
  'call',
  'visit',
  'visitReached',
  'submitted',
  'approved',
  'rejected',
  'feedbackDue',
  'feedbackOnTime',
  'followUpsDone',
] as const;
export type OfficerCounts = Record<(typeof OFFICER_COUNTS)[number], number>;

export interface Person {
  kind: Exclude<PersonKind, 'system'>;
  id: string;
  name: string;
  here: boolean;
}

// Keys are shown where they worked, officers also where they had nothing to do.
const PEOPLE = statement(
  'report.people',
  `SELECT id, 'user' AS kind, display_name AS name, agency_id = $2 AND disabled_at IS NULL AS here
   FROM user_account
   WHERE id = ANY($1::uuid[]) OR (agency_id = $2 AND disabled_at IS NULL AND roles && ARRAY['officer', 'supervisor'])
   UNION ALL
   SELECT id, 'key', name, agency_id = $2 AND revoked_at IS NULL FROM api_key WHERE id = ANY($1::uuid[])`,
);

/** For servers whose clocks differ. */
const ID_MARGIN_MS = 3_600_000;

/** A kind of acts of people: FROM with its WHERE (AND may follow; made when it is asked for), whose they are, and what each counts for. */
export interface OfficerAct {
  from: () => string;
  person: string;
  counts: Partial<Record<keyof OfficerCounts, string>>;
  /** What an act is when it is shown: its columns of an item. */
  shown: { alertId: string; itemId: string } & Parameters<typeof item>[2];
}

/** What people do for the agency itself, by the time of the act. */
export function actsOf(scope: ReportScope, values: Values): OfficerAct[] {
  const agency = (): string => `${values.add(scope.parent.id)}::int`;
  const start = (): string => `${values.add(scope.start)}::timestamptz`;
  const end = (): string => `${values.add(scope.end)}::timestamptz`;
  const within = (moment: string): string => `${moment} >= ${start()} AND ${moment} < ${end()}`;
  // An outcome's id carries the moment at which it was submitted.
  const idOf = (moment: Date, marginMs: number): string =>
    `${values.add(firstIdAt(new Date(moment.getTime() + marginMs)))}::uuid`;
  return [
    {
      from: () =>
        `assignment s WHERE s.agency_id = ${agency()} AND ${within('s.accepted_at')} AND s.assigned_at < ${end()}`,
      person: 's.accepted_by',
      counts: {
        accepted: 'true',
        acceptDue: 's.accept_due_at IS NOT NULL',
        acceptOnTime: 's.accepted_at <= s.accept_due_at',
      },
      shown: {
        alertId: 's.alert_id',
        itemId: 's.alert_id',
        part: 's.hop::int',
        agencyId: 's.agency_id',
        at: 's.accepted_at',
        dueAt: 's.accept_due_at',
      },
    },
    {
      from: () => `attempt t WHERE t.agency_id = ${agency()} AND ${within('t.at')}`,
      person: 't.recorded_by',
      counts: {
        sms: `t.method = 'sms'`,
        call: `t.method = 'call'`,
        visit: `t.method = 'visit'`,
        visitReached: `t.method = 'visit' AND t.reached`,
      },
      shown: { alertId: 't.alert_id', itemId: 't.id', ...ATTEMPT },
    },
    {
      from: () => `outcome o
          LEFT JOIN alert a ON a.id = o.alert_id AND a.feedback_met_at = o.submitted_at AND a.feedback_met_by = o.agency_id
          WHERE o.id >= ${idOf(scope.start, -ID_MARGIN_MS)} AND o.id < ${idOf(scope.end, ID_MARGIN_MS)} AND o.agency_id = ${agency()} AND ${within('o.submitted_at')}`,
      person: 'o.submitted_by',
      counts: {
        submitted: 'true',
        approved: `o.decision = 'approve'`,
        rejected: `o.decision = 'reject'`,
        feedbackDue: 'a.feedback_due_at IS NOT NULL',
        feedbackOnTime: 'o.submitted_at <= a.feedback_due_at',
      },
      shown: {
        alertId: 'o.alert_id',
        itemId: 'o.id',
        agencyId: 'o.agency_id',
        at: 'o.submitted_at',
        dueAt: 'a.feedback_due_at',
        result: 'o.result',
      },
    },
    {
      from: () => `follow_up f WHERE f.agency_id = ${agency()} AND ${within('f.done_at')}`,
      person: 'f.recorded_by',
      counts: { followUpsDone: 'true' },
      shown: {
        alertId: 'f.alert_id',
        itemId: 'f.id',
        agencyId: 'f.agency_id',
        at: 'f.done_at',
        dueAt: 'f.due_at',
        result: 'f.result',
      },
    },
  ];
}

/** Who did what for one agency, by the time of the act. */
@Injectable()
export class OfficersView {
  /** @returns by id of the user or key; null: the system */
  async counts(tx: Tx, scope: ReportScope): Promise<Map<string | null, OfficerCounts>> {
    const values = new Values();
    const acts = actsOf(scope, values).map(
      ({ person, counts, from }) => `${countsBy(person, counts)} FROM ${from()} GROUP BY 1`,
    );
    const sums = OFFICER_COUNTS.map((field) => `sum("${field}")::bigint AS "${field}"`);
    const rows = await tx.adHoc<OfficerCounts & { person: string | null }>(
      `SELECT person, ${sums.join(', ')} FROM (${acts.join('\n UNION ALL ')}) act GROUP BY person`,
      values.list,
    );
    return new Map(rows.map(({ person, ...counts }) => [person, counts]));
  }

  /** Those who did something, and all officers and supervisors that the agency has now. */
  async people(tx: Tx, agencyId: number, ids: readonly string[]): Promise<Person[]> {
    return tx.rows<Person>(PEOPLE, [ids, agencyId]);
  }
}

/** One line a person with every count; those that are not told of are 0. */
function countsBy(person: string, conditions: Partial<Record<keyof OfficerCounts, string>>): string {
  const counts = OFFICER_COUNTS.map((field) => {
    const where = conditions[field];
    return `${where === undefined ? '0' : `count(*) FILTER (WHERE ${where})`} AS "${field}"`;
  });
  return `SELECT ${person} AS person, ${counts.join(', ')}`;
}
