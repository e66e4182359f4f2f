import type { RiskLevel } from '../organization/risk.js';
import type { Group, Kind, Result, Status } from './alert.js';

/** Codes as officers read them in files. */

export const STATUS_ZH: Readonly<Record<Status, string>> = {
  new: '待研判',
  assigned: '待签收',
  in_progress: '处置中',
  pending_review: '待审核',
  closed: '已办结',
  merged: '已并入',
  withdrawn: '已撤销',
};
export const RISK_ZH: Readonly<Record<RiskLevel, string>> = { low: '低', medium: '中', high: '高', urgent: '紧急' };
export const KIND_ZH: Readonly<Record<Kind, string>> = {
  fund: '资金预警',
  telecom: '通联',
  network: '网络/App',
  'bank-counter': '警银联动',
  hotline: '96110/群众举报',
};
export const GROUP_ZH: Readonly<Record<Group, string>> = {
  elderly: '老年人',
  student: '学生',
  minor: '未成年人',
  'finance-staff': '财务人员',
  none: '一般人群',
};
export const RESULT_ZH: Readonly<Record<Result, string>> = {
  dissuaded: '劝阻成功',
  'partial-loss': '部分被骗',
  'already-defrauded': '预警前已被骗',
  'defrauded-after-warning': '预警后被骗',
  'false-alarm': '误报',
  unreachable: '失联',
  refused: '拒不配合',
};
