import type { FileContent } from '../identity/file.desk.js';
import { sheetOf, type Column } from '../platform/tabular/table.file.js';
import { FUNDS_DEFINITIONS } from './funds-report.definitions.js';
import type { BankAnswer, FundsReportAnswer } from './funds-report.dto.js';
import type { FundsFigures } from './funds-report.rules.js';
import { agencyColumns, rateColumns, TOTAL, type Titled } from './report.file.js';

const COLUMNS: readonly Column<FundsFigures>[] = [
  { title: '止付(元)', kind: 'yuan', cell: ({ stoppedFen }) => stoppedFen },
  { title: '止付解除-到期(元)', kind: 'yuan', cell: ({ stopReleasedFen }) => stopReleasedFen.expired },
  { title: '止付解除-退回付款人(元)', kind: 'yuan', cell: ({ stopReleasedFen }) => stopReleasedFen.toPayer },
  { title: '止付解除-归还持有人(元)', kind: 'yuan', cell: ({ stopReleasedFen }) => stopReleasedFen.toHolder },
  { title: '止付解除-转冻结(元)', kind: 'yuan', cell: ({ stopReleasedFen }) => stopReleasedFen.toFreeze },
  { title: '止付解除-合计(元)', kind: 'yuan', cell: ({ stopReleasedFen }) => stopReleasedFen.total },
  { title: '冻结(元)', kind: 'yuan', cell: ({ frozenFen }) => frozenFen },
  { title: '冻结解除-到期未续(元)', kind: 'yuan', cell: ({ freezeReleasedFen }) => freezeReleasedFen.lapsed },
  { title: '冻结解除-解除(元)', kind: 'yuan', cell: ({ freezeReleasedFen }) => freezeReleasedFen.released },
  { title: '冻结解除-合计(元)', kind: 'yuan', cell: ({ freezeReleasedFen }) => freezeReleasedFen.total },
  { title: '返还(元)', kind: 'yuan', cell: ({ returnedFen }) => returnedFen },
  { title: '拦截损失-劝阻(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.dissuasion },
  { title: '拦截损失-止付(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.stopPayment },
  { title: '拦截损失-银行(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.bank },
  { title: '拦截损失-合计(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.total },
  { title: '损失-反馈(元)', kind: 'yuan', cell: ({ lostFen }) => lostFen.outcomes },
  { title: '损失-警情(元)', kind: 'yuan', cell: ({ lostFen }) => lostFen.incidents },
  { title: '当前止付余额(元)', kind: 'yuan', cell: ({ balanceFen }) => balanceFen.stopped },
  { title: '当前冻结余额(元)', kind: 'yuan', cell: ({ balanceFen }) => balanceFen.frozen },
  { title: '止付件数-提出', kind: 'count', cell: ({ stops }) => stops.requested },
  { title: '止付件数-生效', kind: 'count', cell: ({ stops }) => stops.effective },
  { title: '止付件数-被拒', kind: 'count', cell: ({ stops }) => stops.refused },
  ...rateColumns<FundsFigures>('及时止付率', ({ stopOnTimeRate }) => stopOnTimeRate),
  { title: '冻结件数-提出', kind: 'count', cell: ({ freezes }) => freezes.requested },
  { title: '冻结件数-生效', kind: 'count', cell: ({ freezes }) => freezes.effective },
  { title: '冻结件数-轮候', kind: 'count', cell: ({ freezes }) => freezes.waiting },
  { title: '冻结件数-到期未续', kind: 'count', cell: ({ freezes }) => freezes.lapsed },
  { title: '返还件数-在办', kind: 'count', cell: ({ returns }) => returns.open },
  { title: '返还件数-支付完毕', kind: 'count', cell: ({ returns }) => returns.paid },
];

/** The banks by name, and the others together. */
type BankRow = Pick<BankAnswer, 'bank' | 'stoppedFen' | 'frozenFen'> & Partial<BankAnswer>;

const BANK_COLUMNS: readonly Column<BankRow>[] = [
  { title: '银行', kind: 'text', cell: ({ bank }) => bank },
  { title: '止付(元)', kind: 'yuan', cell: ({ stoppedFen }) => stoppedFen },
  { title: '冻结(元)', kind: 'yuan', cell: ({ frozenFen }) => frozenFen },
  { title: '止付件数', kind: 'count', cell: ({ stops }) => stops },
  { title: '冻结件数', kind: 'count', cell: ({ freezes }) => freezes },
];

/** Everything that the report's file tells: rows, what the parent did itself, banks. */
export function fundsReportFile(report: FundsReportAnswer): FileContent {
  const { rows, own, total, banks, from, to, parent } = report;
  const { others } = banks;
  return {
    name: `sanji-${parent}-funds-${from}-${to}`,
    title: '涉案资金情况',
    tables: [
      sheetOf<Titled<FundsFigures>>({
        name: '涉案资金',
        columns: [...agencyColumns<FundsFigures>(), ...COLUMNS],
        rows: [
          ...rows.map(({ agency, ...figures }) => ({ ...figures, code: agency.code, title: agency.name })),
          { ...own, code: parent, title: '本级' },
        ],
        total: { ...total, code: '', title: TOTAL },
        charts: [
          {
            title: '各单位止付、冻结与返还(元)',
            kind: 'bar',
            category: '单位名称',
            series: ['止付(元)', '冻结(元)', '返还(元)'],
          },
        ],
      }),
      sheetOf<BankRow>({
        name: '银行',
        columns: BANK_COLUMNS,
        rows: [
          ...banks.top,
          ...(others.banks > 0
            ? [{ bank: `其余 ${others.banks} 家`, stoppedFen: others.stoppedFen, frozenFen: others.frozenFen }]
            : []),
        ],
        blank: '',
      }),
    ],
    about: [
      ['统计区间', `${from} 至 ${to}`],
      ['上级单位', parent],
      ['数据时间', report.asOf],
    ],
    definitions: FUNDS_DEFINITIONS,
    record: {
      action: 'report.exported',
      objectKind: 'funds-report',
      objectId: `${parent}/${from}/${to}`,
      data: { from, to, parent, rows: rows.length },
    },
  };
}
