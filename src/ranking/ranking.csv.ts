import { RANKING_INDICATORS } from '../organization/ranking-policy.js';
import { CSV_BOM, csvLine, type CsvCell } from '../platform/tabular/csv.js';
import { fraction, NOTHING, type Export } from '../report/report.file.js';
import type { RankedUnitAnswer, RankingAnswer } from './ranking.dto.js';
import type { RankedTier, UnrankedReason } from './ranking.js';

const TIER_ZH: Record<RankedTier, string> = { county: '县级', township: '乡镇' };
const UNRANKED_ZH: Record<UnrankedReason, string> = {
  'too-few-cases': '接收数少于最小基数',
  'nothing-to-score': '无可评价案件',
};

/** What stands above or below the rows of a file: a name and a value. */
export type Remark = readonly [string, string];

export function exportedBy({ person, agency, at }: Export): Remark[] {
  return [
    ['导出人', person],
    ['导出单位', agency],
    ['导出时间', at],
  ];
}

/** The ranking as a file: header and rows first, then what it is about, then how it is made. UTF-8 with BOM. */
export function rankingCsv(ranking: RankingAnswer, remarks: readonly Remark[]): string {
  const { weights } = ranking.policy.document;
  const indicators = RANKING_INDICATORS.filter((indicator) => weights[indicator] > 0);
  const name = (field: string): string => ranking.definitions[field]?.name ?? field;
  const row = ({ agency, rank, score, unranked, received, indicators: scored }: RankedUnitAnswer): CsvCell[] => [
    rank ?? NOTHING,
    agency.code,
    agency.name,
    fraction(score),
    received,
    ...indicators.flatMap((indicator): CsvCell[] => {
      const { rate, numerator, denominator, appliedWeight, points, belowFloor } = scored[indicator]!;
      return [
        fraction(rate),
        numerator,
        denominator,
        fraction(appliedWeight),
        fraction(points),
        belowFloor ? '是' : '',
      ];
    }),
    unranked === null ? '' : UNRANKED_ZH[unranked],
  ];
  const { rates, received } = ranking.total;
  return [
    CSV_BOM,
    csvLine([
      '名次',
      '单位代码',
      '单位名称',
      '得分',
      '接收',
      ...indicators.flatMap((indicator) =>
        ['', '-分子', '-分母', '-折算权重', '-得分', '-低于底线'].map((part) => `${name(indicator)}${part}`),
      ),
      '不参加排名原因',
    ]),
    ...ranking.rows.map((unit) => csvLine(row(unit))),
    csvLine([
      '',
      '',
      '合计',
      '',
      received,
      ...indicators.flatMap((indicator): CsvCell[] => {
        const { rate, numerator, denominator } = rates[indicator]!;
        return [fraction(rate), numerator, denominator, '', '', ''];
      }),
      '',
    ]),
    csvLine([]),
    csvLine(['报表', `月度排名(${TIER_ZH[ranking.tier]})`]),
    csvLine(['月份', ranking.period]),
    csvLine(['上级单位', ranking.parent]),
    csvLine(['数据时间', ranking.asOf]),
    csvLine(['月份状态', ranking.closed ? '已结束' : '未结束:数字为截至数据时间的']),
    csvLine(['预警后被骗率', ranking.provisional ? '暂定:观察期未过' : '已过观察期']),
    csvLine(['权重', indicators.map((indicator) => `${name(indicator)} ${weights[indicator]}`).join(';')]),
    csvLine(['最小基数', ranking.policy.document.smallestDenominator]),
    ...remarks.map((remark) => csvLine(remark)),
    csvLine([]),
    csvLine(['指标', '口径', 'Definition', '字段']),
    ...Object.entries(ranking.definitions).map(([field, each]) => csvLine([each.name, each.zh, each.en, field])),
  ].join('');
}
