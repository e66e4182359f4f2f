import { RANKING_INDICATORS, type RankingPolicy } from '../organization/ranking-policy.js';
import { DEFINITIONS, type Definition } from '../report/definitions.js';

/** How units are scored, ranked and given cards: carried by every ranking beside what its rates count. */
export const RANKING_DEFINITIONS = {
  score: {
    name: '得分',
    zh: '满分100分:各指标得分之和,指标得分 = 权重 × 指标值;预警后被骗率、退回率为反向指标,按权重 × (1 − 指标值)计,不低于0分。按整数分数精确计算,总分四舍五入保留4位小数后排名;各项得分分别取整,其和与总分可有末位之差。',
    en: 'Out of 100: the sum over the indicators of weight × rate; of defraudedAfterRate and returnRate, of which less is better, weight × (1 − rate), never below 0. Computed exactly in whole numbers; the total is rounded half up to 4 decimals and then ranked. The points of each are rounded by themselves, so that their sum may differ from the score in the last place.',
  },
  weights: {
    name: '权重',
    zh: '由市级政策设定,合计100分,以统计月份开始时生效的版本为准。某指标分母为0(无可评价的案件)时,其权重按比例分给其余指标,见“折算权重”;预警后被骗率有分子而无分母(有人被骗而无一人联系上)的,该项不折算,计0分。',
    en: 'Set by the policy of the city, 100 in all; the version in force when the period began counts. Where an indicator has nothing to judge (denominator 0) its weight goes to the others in proportion to theirs, see appliedWeight. Where people were defrauded and nobody was reached, defraudedAfterRate has a numerator and no denominator: it keeps its weight and gives 0 points.',
  },
  floors: {
    name: '底线',
    zh: '指标值(反向指标为1 − 指标值,均按公布的4位小数)低于政策所设底线的,该项计0分。',
    en: 'A rate (of those of which less is better 1 − rate; as printed, with 4 decimals) under its floor in the policy gives 0 points.',
  },
  rank: {
    name: '名次',
    zh: '得分相同名次并列,其后名次顺延(1、2、2、4)。',
    en: 'Equal scores share a rank and the next is skipped: 1, 2, 2, 4.',
  },
  unranked: {
    name: '不参加排名',
    zh: '区间内接收数少于政策所设最小基数的单位,列出得分但不排名次,也不产生牌;各指标均无可评价案件的单位同此。',
    en: 'Units that received fewer cases than the smallest denominator of the policy are shown with their score but without a rank and get no cards; so are units of which no indicator could be judged.',
  },
  worst: {
    name: '末位',
    zh: '“后几名”只在参加排名的单位中取,不足一名的舍去;同分单位在界线上不能全部列入的,全部不列入。“后三名”最多不超过参加排名单位数的三分之一。',
    en: 'The worst so many are taken of the ranked units, parts of a unit dropped. Of units with one score at the boundary none is taken where not all find room. The worst of the yellow card are at most a third of the ranked units.',
  },
  cards: {
    name: '红黄牌',
    zh: '通报:当月后百分之几;黄牌:连续数月均在后几名,或预警后被骗率高于全市(同层级合计)若干倍;红牌:数月内累计黄牌,一张黄牌只用一次;约谈:随红牌;挂牌整治:连续数季度均有红牌;摘牌:挂牌之后的连续数个完整季度均不在后三分之一(按季度排名,不参加排名视为不在)。参数见政策。系统提出,上级主管确认后生效,只有已确认的牌计入后续规则。',
    en: 'Notice: the worst per cent of the month. Yellow: among the worst in several months running, or a defraudedAfterRate above so many times that of the whole city (the total of the tier). Red: several yellows within months, each of which counts for one red. Talk: with a red. Listed: a red in each of several quarters running. Delisted: outside the worst third of the ranking of each of several whole quarters after the listing (unranked counts as outside). The numbers stand in the policy. The system proposes, a supervisor above the unit confirms; only confirmed cards count for later rules.',
  },
} as const satisfies Record<string, Definition>;

/** Those of the ranking, of the cohort, and of the rates that have a weight. */
export function definitionsOf({ weights }: RankingPolicy): Record<string, Definition> {
  const { period, credit, total, received } = DEFINITIONS;
  return {
    ...RANKING_DEFINITIONS,
    period,
    credit,
    total,
    received,
    ...Object.fromEntries(
      RANKING_INDICATORS.filter((indicator) => weights[indicator] > 0).map((indicator) => [
        indicator,
        DEFINITIONS[indicator],
      ]),
    ),
  };
}
