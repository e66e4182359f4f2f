import { Injectable, type StreamableFile } from '@nestjs/common';
import type { Caller } from '../identity/caller.js';
import { localRange } from '../platform/clock/local-date.js';
import type { Fault } from '../platform/http/problem.js';
import { AgencyReportDesk, type ReportAtHand } from './agency-report.desk.js';
import type { Body } from './agency-report.js';
import { exactFen } from './fen.rules.js';
import type { TrendAnswer, TrendChangesAnswer, TrendFiguresAnswer, TrendQuery } from './trend.dto.js';
import { TREND_REPORT } from './trend.report.js';
import {
  changeOf,
  comparedDays,
  countOfIntervals,
  intervalsOf,
  MOST_POINTS,
  segmentsOf,
  type Days,
} from './trend.rules.js';
import { TREND_FIELDS, TrendView } from './trend.view.js';

/** 趋势: a series by day, week or month, and what it was a year or an interval before. */
@Injectable()
export class TrendService {
  constructor(
    private readonly desk: AgencyReportDesk,
    private readonly view: TrendView,
  ) {}

  answer(caller: Caller, query: TrendQuery): Promise<TrendAnswer | StreamableFile> {
    return this.desk.answer(caller, query, TREND_REPORT, (at) => this.count(at, query), faultsOf(query));
  }

  private async count(at: ReportAtHand, query: TrendQuery): Promise<Body<TrendAnswer>> {
    const { interval: unit, compare = null } = query;
    const intervals = intervalsOf(query, unit, at.today);
    const comparisons = intervals.map((interval) => compare && comparedDays(interval, compare, unit, at.today));
    const figures = await this.figures(at, intervals);
    const bases = await this.figures(
      at,
      comparisons.filter((days) => days !== null),
    );
    const points = intervals.map((interval, index) => {
      const own = figures[index]!;
      const days = comparisons[index]!;
      // Intervals that have not begun are the last ones: those with a comparison come first.
      const base = days && bases[index]!;
      return {
        ...interval,
        ...own,
        compared: days && base && { ...days, ...base },
        change: base && changes(own, base),
      };
    });
    return { interval: unit, compare, points };
  }

  /** The figures of stretches of days, which may overlap: each segment between their ends is read once. */
  private async figures(at: ReportAtHand, stretches: readonly Days[]): Promise<TrendFiguresAnswer[]> {
    if (stretches.length === 0) return [];
    const ranges = stretches.map(({ from, to }) => localRange(from, to, at.timeZone));
    const segments = segmentsOf(ranges);
    const first = stretches.reduce((least, { from }) => (from < least ? from : least), stretches[0]!.from);
    const last = stretches.reduce((most, { to }) => (to > most ? to : most), stretches[0]!.to);
    const sums = await this.view.sums(at.tx, at.rescope({ from: first, to: last }), at.standing, segments.bounds);
    return ranges.map(({ start, end }) => {
      const { first: from, after } = segments.within(start, end);
      const sum = Object.fromEntries(TREND_FIELDS.map((field) => [field, 0n])) as Record<
        keyof TrendFiguresAnswer,
        bigint
      >;
      for (let segment = from; segment < after; segment++) {
        const part = sums.get(segment);
        if (part) for (const field of TREND_FIELDS) sum[field] += part[field] ?? 0n;
      }
      return Object.fromEntries(
        TREND_FIELDS.map((field) => [field, exactFen(sum[field])]),
      ) as unknown as TrendFiguresAnswer;
    });
  }
}

function changes(own: TrendFiguresAnswer, base: TrendFiguresAnswer): TrendChangesAnswer {
  return Object.fromEntries(
    TREND_FIELDS.map((field) => [field, changeOf(own[field], base[field])]),
  ) as unknown as TrendChangesAnswer;
}

function faultsOf(query: TrendQuery): Fault[] {
  const points = countOfIntervals(query, query.interval);
  if (points <= MOST_POINTS) return [];
  const longer = query.interval === 'day' ? 'week or month' : 'month';
  return [
    {
      pointer: '/interval',
      message: `gives ${points} points, at most ${MOST_POINTS} are allowed: ask by ${longer}, or for a shorter period`,
    },
  ];
}
