import { normalizeLabel } from '../organization/fraud-type.js';
import type { Fault } from '../platform/http/problem.js';

interface FieldWords {
  /** The field of a signal that a column gives; none where nobody reads the column. */
  readonly pointer: string | undefined;
  readonly required?: true;
  /** What columns are called, the usual Chinese and English name first; compared by `normalizeLabel`. */
  readonly names: readonly [string, string, ...string[]];
}

/** Every column that a file of signals may have. docs/import.md lists them for people. */
export const IMPORT_FIELDS = {
  source: {
    pointer: '/source',
    required: true,
    names: ['来源', 'source', '预警来源', '数据来源', '来源平台', '来源系统', '来源单位'],
  },
  sourceRef: {
    pointer: '/sourceRef',
    required: true,
    names: ['来源编号', 'sourceRef', '预警编号', '来源流水号', '流水号', '线索编号', '原始编号', '编号', 'reference'],
  },
  detectedAt: {
    pointer: '/detectedAt',
    required: true,
    names: ['发现时间', 'detectedAt', '预警时间', '产生时间', '触发时间', '预警产生时间', 'detected time'],
  },
  kind: { pointer: '/kind', names: ['预警类型', 'kind', '预警类别', '预警种类', 'alert kind'] },
  riskLevel: {
    pointer: '/riskLevel',
    required: true,
    names: ['风险等级', 'riskLevel', '风险级别', '预警等级', '预警级别', '等级', 'risk'],
  },
  fraudType: {
    pointer: '/fraudType',
    required: true,
    names: ['诈骗类型', 'fraudType', '诈骗类别', '涉诈类型', '涉诈类别', '诈骗手法', '诈骗种类'],
  },
  divisionCode: {
    pointer: '/divisionCode',
    names: ['行政区划代码', 'divisionCode', '行政区划', '行政区划编码', '区划代码', '辖区代码', 'division'],
  },
  name: {
    pointer: '/subject/name',
    names: [
      '姓名',
      'name',
      '预警对象',
      '预警对象姓名',
      '被预警人',
      '被预警人姓名',
      '当事人姓名',
      '潜在受害人',
      '受害人姓名',
      'subject.name',
    ],
  },
  phone: {
    pointer: '/subject/phone',
    required: true,
    names: [
      '手机号',
      'phone',
      '手机号码',
      '手机',
      '联系电话',
      '电话',
      '电话号码',
      '联系方式',
      '预警号码',
      '受害人手机号',
      '受害人电话',
      'mobile',
      'phone number',
      'subject.phone',
    ],
  },
  idNumber: {
    pointer: '/subject/idNumber',
    names: [
      '身份证号',
      'idNumber',
      '身份证号码',
      '身份证',
      '证件号码',
      '公民身份号码',
      '公民身份证号码',
      'identity number',
      'id card',
      'subject.idNumber',
    ],
  },
  address: {
    pointer: '/subject/address',
    names: [
      '住址',
      'address',
      '地址',
      '现住址',
      '现住地址',
      '居住地址',
      '居住地',
      '联系地址',
      '家庭住址',
      '详细地址',
      'subject.address',
    ],
  },
  group: {
    pointer: '/subject/group',
    names: ['特殊群体', 'group', '群体', '群体类别', '人群', '人群类别', '人员类别', 'subject.group'],
  },
  suspectAccount: {
    pointer: '/suspect/account',
    names: [
      '涉案账号',
      'suspectAccount',
      '涉案账户',
      '涉诈账号',
      '涉诈账户',
      '嫌疑账号',
      '嫌疑账户',
      '对方账号',
      '收款账号',
      'suspect.account',
    ],
  },
  suspectPhone: {
    pointer: '/suspect/phone',
    names: [
      '嫌疑电话',
      'suspectPhone',
      '嫌疑号码',
      '嫌疑手机号',
      '嫌疑人电话',
      '涉案电话',
      '涉案号码',
      '涉诈电话',
      '涉诈号码',
      '诈骗电话',
      '对方号码',
      'suspect.phone',
    ],
  },
  suspectApp: {
    pointer: '/suspect/app',
    names: ['嫌疑App', 'suspectApp', '涉案App', '涉诈App', '诈骗App', '嫌疑应用', '涉诈应用', 'suspect.app'],
  },
  suspectUrl: {
    pointer: '/suspect/url',
    names: ['嫌疑网址', 'suspectUrl', '涉案网址', '涉诈网址', '诈骗网址', '嫌疑网站', '涉诈网站', 'suspect.url'],
  },
  amountYuan: {
    pointer: '/amountAtRiskFen',
    names: [
      '风险金额(元)',
      'amount at risk (yuan)',
      '风险金额',
      '涉险金额(元)',
      '涉险金额',
      '涉案金额(元)',
      '涉案金额',
      '预警金额(元)',
      '预警金额',
      '金额(元)',
      '金额',
      'amount (yuan)',
      'amountYuan',
    ],
  },
  amountTenThousandYuan: {
    pointer: '/amountAtRiskFen',
    names: [
      '风险金额(万元)',
      'amount at risk (10,000 yuan)',
      '涉险金额(万元)',
      '涉案金额(万元)',
      '预警金额(万元)',
      '金额(万元)',
    ],
  },
  amountFen: { pointer: '/amountAtRiskFen', names: ['风险金额(分)', 'amountAtRiskFen', '金额(分)', 'amount (fen)'] },
  summary: {
    pointer: '/summary',
    names: ['摘要', 'summary', '简要情况', '情况摘要', '情况说明', '预警内容', '内容', '简要案情', '备注', 'note'],
  },
  /** What a rejects file has more than the file it came from, so that it can be corrected and handed in as it is. */
  rowNo: { pointer: undefined, names: ['行号', 'rowNo', '序号', 'no'] },
  reason: { pointer: undefined, names: ['原因', 'reason', '退回原因'] },
} as const satisfies Record<string, FieldWords>;

