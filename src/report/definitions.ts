import { MONEY_DEFINITIONS } from './money.definitions.js';

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
    zh: 'from 至 to 为含首尾的本地日期。案件类指标的范围:在区间内首次指派到该单位的预警(市级:在区间内收到且未并入其他预警的预警);同一预警多次到同一单位只计一次。劝阻人次、拦截损失、损失、督办按行为发生(审核通过、督办发出)时间计入,回访按计划回访时间计入;警情按接报时间、止付冻结返还按行为生效时间计入;在办、超期、督办为当前数。',
    en: 'from and to are inclusive local dates. Case indicators are over the cohort: alerts first assigned to the agency in the period (city: alerts received in the period that did not join another), each once however often it came back. Attempts, intercepted money, losses and urges count by the time of the act (the approval), follow-ups by when they were due, incidents by the report, stops, freezes and returns by when they took effect; open, overdue and urged are as of now.',
  },
  credit: {
    name: '归属',
    zh: '工作记在当时持有案件的单位名下。县级行包括其乡镇对经由该县的案件所做的工作(签收与退回只计本级);乡镇行只计本单位;市级行为全市。市级本级所做的工作只在市级行中。',
    en: 'Work is credited to the agency that held the case when it happened. A county’s row includes what its townships did for cases that came through it (signing for and giving back: its own only); a township’s row is its own; the city’s row is the whole city. What the city did itself is in the city’s row alone.',
  },
  total: {
    name: '合计',
    zh: '按不重复的预警计:一件预警在任一行中计入,合计中即计入一次;涉及多行的,签收时限取其中最早完成或到期的一次。人次、金额、督办、回访与发案为各行之和(止付冻结、返还人数除外,见其口径)。',
    en: 'Over distinct alerts: one that counts in any row counts once. Of the accept clocks of an alert in several rows the first that was met or ran out counts. Attempts, money, urges, follow-ups and incidents are the sums of the rows (but for controlledFen and victimsReturned, see there).',
  },
  filters: {
    name: '筛选条件',
    zh: '按预警当前的属性筛选。警情与资金各指标(发案至返还率,及止付拦截)只能按诈骗类型与来源筛选,按该警情的属性;风险等级与预警种类只属于预警,按其筛选时这些指标为空,拦截损失合计只含劝阻与银行。',
    en: 'Filters apply to the alert as it is now. Figures of incidents and their money (incidents to returnShare, and interceptedFen.stopPayment) follow fraudType and source, by the incident; riskLevel and kind are of alerts only: with them these figures are null, and interceptedFen.total is dissuasion and bank.',
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
    zh: '区间内审核通过且未因重启作废的反馈中的拦截金额(分),记在提交反馈的单位:依据为银行拦截的计入 bank,其余计入 dissuasion;stopPayment 为区间内解除止付、退回付款人的金额,按解除时间计,记在提出止付的单位;total 为三者之和。',
    en: 'Intercepted money (fen) of outcomes approved in the period and not voided by a reopening, for the agency that submitted: basis bank-blocked → bank, others → dissuasion; stopPayment sums stop-payments that were released to the payer in the period, by the release, for the agency that asked for them; total is the sum.',
  },
  lossFen: {
    name: '损失',
    zh: '区间内审核通过且未作废的反馈中的损失金额(分)。',
    en: 'Losses (fen) of outcomes approved in the period and not voided.',
  },
  ...MONEY_DEFINITIONS,
  urges: {
    name: '督办数',
    zh: '区间内发给本行单位的督办(含系统自动督办),记在督办发出时持有该案的单位;之后案件转走、回复或结案不影响此数。',
    en: 'Urges made in the period, by people or by the system, for the agency that held the case when it was urged; what becomes of the case or the urge later changes nothing.',
  },
  urgeReplyOnTimeRate: {
    name: '督办及时回复率',
    zh: '区间内发出且限时回复的督办中:时限内回复 ÷ 时限内已回复或回复时限已到的。时限内回复的,记在回复时持有该案的单位;时限已到未回复(其后才回复的亦同)的,记在到时持有该案的单位(在市级待推送的记在市级);尚未到时的、到时前案件已结束的、未限时的,不计入。一次回复即回复该案全部未回复的督办。',
    en: 'Of the urges made in the period that asked for a reply by a time: replied to within it ÷ replied to within it or run out. A reply in time counts for the agency that held the case then; otherwise (also where a reply came later) the agency that held the case when the time ran out answers for it (the city while it lay on the city’s desk). Not yet due, ended with its case before, or without such a time: in no denominator. One reply answers every urge open on the case.',
  },
  followUps: {
    name: '回访',
    zh: '结案时计划的回访,按计划时间计入区间,记在应回访的单位(结案单位)。due 到期:计划时间已到,或已提前完成的;done 已完成:其中已回访的,不论早晚;overdue 逾期:其中计划时间后 24 小时内未回访的,其后补做的仍计。计划时间前因案件重启取消的不计;未经计划的回访不计。',
    en: 'Follow-ups planned when a case was closed, by the time for which they were planned, for the agency that is to make them (the one that closed the case). due: that time has come, or it was made before; done: those that have been made, early or late; overdue: those not made within 24 hours after that time, also where it was made later. One cancelled by a reopening before its time counts nowhere, nor does one that nobody planned.',
  },
  followUpOnTimeRate: {
    name: '及时回访率',
    zh: '计划时间后 24 小时内(含提前)完成 ÷ 已完成或已逾期的回访,范围同“回访”;尚在 24 小时内未做的,以及在这 24 小时内因案件重启取消的,不计入。',
    en: 'Made by 24 hours after the time planned ÷ made or overdue, of the follow-ups above; one that still has time, or was cancelled by a reopening within the 24 hours, is in no denominator.',
  },
  acceptMinutes: {
    name: '签收用时',
    zh: '首次指派至签收的分钟数(与及时签收率同一跳),不论是否超时;p50、p90 按最近秩法,取整后列出:20 分钟以内至 0.1 分钟,4 小时以内至 1 分钟,1 日以内至 5 分钟,7 日以内至 30 分钟,以上至 2 小时(误差不超过 2.5%)。',
    en: 'Minutes from the first hop to its signature (the hop of acceptOnTimeRate), late or not; p50 and p90 by nearest rank, told to 0.1 minutes below 20 minutes, to the minute below 4 hours, to 5 minutes below a day, to half an hour below a week, then to 2 hours (off by 2.5 % at most).',
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
