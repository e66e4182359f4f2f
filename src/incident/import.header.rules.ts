import { ColumnWords, type FieldWords } from '../intake/import.columns.rules.js';

/** Where a row's one transfer stands in what it tells. */
const TRANSFER = '/transfers/0';

/** Every column that a file of incidents may have. docs/import.md lists them for people. */
export const INCIDENT_IMPORT_FIELDS = {
  source: {
    pointer: '/source',
    required: true,
    names: ['来源', 'source', '警情来源', '数据来源', '来源系统', '来源单位'],
  },
  sourceRef: {
    pointer: '/sourceRef',
    required: true,
    names: ['来源编号', 'sourceRef', '警情编号', '接警编号', '接处警编号', '警单编号', '流水号', '编号', 'reference'],
  },
  reportedAt: {
    pointer: '/reportedAt',
    required: true,
    names: ['报案时间', 'reportedAt', '报警时间', '接警时间', '受理时间', 'reported time'],
  },
  divisionCode: {
    pointer: '/divisionCode',
    names: ['行政区划代码', 'divisionCode', '行政区划', '行政区划编码', '区划代码', '辖区代码', 'division'],
  },
  victimKind: {
    pointer: '/victim/kind',
    names: ['受害人类型', 'victimKind', '受害人类别', '报案人类型', '主体类型', 'victim.kind'],
  },
  name: {
    pointer: '/victim/name',
    names: ['姓名', 'name', '受害人', '受害人姓名', '报案人', '报案人姓名', '单位名称', '受害单位', 'victim.name'],
  },
  phone: {
    pointer: '/victim/phone',
    names: [
      '手机号',
      'phone',
      '手机号码',
      '手机',
      '联系电话',
      '电话',
      '电话号码',
      '联系方式',
      '受害人手机号',
      '受害人电话',
      '报案人电话',
      'victim.phone',
    ],
  },
  idNumber: {
    pointer: '/victim/idNumber',
    names: ['身份证号', 'idNumber', '身份证号码', '身份证', '证件号码', '公民身份号码', 'victim.idNumber'],
  },
  creditCode: {
    pointer: '/victim/creditCode',
    names: ['统一社会信用代码', 'creditCode', '社会信用代码', '信用代码', 'victim.creditCode'],
  },
  fraudType: {
    pointer: '/fraudType',
    required: true,
    names: ['诈骗类型', 'fraudType', '诈骗类别', '涉诈类型', '案件类别', '案件类型', '诈骗手法'],
  },
  lossYuan: {
    pointer: '/lossFen',
    names: [
      '损失金额(元)',
      'loss (yuan)',
      '损失金额',
      '被骗金额(元)',
      '被骗金额',
      '涉案金额(元)',
      '涉案金额',
      '案损(元)',
      '案损',
      'lossYuan',
    ],
  },
  lossTenThousandYuan: {
    pointer: '/lossFen',
    names: ['损失金额(万元)', 'loss (10,000 yuan)', '被骗金额(万元)', '涉案金额(万元)', '案损(万元)'],
  },
  lossFen: { pointer: '/lossFen', names: ['损失金额(分)', 'lossFen', '被骗金额(分)', 'loss (fen)'] },
  transferAt: {
    pointer: `${TRANSFER}/at`,
    names: ['转账时间', 'transferAt', '交易时间', '汇款时间', '转款时间', 'transfers.at'],
  },
  transferYuan: {
    pointer: `${TRANSFER}/amountFen`,
    names: ['转账金额(元)', 'transfer (yuan)', '转账金额', '交易金额(元)', '交易金额', '汇款金额', 'transferYuan'],
  },
  transferFen: {
    pointer: `${TRANSFER}/amountFen`,
    names: ['转账金额(分)', 'transferFen', 'transfer (fen)', 'transfers.amountFen'],
  },
  fromAccount: {
    pointer: `${TRANSFER}/fromAccount`,
    names: ['转出账号', 'fromAccount', '转出账户', '付款账号', '受害人账号', 'transfers.fromAccount'],
  },
  toAccount: {
    pointer: `${TRANSFER}/toAccount`,
    names: ['转入账号', 'toAccount', '转入账户', '收款账号', '涉案账号', '嫌疑账号', '对方账号', 'transfers.toAccount'],
  },
  toBank: {
    pointer: `${TRANSFER}/toBank`,
    names: ['转入银行', 'toBank', '收款银行', '开户行', '开户银行', '对方开户行', 'transfers.toBank'],
  },
  toName: {
    pointer: `${TRANSFER}/toName`,
    names: ['转入户名', 'toName', '收款户名', '户名', '对方户名', 'transfers.toName'],
  },
  summary: {
    pointer: '/summary',
    names: ['摘要', 'summary', '简要案情', '简要警情', '案情', '报警内容', '情况说明', '备注', 'note'],
  },
  /** What a rejects file has more than the file it came from, so that it can be corrected and handed in as it is. */
  rowNo: { pointer: undefined, names: ['行号', 'rowNo', '序号', 'no'] },
  reason: { pointer: undefined, names: ['原因', 'reason', '退回原因'] },
} as const satisfies Record<string, FieldWords>;

export type IncidentImportField = keyof typeof INCIDENT_IMPORT_FIELDS;

export const INCIDENT_COLUMNS = new ColumnWords<IncidentImportField>(INCIDENT_IMPORT_FIELDS, 'a file of incidents');
