import { CSV_BOM, csvLine, type CsvCell } from '../platform/tabular/csv.js';
import { DEFINITIONS } from '../report/definitions.js';
import type { EditionContent, PublishedTierReport } from './edition.js';
import type { Difference } from './edition.rules.js';
import type { RankingAnswer } from './ranking.dto.js';
import { rankingCsv, type Remark } from './ranking.csv.js';

/** Parts of a field, in the order of their columns; others follow under their own names. */
const PARTS: Readonly<Record<string, string>> = {
  rate: '',
  numerator: '分子',
  denominator: '分母',
  provisional: '暂定',
  p50: 'P50(分钟)',
  p90: 'P90(分钟)',
  sms: '短信',
  call: '电话',
  visit: '上门',
  visitReached: '上门见面',
  dissuasion: '劝阻(分)',
  stopPayment: '止付(分)',
  bank: '银行(分)',
  total: '合计(分)',
  due: '到期',
  done: '已完成',
  overdue: '逾期',
  flow: '流量',
  stock: '存量',
};
const ORDER = Object.keys(PARTS);
const FIELDS = Object.keys(DEFINITIONS);

/** A published edition as a file, from what is stored and nothing else. UTF-8 with BOM. */
export function editionCsv(
  content: EditionContent,
  changes: readonly Difference[],
  remarks: readonly Remark[],
): string {
  const about: Remark[] = [
    ['通报月份', content.month],
    ['版次', String(content.edition)],
    ['发布单位', `${content.city.name}(${content.city.code})`],
    ['发布人', content.publishedBy.name],
    ['发布时数据', content.asOf],
    ['说明', content.note],
    ...remarks,
  ];
  const body = isRanking(content)
    ? rankingCsv({ ...(content.report as RankingAnswer), asOf: content.asOf }, about)
    : tierCsv(content.report as PublishedTierReport, about);
  if (changes.length === 0) return body;
  return [
    body,
    csvLine([]),
    csvLine(['与上一版的差异:单位代码', '字段', '上一版', '本版']),
    ...changes.map(({ unit, field, before, after }) => csvLine([unit ?? '', field, cell(before), cell(after)])),
  ].join('');
}

function isRanking({ kind }: EditionContent): boolean {
  return kind === 'ranking';
}

/** Columns come from the stored rows: an edition of years ago has those that it had. */
function tierCsv(
  { tier, from, to, parent, rows, total, definitions }: PublishedTierReport,
  about: readonly Remark[],
): string {
  const paths = leaves(total).sort(byOrder);
  const title = ([field, ...parts]: readonly string[]): string =>
    [definitions[field!]?.name ?? field, ...parts.map((part) => PARTS[part] ?? part)].filter(Boolean).join('-');
  const line = (code: string, name: string, figures: Record<string, unknown>): string =>
    csvLine([code, name, ...paths.map((path) => cell(at(figures, path)))]);
  return [
    CSV_BOM,
    csvLine(['单位代码', '单位名称', ...paths.map(title)]),
    ...rows.map(({ agency, ...figures }) => line(agency.code, agency.name, figures)),
    line('', '合计', total),
    csvLine([]),
    csvLine(['报表', `三级联动处置情况(${tier})`]),
    csvLine(['统计区间', `${from} 至 ${to}`]),
    csvLine(['上级单位', parent]),
    ...about.map((remark) => csvLine(remark)),
    csvLine([]),
    csvLine(['指标', '口径', 'Definition', '字段']),
    ...Object.entries(definitions).map(([field, each]) => csvLine([each.name, each.zh, each.en, field])),
  ].join('');
}

function leaves(value: unknown, path: readonly string[] = []): string[][] {
  if (value === null || typeof value !== 'object' || Array.isArray(value)) return [[...path]];
  return Object.entries(value).flatMap(([name, member]) => leaves(member, [...path, name]));
}

function byOrder(a: readonly string[], b: readonly string[]): number {
  const place = (names: readonly string[], name: string | undefined): number => {
    const index = name === undefined ? -1 : names.indexOf(name);
    return name !== undefined && index < 0 ? names.length : index;
  };
  return (
    place(FIELDS, a[0]) - place(FIELDS, b[0]) ||
    (a[0]! < b[0]! ? -1 : a[0]! > b[0]! ? 1 : 0) ||
    place(ORDER, a[1]) - place(ORDER, b[1])
  );
}

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce((found, name) => (found as Record<string, unknown> | null | undefined)?.[name], value);
}

function cell(value: unknown): CsvCell {
  if (value === null || value === undefined) return '—';
  if (typeof value === 'boolean') return value ? '是' : '否';
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}
