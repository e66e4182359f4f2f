import { Injectable } from '@nestjs/common';
import { startOfLocalDate } from '../platform/clock/local-date.js';
import type { Tx } from '../platform/database/database.js';
import { measureOf } from './case.measures.js';
import { CellView, type Standing } from './cells/cell.view.js';
import { actedIn, entriesOf, incidentsOf, reportedIn } from './money.facts.js';
import type { ReportScope } from './report.scope.js';
import { TierReportView, type Tally } from './tier-report.view.js';
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

/**
 * Counts a series: the tier report's figures of one agency, told apart by when they were. Cases and acts come out of the
 * prepared cells; while there are none, each segment is counted as the tier report counts it.
 */
@Injectable()
export class TrendView {
  constructor(
    private readonly cells: CellView,
    private readonly counting: TierReportView,
  ) {}

  /**
   * @param scope one agency as the only row; its period from the first bound to the last
   * @param bounds in ascending order, each once: the ends of the segments, beginnings of local days
   */
  async sums(tx: Tx, scope: ReportScope, standing: Standing | undefined, bounds: readonly Date[]): Promise<TrendSums> {
    const sums = new Map<number, Partial<Record<TrendField, bigint>>>();
    const add = (segment: number, fields: Partial<Record<TrendField, bigint>>): void => {
      const sum = sums.get(segment) ?? {};
      sums.set(segment, sum);
      for (const [field, value] of Object.entries(fields) as [TrendField, bigint][])
        sum[field] = (sum[field] ?? 0n) + value;
    };
    for (const { segment, tally } of await this.tallies(tx, scope, standing, bounds)) add(segment, fieldsOf(tally));
    for (const count of [stopped, incidents]) {
      const values = new Values();
      const moments = `${values.add(bounds.map((bound) => bound.toISOString()))}::timestamptz[]`;
      const text = count(scope, values, (moment) => `width_bucket(${moment}, ${moments}) - 1`);
      for (const { segment, ...fields } of await tx.adHoc<Line>(text, values.list)) {
        add(segment, Object.fromEntries(Object.entries(fields).map(([field, value]) => [field, BigInt(value)])));
      }
    }
    return sums;
  }

  private async tallies(
    tx: Tx,
    scope: ReportScope,
    standing: Standing | undefined,
    bounds: readonly Date[],
  ): Promise<{ segment: number; tally: Tally }[]> {
    if (standing) {
      const days = await this.cells.days(tx, standing, scope.parent.id, scope.from, scope.to);
      return days.map(({ day, tally }) => {
        const begins = startOfLocalDate(day, scope.timeZone).getTime();
        return { segment: bounds.findLastIndex((bound) => bound.getTime() <= begins), tally };
      });
    }
    const counted = [];
    for (let segment = 0; segment + 1 < bounds.length; segment++) {
      const part = { ...scope, start: bounds[segment]!, end: bounds[segment + 1]! };
      counted.push({ segment, tally: (await this.counting.tallies(tx, part)).total });
    }
    return counted;
  }
}

const RECEIVED = measureOf('received');
const DISSUADED = measureOf('results.dissuaded');
const PARTIAL_LOSS = measureOf('results.partial-loss');

function fieldsOf({ cases, joined, attempts, fen }: Tally): Partial<Record<TrendField, bigint>> {
  const received = cases.of(RECEIVED);
  return {
    received: BigInt(received),
    signals: BigInt(received + joined),
    attempts: BigInt(attempts.sms + attempts.call + attempts.visit),
    successes: BigInt(cases.of(DISSUADED) + cases.of(PARTIAL_LOSS)),
    interceptedFen: fen.dissuasion + fen.bank,
    lossFen: fen.loss,
  };
}

/** The segment that a moment lies in. */
type SegmentOf = (moment: string) => string;

/** Of stop-payments, the money that went back to the payer. */
function stopped(scope: ReportScope, values: Values, segment: SegmentOf): string {
  return `SELECT ${segment('e.at')} AS segment, sum(e.amount_fen)::text AS "interceptedFen"
    FROM ${entriesOf(scope, ['intercepted'], values)} AND ${actedIn(scope, values)} GROUP BY 1`;
}

function incidents(scope: ReportScope, values: Values, segment: SegmentOf): string {
  return `SELECT ${segment('i.reported_at')} AS segment, count(*) AS incidents, sum(i.loss_fen)::text AS "incidentLossFen"
    FROM ${incidentsOf(scope, values)} AND ${reportedIn('period', scope, values)} GROUP BY 1`;
}
