import type { FileContent, Remark } from '../identity/file.desk.js';
import {
  sheetOf,
  yuanText,
  type CellKind,
  type CellValue,
  type Column,
  type Sheet,
} from '../platform/tabular/table.file.js';
import { DEFINITIONS } from '../report/definitions.js';
import { TOTAL } from '../report/report.file.js';
import type { WholeEditionAnswer } from './edition.dto.js';
import type { EditionContent, PublishedRanking, PublishedTierReport } from './edition.js';
import type { Difference } from './edition.rules.js';
import { rankingRemarks, rankingSheet, rankingTitle } from './ranking.file.js';

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
  dissuasion: '劝阻',
  stopPayment: '止付',
  bank: '银行',
  total: '合计',
  due: '到期',
  done: '已完成',
  overdue: '逾期',
  flow: '流量',
  stock: '存量',
  change: '',
  count: '本期',
  base: '基数',
  year: '人口年份',
};
const ORDER = Object.keys(PARTS);
const FIELDS = Object.keys(DEFINITIONS);
/** Their parts are amounts, though their names do not end so. */
const RATES_OF_MONEY = new Set(['stopRate', 'returnShare']);

/** A published edition as a file, from what is stored and nothing else. */
export function editionFile({ id, hash, content, changes }: WholeEditionAnswer): FileContent {
  const { kind, tier, month, edition } = content;
  const ranking = kind === 'ranking' ? (content.report as PublishedRanking) : undefined;
  const report = content.report as PublishedTierReport;
  const published: Remark[] = [
    ['通报月份', month],
    ['版次', String(edition)],
    ['发布单位', `${content.city.name}(${content.city.code})`],
    ['发布人', content.publishedBy.name],
    ['发布时数据', content.asOf],
    ['说明', content.note],
    ['SHA-256', hash],
  ];
  const own: Remark[] = ranking
    ? rankingRemarks(ranking, content.asOf)
    : [
        ['统计区间', `${report.from} 至 ${report.to}`],
        ['上级单位', report.parent],
      ];
  return {
    name: `sanji-${content.city.code}-${kind}-${tier}-${month}-${edition}`,
    title: `通报 ${month} 第 ${edition} 版 ${ranking ? rankingTitle(ranking) : `三级联动处置情况(${tier})`}`,
    tables: [
      ranking ? rankingSheet(ranking) : tierSheet(report),
      ...(changes.length > 0 ? [changesSheet(changes)] : []),
    ],
    about: [...published, ...own],
    definitions: (content.report as { definitions: EditionContent['report']['definitions'] }).definitions,
    record: {
      action: 'report.exported',
      objectKind: 'edition',
      objectId: id,
      data: { kind, tier, month, edition },
    },
  };
}

type Line = Record<string, unknown> & { code: string; title: string };

/** Columns come from the stored rows: an edition of years ago has those that it had. */
function tierSheet({ rows, total, definitions }: PublishedTierReport): Sheet {
  const titleOf = (path: readonly string[]): string => {
    const [field, ...parts] = path;
    const name = [definitions[field!]?.name ?? field, ...parts.map((part) => PARTS[part] ?? part)];
    return `${name.filter(Boolean).join('-')}${kindOf(path) === 'yuan' ? '(元)' : ''}`;
  };
  return sheetOf<Line>({
    name: '三级联动',
    columns: [
      { title: '单位代码', kind: 'text', cell: ({ code }) => code },
      { title: '单位名称', kind: 'text', cell: ({ title }) => title },
      ...leaves(total)
        .sort(byOrder)
        .map((path): Column<Line> => ({
          title: titleOf(path),
          kind: kindOf(path),
          cell: (line) => cell(at(line, path)),
        })),
    ],
    rows: rows.map(({ agency, ...figures }) => ({ ...figures, code: agency.code, title: agency.name })),
    total: { ...total, code: '', title: TOTAL },
  });
}

/** What stands in a column, by the field that it is of. */
function kindOf([field = '', ...parts]: readonly string[]): CellKind {
  const part = parts.at(-1);
  if (field.endsWith('Fen')) return 'yuan';
  if (part === 'p50' || part === 'p90') return 'minutes';
  if (part === 'provisional') return 'text';
  if (field === 'per10k') return part === 'rate' ? 'decimal' : 'plain';
  if (part === 'rate' || part === 'change') return 'rate';
  return RATES_OF_MONEY.has(field) ? 'yuan' : 'count';
}

function changesSheet(changes: readonly Difference[]): Sheet {
  const told = (field: string, value: unknown): CellValue => {
    const path = field.split('/').slice(1);
    const kind = kindOf(path[0] === 'total' ? path.slice(1) : path);
    return kind === 'yuan' && typeof value === 'number' ? Number(yuanText(value)) : cell(value);
  };
  return sheetOf<Difference>({
    name: '与上一版的差异',
    columns: [
      { title: '与上一版的差异:单位代码', kind: 'text', cell: ({ unit }) => unit ?? '' },
      { title: '字段', kind: 'text', cell: ({ field }) => field },
      { title: '上一版', kind: 'plain', cell: ({ field, before }) => told(field, before) },
      { title: '本版', kind: 'plain', cell: ({ field, after }) => told(field, after) },
    ],
    rows: changes,
  });
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

function cell(value: unknown): CellValue {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean') return value ? '是' : '否';
  return typeof value === 'number' || typeof value === 'string' ? value : JSON.stringify(value);
}
