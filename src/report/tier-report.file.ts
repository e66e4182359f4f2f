import { RESULTS } from '../alert/alert.js';
import { RESULT_ZH } from '../alert/alert.words.js';
import { maskText } from '../alert/mask.rules.js';
import { TIERS, type Agency, type Tier } from '../organization/agency.js';
import type { FileContent } from '../identity/file.desk.js';
import { sheetOf, type Column } from '../platform/tabular/table.file.js';
import { DURATIONS } from './case.facts.js';
import { DEFINITIONS, type DefinedField } from './definitions.js';
import type { Figures } from './figures.rules.js';
import { RATE_FIELDS, type RateField } from './indicators.js';
import { agencyColumns, moneyRateColumns, rateColumns, TOTAL, type Titled } from './report.file.js';
import type { ReportFilters, ScopeRequest } from './report.scope.js';
import type { TierReportAnswer } from './tier-report.dto.js';

const TIER_ZH: Record<Tier, string> = { city: '市级', county: '县级', township: '乡镇' };
const name = (field: DefinedField): string => DEFINITIONS[field].name;

function columnsOf(field: RateField | 'urgeReplyOnTimeRate' | 'followUpOnTimeRate'): Column<Figures>[] {
  return rateColumns(name(field), (figures) => figures[field]);
}

function changeColumns(field: 'incidentsYoY' | 'incidentsMoM'): Column<Figures>[] {
  return [
    { title: name(field), kind: 'rate', cell: (figures) => figures[field]?.change },
    { title: `${name(field)}-基数`, kind: 'count', cell: (figures) => figures[field]?.base },
  ];
}

/** The order of the definitions. */
const MONEY_COLUMNS: readonly Column<Figures>[] = [
  { title: name('incidents'), kind: 'count', cell: ({ incidents }) => incidents },
  { title: '案损(元)', kind: 'yuan', cell: ({ incidentLossFen }) => incidentLossFen },
  ...changeColumns('incidentsYoY'),
  ...changeColumns('incidentsMoM'),
  { title: name('per10k'), kind: 'decimal', cell: ({ per10k }) => per10k?.rate },
  { title: '人口(万人)', kind: 'plain', cell: ({ per10k }) => per10k?.denominator || null },
  { title: '人口年份', kind: 'plain', cell: ({ per10k }) => per10k?.year },
  { title: '止付(元)', kind: 'yuan', cell: ({ stoppedFen }) => stoppedFen },
  { title: '冻结(元)', kind: 'yuan', cell: ({ frozenFen }) => frozenFen },
  { title: '止付冻结(元)', kind: 'yuan', cell: ({ controlledFen }) => controlledFen },
  ...moneyRateColumns<Figures>(name('stopRate'), ({ stopRate }) => stopRate),
  { title: '返还(元)', kind: 'yuan', cell: ({ returnedFen }) => returnedFen },
  { title: name('victimsReturned'), kind: 'count', cell: ({ victimsReturned }) => victimsReturned },
  ...moneyRateColumns<Figures>('返还率-区间', ({ returnShare }) => returnShare?.flow),
  ...moneyRateColumns<Figures>('返还率-累计', ({ returnShare }) => returnShare?.stock),
];

