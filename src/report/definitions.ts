/** What a field counts, in both languages: carried by every report, because figures here rank counties. */
export interface Definition {
  /** 中文名. */
  name: string;
  zh: string;
  en: string;
}

const CLOCK_ZH = '已到期未完成的,记在到期时持有该案的单位;到期时案件在市级待推送的,记在市级;尚未到期且未完成的,不计入';
const CLOCK_EN =
  'met in time counts for the agency that did it; otherwise for the agency that held the case when the limit ran out (the city while it lay on the city’s desk); a clock neither met nor run out is in no denominator';

/** By field of the answer, in the order of its columns; the first four hold for all of them. */
export const DEFINITIONS = {
  period: {
    name: '统计区间与案件范围',
    zh: 'from 至 to 为含首尾的本地日期。案件类指标的范围:在区间内首次指派到该单位的预警(市级:在区间内收到且未并入其他预警的预警);同一预警多次到同一单位只计一次。劝阻人次、拦截损失、损失按行为发生(审核通过)时间计入;在办、超期、督办为当前数。',
    en: 'from and to are inclusive local dates. Case indicators are over the cohort: alerts first assigned to the agency in the period (city: alerts received in the period that did not join another), each once however often it came back. Attempts, intercepted money and losses count by the time of the act (the approval); open, overdue and urged are as of now.',
  },
  credit: {
    name: '归属',
    zh: '工作记在当时持有案件的单位名下。县级行包括其乡镇对经由该县的案件所做的工作(签收与退回只计本级);乡镇行只计本单位;市级行为全市。筛选条件按预警当前的属性。',
    en: 'Work is credited to the agency that held the case when it happened. A county’s row includes what its townships did for cases that came through it (signing for and giving back: its own only); a township’s row is its own; the city’s row is the whole city. Filters apply to the alert as it is now.',
  },
  total: {
    name: '合计',
    zh: '按不重复的预警计:一件预警在任一行中计入,合计中即计入一次;涉及多行的,签收时限取其中最早完成或到期的一次。人次与金额为各行之和。',
    en: 'Over distinct alerts: one that counts in any row counts once. Of the accept clocks of an alert in several rows the first that was met or ran out counts. Attempts and money are the sums of the rows.',
  },
  notIncluded: {
    name: '暂未包括',
    zh: '警情(发案、案损、万人发案率)与资金(止付、冻结、返还)各指标尚无数据来源,本版不列。',
    en: 'The fields of incidents and of funds (stopped, frozen, returned) have no source yet and are left out of this version.',
  },
  received: { name: '接收', zh: '范围内的预警数。', en: 'Size of the cohort.' },
  signals: {
    name: '预警信号',
    zh: '接收数加上并入这些预警的信号数。',
    en: 'The cohort plus the signals merged into it.',
  },
  acceptOnTimeRate: {
    name: '及时签收率',
    zh: '时限内签收 ÷ 已签收或已超时的签收时限,只计首次指派到该单位的一跳;到期前转走而未签收的不计入。市级行:各预警首次指派到县的各跳中最早签收或超时的一跳。',
    en: 'Signed for within the limit ÷ accept clocks met or run out, on the first hop to the agency; a hop that ended unsigned before its limit is in neither. City: of each alert’s first hops to counties the earliest that was met or ran out.',
  },
  contactOnTimeRate: {
    name: '及时联系率',
    zh: `时限内首次电话 ÷ 已完成或已到期的联系时限;${CLOCK_ZH}。`,
    en: `First call attempt within the limit ÷ call clocks met or run out; ${CLOCK_EN}.`,
  },
  visitRate: {
    name: '见面率',
    zh: '须上门的预警中由本行单位上门见到本人的 ÷ 须上门的预警。',
    en: 'Of the cases that require a visit: those in which an agency of the row saw the person on a visit ÷ all of them.',
  },
  visitOnTimeRate: {
    name: '及时见面率',
    zh: `时限内上门见到本人 ÷ 已完成或已到期的见面时限;${CLOCK_ZH}。`,
    en: `Seen on a visit within the limit ÷ visit clocks met or run out; ${CLOCK_EN}.`,
  },
  feedbackOnTimeRate: {
    name: '及时反馈率',
    zh: `时限内首次提交反馈 ÷ 已完成或已到期的反馈时限;${CLOCK_ZH}。`,
    en: `First outcome submitted within the limit ÷ feedback clocks met or run out; ${CLOCK_EN}.`,
  },
  dissuasionRate: {
    name: '劝阻率',
    zh: '有效预警中由本行单位以任一方式联系上本人的 ÷ 有效预警(接收 − 撤销 − 该单位最后一次经手以“信息有误”退回的;市级:以“信息有误”退回且仍在市级待推送的)。',
    en: 'Valid cases whose person an agency of the row reached by any method ÷ valid cases (received − withdrawn − those whose last stay with the agency ended with its return as wrong-info; city: those that lie on its desk returned so).',
  },
  successRate: {
    name: '劝阻成功率',
    zh: '结果为“劝阻成功”或“部分被骗” ÷ 已结案 − 误报 − 预警前已被骗;按当前结果,记在结案时的持有单位。',
    en: 'Closed dissuaded or partial-loss ÷ closed − false-alarm − already-defrauded; by the present result, for the agency that held the case when it was closed.',
  },
  defraudedAfterRate: {
    name: '预警后被骗率',
    zh: '标记为预警后被骗的预警(不论是否曾联系上),记在标记时的持有单位 ÷ 由本行单位联系上本人的预警。to 加观察期未过时 provisional 为 true,数字仍可能上升;分子不必是分母的一部分。',
    en: 'Cases marked as defrauded after the warning (reached or not), for the agency that held the case when it was marked ÷ cases whose person an agency of the row reached. provisional until to + the watch period has passed. The numerator need not be part of the denominator.',
  },
  fundSuccessRate: {
    name: '资金预警成功率',
    zh: '1 − 标记为预警后被骗的有效资金预警 ÷ 有效资金预警;分子为未被标记的。',
    en: '1 − valid fund alerts marked as defrauded after the warning ÷ valid fund alerts; the numerator is those not marked.',
  },
  returnRate: {
    name: '退回率',
    zh: '该单位本身退回过的预警 ÷ 接收。',
    en: 'Cases that the agency itself gave back ÷ received.',
  },
  results: {
    name: '处置结果',
    zh: '当前已结案的预警按结果计数,记在结案时的持有单位。',
    en: 'Cases closed now by result, for the agency that held the case when it was closed.',
  },
  attempts: {
    name: '劝阻人次',
    zh: '区间内本行单位所做的短信、电话、上门次数,按劝阻时间计;visitReached 为见到本人的上门。',
    en: 'SMS, calls and visits made in the period by agencies of the row, by the time of the attempt; visitReached: visits that met the person.',
  },
  interceptedFen: {
    name: '拦截损失',
    zh: '区间内审核通过且未因重启作废的反馈中的拦截金额(分),记在提交反馈的单位:依据为银行拦截的计入 bank,其余计入 dissuasion;stopPayment 为止付后退回的金额,本版尚不能登记止付,故为 0;total 为三者之和。',
    en: 'Intercepted money (fen) of outcomes approved in the period and not voided by a reopening, for the agency that submitted: basis bank-blocked → bank, others → dissuasion; stopPayment sums stop-payments that went back, of which none can be recorded in this version, so 0; total is the sum.',
  },
  lossFen: {
    name: '损失',
    zh: '区间内审核通过且未作废的反馈中的损失金额(分)。',
    en: 'Losses (fen) of outcomes approved in the period and not voided.',
  },
  acceptMinutes: {
    name: '签收用时',
    zh: '首次指派至签收的分钟数(与及时签收率同一跳),不论是否超时;p50、p90 按最近秩法,精确到 0.1 分钟。',
    en: 'Minutes from the first hop to its signature (the hop of acceptOnTimeRate), late or not; p50 and p90 by nearest rank, exact to a tenth of a minute.',
  },
  contactMinutes: {
    name: '联系用时',
    zh: '首次推送至首次电话的分钟数,记在打电话的单位,不论是否超时或有无时限。',
    en: 'Minutes from the first push to the first call, for the agency that called, late or not, limit or not.',
  },
  visitMinutes: {
    name: '见面用时',
    zh: '首次推送至首次上门见到本人的分钟数,记在上门的单位,不论是否超时或有无时限。',
    en: 'Minutes from the first push to the first visit that met the person, for the agency that visited, late or not, limit or not.',
  },
  feedbackMinutes: {
    name: '反馈用时',
    zh: '首次推送至首次提交反馈的分钟数,记在提交的单位,不论是否超时。',
    en: 'Minutes from the first push to the first outcome, for the agency that submitted it, late or not.',
  },
  open: {
    name: '在办',
    zh: '当前由本行单位持有且未结束的预警。',
    en: 'Open alerts that agencies of the row hold now.',
  },
  overdue: {
    name: '超期',
    zh: '在办预警中有时限已到期而未完成的。',
    en: 'Those of them with a clock that has run out unmet.',
  },
  urged: { name: '督办', zh: '在办预警中有督办尚未回复的。', en: 'Those of them with an urge not yet replied to.' },
} as const satisfies Record<string, Definition>;

export type DefinedField = keyof typeof DEFINITIONS;