export type ImportField = keyof typeof IMPORT_FIELDS;

/** One column of a file: where it stands from 0, what the file calls it, and what it is. */
export interface ImportColumn {
  readonly index: number;
  readonly name: string;
  readonly field: ImportField;
}

const words = Object.entries(IMPORT_FIELDS) as [ImportField, FieldWords][];
const byName = new Map(words.flatMap(([field, { names }]) => names.map((name) => [normalizeLabel(name), field])));
const REQUIRED = words.filter(([, { required }]) => required).map(([field]) => field);

/** Below that a row is no header: naming its cells would be quoting a person's data. */
const LEAST_KNOWN = 2;
const LONGEST_QUOTED = 40;

function fieldOf(cell: string): ImportField | undefined {
  return byName.get(normalizeLabel(cell));
}

/** Whether a row names columns: some files have a title above the header. */
export function isImportHeader(cells: readonly string[]): boolean {
  return new Set(cells.map(fieldOf).filter(Boolean)).size >= LEAST_KNOWN;
}

/** Columns of a header that is known to be right. */
export function importColumns(header: readonly string[]): ImportColumn[] {
  return header.flatMap((name, index) => {
    const field = fieldOf(name);
    return field ? [{ index, name, field }] : [];
  });
}

/** Every fault of a header row: columns that are missing, that nobody knows, or that say the same thing twice. */
export function headerFaults(header: readonly string[]): Fault[] {
  if (!isImportHeader(header)) {
    return [
      {
        pointer: '/columns',
        message: `no row among the first ten names columns: the first row must name them, at least ${REQUIRED.map(nameOf).join(', ')}`,
      },
    ];
  }
  const columns = importColumns(header);
  const missing = REQUIRED.filter((field) => !columns.some((column) => column.field === field)).map((field) => ({
    pointer: '/columns',
    message: `${nameOf(field)} is missing`,
  }));
  const unknown = header.flatMap((name, index) =>
    name !== '' && !fieldOf(name)
      ? [{ pointer: `/columns/${index}`, message: `${quoted(name, index)} is not a column of a file of signals` }]
      : [],
  );
  const targets = new Map<string, ImportColumn>();
  const doubled = columns.flatMap((column) => {
    // What nobody reads may stand there more than once, under different names.
    const target = IMPORT_FIELDS[column.field].pointer ?? column.name;
    const first = targets.get(target);
    if (!first) targets.set(target, column);
    return first
      ? [
          {
            pointer: `/columns/${column.index}`,
            message: `${quoted(column.name, column.index)} says the same as ${quoted(first.name, first.index)}`,
          },
        ]
      : [];
  });
  return [...missing, ...unknown, ...doubled];
}

/** A column as a spreadsheet program calls it: A, B, … Z, AA. */
export function columnLetter(index: number): string {
  const last = String.fromCharCode(65 + (index % 26));
  return index < 26 ? last : columnLetter(Math.floor(index / 26) - 1) + last;
}

function nameOf(field: ImportField): string {
  const [zh, en] = IMPORT_FIELDS[field].names;
  return `${zh} (${en})`;
}

/** A header's words, never a value that may have slipped into the row. */
function quoted(name: string, index: number): string {
  const place = `column ${columnLetter(index)}`;
  return /\p{Nd}{5}/u.test(name.normalize('NFKC')) ? place : `"${name.slice(0, LONGEST_QUOTED)}" (${place})`;
}
