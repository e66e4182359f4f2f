import { alertColumns } from '../alert/alert.columns.js';
import type { AlertAnswer } from '../alert/alert.dto.js';
import { RESULT_ZH } from '../alert/alert.words.js';
import type { IncidentAnswer } from '../incident/incident.dto.js';
import type { EntryKind } from '../ledger/ledger.js';
import type { OrganizationSnapshot } from '../organization/organization.snapshot.js';
import type { Column } from '../platform/tabular/table.file.js';
import type { CountedAnswer } from './counted.presenter.js';
import type { CountedFactAnswer } from './tier-report.dto.js';

const METHOD_ZH: Readonly<Record<string, string>> = { sms: '短信', call: '电话', visit: '上门' };
const ENTRY_ZH: Readonly<Record<EntryKind, string>> = {
  stopped: '止付',
  'stop-released': '解除止付',
  frozen: '冻结',
  'freeze-released': '解除冻结',
  returned: '返还',
  intercepted: '拦截',
  lost: '损失',
};
const FOLLOW_UP_ZH: Readonly<Record<string, string>> = { safe: '平安', defrauded: '被骗' };

/** What made a case, or an incident, count. */
const FACT_COLUMNS: readonly Column<CountedFactAnswer>[] = [
  { title: '计数-单位代码', kind: 'text', cell: ({ agency }) => agency?.code },
  { title: '计数-单位', kind: 'text', cell: ({ agency }) => agency?.name },
  { title: '计数-时间', kind: 'moment', cell: ({ at }) => at },
  { title: '计数-应于', kind: 'moment', cell: ({ dueAt }) => dueAt },
  { title: '计数-完成', kind: 'moment', cell: ({ doneAt }) => doneAt },
  { title: '计数-方式', kind: 'text', cell: ({ method }) => method && (METHOD_ZH[method] ?? method) },
  { title: '计数-联系上', kind: 'text', cell: ({ reached }) => (reached === null ? null : reached ? '是' : '否') },
  { title: '计数-结果', kind: 'text', cell: ({ result }) => result && resultZh(result) },
  { title: '计数-金额(元)', kind: 'yuan', cell: ({ amountFen }) => amountFen },
  { title: '计数-用时(分钟)', kind: 'minutes', cell: ({ minutes }) => minutes },
  { title: '计数-资金', kind: 'text', cell: ({ entry }) => entry && ENTRY_ZH[entry.kind] },
  { title: '计数-账号', kind: 'text', cell: ({ entry }) => entry?.account },
];

function incidentColumns({ fraudTypes }: OrganizationSnapshot): Column<IncidentAnswer>[] {
  return [
    { title: '警情编号', kind: 'text', cell: ({ incidentNo }) => incidentNo },
    { title: '警情-单位', kind: 'text', cell: ({ holder }) => holder.name },
    {
      title: '警情-诈骗类型',
      kind: 'text',
      cell: ({ fraudType }) => fraudTypes.get(fraudType)?.nameZh ?? fraudType,
    },
    { title: '警情-报案时间', kind: 'moment', cell: ({ reportedAt }) => reportedAt },
    { title: '警情-受害人', kind: 'text', cell: ({ victim }) => victim?.name },
    { title: '警情-电话', kind: 'text', cell: ({ victim }) => victim?.phone },
    { title: '警情-案损(元)', kind: 'yuan', cell: ({ lossFen }) => lossFen },
    { title: '警情-状态', kind: 'text', cell: ({ status }) => (status === 'filed' ? '已立案' : '已报案') },
    { title: '警情-案号', kind: 'text', cell: ({ caseNo }) => caseNo },
    { title: '警情-来源', kind: 'text', cell: ({ source }) => source },
    { title: '警情-来源编号', kind: 'text', cell: ({ sourceRef }) => sourceRef },
    { title: '警情-ID', kind: 'text', cell: ({ id }) => id },
  ];
}

/** Columns of what stands behind a number, masked as the answers in JSON are: of cases, of incidents, and why they count. */
export function countedColumns(organization: OrganizationSnapshot): Column<CountedAnswer>[] {
  return [
    ...alertColumns(organization).map((column) => seenThrough(column, alertOf)),
    ...incidentColumns(organization).map((column) => seenThrough(column, incidentOf)),
    ...FACT_COLUMNS.map((column) => seenThrough(column, ({ counted }: CountedAnswer) => counted)),
  ];
}

/** A column of a part of a row; empty where the row has no such part. */
function seenThrough<Part>(column: Column<Part>, part: (row: CountedAnswer) => Part | null): Column<CountedAnswer> {
  return {
    ...column,
    cell: (row) => {
      const seen = part(row);
      return seen === null ? null : column.cell(seen);
    },
  };
}

function alertOf(row: CountedAnswer): AlertAnswer | null {
  return 'alertNo' in row ? row : null;
}

function incidentOf(row: CountedAnswer): IncidentAnswer | null {
  return 'incident' in row ? row.incident : null;
}

function resultZh(result: string): string {
  return { ...RESULT_ZH, ...FOLLOW_UP_ZH }[result] ?? result;
}
