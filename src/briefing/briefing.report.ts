import type { AgencyReport } from '../report/agency-report.js';
import { defined } from '../report/breakdown.definitions.js';
import { sheetOf, yuanText } from '../platform/tabular/table.file.js';
import type { BriefingAnswer } from './briefing.dto.js';

const OWN = {
  dailySignals: {
    name: '日均产出预警信息',
    zh: '预警信号 ÷ 区间内已开始的天数,舍去小数。',
    en: 'Signals ÷ days of the period that have begun, cut to a whole number.',
  },
  successes: {
    name: '成功劝阻',
    zh: '劝阻成功率的分子:范围内以“劝阻成功”或“部分被骗,止损成功”结案的预警。',
    en: 'The numerator of successRate: cases of the cohort closed dissuaded or partial-loss.',
  },
  printed: {
    name: '印发数',
    zh: '一万以下为准确数;一万以上、百万以下按0.1万,一亿以下按1万,百亿以下按0.01亿,以上按1亿舍去尾数,舍去的写“余”,从不进位。比率舍到0.01%。占比四舍五入到1%,不尽的写“约”;合计按准确数计算,不按各类四舍五入后的占比相加。',
    en: 'Below 10,000 exact; then cut to 0.1万 below 1,000,000, to 1万 below 100 million, to 0.01亿 below 10 billion, to 1亿 above: what is cut off shows as 余 ("more than"), nothing is ever rounded up. Rates are cut to 0.01 %. Shares are rounded half up to 1 %, with 约 ("about") where they were; sums are of the exact figures, not of rounded shares.',
  },
  yearBefore: {
    name: '同比',
    zh: '与上年同一日期区间相比,尚未结束的区间只比已开始的日期;升降幅度按0.1%舍去;上年为0的不比。',
    en: 'Against the same dates of the year before, of a period that still runs those that have begun; changes are cut to 0.1 %; nothing is compared with 0.',
  },
} as const;

export const BRIEFING_REPORT: AgencyReport<BriefingAnswer> = {
  name: 'briefing',
  prepared: true,
  title: '新闻通稿数据',
  definitions: {
    ...defined(
      ['signals', 'attempts', 'successRate', 'interceptedFen', 'fundSuccessRate', 'controlledFen', 'returnedFen'],
      {
        incidents: 'incidents',
        incidentLossFen: 'incidentLossFen',
        incidentShare: 'incidentShare',
        lossShare: 'lossShare',
      },
    ),
    ...OWN,
  },
  tables: ({ figures, text }) => [
    sheetOf({
      name: '通稿数据',
      columns: [
        { title: '指标', kind: 'text', cell: ({ zh }) => zh },
        {
          title: '数值',
          kind: 'plain',
          cell: ({ value, unit }) => (unit === 'fen' && value !== null ? Number(yuanText(value)) : value),
        },
        { title: '单位', kind: 'text', cell: ({ unit }) => (unit === 'fen' ? '元' : unit) },
        { title: '印发数', kind: 'text', cell: ({ printed }) => printed?.zh },
        { title: '同比', kind: 'text', cell: ({ yearBefore }) => yearBefore?.printed.zh },
        { title: '出处', kind: 'text', cell: ({ report }) => report },
      ],
      rows: figures,
    }),
    {
      ...sheetOf<readonly [string, string]>({
        name: '通稿',
        columns: [
          { title: '语言', kind: 'text', cell: ([language]) => language },
          { title: '通稿', kind: 'text', cell: ([, words]) => words },
        ],
        rows: [
          ['通稿', text.zh],
          ['Text', text.en],
        ],
      }),
      headed: false,
    },
  ],
};
