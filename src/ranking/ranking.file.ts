import type { FileContent, Remark } from '../identity/file.desk.js';
import { RANKING_INDICATORS, type RankingIndicator } from '../organization/ranking-policy.js';
import { sheetOf, type Column, type Sheet } from '../platform/tabular/table.file.js';
import { TOTAL } from '../report/report.file.js';
import type { RankedUnitAnswer, RankingContent, ScoredIndicatorAnswer } from './ranking.dto.js';
import type { PublishedRanking } from './edition.js';
import type { RankedTier, UnrankedReason } from './ranking.js';

const TIER_ZH: Record<RankedTier, string> = { county: '县级', township: '乡镇' };
const UNRANKED_ZH: Record<UnrankedReason, string> = {
  'too-few-cases': '接收数少于最小基数',
  'nothing-to-score': '无可评价案件',
};
const SCORE = '得分';

/** A unit; of the total only what it has. */
type Line = Partial<Omit<RankedUnitAnswer, 'indicators'>> & {
  code: string;
  title: string;
  indicators: Partial<Record<string, Partial<ScoredIndicatorAnswer>>>;
};

export function rankingTitle({ tier }: { tier: RankedTier }): string {
  return `月度排名(${TIER_ZH[tier]})`;
}

/** The ranking as a table: units, and the rates of all together. */
export function rankingSheet(ranking: PublishedRanking): Sheet {
  const indicators = scoredBy(ranking);
  return sheetOf<Line>({
    name: '排名',
    columns: columnsOf(ranking, indicators),
    rows: ranking.rows.map((unit) => ({ ...unit, code: unit.agency.code, title: unit.agency.name })),
    total: { code: '', title: TOTAL, received: ranking.total.received, indicators: ranking.total.rates },
    charts: [{ title: '各单位得分', kind: 'bar', category: '单位名称', series: [SCORE] }],
  });
}

function scoredBy({ policy }: PublishedRanking): RankingIndicator[] {
  return RANKING_INDICATORS.filter((indicator) => policy.document.weights[indicator] > 0);
}

function columnsOf(ranking: PublishedRanking, indicators: readonly RankingIndicator[]): Column<Line>[] {
  return [
    { title: '名次', kind: 'count', cell: (line) => toldOfUnits(line, line.rank) },
    { title: '单位代码', kind: 'text', cell: ({ code }) => code },
    { title: '单位名称', kind: 'text', cell: ({ title }) => title },
    { title: SCORE, kind: 'decimal', cell: (line) => toldOfUnits(line, line.score) },
    { title: '接收', kind: 'count', cell: ({ received }) => received },
    ...indicators.flatMap((indicator) => indicatorColumns(nameOf(ranking, indicator), indicator)),
    {
      title: '不参加排名原因',
      kind: 'text',
      cell: ({ unranked }) => (unranked === null || unranked === undefined ? '' : UNRANKED_ZH[unranked]),
    },
  ];
}

function indicatorColumns(title: string, indicator: RankingIndicator): Column<Line>[] {
  const of = ({ indicators }: Line): Partial<ScoredIndicatorAnswer> => indicators[indicator] ?? {};
  return [
    { title, kind: 'rate', cell: (line) => of(line).rate },
    { title: `${title}-分子`, kind: 'count', cell: (line) => of(line).numerator },
    { title: `${title}-分母`, kind: 'count', cell: (line) => of(line).denominator },
    { title: `${title}-折算权重`, kind: 'decimal', cell: (line) => toldOfUnits(line, of(line).appliedWeight) },
    { title: `${title}-得分`, kind: 'decimal', cell: (line) => toldOfUnits(line, of(line).points) },
    { title: `${title}-低于底线`, kind: 'text', cell: (line) => (of(line).belowFloor ? '是' : '') },
  ];
}

/** All units together have no rank and no score: nothing stands there, not even that there is none. */
function toldOfUnits(line: Line, value: number | null | undefined): number | string | null {
  return line.agency === undefined ? '' : (value ?? null);
}

function nameOf({ definitions }: PublishedRanking, field: string): string {
  return definitions[field]?.name ?? field;
}

/** What the ranking is about, and by which rules. */
export function rankingRemarks(ranking: PublishedRanking, asOf: string): Remark[] {
  const { weights, smallestDenominator } = ranking.policy.document;
  return [
    ['月份', ranking.period],
    ['上级单位', ranking.parent],
    ['数据时间', asOf],
    ['月份状态', ranking.closed ? '已结束' : '未结束:数字为截至数据时间的'],
    ['预警后被骗率', ranking.provisional ? '暂定:观察期未过' : '已过观察期'],
    [
      '权重',
      scoredBy(ranking)
        .map((indicator) => `${nameOf(ranking, indicator)} ${weights[indicator]}`)
        .join(';'),
    ],
    ['最小基数', String(smallestDenominator)],
  ];
}

/** Everything that the ranking's file tells. */
export function rankingFile(ranking: RankingContent): FileContent {
  const { tier, period, parent } = ranking;
  return {
    name: `sanji-${parent}-ranking-${tier}-${period}`,
    title: rankingTitle(ranking),
    tables: [rankingSheet(ranking)],
    about: rankingRemarks(ranking, ranking.asOf),
    definitions: ranking.definitions,
    record: {
      action: 'report.exported',
      objectKind: 'ranking',
      objectId: `${parent}/${tier}/${period}`,
      data: { tier, month: period, parent, rows: ranking.rows.length },
    },
  };
}
