import { CSV_BOM, csvLine, type CsvCell } from '../platform/tabular/csv.js';
import { FUNDS_DEFINITIONS } from './funds-report.definitions.js';
import type { FundsReportAnswer } from './funds-report.dto.js';
import type { FundsFigures } from './funds-report.rules.js';
import { rateColumns, yuan, type Column, type Export } from './report.file.js';

const COLUMNS: readonly Column<FundsFigures>[] = [
  { title: '止付(元)', cell: ({ stoppedFen }) => yuan(stoppedFen) },
  { title: '止付解除-到期(元)', cell: ({ stopReleasedFen }) => yuan(stopReleasedFen.expired) },
  { title: '止付解除-退回付款人(元)', cell: ({ stopReleasedFen }) => yuan(stopReleasedFen.toPayer) },
  { title: '止付解除-归还持有人(元)', cell: ({ stopReleasedFen }) => yuan(stopReleasedFen.toHolder) },
  { title: '止付解除-转冻结(元)', cell: ({ stopReleasedFen }) => yuan(stopReleasedFen.toFreeze) },
  { title: '止付解除-合计(元)', cell: ({ stopReleasedFen }) => yuan(stopReleasedFen.total) },
  { title: '冻结(元)', cell: ({ frozenFen }) => yuan(frozenFen) },
  { title: '冻结解除-到期未续(元)', cell: ({ freezeReleasedFen }) => yuan(freezeReleasedFen.lapsed) },
  { title: '冻结解除-解除(元)', cell: ({ freezeReleasedFen }) => yuan(freezeReleasedFen.released) },
  { title: '冻结解除-合计(元)', cell: ({ freezeReleasedFen }) => yuan(freezeReleasedFen.total) },
  { title: '返还(元)', cell: ({ returnedFen }) => yuan(returnedFen) },
  { title: '拦截损失-劝阻(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.dissuasion) },
  { title: '拦截损失-止付(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.stopPayment) },
  { title: '拦截损失-银行(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.bank) },
  { title: '拦截损失-合计(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.total) },
  { title: '损失-反馈(元)', cell: ({ lostFen }) => yuan(lostFen.outcomes) },
  { title: '损失-警情(元)', cell: ({ lostFen }) => yuan(lostFen.incidents) },
  { title: '当前止付余额(元)', cell: ({ balanceFen }) => yuan(balanceFen.stopped) },
  { title: '当前冻结余额(元)', cell: ({ balanceFen }) => yuan(balanceFen.frozen) },
  { title: '止付件数-提出', cell: ({ stops }) => stops.requested },
  { title: '止付件数-生效', cell: ({ stops }) => stops.effective },
  { title: '止付件数-被拒', cell: ({ stops }) => stops.refused },
  ...rateColumns<FundsFigures>('及时止付率', ({ stopOnTimeRate }) => stopOnTimeRate),
  { title: '冻结件数-提出', cell: ({ freezes }) => freezes.requested },
  { title: '冻结件数-生效', cell: ({ freezes }) => freezes.effective },
  { title: '冻结件数-轮候', cell: ({ freezes }) => freezes.waiting },
  { title: '冻结件数-到期未续', cell: ({ freezes }) => freezes.lapsed },
  { title: '返还件数-在办', cell: ({ returns }) => returns.open },
  { title: '返还件数-支付完毕', cell: ({ returns }) => returns.paid },
];

/** The report as a file: rows, banks, what it is about, and what each column counts. UTF-8 with BOM. */
export function fundsReportCsv(report: FundsReportAnswer, exported: Export): string {
  const { rows, own, total, banks } = report;
  const row = (code: string, agency: string, figures: FundsFigures): CsvCell[] => [
    code,
    agency,
    ...COLUMNS.map(({ cell }) => cell(figures)),
  ];
  const { others } = banks;
  const lines: CsvCell[][] = [
    ['单位代码', '单位名称', ...COLUMNS.map(({ title }) => title)],
    ...rows.map(({ agency, ...figures }) => row(agency.code, agency.name, figures)),
    row(report.parent, '本级', own),
    row('', '合计', total),
    [],
    ['银行', '止付(元)', '冻结(元)', '止付件数', '冻结件数'],
    ...banks.top.map(({ bank, stoppedFen, frozenFen, stops, freezes }) => [
      bank,
      yuan(stoppedFen),
      yuan(frozenFen),
      stops,
      freezes,
    ]),
    ...(others.banks > 0 ? [[`其余 ${others.banks} 家`, yuan(others.stoppedFen), yuan(others.frozenFen)]] : []),
    [],
    ['报表', '涉案资金情况'],
    ['统计区间', `${report.from} 至 ${report.to}`],
    ['上级单位', report.parent],
    ['数据时间', report.asOf],
    ['导出人', exported.person],
    ['导出单位', exported.agency],
    ['导出时间', exported.at],
    [],
    ['指标', '口径', 'Definition', '字段'],
    ...Object.entries(FUNDS_DEFINITIONS).map(([field, { name, zh, en }]) => [name, zh, en, field]),
  ];
  return CSV_BOM + lines.map(csvLine).join('');
}

/** A name that every system takes. */
export function fundsReportFileName({ from, to, parent }: FundsReportAnswer): string {
  return `sanji-${parent.replaceAll(/[^0-9A-Za-z-]/g, '')}-funds-${from}-${to}.csv`;
}
