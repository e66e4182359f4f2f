import type { LocalDate } from '../platform/clock/local-date.js';
import type { TypeNameAnswer } from '../report/breakdown.dto.js';
import type { FiguresAnswer } from '../report/figures.dto.js';
import { changeOf, countOfIntervals, yearBefore } from '../report/trend.rules.js';
import type { BriefingFigureAnswer, BriefingKey, BriefingTypesAnswer, BriefingUnit } from './briefing.dto.js';
import { printedChange, printedCount, printedRate, printedShare, printedYuan, type Printed } from './printed.rules.js';

/** What a briefing is about. */
export interface BriefingPeriod {
  readonly agency: { readonly code: string; readonly name: string };
  readonly tier: string;
  readonly from: LocalDate;
  readonly to: LocalDate;
  /** The local day on which the figures are read: an average is over the days that have begun. */
  readonly today: LocalDate;
}

/** A figure of the tier report, and how it is told. */
interface Figure {
  readonly key: BriefingKey;
  readonly zh: string;
  readonly en: string;
  readonly unit: BriefingUnit;
  /** Where it stands in the agency's row. */
  readonly field: string;
  readonly value: (figures: FiguresAnswer, days: number) => number | null;
  readonly printed: (value: number, figures: FiguresAnswer) => Printed;
  /** Whether the year before makes sense beside it. */
  readonly compared: boolean;
}

const attemptsOf = ({ attempts: { sms, call, visit } }: FiguresAnswer): number => sms + call + visit;

const FIGURES: readonly Figure[] = [
  {
    key: 'signals',
    zh: '预警信号',
    en: 'Warning signals',
    unit: '条',
    field: 'signals',
    value: ({ signals }) => signals,
    printed: (value) => printedCount(value, '条'),
    compared: true,
  },
  {
    key: 'dailySignals',
    zh: '日均产出预警信息',
    en: 'Warning signals a day',
    unit: '条/日',
    field: 'signals',
    value: ({ signals }, days) => (days === 0 ? null : Math.floor(signals / days)),
    printed: (value) => printedCount(value, '条'),
    compared: false,
  },
  {
    key: 'attempts',
    zh: '预警劝阻',
    en: 'Acts of dissuasion',
    unit: '人次',
    field: 'attempts',
    value: attemptsOf,
    printed: (value) => printedCount(value, '人次'),
    compared: true,
  },
  {
    key: 'successes',
    zh: '成功劝阻',
    en: 'Cases dissuaded',
    unit: '起',
    field: 'successRate.numerator',
    value: ({ successRate }) => successRate.numerator,
    printed: (value) => printedCount(value, '起'),
    compared: true,
  },
  {
    key: 'interceptedFen',
    zh: '拦截损失',
    en: 'Losses intercepted',
    unit: 'fen',
    field: 'interceptedFen.total',
    value: ({ interceptedFen }) => interceptedFen.total,
    printed: printedYuan,
    compared: true,
  },
  {
    key: 'controlledFen',
    zh: '止付冻结',
    en: 'Stopped or frozen',
    unit: 'fen',
    field: 'controlledFen',
    value: ({ controlledFen }) => controlledFen,
    printed: printedYuan,
    compared: true,
  },
  {
    key: 'returnedFen',
    zh: '返还群众被骗资金',
    en: 'Returned to victims',
    unit: 'fen',
    field: 'returnedFen',
    value: ({ returnedFen }) => returnedFen,
    printed: printedYuan,
    compared: true,
  },
  {
    key: 'fundSuccessRate',
    zh: '资金预警成功率',
    en: 'Fund warnings that held',
    unit: 'rate',
    field: 'fundSuccessRate',
    value: ({ fundSuccessRate }) => fundSuccessRate.rate,
    printed: (_, { fundSuccessRate: { numerator, denominator } }) => printedRate(numerator, denominator),
    compared: false,
  },
  {
    key: 'incidents',
    zh: '电信网络诈骗发案',
    en: 'Incidents of telecom fraud',
    unit: '起',
    field: 'incidents',
    value: ({ incidents }) => incidents,
    printed: (value) => printedCount(value, '起'),
    compared: true,
  },
  {
    key: 'incidentLossFen',
    zh: '案损',
    en: 'Losses reported',
    unit: 'fen',
    field: 'incidentLossFen',
    value: ({ incidentLossFen }) => incidentLossFen,
    printed: printedYuan,
    compared: true,
  },
];

