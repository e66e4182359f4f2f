import { RESULTS, type Result } from '../alert/alert.js';
import { TIERS, type Tier } from '../organization/agency.js';
import { CSV_BOM, csvLine } from '../platform/tabular/csv.js';
import { DURATIONS } from './case.facts.js';
import { DEFINITIONS, type DefinedField } from './definitions.js';
import type { Figures } from './figures.rules.js';
import { RATE_FIELDS, type RateField } from './indicators.js';
import type { Rate } from './rate.rules.js';
import { fraction, NOTHING, rateColumns, yuan, type Column, type Export } from './report.file.js';
import type { TierReportAnswer } from './tier-report.dto.js';

const TIER_ZH: Record<Tier, string> = { city: '市级', county: '县级', township: '乡镇' };
const RESULT_ZH: Record<Result, string> = {
  dissuaded: '劝阻成功',
  'partial-loss': '部分被骗',
  'already-defrauded': '预警前已被骗',
  'defrauded-after-warning': '预警后被骗',
  'false-alarm': '误报',
  unreachable: '失联',
  refused: '拒不配合',
};

const name = (field: DefinedField): string => DEFINITIONS[field].name;

function columnsOf(field: RateField | 'urgeReplyOnTimeRate' | 'followUpOnTimeRate'): Column<Figures>[] {
  return rateColumns(name(field), (figures) => figures[field]);
}

/** A rate of two amounts. */
function moneyRateColumns(title: string, rate: (figures: Figures) => Rate | null | undefined): Column<Figures>[] {
  return [
    { title, cell: (figures) => fraction(rate(figures)?.rate) },
    { title: `${title}-分子(元)`, cell: (figures) => yuan(rate(figures)?.numerator) },
    { title: `${title}-分母(元)`, cell: (figures) => yuan(rate(figures)?.denominator) },
  ];
}

function changeColumns(field: 'incidentsYoY' | 'incidentsMoM'): Column<Figures>[] {
  return [
    { title: name(field), cell: (figures) => fraction(figures[field]?.change) },
    { title: `${name(field)}-基数`, cell: (figures) => figures[field]?.base ?? NOTHING },
  ];
}

/** The order of the definitions. */
const MONEY_COLUMNS: readonly Column<Figures>[] = [
  { title: name('incidents'), cell: ({ incidents }) => incidents ?? NOTHING },
  { title: '案损(元)', cell: ({ incidentLossFen }) => yuan(incidentLossFen) },
  ...changeColumns('incidentsYoY'),
  ...changeColumns('incidentsMoM'),
  { title: name('per10k'), cell: ({ per10k }) => fraction(per10k?.rate) },
  { title: '人口(万人)', cell: ({ per10k }) => per10k?.denominator || NOTHING },
  { title: '人口年份', cell: ({ per10k }) => per10k?.year ?? NOTHING },
  { title: '止付(元)', cell: ({ stoppedFen }) => yuan(stoppedFen) },
  { title: '冻结(元)', cell: ({ frozenFen }) => yuan(frozenFen) },
  { title: '止付冻结(元)', cell: ({ controlledFen }) => yuan(controlledFen) },
  ...moneyRateColumns(name('stopRate'), ({ stopRate }) => stopRate),
  { title: '返还(元)', cell: ({ returnedFen }) => yuan(returnedFen) },
  { title: name('victimsReturned'), cell: ({ victimsReturned }) => victimsReturned ?? NOTHING },
  ...moneyRateColumns('返还率-区间', ({ returnShare }) => returnShare?.flow),
  ...moneyRateColumns('返还率-累计', ({ returnShare }) => returnShare?.stock),
];

