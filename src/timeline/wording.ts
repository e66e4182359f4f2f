import type { AlertEventType, EventData, EventType } from './event.js';
import { INCIDENT_SENTENCES } from './incident.wording.js';
import { late, text, yuan, type Sentence, type Vocabulary } from './words.js';

export type { Vocabulary } from './words.js';

const RISK: Record<string, string> = { low: '低', medium: '中', high: '高', urgent: '紧急' };
const METHOD: Record<string, string> = { sms: '短信', call: '电话', visit: '上门' };
const RESULT: Record<string, string> = {
  dissuaded: '劝阻成功,未转账',
  'partial-loss': '部分被骗,止损成功',
  'already-defrauded': '预警前已被骗',
  'defrauded-after-warning': '预警后被骗',
  'false-alarm': '误报',
  unreachable: '失联',
  refused: '拒不配合',
};
const REASON: Record<string, string> = {
  'wrong-jurisdiction': '管辖有误',
  'not-local': '人不在本地',
  'wrong-info': '信息有误',
  other: '其他',
};
const FOLLOW_UP: Record<string, string> = { safe: '安全', defrauded: '已被骗', unreachable: '未联系上' };

const CLOCK: Record<string, string> = { accept: '签收', call: '首次电话', visit: '见面', feedback: '反馈' };
/** What a message of the system was for. */
const MESSAGE: Record<string, string> = { subject: '劝阻短信', officers: '工作提醒' };
const reason = (data: EventData): string =>
  data['reason'] ? `,原因:${REASON[text(data['reason'])] ?? text(data['reason'])}` : '';
const acceptBy = (data: EventData, words: Vocabulary): string =>
  data['acceptDueAt'] ? `,应于 ${words.moment(data['acceptDueAt'])} 前签收` : '';

