import type { Column } from '../platform/tabular/table.file.js';
import type { Rate } from './rate.rules.js';

/** How figures stand in files: the same in every report. */

/** The last row of a table. */
export const TOTAL = '合计';

/** A rate with its parts. */
export function rateColumns<Row>(title: string, rate: (row: Row) => Rate): Column<Row>[] {
  return [
    { title, kind: 'rate', cell: (row) => rate(row).rate },
    { title: `${title}-分子`, kind: 'count', cell: (row) => rate(row).numerator },
    { title: `${title}-分母`, kind: 'count', cell: (row) => rate(row).denominator },
  ];
}

/** A rate of two amounts. */
export function moneyRateColumns<Row>(title: string, rate: (row: Row) => Rate | null | undefined): Column<Row>[] {
  return [
    { title, kind: 'rate', cell: (row) => rate(row)?.rate },
    { title: `${title}-分子(元)`, kind: 'yuan', cell: (row) => rate(row)?.numerator },
    { title: `${title}-分母(元)`, kind: 'yuan', cell: (row) => rate(row)?.denominator },
  ];
}

/** Figures under the code and the name of whose they are. */
export type Titled<Figures> = Figures & { code: string; title: string };

export function agencyColumns<Figures>(): Column<Titled<Figures>>[] {
  return [
    { title: '单位代码', kind: 'text', cell: ({ code }) => code },
    { title: '单位名称', kind: 'text', cell: ({ title }) => title },
  ];
}