const COLUMNS: readonly Column<Figures>[] = [
  { title: name('received'), cell: ({ received }) => received },
  { title: name('signals'), cell: ({ signals }) => signals },
  ...RATE_FIELDS.flatMap(columnsOf),
  ...RESULTS.map((result): Column<Figures> => ({
    title: `${name('results')}-${RESULT_ZH[result]}`,
    cell: ({ results }) => results[result],
  })),
  { title: '劝阻人次-短信', cell: ({ attempts }) => attempts.sms },
  { title: '劝阻人次-电话', cell: ({ attempts }) => attempts.call },
  { title: '劝阻人次-上门', cell: ({ attempts }) => attempts.visit },
  { title: '劝阻人次-上门见面', cell: ({ attempts }) => attempts.visitReached },
  { title: '拦截损失-劝阻(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.dissuasion) },
  { title: '拦截损失-止付(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.stopPayment) },
  { title: '拦截损失-银行(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.bank) },
  { title: '拦截损失-合计(元)', cell: ({ interceptedFen }) => yuan(interceptedFen.total) },
  { title: '损失(元)', cell: ({ lossFen }) => yuan(lossFen) },
  ...MONEY_COLUMNS,
  { title: name('urges'), cell: ({ urges }) => urges },
  ...columnsOf('urgeReplyOnTimeRate'),
  { title: '回访-到期', cell: ({ followUps }) => followUps.due },
  { title: '回访-已完成', cell: ({ followUps }) => followUps.done },
  { title: '回访-逾期', cell: ({ followUps }) => followUps.overdue },
  ...columnsOf('followUpOnTimeRate'),
  ...DURATIONS.flatMap((duration): Column<Figures>[] =>
    (['p50', 'p90'] as const).map((part) => ({
      title: `${name(`${duration}Minutes`)}-${part.toUpperCase()}(分钟)`,
      cell: (figures) => figures[`${duration}Minutes`][part]?.toFixed(1) ?? NOTHING,
    })),
  ),
  { title: name('open'), cell: ({ open }) => open },
  { title: name('overdue'), cell: ({ overdue }) => overdue },
  { title: name('urged'), cell: ({ urged }) => urged },
];

/** The report as a file: header and rows first, then what it is about, then what each column counts. UTF-8 with BOM. */
export function tierReportCsv(report: TierReportAnswer, exported: Export): string {
  const row = (code: string, agency: string, figures: Figures): string =>
    csvLine([code, agency, ...COLUMNS.map(({ cell }) => cell(figures))]);
  const filters = Object.entries(report.filters).map(([field, value]) => `${field}=${value}`);
  return [
    CSV_BOM,
    csvLine(['单位代码', '单位名称', ...COLUMNS.map(({ title }) => title)]),
    ...report.rows.map(({ agency, ...figures }) => row(agency.code, agency.name, figures)),
    row('', '合计', report.total),
    csvLine([]),
    csvLine(['报表', `三级联动处置情况(${TIER_ZH[report.tier]})`]),
    csvLine(['统计区间', `${report.from} 至 ${report.to}`]),
    csvLine(['上级单位', report.parent]),
    csvLine(['筛选条件', filters.length > 0 ? filters.join(';') : '无']),
    csvLine(['数据时间', report.asOf]),
    csvLine(['导出人', exported.person]),
    csvLine(['导出单位', exported.agency]),
    csvLine(['导出时间', exported.at]),
    csvLine([
      name('defraudedAfterRate'),
      report.total.defraudedAfterRate.provisional ? '暂定:观察期未过' : '已过观察期',
    ]),
    csvLine([]),
    csvLine(['指标', '口径', 'Definition', '字段']),
    ...Object.entries(DEFINITIONS).map(([field, { name: title, zh, en }]) => csvLine([title, zh, en, field])),
  ].join('');
}

/** A name that every system takes. */
export function tierReportFileName({ tier, from, to, parent }: TierReportAnswer): string {
  return `sanji-${parent.replaceAll(/[^0-9A-Za-z-]/g, '')}-${TIERS.indexOf(tier) + 1}-${tier}-${from}-${to}.csv`;
}
