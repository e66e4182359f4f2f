import type { Opening } from './counted.item.js';
import type { ReportFilters } from './report.scope.js';

/** How a number of a report is opened, of the whole report or of the part that `key` names. */
export type Open = (key: string | undefined) => {
  opening: Opening;
  /** Where it is a number of the tier report under a filter. */
  filters?: ReportFilters;
};
type Openings = Readonly<Record<string, Open>>;

/** The numbers of a report by name, as paths of its answer, and the parts that they are told of. */
export interface OpenReport {
  /** What `key` is, where the report has parts. */
  key?: {
    name: string;
    /** The report has no number without it. */
    required?: true;
    /** Those that there can be; others are refused. */
    of?: readonly string[] | RegExp;
  };
  openings: Openings;
  /** Numbers that are not told of a part. */
  unopened?: (indicator: string, key: string) => boolean;
}

/** A rate by itself opens its denominator, as in the tier report. */
export function rate(name: string, numerator: Open, denominator: Open): [string, Open][] {
  return [
    [name, denominator],
    [`${name}.numerator`, numerator],
    [`${name}.denominator`, denominator],
  ];
}