const ALERT_SENTENCES: Record<AlertEventType, Sentence> = {
  received: (data, words) =>
    `收到预警(来源 ${text(data['source'])},${RISK[text(data['riskLevel'])] ?? ''}风险)` +
    (data['agency'] ? `,自动推送至${words.agency(data['agency'])}${acceptBy(data, words)}` : ',待市级研判推送') +
    (typeof data['previousAlerts'] === 'number' && data['previousAlerts'] > 0
      ? `;该人近期曾有 ${data['previousAlerts']} 次预警`
      : ''),
  merged: (data) => `同一人已有在办预警,并入 ${text(data['intoNo'])}`,
  'signal-joined': (data) =>
    `新信号 ${text(data['signalNo'])} 并入本预警${data['riskRaised'] ? `,风险升为${RISK[text(data['riskLevel'])]}` : ''}`,
  unmerged: (data, words) =>
    `撤销合并,自 ${text(data['fromNo'])} 独立成案${reason(data)}` +
    (data['agency'] ? `,推送至${words.agency(data['agency'])}${acceptBy(data, words)}` : ',待市级研判推送'),
  'signal-left': (data) => `信号 ${text(data['signalNo'])} 撤销合并,不再属于本预警${reason(data)}`,
  pushed: (data, words) => `推送至${words.agency(data['agency'])}${acceptBy(data, words)}`,
  accepted: (data) => `签收${data['late'] ? '(超时)' : ''}`,
  forwarded: (data, words) => `下发至${words.agency(data['agency'])}${acceptBy(data, words)}`,
  returned: (data, words) => `退回${words.agency(data['agency'])}${reason(data)}`,
  transferred: (data, words) =>
    `由${words.agency(data['fromAgency'])}移交${words.agency(data['agency'])}${reason(data)}${acceptBy(data, words)}`,
  recalled: (data, words) => `从${words.agency(data['fromAgency'])}撤回${reason(data)}`,
  attempted: (data) =>
    data['automatic']
      ? '系统发送首次劝阻短信'
      : `${METHOD[text(data['method'])] ?? ''}劝阻:${data['reached'] ? '已见到/联系上本人' : '未联系上'}`,
  'outcome-submitted': (data) =>
    `反馈:${RESULT[text(data['result'])] ?? ''}` +
    (data['interceptedFen'] ? `,拦截损失 ${yuan(data['interceptedFen'])}` : '') +
    (data['lossFen'] ? `,损失 ${yuan(data['lossFen'])}` : '') +
    (data['reviewByTier'] ? `,待${data['reviewByTier'] === 'city' ? '市级' : '县级'}审核` : ''),
  'outcome-approved': () => '审核通过',
  'outcome-rejected': () => '审核退回,继续处置',
  'outcome-dropped': () => '待审核的反馈随案件流转作废',
  closed: (data) => `结案:${RESULT[text(data['result'])] ?? ''}`,
  reopened: (data, words) => `重新启动,由${words.agency(data['agency'])}继续处置${reason(data)}`,
  escalated: (data) => `风险由${RISK[text(data['fromRiskLevel'])]}升为${RISK[text(data['riskLevel'])]}${reason(data)}`,
  urged: (data, words) =>
    `${data['system'] ? '系统' : ''}督办${words.agency(data['agency'])}${data['replyBy'] ? `,限 ${words.moment(data['replyBy'])} 前回复` : ''}`,
  replied: () => '回复督办',
  withdrawn: (data) => `市级撤销本预警${reason(data)}`,
  'followed-up': (data) => `回访:${FOLLOW_UP[text(data['result'])] ?? ''}`,
  'defrauded-after-warning': () => '标记为预警后被骗',
  'incident-due': () => '须受理警情',
  revealed: (data) => `查看当事人信息,用途:${text(data['purpose'])}`,
  'clock-reminded': (data, words) =>
    `提醒${words.agency(data['agency'])}:${CLOCK[text(data['clock'])]}时限已过半,应于 ${words.moment(data['dueAt'])} 前完成${late(data)}`,
  'clock-overdue': (data, words) =>
    `${words.agency(data['agency'])}${CLOCK[text(data['clock'])]}超时(时限 ${words.moment(data['dueAt'])}),已报${words.agency(data['told'])}${late(data)}`,
  'clock-climbed': (data, words) =>
    `${words.agency(data['agency'])}${CLOCK[text(data['clock'])]}严重超时(时限 ${words.moment(data['dueAt'])}),已报${words.agency(data['told'])}并由系统督办${late(data)}`,
  'urge-overdue': (data, words) =>
    `${words.agency(data['agency'])}逾期未回复督办(时限 ${words.moment(data['replyBy'])})${late(data)}`,
  'follow-up-due': (data, words) => `到期应回访(${words.moment(data['dueAt'])})${late(data)}`,
  'follow-up-overdue': (data, words) => `回访逾期(应于 ${words.moment(data['dueAt'])} 回访)${late(data)}`,
  messaged: (data) => `${MESSAGE[text(data['purpose'])] ?? '通知'}${data['delivered'] ? '已送达' : '未送达'}`,
  'incident-linked': (data) => `关联警情 ${text(data['incidentNo'])}`,
  protected: (data, words) => `对当事人账户采取保护性止付,至 ${words.moment(data['expiresAt'])} 止`,
  'protection-extended': (data, words) => `保护性止付延长至 ${words.moment(data['expiresAt'])}`,
  'protection-owner-asked': (data, words) => `当事人申请解除保护性止付,应于 ${words.moment(data['dueAt'])} 前答复`,
  'protection-owner-overdue': (data, words) =>
    `解除保护性止付的申请逾期未答复(时限 ${words.moment(data['dueAt'])})${late(data)}`,
  'protection-kept': () => '对解除申请答复:继续保护',
  'protection-released': () => '解除保护性止付',
  'protection-expired': (data) => `保护性止付到期自动解除${late(data)}`,
};

const SENTENCES: Record<EventType, Sentence> = { ...ALERT_SENTENCES, ...INCIDENT_SENTENCES };

/** The line of a timeline in Chinese. */
export function sentenceOf(type: EventType, data: EventData, words: Vocabulary): string {
  return SENTENCES[type](data, words);
}
