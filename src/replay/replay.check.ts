import type { BriefingAnswer, BriefingKey } from '../briefing/briefing.dto.js';
import type { FraudTypesAnswer } from '../report/breakdown.dto.js';
import { isPrinted, type TargetName } from './profile.rules.js';
import { published, type PublishedFigure } from './published.figures.js';
import type { Replayed } from './replay.js';

/** One printed or planned figure beside the replayed one. */
export interface CheckedFigure {
  readonly id: string;
  readonly figure: string;
  /** As the article has it; null where none was printed. */
  readonly printed: string | null;
  /** What the replay was to come to, at its scale. */
  readonly planned: number | null;
  /** At its scale. */
  readonly replayed: number | null;
  /** Of the whole city: replayed ÷ scale. */
  readonly atFullScale: number | null;
  readonly met: boolean;
  readonly note: string;
}

/** A figure of the briefing: where it was printed, what the plan calls it, and in how many parts its unit is stored. */
const FIGURES: readonly { id?: string; key: BriefingKey; target: TargetName; parts: number; averaged?: boolean }[] = [
  { id: 'NY15', key: 'signals', target: 'signals', parts: 1, averaged: true },
  { id: 'NY16', key: 'attempts', target: 'attempts', parts: 1 },
  { id: 'NY17', key: 'successes', target: 'successes', parts: 1 },
  { id: 'NY18', key: 'interceptedFen', target: 'interceptedFen', parts: 100 },
  { id: 'NY13', key: 'controlledFen', target: 'controlledFen', parts: 100 },
  { id: 'NY14', key: 'returnedFen', target: 'returnedFen', parts: 100 },
];
const OF_ZHENGZHOU: Partial<Record<BriefingKey, string>> = { incidents: 'ZZ01', returnedFen: 'ZZ06' };
const TYPES_OF_ZHENGZHOU = [
  ['ZZ07', 'brushing-rebate'],
  ['ZZ08', 'fake-loan'],
  ['ZZ09', 'impersonate-authority'],
  ['ZZ10', 'fake-investment'],
  ['ZZ11', 'impersonate-acquaintance'],
] as const;
const TYPES_OF_NANYANG = [
  'brushing-rebate',
  'fake-loan',
  'fake-customer-service',
  'fake-investment',
  'impersonate-acquaintance',
];

/** Every figure that was printed of the period, or else planned, against what the reports say. */
export function checkReplay(replayed: Replayed): CheckedFigure[] {
  const { plan, profile } = replayed;
  const { city, from, to } = plan.input.options;
  const printed = isPrinted(profile, city, from, to);
  const zhengzhou = profile.targets.signals === 0;
  const figures = zhengzhou
    ? (['incidents', 'returnedFen'] as const).map((key) => ({
        id: OF_ZHENGZHOU[key],
        key,
        target: key,
        parts: key === 'incidents' ? 1 : 100,
      }))
    : FIGURES;
  const sums = figures.map((figure) => checkSum(replayed, figure, printed));
  const shares = zhengzhou ? sharesOfZhengzhou(replayed) : [shareOfNanyang(replayed)];
  return printed ? [...sums, ...shares] : sums;
}

function checkSum(
  { plan, briefing, figures }: Replayed,
  { id, key, target, parts, averaged = false }: (typeof FIGURES)[number],
  isOfPrint: boolean,
): CheckedFigure {
  const { scale } = plan.input.options;
  const divisor = parts * (averaged ? plan.days.length : 1);
  const planned = plan.input.targets[target];
  const replayed = valueOf(briefing, key);
  const figure = isOfPrint && id !== undefined ? published(figures, id) : undefined;
  const atFullScale = replayed / divisor / scale;
  return {
    id: figure?.id ?? '',
    figure: figure?.metric ?? briefing.figures.find((each) => each.key === key)!.zh,
    printed: figure?.printed ?? null,
    planned: planned / divisor,
    replayed: replayed / divisor,
    atFullScale,
    met: replayed === planned && (figure === undefined || agrees(figure, atFullScale, 1 / divisor / scale)),
    note: '',
  };
}

/** Whether a value is what was printed. @param step how exactly the scale can tell it: one of it is this much */
export function agrees({ exactness, value }: PublishedFigure, found: number, step: number): boolean {
  if (exactness === '>') return found > value - step / 2;
  if (exactness === '>=') return found >= value - step / 2;
  return Math.abs(found - value) <= step / 2;
}

function sharesOfZhengzhou({ fraudTypes, figures }: Replayed): CheckedFigure[] {
  const each = TYPES_OF_ZHENGZHOU.flatMap(([id, code]) => [
    share(published(figures, `${id}a`), incidentShare(fraudTypes, [code])),
    share(published(figures, `${id}b`), lossShare(fraudTypes, [code])),
  ]);
  const codes = TYPES_OF_ZHENGZHOU.map(([, code]) => code);
  return [
    ...each,
    share(published(figures, 'ZZ12a'), incidentShare(fraudTypes, codes)),
    share(published(figures, 'ZZ12b'), lossShare(fraudTypes, codes), 'the source’s own parts add up to 88'),
  ];
}

function shareOfNanyang({ fraudTypes, figures }: Replayed): CheckedFigure {
  return share(published(figures, 'NY24'), incidentShare(fraudTypes, TYPES_OF_NANYANG));
}

/** Percents do not depend on the scale, but for its rounding. */
function share(figure: PublishedFigure, found: number | null, note = ''): CheckedFigure {
  return {
    id: figure.id,
    figure: figure.metric,
    printed: figure.printed,
    planned: null,
    replayed: found,
    atFullScale: found,
    met: found !== null && Math.round(found) === figure.value,
    note,
  };
}

function incidentShare({ rows, total }: FraudTypesAnswer, codes: readonly string[]): number | null {
  const sum = rows.reduce((all, row) => all + (codes.includes(row.fraudType.code) ? row.incidents : 0), 0);
  return total.incidents === 0 ? null : (100 * sum) / total.incidents;
}

function lossShare({ rows, total }: FraudTypesAnswer, codes: readonly string[]): number | null {
  const sum = rows.reduce((all, row) => all + (codes.includes(row.fraudType.code) ? row.incidentLossFen : 0), 0);
  return total.incidentLossFen === 0 ? null : (100 * sum) / total.incidentLossFen;
}

function valueOf({ figures }: BriefingAnswer, key: BriefingKey): number {
  return figures.find((figure) => figure.key === key)!.value ?? 0;
}
