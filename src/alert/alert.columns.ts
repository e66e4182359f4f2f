import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Column } from '../platform/tabular/table.file.js';
import type { AlertAnswer } from './alert.dto.js';
import { GROUP_ZH, KIND_ZH, RESULT_ZH, RISK_ZH, STATUS_ZH } from './alert.words.js';

const yes = (value: boolean): string => (value ? '是' : '否');

/** Columns of cases in files: what their answers in JSON tell, masked like those. */
export function alertColumns({ fraudTypes }: OrganizationSnapshot): Column<AlertAnswer>[] {
  return [
    { title: '预警编号', kind: 'text', cell: ({ alertNo }) => alertNo },
    { title: '状态', kind: 'text', cell: ({ status }) => STATUS_ZH[status] },
    { title: '持有单位代码', kind: 'text', cell: ({ holder }) => holder?.code },
    { title: '持有单位', kind: 'text', cell: ({ holder }) => holder?.name },
    { title: '预警类型', kind: 'text', cell: ({ kind }) => KIND_ZH[kind] },
    { title: '风险等级', kind: 'text', cell: ({ riskLevel }) => RISK_ZH[riskLevel] },
    { title: '诈骗类型', kind: 'text', cell: ({ fraudType }) => fraudTypes.get(fraudType)?.nameZh ?? fraudType },
    { title: '区划代码', kind: 'text', cell: ({ divisionCode }) => divisionCode },
    { title: '姓名', kind: 'text', cell: ({ subject }) => subject?.name },
    { title: '电话', kind: 'text', cell: ({ subject }) => subject?.phone },
    { title: '身份证号', kind: 'text', cell: ({ subject }) => subject?.idNumber },
    { title: '住址', kind: 'text', cell: ({ subject }) => subject?.address },
    {
      title: '人群',
      kind: 'text',
      cell: ({ subject }) => subject && (GROUP_ZH as Record<string, string>)[subject.group],
    },
    { title: '风险金额(元)', kind: 'yuan', cell: ({ amountAtRiskFen }) => amountAtRiskFen },
    { title: '发现时间', kind: 'moment', cell: ({ detectedAt }) => detectedAt },
    { title: '接收时间', kind: 'moment', cell: ({ receivedAt }) => receivedAt },
    { title: '下一时限', kind: 'moment', cell: ({ nextDueAt }) => nextDueAt },
    { title: '是否超期', kind: 'text', cell: ({ overdue }) => yes(overdue) },
    { title: '是否督办', kind: 'text', cell: ({ urged }) => yes(urged) },
    { title: '须上门', kind: 'text', cell: ({ visitRequired }) => yes(visitRequired) },
    { title: '结案时间', kind: 'moment', cell: ({ closedAt }) => closedAt },
    { title: '处置结果', kind: 'text', cell: ({ result }) => result && RESULT_ZH[result] },
    { title: '预警后被骗', kind: 'text', cell: ({ defraudedAfterWarning }) => yes(defraudedAfterWarning) },
    { title: '此前预警', kind: 'count', cell: ({ previousAlerts }) => previousAlerts },
    { title: '嫌疑电话', kind: 'text', cell: ({ suspect }) => suspect?.phone },
    { title: '涉案账号', kind: 'text', cell: ({ suspect }) => suspect?.account },
    { title: '嫌疑App', kind: 'text', cell: ({ suspect }) => suspect?.app },
    { title: '嫌疑网址', kind: 'text', cell: ({ suspect }) => suspect?.url },
    { title: '摘要', kind: 'text', cell: ({ summary }) => summary },
    { title: '来源', kind: 'text', cell: ({ source }) => source },
    { title: '来源编号', kind: 'text', cell: ({ sourceRef }) => sourceRef },
    { title: 'ID', kind: 'text', cell: ({ id }) => id },
  ];
}