const COLUMNS: readonly Column<Figures>[] = [
  { title: name('received'), kind: 'count', cell: ({ received }) => received },
  { title: name('signals'), kind: 'count', cell: ({ signals }) => signals },
  ...RATE_FIELDS.flatMap(columnsOf),
  ...RESULTS.map((result): Column<Figures> => ({
    title: `${name('results')}-${RESULT_ZH[result]}`,
    kind: 'count',
    cell: ({ results }) => results[result],
  })),
  { title: '劝阻人次-短信', kind: 'count', cell: ({ attempts }) => attempts.sms },
  { title: '劝阻人次-电话', kind: 'count', cell: ({ attempts }) => attempts.call },
  { title: '劝阻人次-上门', kind: 'count', cell: ({ attempts }) => attempts.visit },
  { title: '劝阻人次-上门见面', kind: 'count', cell: ({ attempts }) => attempts.visitReached },
  { title: '拦截损失-劝阻(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.dissuasion },
  { title: '拦截损失-止付(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.stopPayment },
  { title: '拦截损失-银行(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.bank },
  { title: '拦截损失-合计(元)', kind: 'yuan', cell: ({ interceptedFen }) => interceptedFen.total },
  { title: '损失(元)', kind: 'yuan', cell: ({ lossFen }) => lossFen },
  ...MONEY_COLUMNS,
  { title: name('urges'), kind: 'count', cell: ({ urges }) => urges },
  ...columnsOf('urgeReplyOnTimeRate'),
  { title: '回访-到期', kind: 'count', cell: ({ followUps }) => followUps.due },
  { title: '回访-已完成', kind: 'count', cell: ({ followUps }) => followUps.done },
  { title: '回访-逾期', kind: 'count', cell: ({ followUps }) => followUps.overdue },
  ...columnsOf('followUpOnTimeRate'),
  ...DURATIONS.flatMap((duration): Column<Figures>[] =>
    (['p50', 'p90'] as const).map((part) => ({
      title: `${name(`${duration}Minutes`)}-${part.toUpperCase()}(分钟)`,
      kind: 'minutes',
      cell: (figures) => figures[`${duration}Minutes`][part],
    })),
  ),
  { title: name('open'), kind: 'count', cell: ({ open }) => open },
  { title: name('overdue'), kind: 'count', cell: ({ overdue }) => overdue },
  { title: name('urged'), kind: 'count', cell: ({ urged }) => urged },
];

/** Everything that the report's file tells. */
export function tierReportFile(report: TierReportAnswer): FileContent {
  const { tier, from, to, parent, total } = report;
  const filters = Object.entries(maskedFilters(report.filters)).map(([field, value]) => `${field}=${value}`);
  return {
    name: `sanji-${parent}-${TIERS.indexOf(tier) + 1}-${tier}-${from}-${to}`,
    title: `三级联动处置情况(${TIER_ZH[tier]})`,
    tables: [
      sheetOf<Titled<Figures>>({
        name: '三级联动',
        columns: [...agencyColumns<Figures>(), ...COLUMNS],
        rows: report.rows.map(({ agency, ...figures }) => ({ ...figures, code: agency.code, title: agency.name })),
        total: { ...total, code: '', title: TOTAL },
        charts: [
          { title: '各单位接收', kind: 'bar', category: '单位名称', series: [name('received')] },
          {
            title: '各单位及时见面率与劝阻成功率',
            kind: 'bar',
            category: '单位名称',
            series: [name('visitOnTimeRate'), name('successRate')],
          },
        ],
      }),
    ],
    about: [
      ['统计区间', `${from} 至 ${to}`],
      ['上级单位', parent],
      ['筛选条件', filters.length > 0 ? filters.join(';') : '无'],
      ['数据时间', report.asOf],
      [name('defraudedAfterRate'), total.defraudedAfterRate.provisional ? '暂定:观察期未过' : '已过观察期'],
    ],
    definitions: DEFINITIONS,
    record: {
      action: 'report.exported',
      objectKind: 'tier-report',
      objectId: `${parent}/${tier}/${from}/${to}`,
      data: { tier, from, to, parent, rows: report.rows.length, ...maskedFilters(report.filters) },
    },
  };
}

/** What the file of the cases behind a number tells besides them. */
export function tierReportCasesFile(
  { tier, from, to, parent, filters }: ScopeRequest,
  indicator: string,
  agency: Agency,
): Omit<FileContent, 'tables'> {
  const masked = maskedFilters(filters);
  const [field] = indicator.split('.') as [DefinedField];
  const told = Object.entries(masked).map(([filter, value]) => `${filter}=${value}`);
  return {
    name: `sanji-${agency.code}-${tier}-cases-${indicator.replaceAll('.', '-')}-${from}-${to}`,
    title: `三级联动指标明细:${name(field)}`,
    about: [
      ['单位', `${agency.name}(${agency.code})`],
      ['统计区间', `${from} 至 ${to}`],
      ['指标', `${name(field)}(${indicator})`],
      ['筛选条件', told.length > 0 ? told.join(';') : '无'],
    ],
    definitions: { [field]: DEFINITIONS[field] },
    record: {
      action: 'report.exported',
      objectKind: 'tier-report-cases',
      objectId: `${parent.code}/${tier}/${from}/${to}/${indicator}`,
      data: { tier, from, to, parent: parent.code, agency: agency.code, indicator, ...masked },
    },
  };
}

/** As the audit log has them: people look for the numbers of persons. */
export function maskedFilters(filters: ReportFilters): Record<string, string> {
  const { source } = filters;
  return { ...filters, ...(source === undefined ? {} : { source: maskText(source, {}) }) };
}
