import type { IncidentEventType } from './event.js';
import { late, text, yuan, type Sentence } from './words.js';

const LEVELS = ['', '一', '二', '三', '四', '五', '六', '七', '八', '九', '十'];
const level = (value: unknown): string => (typeof value === 'number' ? `${LEVELS[value] ?? String(value)}级` : '');
const METHOD: Record<string, string> = {
  'direct-single': '单笔直接返还',
  'direct-timestamp': '按时间顺序直接返还',
  'pro-rata': '按比例返还',
};
const method = (value: unknown): string => METHOD[text(value)] ?? '';
const reason = (value: unknown): string => (text(value) ? `,原因:${text(value)}` : '');
const tier = (value: unknown): string => (value === 'city' ? '市级' : '县级以上');

/** Timelines of incidents and of the money that was taken. */
export const INCIDENT_SENTENCES: Record<IncidentEventType, Sentence> = {
  'incident-received': (data, words) =>
    `受理警情(来源 ${text(data['source'])}),报损 ${yuan(data['lossFen'])},由${words.agency(data['agency'])}办理`,
  'alert-linked': (data) => `关联预警 ${text(data['alertNo'])}`,
  'incident-filed': (data) => `立案,案号 ${text(data['caseNo'])}`,
  'incident-transferred': (data, words) =>
    `由${words.agency(data['fromAgency'])}移交${words.agency(data['agency'])}${reason(data['reason'])}`,
  'incident-revealed': (data) => `查看当事人信息,用途:${text(data['purpose'])}`,
  'stop-request-reminded': (data, words) =>
    `提醒${words.agency(data['agency'])}:申请止付时限已过半,应于 ${words.moment(data['dueAt'])} 前申请${late(data)}`,
  'stop-request-overdue': (data, words) =>
    `${words.agency(data['agency'])}逾期未申请止付(时限 ${words.moment(data['dueAt'])}),已报${words.agency(data['told'])}${late(data)}`,
  'stop-request-climbed': (data, words) =>
    `${words.agency(data['agency'])}严重逾期未申请止付(时限 ${words.moment(data['dueAt'])}),已报${words.agency(data['told'])}${late(data)}`,
  'stop-requested': (data) => `申请${level(data['level'])}账户紧急止付,涉及 ${yuan(data['transferFen'])}`,
  'stop-effective': (data, words) => `止付生效 ${yuan(data['stoppedFen'])},至 ${words.moment(data['expiresAt'])} 止`,
  'stop-refused': (data) => `银行未予止付${reason(data['reason'])}`,
  'stop-expired': (data) => `止付满期自动解除 ${yuan(data['stoppedFen'])}${late(data)}`,
  'stop-frozen': (data) => `止付转为冻结 ${yuan(data['stoppedFen'])}`,
  'stop-released': (data) =>
    `解除止付 ${yuan(data['stoppedFen'])}${data['to'] === 'payer' ? ',资金退回受害人' : ''}${reason(data['reason'])}`,
  'stop-corrected': (data) => `更正止付金额为 ${yuan(data['stoppedFen'])}${reason(data['reason'])}`,
  'freeze-requested': (data) =>
    `申请冻结 ${yuan(data['amountFen'])},自 ${text(data['from'])} 至 ${text(data['until'])},报${tier(data['approverTier'])}审批`,
  'freeze-rejected': (data) => `不同意冻结${reason(data['reason'])}`,
  'freeze-approved': () => '批准冻结',
  'freeze-refused': (data) => `银行未予冻结${reason(data['reason'])}`,
  'freeze-waiting': () => '账户已被冻结,轮候冻结',
  'freeze-effective': (data) => `冻结生效,实冻 ${yuan(data['frozenFen'])},至 ${text(data['until'])} 止`,
  'freeze-corrected': (data) => `更正冻结金额为 ${yuan(data['frozenFen'])}${reason(data['reason'])}`,
  'freeze-verification-due': (data) => `冻结满 ${String(data['months'])} 个月,应核查是否与案件有关${late(data)}`,
  'freeze-renewal-due': (data) => `冻结将于 ${text(data['until'])} 到期,如需继续应办理续冻${late(data)}`,
  'freeze-renewal-requested': (data) =>
    `申请续冻至 ${text(data['until'])},报${tier(data['approverTier'])}审批${reason(data['reason'])}`,
  'freeze-renewal-rejected': (data) => `不同意续冻${reason(data['reason'])}`,
  'freeze-renewed': (data) => `续冻至 ${text(data['until'])}`,
  'freeze-unrelated': (data, words) =>
    `查明与案件无关,应于 ${words.moment(data['releaseDueAt'])} 前解除冻结${reason(data['reason'])}`,
  'freeze-release-overdue': (data, words) => `逾期未解除冻结(时限 ${words.moment(data['dueAt'])})${late(data)}`,
  'freeze-released': (data) => `解除冻结 ${yuan(data['releasedFen'])}${reason(data['reason'])}`,
  'freeze-lapsed': (data) => `冻结到期未续,自动失效 ${yuan(data['releasedFen'])}${late(data)}`,
  'return-applied': (data) => `申请返还,${String(data['claims'])} 笔,合计 ${yuan(data['claimFen'])}`,
  'return-proposed': (data) =>
    `提出返还方案:${method(data['method'])},拟返还 ${yuan(data['returnFen'])}${reason(data['reason'])}`,
  'return-sent-back': (data) => `返还申请退回补正${reason(data['reason'])}`,
  'return-refused': (data) => `不同意返还${reason(data['reason'])}`,
  'return-approved': (data) => `市级批准返还 ${yuan(data['returnFen'])}`,
  'return-published': (data, words) =>
    `返还方案公告(${text(data['publishedOn'])}),${words.moment(data['payableFrom'])} 后可支付`,
  'return-objected': () => '收到对返还方案的异议',
  'return-objection-decided': (data) =>
    `异议${data['decision'] === 'upheld' ? '成立' : '不成立'}${reason(data['reason'])}`,
  'return-recomputed': (data) => `重新计算返还方案,拟返还 ${yuan(data['returnFen'])}`,
  'return-payable': (data) => `公告期满,可以支付${late(data)}`,
  'return-at-bank': (data, words) => `两名民警持通知书到银行办理,应于 ${words.moment(data['dueAt'])} 前支付`,
  'return-payment-overdue': (data, words) => `银行逾期未支付返还资金(时限 ${words.moment(data['dueAt'])})${late(data)}`,
  'return-paid': (data) => `返还 ${yuan(data['amountFen'])},回单 ${text(data['receiptNo'])}`,
  'return-payment-reversed': (data) => `更正返还 ${yuan(data['amountFen'])}${reason(data['reason'])}`,
  'return-lapsed': () => '冻结已失效,返还终止',
};
