import { SIGNAL_WORDINGS, type Wording } from '../intake/import.wording.js';

/** The sentences of report.rules.ts and import.row.rules.ts, before those that signals have as well. */
export const INCIDENT_WORDINGS: readonly Wording[] = [
  { when: /^must be one of/, pointer: '/victim/kind', zh: '应为:个人、单位', en: 'must be person or organisation' },
  {
    when: /^is not an 18-character unified social credit code/,
    zh: '不是有效的 18 位统一社会信用代码(位数或校验码有误)',
  },
  { when: /^goes with a victim who is a person$/, zh: '单位受害人不填身份证号' },
  { when: /^goes with a victim that is an organisation$/, zh: '个人受害人不填统一社会信用代码' },
  { when: /^is not the number of an account$/, zh: '不是有效的账号(请检查是否被表格软件改成了科学计数)' },
  { when: /^stands for what comes of alerts here/, zh: '该来源为系统保留,请填写实际来源' },
  { when: /^differs from the row above/, zh: '与上一行同一警情的内容不一致' },
  { when: /^is of an incident with another row that is wrong$/, zh: '同一警情的其他行有误' },
  { when: /^must be a list of at most (\d+) transfers$/, zh: '一起警情最多 $1 笔转账' },
  {
    when: /^stands for another incident already/,
    zh: '该来源编号已用于内容不同的警情',
    en: 'stands for another incident already',
  },
  ...SIGNAL_WORDINGS,
];
