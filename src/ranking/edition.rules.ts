import type { FiguresAnswer } from '../report/figures.dto.js';
import { HELD } from '../report/indicators.js';
import type { TierReportAnswer } from '../report/tier-report.dto.js';
import type { EditionContent, PublishedRanking, PublishedTierReport } from './edition.js';
import type { RankingContent } from './ranking.dto.js';

/** One value in which two editions differ. */
export interface Difference {
  /** Code of the unit; null: not of a unit but of the total, the rules or the definitions. */
  readonly unit: string | null;
  /** JSON pointer within the unit's row, or within the report. */
  readonly field: string;
  /** null: none, or not there. */
  readonly before: unknown;
  readonly after: unknown;
}

type Report = EditionContent['report'];

/** Fields that speak of the present have no place in what is published about a month that has ended. */
const OF_THE_PRESENT = new Set<string>(Object.keys(HELD));

function ofTheMonth<T extends object>(fields: T): Record<string, unknown> {
  return Object.fromEntries(Object.entries(fields).filter(([field]) => !OF_THE_PRESENT.has(field)));
}

/** Of all time up to now is the stock of what was returned, too. */
function figuresOfTheMonth({ returnShare, ...figures }: FiguresAnswer): Record<string, unknown> {
  return { ...ofTheMonth(figures), returnShare: returnShare && { flow: returnShare.flow } };
}

export function publishedTierReport({
  tier,
  from,
  to,
  parent,
  rows,
  total,
  definitions,
}: TierReportAnswer): PublishedTierReport {
  return {
    tier,
    from,
    to,
    parent,
    rows: rows.map(({ agency, ...figures }) => ({ agency, ...figuresOfTheMonth(figures as FiguresAnswer) })),
    total: figuresOfTheMonth(total),
    definitions: ofTheMonth(definitions) as PublishedTierReport['definitions'],
  };
}

export function publishedRanking({ asOf: _, ...ranking }: RankingContent): PublishedRanking {
  return ranking;
}

/** Every value in which a report differs from the one published before, by units in the order of the later report. */
export function differences(before: Report, after: Report): Difference[] {
  const { rows: rowsBefore, ...restBefore } = before;
  const { rows: rowsAfter, ...restAfter } = after;
  const unitsBefore = byCode(rowsBefore);
  const unitsAfter = byCode(rowsAfter);
  const codes = new Set([...unitsAfter.keys(), ...unitsBefore.keys()]);
  return [
    ...[...codes].flatMap((code) => differing(code, '', unitsBefore.get(code), unitsAfter.get(code))),
    ...differing(null, '', restBefore, restAfter),
  ];
}

function byCode(rows: Report['rows']): Map<string, object> {
  return new Map((rows as readonly { agency: { code: string } }[]).map((row) => [row.agency.code, row]));
}

function differing(unit: string | null, field: string, before: unknown, after: unknown): Difference[] {
  if (isObject(before) || isObject(after)) {
    const [a, b] = [isObject(before) ? before : {}, isObject(after) ? after : {}];
    const names = [...new Set([...Object.keys(b), ...Object.keys(a)])];
    return names.flatMap((name) => differing(unit, `${field}/${name}`, a[name], b[name]));
  }
  if (JSON.stringify(before ?? null) === JSON.stringify(after ?? null)) return [];
  return [{ unit, field, before: before ?? null, after: after ?? null }];
}

function isObject(value: unknown): value is Record<string, unknown> {
  return value !== null && typeof value === 'object' && !Array.isArray(value);
}