/** The agency's row of the days that a period is compared with. */
interface YearBefore {
  readonly from: LocalDate;
  readonly to: LocalDate;
  readonly figures: FiguresAnswer;
}

/**
 * The days a year before those of the period that have begun: a period that still runs is compared with the same part.
 * @returns undefined where it has not begun
 */
export function comparedYear({ from, to, today }: BriefingPeriod): { from: LocalDate; to: LocalDate } | undefined {
  return from > today ? undefined : { from: yearBefore(from), to: yearBefore(to < today ? to : today) };
}

/**
 * Every figure of a briefing.
 * @param own the agency's row of its tier's report
 * @param before the same of the days a year before
 */
export function briefingFigures(
  period: BriefingPeriod,
  own: FiguresAnswer,
  before: YearBefore | undefined,
): BriefingFigureAnswer[] {
  const { agency, tier, from, to, today } = period;
  const query = new URLSearchParams({ parent: agency.code, from, to }).toString();
  const days = countOfIntervals({ from, to: to < today ? to : today }, 'day');
  return FIGURES.map(({ key, zh, en, unit, field, value: valueOf, printed, compared }) => {
    const value = valueOf(own, days);
    const base = compared && before ? valueOf(before.figures, days) : null;
    return {
      key,
      zh,
      en,
      value,
      unit,
      printed: value === null || value === 0 ? null : printed(value, own),
      yearBefore: value !== null && base ? comparison(value, base, before!) : null,
      report: `/api/v1/reports/tiers/${tier}?${query}`,
      field: `rows[0].${field}`,
    };
  });
}

function comparison(value: number, base: number, { from, to }: YearBefore): BriefingFigureAnswer['yearBefore'] {
  return { from, to, value: base, change: changeOf(value, base).change!, printed: printedChange(value, base) };
}

const MOST_TYPES = 5;

/** Incidents and losses of one type of fraud. */
export interface TypeSums {
  readonly fraudType: TypeNameAnswer;
  readonly incidents: number;
  readonly incidentLossFen: number;
}

/** The types with the most incidents; equal ones in the order of the list. */
export function briefingTypes({ agency, from, to }: BriefingPeriod, rows: readonly TypeSums[]): BriefingTypesAnswer {
  const sum = (of: readonly TypeSums[], value: (row: TypeSums) => number): bigint =>
    of.reduce((all, row) => all + BigInt(value(row)), 0n);
  const [incidents, loss] = [sum(rows, (row) => row.incidents), sum(rows, (row) => row.incidentLossFen)];
  const top = rows
    .filter((row) => row.incidents > 0)
    .sort((a, b) => b.incidents - a.incidents)
    .slice(0, MOST_TYPES);
  const shares = (of: readonly TypeSums[]): { incidentShare: Printed; lossShare: Printed | null } => ({
    incidentShare: printedShare(
      sum(of, (row) => row.incidents),
      incidents,
    ),
    lossShare:
      loss === 0n
        ? null
        : printedShare(
            sum(of, (row) => row.incidentLossFen),
            loss,
          ),
  });
  const query = new URLSearchParams({ agency: agency.code, from, to }).toString();
  return {
    top: top.map((row) => ({ ...row.fraudType, ...shares([row]) })),
    ...(top.length === 0 ? { incidentShare: null, lossShare: null } : shares(top)),
    report: `/api/v1/reports/fraud-types?${query}`,
  };
}
