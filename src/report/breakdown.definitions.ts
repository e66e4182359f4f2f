import { DEFINITIONS, type DefinedField, type Definition } from './definitions.js';

/** Of fields that several reports have and the tier report has not, or not by this name. */
const OWN = {
  agencyTotal: {
    name: '合计',
    zh: '各行之和;比率按各行分子、分母之和计算。',
    en: 'The sums of the rows; rates are taken of the sums of their numerators and denominators.',
  },
  incidents: {
    name: '发案',
    zh: '区间内接报的警情数,按接报时间计,记在最初接报的单位。',
    en: 'Incidents by the time of the report, for the agency that they were first reported to.',
  },
  incidentLossFen: {
    name: '案损',
    zh: '上述警情的损失金额(分)。',
    en: 'Losses (fen) of these incidents.',
  },
  incidentShare: {
    name: '发案占比',
    zh: '该类警情数 ÷ 全部警情数,取 4 位小数;各类之和按最大余数法恰为 1;没有警情时为空。',
    en: 'Incidents of the type ÷ all incidents, with 4 decimals; the shares add up to exactly 1 by largest remainder; null where there is no incident.',
  },
  lossShare: {
    name: '案损占比',
    zh: '该类警情损失 ÷ 全部警情损失,取 4 位小数;各类之和按最大余数法恰为 1;没有损失时为空。',
    en: 'Losses of incidents of the type ÷ losses of all incidents, with 4 decimals; the shares add up to exactly 1 by largest remainder; null where there is no loss.',
  },
  fraudType: {
    name: '诈骗类型',
    zh: '现行目录的全部类型;旧目录的名称在录入时已归入现行类型。',
    en: 'Every type of the current list; names of older lists were taken for a current type when the signal came in.',
  },
  alerts: { name: '接收', zh: '范围内的预警数。', en: 'Alerts of the cohort.' },
  closed: {
    name: '结案',
    zh: '范围内当前已结案的预警,记在结案时的持有单位。',
    en: 'Cases of the cohort that are closed now, for the agency that held the case when it was closed.',
  },
  group: {
    name: '人群',
    zh: '被预警人的特殊人群:老年人、学生、未成年人、财务人员,其他为一般人群。',
    en: 'The special group of the warned person: elderly, student, minor, finance-staff; none for everybody else.',
  },
  interceptedOfOutcomes: {
    name: '拦截损失',
    zh: '区间内审核通过且未作废的反馈中的拦截金额(分),记在提交反馈的单位;止付后退回的金额属于警情,不分人群,不在其中。',
    en: 'Intercepted money (fen) of outcomes approved in the period and not voided, for the agency that submitted. Money of stop-payments belongs to incidents, which have no group: it is not in this.',
  },
  source: {
    name: '来源',
    zh: '预警信号的来源,按信号本身的来源计。',
    en: 'The source of the signal itself.',
  },
  sourceSignals: {
    name: '预警信号',
    zh: '该来源的信号:本身成为范围内预警的,加上并入范围内预警的。',
    en: 'Signals of the source: those that became an alert of the cohort, and those that joined one.',
  },
  merged: {
    name: '并入',
    zh: '该来源的信号中并入其他预警(不论其来源)的。',
    en: 'Those of them that joined an alert, of whatever source.',
  },
  returnedWrongInfo: {
    name: '信息有误',
    zh: '该单位最后一次经手以“信息有误”退回的预警(市级:以“信息有误”退回且仍在市级待推送的),其后被撤销的计入撤销。',
    en: 'Alerts whose last stay with the agency ended with their return as wrong-info (city: those that lie on its desk returned so); one that was withdrawn then counts as withdrawn.',
  },
  withdrawn: { name: '撤销', zh: '范围内被市级撤销的预警。', en: 'Alerts of the cohort that the city withdrew.' },
  provedTrueRate: {
    name: '属实率',
    zh: '结果不是误报的结案 ÷ 结案;按首个信号的来源计,并入的信号不另计。',
    en: 'Closed cases whose result is not false-alarm ÷ closed cases; by the source of the case’s first signal, signals that joined it are not counted again.',
  },
  channel: {
    name: '渠道',
    zh: '阶梯劝阻的短信、电话、上门。',
    en: 'The steps of the ladder: SMS, call, visit.',
  },
  channelAttempts: {
    name: '劝阻人次',
    zh: '区间内该单位及下级以该渠道所做的劝阻,按劝阻时间计,不论属于何时的预警。',
    en: 'Attempts by the channel made in the period by the agency and those below it, by the time of the attempt, whenever the alert came.',
  },
  channelReached: { name: '联系上', zh: '其中联系上本人的。', en: 'Those of them that reached the person.' },
  reachRate: {
    name: '联系上率',
    zh: '联系上的人次 ÷ 劝阻人次。',
    en: 'Attempts that reached the person ÷ attempts.',
  },
  channelCases: {
    name: '使用该渠道的预警',
    zh: '范围内由该单位及下级至少以该渠道劝阻过一次的预警;一件预警可用多个渠道。',
    en: 'Cases of the cohort in which the agency or one below it made at least one attempt by the channel; a case may have several channels.',
  },
  channelDissuaded: {
    name: '劝阻成功',
    zh: '其中结果为“劝阻成功”(记在结案时的持有单位),且该单位及下级最后一次联系上本人是以该渠道的;从未联系上的不计入任何渠道。',
    en: 'Those closed dissuaded (for the agency that held the case then) in which the last attempt of the agency, or of one below it, that reached the person was of the channel; where none did, of no channel.',
  },
  firstAttemptMinutes: {
    name: '首次劝阻用时(中位数)',
    zh: '首次推送至该渠道首次劝阻的分钟数的中位数(最近秩法,精度同各用时:误差不超过 2.5%),记在首次劝阻的单位;推送前已做的为 0。',
    en: 'Median (nearest rank, told as precisely as contactMinutes: off by 2.5 % at most) of the minutes from the first push to the first attempt by the channel, for the agency that made it; one made before the push took 0 minutes.',
  },
} as const satisfies Record<string, Definition>;

type Own = keyof typeof OWN;

/** How every number of a report about one agency is opened; part of its definitions. */
export const OPENED: Definition = {
  name: '明细',
  zh: '各数均可展开:GET /reports/{报表}/cases,indicator 为该数在行中的路径(如 successRate.numerator),key 为该行(类型、人群、来源、渠道、步骤或人员),不给 key 为合计;趋势以该时段的 from、to 展开。所列件数即该数;金额为各件 amountFen 之和,用时的中位数取自各件 minutes。占比由两个可展开的数相除而得。',
  en: 'Every number opens: GET /reports/{report}/cases, with indicator its path in the row (successRate.numerator) and key the row (type, group, source, channel, step or person; absent: the total); a point of the trend by its from and to. As many are listed as the number says; amountFen of them add up to a sum, a median is of their minutes. Shares divide two numbers that open.',
};

/** Definitions by the name that the field has in the answer: the tier report's where it means the same. */
export function defined(
  shared: readonly DefinedField[],
  own: Readonly<Record<string, Own>>,
): Record<string, Definition> {
  return {
    ...Object.fromEntries((['period', 'credit', ...shared] as const).map((field) => [field, DEFINITIONS[field]])),
    cases: OPENED,
    ...Object.fromEntries(Object.entries(own).map(([field, name]) => [field, OWN[name]])),
  };
}
