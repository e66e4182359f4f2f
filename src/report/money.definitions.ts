/** What the fields of incidents and their money count; part of the definitions that every report carries. */
export const MONEY_DEFINITIONS = {
  incidents: {
    name: '发案',
    zh: '区间内接报的警情数,按接报时间计,记在接报单位名下,其后移送他处亦不变。',
    en: 'Incidents reported in the period, by the time of the report, for the agency that they were reported to, wherever they went later.',
  },
  incidentLossFen: {
    name: '案损',
    zh: '上述警情的损失金额之和(分),以警情登记的损失为准;与反馈中的“损失”分别统计,同一损失可能两处都有,不得相加。',
    en: 'The losses of those incidents (fen). Told apart from lossFen: one loss may stand in both, and they are not to be added up.',
  },
  incidentsYoY: {
    name: '发案同比',
    zh: '(区间发案 − 上年同日期区间发案)÷ 上年同日期区间发案;2 月 29 日对应上年 2 月 28 日;基数为 0 时为空。四舍五入至 4 位小数。区间尚未结束的,与上年整段相比。',
    en: '(count - base) / base against the same days a year before; 29 February maps to 28 February; base 0: null. Rounded half up to 4 decimals. A period that is not over yet is compared with whole days of the year before.',
  },
  incidentsMoM: {
    name: '发案环比',
    zh: '(区间发案 − 紧邻之前等长天数的发案)÷ 紧邻之前等长天数的发案;基数为 0 时为空。四舍五入至 4 位小数。',
    en: '(count - base) / base against the days of equal length directly before; base 0: null. Rounded half up to 4 decimals.',
  },
  per10k: {
    name: '万人发案率',
    zh: '发案 ÷ 人口(万人)。人口取已导入数据中不晚于区间末年的最近一年(year);未导入的为空。合计以各行人口之和为分母,任一行未导入的为空,年份不一的标最早一年。',
    en: 'Incidents / population in units of 10,000: the latest loaded year that is not after the year of the last day (year); null where none is loaded. The total divides by the sum over the rows, null where one of them has none; of different years the oldest is told.',
  },
  stoppedFen: {
    name: '止付',
    zh: '区间内生效的紧急止付金额(分),按银行止付时间计,记在提出止付的单位名下;更正与冲销计入原时间。保护性止付不计。',
    en: 'Amounts of stop-payments that took effect in the period (fen), by the moment of stopping, for the agency that asked. What was taken back or corrected counts at its own time. Protective limits are not in it.',
  },
  frozenFen: {
    name: '冻结',
    zh: '区间内生效的冻结金额(分),以银行实际冻结为准,记在提出冻结的单位名下;更正与冲销计入原时间。',
    en: 'Amounts of freezes that took effect in the period (fen), as the bank really holds, for the agency that asked. What was taken back or corrected counts at its own time.',
  },
  controlledFen: {
    name: '止付冻结',
    zh: '区间内每个账户的止付与冻结金额取较大者,再相加(分),不重复相加;各行在本行内按账户取大,合计在全部行内按账户取大,故合计不一定等于各行之和。',
    en: 'Per account the larger of what was stopped and what was frozen in the period, never the sum, added up (fen): in a row over the row’s accounts, in the total over all of them; so the total need not be the sum of the rows.',
  },
  stopRate: {
    name: '止付率',
    zh: '区间内止付金额 ÷ 区间内接报警情的案损(均为分)。分子不必是分母的一部分,可大于 1。',
    en: 'Stopped in the period ÷ losses of the incidents reported in the period (fen). The numerator need not be part of the denominator: it may exceed 1.',
  },
  returnedFen: {
    name: '返还',
    zh: '区间内银行已支付的返还金额(分),按支付时间计,记在冻结单位名下;冲销计入原时间。',
    en: 'Returns paid in the period (fen), by the time of payment, for the freezing agency. What was taken back counts at its own time.',
  },
  victimsReturned: {
    name: '返还人数',
    zh: '上述返还涉及的不同受害人(含单位)数;合计中同一人只计一次。',
    en: 'Distinct victims (people and organisations) of those payments; once in the total, whichever rows paid.',
  },
  returnShare: {
    name: '返还率',
    zh: 'flow:区间内返还 ÷ 区间内冻结;stock:截至数据时间累计返还 ÷ 累计冻结,与区间无关(均为分)。',
    en: 'flow: returned ÷ frozen in the period; stock: all ever returned ÷ all ever frozen up to asOf, whatever the period (fen).',
  },
} as const;
