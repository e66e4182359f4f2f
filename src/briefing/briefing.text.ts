import type { LocalDate } from '../platform/clock/local-date.js';
import type { BriefingFigureAnswer, BriefingKey, BriefingTextAnswer, BriefingTypesAnswer } from './briefing.dto.js';
import type { BriefingPeriod } from './briefing.figures.js';

type ByKey = ReadonlyMap<BriefingKey, BriefingFigureAnswer>;

/** The text of a briefing: a sentence is made of what there is, and left out where there is nothing. */
export function briefingText(
  period: BriefingPeriod,
  figures: readonly BriefingFigureAnswer[],
  types: BriefingTypesAnswer,
): BriefingTextAnswer {
  const of: ByKey = new Map(figures.map((figure) => [figure.key, figure]));
  return { zh: chinese(period, of, types), en: english(period, of, types) };
}

function chinese({ agency, from, to }: BriefingPeriod, of: ByKey, types: BriefingTypesAnswer): string {
  const told = (key: BriefingKey, words = of.get(key)!.zh): string[] => {
    const figure = of.get(key)!;
    return figure.printed ? [`${words}${figure.printed.zh}`] : [];
  };
  const clauses: readonly string[][] = [
    [...told('signals', '预警'), ...told('dailySignals')],
    [...told('attempts', '预警劝阻潜在受害人'), ...told('successes'), ...told('interceptedFen')],
    [...told('controlledFen', '快速止付冻结涉案资金'), ...told('returnedFen')],
    told('fundSuccessRate'),
    [...told('incidents'), ...told('incidentLossFen')],
    chineseTypes(types),
    chineseChanges(of),
  ];
  const sentences = clauses.filter((parts) => parts.length > 0).map((parts) => `${parts.join(',')}。`);
  const head = `${chinesePeriod(from, to)},${agency.name}`;
  return sentences.length === 0 ? `${head}没有可通报的数据。` : `${head}:${sentences.join('')}`;
}

function chineseTypes({ top, incidentShare, lossShare }: BriefingTypesAnswer): string[] {
  if (top.length === 0) return [];
  const each = top.map(
    (type) => `${type.nameZh}(发案${type.incidentShare.zh}${type.lossShare ? `、涉案金额${type.lossShare.zh}` : ''})`,
  );
  const sums =
    top.length > 1
      ? [`以上${top.length}类合计占发案的${incidentShare!.zh}${lossShare ? `、涉案金额的${lossShare.zh}` : ''}`]
      : [];
  return [`发案占比居前的类型为${each.join(';')}`, ...sums];
}

function chineseChanges(of: ByKey): string[] {
  const changed = [...of.values()].flatMap(({ zh, yearBefore }) =>
    yearBefore ? [`${zh}${yearBefore.printed.zh}`] : [],
  );
  return changed.length === 0 ? [] : [`与上年同期相比,${changed.join('、')}`];
}

function english({ agency, from, to }: BriefingPeriod, of: ByKey, types: BriefingTypesAnswer): string {
  const told = (key: BriefingKey, words: (printed: string) => string): string[] => {
    const printed = of.get(key)!.printed;
    return printed ? [words(printed.en)] : [];
  };
  const clauses: readonly string[][] = [
    [
      ...told('signals', (n) => `${n} warning signals came in`),
      ...told('dailySignals', (n) => `${n} a day on average`),
    ],
    [
      ...told('attempts', (n) => `potential victims were contacted ${n} times`),
      ...told('successes', (n) => `${n} cases were dissuaded`),
      ...told('interceptedFen', (n) => `losses of ${n} were intercepted`),
    ],
    [
      ...told('controlledFen', (n) => `${n} was stopped or frozen`),
      ...told('returnedFen', (n) => `${n} was returned to victims`),
    ],
    told('fundSuccessRate', (n) => `${n} of the fund warnings held`),
    [
      ...told('incidents', (n) => `${n} incidents of telecom fraud were reported`),
      ...told('incidentLossFen', (n) => `with losses of ${n}`),
    ],
    englishTypes(types),
    englishChanges(of),
  ];
  const sentences = clauses.filter((parts) => parts.length > 0).map((parts) => `${capital(parts.join(', '))}.`);
  const head = `${agency.name}, ${englishPeriod(from, to)}`;
  return sentences.length === 0 ? `${head}: nothing to report.` : `${head}: ${sentences.join(' ')}`;
}

function englishTypes({ top, incidentShare, lossShare }: BriefingTypesAnswer): string[] {
  if (top.length === 0) return [];
  const each = top.map(
    (type) => `${type.nameEn} (${type.incidentShare.en}${type.lossShare ? `, losses ${type.lossShare.en}` : ''})`,
  );
  const sums =
    top.length > 1 ? [`together ${incidentShare!.en}${lossShare ? ` and ${lossShare.en} of the losses` : ''}`] : [];
  return [`the types with the largest shares of incidents were ${each.join('; ')}`, ...sums];
}

function englishChanges(of: ByKey): string[] {
  const changed = [...of.values()].flatMap(({ en, yearBefore }) =>
    yearBefore ? [`${en.toLowerCase()} ${yearBefore.printed.en}`] : [],
  );
  return changed.length === 0 ? [] : [`against the same days of the year before: ${changed.join(', ')}`];
}

const capital = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1);

function chinesePeriod(from: LocalDate, to: LocalDate): string {
  const [first, last] = [parts(from), parts(to)];
  const day = ({ month, day: date }: Parts): string => `${month}月${date}日`;
  if (from === to) return `${first.year}年${day(first)}`;
  return `${first.year}年${day(first)}至${first.year === last.year ? '' : `${last.year}年`}${day(last)}`;
}

const MONTHS = 'January February March April May June July August September October November December'.split(' ');

function englishPeriod(from: LocalDate, to: LocalDate): string {
  const day = (date: LocalDate): string => {
    const { year, month, day: number } = parts(date);
    return `${number} ${MONTHS[month - 1]} ${year}`;
  };
  return from === to ? day(from) : `${day(from)} to ${day(to)}`;
}

interface Parts {
  year: number;
  month: number;
  day: number;
}

function parts(date: LocalDate): Parts {
  const [year, month, day] = date.split('-').map(Number);
  return { year: year!, month: month!, day: day! };
}
