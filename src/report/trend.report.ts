import type { AgencyReport } from './agency-report.js';
import { sheetOf, type Column } from '../platform/tabular/table.file.js';
import { defined } from './breakdown.definitions.js';
import type { TrendAnswer, TrendPointAnswer } from './trend.dto.js';
import type { TrendField } from './trend.view.js';

const FIELDS: readonly { field: TrendField; title: string; money?: true }[] = [
  { field: 'received', title: '接收' },
  { field: 'signals', title: '预警信号' },
  { field: 'attempts', title: '劝阻人次' },
  { field: 'successes', title: '劝阻成功' },
  { field: 'interceptedFen', title: '拦截损失', money: true },
  { field: 'lossFen', title: '损失', money: true },
  { field: 'incidents', title: '发案' },
  { field: 'incidentLossFen', title: '案损', money: true },
];

const columnTitle = (title: string, money: true | undefined, part = ''): string =>
  money ? `${title}${part}(元)` : `${title}${part}`;

const COLUMNS: readonly Column<TrendPointAnswer>[] = [
  { title: '起', kind: 'date', cell: ({ from }) => from },
  { title: '止', kind: 'date', cell: ({ to }) => to },
  { title: '是否完整', kind: 'text', cell: ({ complete }) => (complete ? '是' : '否') },
  ...FIELDS.map(({ field, title, money }): Column<TrendPointAnswer> => ({
    title: columnTitle(title, money),
    kind: money ? 'yuan' : 'count',
    cell: (point) => point[field],
  })),
];

const COMPARED_COLUMNS: readonly Column<TrendPointAnswer>[] = [
  { title: '对比起', kind: 'date', cell: ({ compared }) => compared?.from },
  { title: '对比止', kind: 'date', cell: ({ compared }) => compared?.to },
  ...FIELDS.flatMap(({ field, title, money }): Column<TrendPointAnswer>[] => [
    {
      title: columnTitle(title, money, '-对比'),
      kind: money ? 'yuan' : 'count',
      cell: ({ compared }) => compared?.[field],
    },
    { title: `${title}-增减`, kind: 'rate', cell: ({ change }) => change?.[field].change },
  ]),
];

export const TREND_REPORT: AgencyReport<TrendAnswer> = {
  prepared: true,
  name: 'trend',
  title: '趋势',
  definitions: {
    ...defined(['received', 'signals', 'lossFen'], {
      incidents: 'incidents',
      incidentLossFen: 'incidentLossFen',
    }),
    attempts: {
      name: '劝阻人次',
      zh: '该单位及下级所做的短信、电话、上门次数之和,按劝阻时间计。',
      en: 'SMS, calls and visits made by the agency and those below it, by the time of the attempt.',
    },
    successes: {
      name: '劝阻成功',
      zh: '在该时段首次到达该单位的预警中,当前结果为“劝阻成功”或“部分被骗”的,即劝阻成功率的分子;结案较晚的,记在到达的时段。',
      en: 'Of the alerts that first came to the agency in the interval, those closed dissuaded or partial-loss now: the numerator of successRate. A case closed later counts in the interval in which it came.',
    },
    interceptedFen: {
      name: '拦截损失',
      zh: '该时段审核通过且未作废的反馈中的拦截金额,加上该时段止付后退回的金额(分),即三级报表拦截损失的合计。',
      en: 'Intercepted money (fen) of outcomes approved in the interval and not voided, and of stop-payments that went back in it: interceptedFen.total of the tier report.',
    },
    interval: {
      name: '时段',
      zh: '按日、周(周一起)或月;首尾时段以 from、to 为界。时段未过完的 complete 为 false。',
      en: 'By day, week (from Monday) or month; the first and the last are cut to from and to. complete is false while the interval still runs or has not begun.',
    },
    compared: {
      name: '对比时段',
      zh: 'yoy 同比:去年的相同日期(2 月 29 日对 2 月 28 日)。mom 环比:按日为前一日,按周为上一周的相同各日;按月,完整的月对整个上月,不完整的月(进行中的,或以 from、to 为界的)对上月的相同各日,以上月末日为限。未过完的时段只比较已开始的各日(含当日)。',
      en: 'yoy: the same dates a year before (29 February with the 28th). mom: the day before; the same days of the week before; a whole month with the whole month before, a part of a month (running, or cut to from and to) with the same days of the month before, at most to its end. Of an interval that still runs only the days that have begun are compared, today included.',
    },
    change: {
      name: '增减',
      zh: '(本期 − 对比期)÷ 对比期,四舍五入到 4 位小数;对比期为 0 的为空。base 为对比期的数。',
      en: '(value − base) ÷ base, rounded half up to 4 decimals; null where the base is 0. base is the value of the comparison period.',
    },
  },
  tables: ({ compare, points }) => [
    sheetOf({
      name: '趋势',
      columns: compare === null ? COLUMNS : [...COLUMNS, ...COMPARED_COLUMNS],
      rows: points,
      charts: [
        { title: '接收、劝阻成功与发案趋势', kind: 'line', category: '起', series: ['接收', '劝阻成功', '发案'] },
        { title: '拦截损失与案损趋势(元)', kind: 'line', category: '起', series: ['拦截损失(元)', '案损(元)'] },
      ],
    }),
  ],
};
