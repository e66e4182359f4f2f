import { Injectable } from '@nestjs/common';
import { firstIdAt } from '../platform/clock/id.js';
import type { Tx } from '../platform/database/database.js';
import { attemptsIn, outcomesIn } from './act.facts.js';
import { WORK_MEM } from './breakdown.view.js';
import { actedIn, entriesOf, incidentsOf, reportedIn } from './money.facts.js';
import type { ReportScope } from './report.scope.js';
import { Values } from './values.js';

/** What a series tells of each interval; all of it adds up over neighbouring stretches of time. */
export const TREND_FIELDS = [
  'received',
  'signals',
  'attempts',
  'successes',
  'interceptedFen',
  'lossFen',
  'incidents',
  'incidentLossFen',
] as const;
export type TrendField = (typeof TREND_FIELDS)[number];

/** By segment, counted from 0. */
export type TrendSums = ReadonlyMap<number, Readonly<Partial<Record<TrendField, bigint>>>>;

type Line = { segment: number } & Partial<Record<TrendField, string | number>>;

/** For servers whose clocks differ. */
const ID_MARGIN_MS = 3_600_000;

/**
 * Counts a series: the tier report's cases, acts and credit, told apart by when they were. Of each case only what a series
 * shows is looked up, so that years can be read at once.
 */
@Injectable()
export class TrendView {
  /**
   * @param scope one agency as the only row; its period from the first bound to the last
   * @param bounds in ascending order, each once: the ends of the segments
   */
  async sums(tx: Tx, scope: ReportScope, bounds: readonly Date[]): Promise<TrendSums> {
    await tx.adHoc(WORK_MEM);
    const sums = new Map<number, Partial<Record<TrendField, bigint>>>();
    for (const count of [cases, attempts, money, incidents]) {
      const values = new Values();
      const moments = `${values.add(bounds.map((bound) => bound.toISOString()))}::timestamptz[]`;
      const text = count(scope, values, (moment) => `width_bucket(${moment}, ${moments}) - 1`);
      for (const { segment, ...fields } of await tx.adHoc<Line>(text, values.list)) {
        const sum = sums.get(segment) ?? {};
        sums.set(segment, sum);
        for (const [field, value] of Object.entries(fields)) sum[field as TrendField] = BigInt(value);
      }
    }
    return sums;
  }
}

/** The segment that a moment lies in. */
type SegmentOf = (moment: string) => string;

/** The cohort by when the case came to the agency, with the signals that joined it. */
function cases(scope: ReportScope, values: Values, segment: SegmentOf): string {
  return `WITH cohort AS MATERIALIZED (${cohort(scope, values, segment)}),
    joined AS (SELECT c.segment, count(*) AS signals FROM cohort c JOIN alert signal ON signal.merged_into = c.alert_id GROUP BY 1)
    SELECT segment, c.received, c.received + coalesce(joined.signals, 0) AS signals, c.successes
    FROM (SELECT segment, count(*) AS received, count(*) FILTER (WHERE success) AS successes FROM cohort GROUP BY 1) c
      LEFT JOIN joined USING (segment)`;
}

/** As in case.facts.ts: the city receives, counties and townships are assigned to. */
function cohort({ tier, parent, members, start, end }: ReportScope, values: Values, segment: SegmentOf): string {
  const agency = `${values.add(parent.id)}::int`;
  const [first, after] = [start, end].map((moment) => `${values.add(moment)}::timestamptz`);
  const success = `a.status = 'closed' AND a.result IN ('dissuaded', 'partial-loss')
      AND a.holder_id = ANY(${values.add(members.map(({ agencyId }) => agencyId))}::int[])`;
  if (tier !== 'city') {
    return `
      SELECT f.alert_id, ${segment('f.assigned_at')} AS segment, ${success} AS success
      FROM assignment f JOIN alert a ON a.id = f.alert_id
      WHERE f.first_here AND f.agency_id = ${agency} AND f.assigned_at >= ${first} AND f.assigned_at < ${after}`;
  }
  // Ids carry the moment of receipt: a range of days is a range of the index.
  const [firstId, lastId] = [start.getTime() - ID_MARGIN_MS, end.getTime() + ID_MARGIN_MS].map(
    (time) => `${values.add(firstIdAt(new Date(time)))}::uuid`,
  );
  return `
      SELECT a.id AS alert_id, ${segment('a.received_at')} AS segment, ${success} AS success
      FROM alert a
      WHERE a.city_id = ${agency} AND a.status <> 'merged' AND a.id >= ${firstId} AND a.id <= ${lastId}
        AND a.received_at >= ${first} AND a.received_at < ${after}`;
}

function attempts(scope: ReportScope, values: Values, segment: SegmentOf): string {
  return `SELECT ${segment('t.at')} AS segment, count(*) AS attempts FROM ${attemptsIn(scope, values)} GROUP BY 1`;
}

/** Of outcomes, and of stop-payments whose money went back. */
function money(scope: ReportScope, values: Values, segment: SegmentOf): string {
  return `SELECT segment, sum(intercepted_fen)::text AS "interceptedFen", sum(loss_fen)::text AS "lossFen" FROM (
      SELECT ${segment('o.decided_at')} AS segment, o.intercepted_fen, o.loss_fen FROM ${outcomesIn(scope, values)}
      UNION ALL
      SELECT ${segment('e.at')}, e.amount_fen, 0 FROM ${entriesOf(scope, ['intercepted'], values)} AND ${actedIn(scope, values)}
    ) act GROUP BY 1`;
}

function incidents(scope: ReportScope, values: Values, segment: SegmentOf): string {
  return `SELECT ${segment('i.reported_at')} AS segment, count(*) AS incidents, sum(i.loss_fen)::text AS "incidentLossFen"
    FROM ${incidentsOf(scope, values)} AND ${reportedIn('period', scope, values)} GROUP BY 1`;
}
