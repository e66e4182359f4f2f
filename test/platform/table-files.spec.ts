import fc from 'fast-check';
import { streamed } from '../../src/platform/database/streamed.js';
import type { Tx } from '../../src/platform/database/database.js';
import { unguarded } from '../../src/platform/tabular/csv.js';
import { writeFile, type FileFormat } from '../../src/platform/tabular/file.format.js';
import { RowCount, sheetOf, type Column, type TableFile } from '../../src/platform/tabular/table.file.js';
import { partsOf, tableIn } from '../export/support.js';

type Row = Record<string, string | number | null>;

const column = (title: string, kind: Column<Row>['kind']): Column<Row> => ({ title, kind, cell: (row) => row[title] });
const COLUMNS = [
  column('名称', 'text'),
  column('数量', 'count'),
  column('金额', 'yuan'),
  column('比率', 'rate'),
  column('日期', 'date'),
  column('时间', 'moment'),
];

function fileOf(rows: Iterable<Row> | AsyncIterable<Row>, more: Partial<TableFile['sheets'][0]> = {}): TableFile {
  return {
    title: '测试',
    subtitle: '说明',
    createdAt: new Date('2023-06-01T01:30:00Z'),
    sheets: [{ ...sheetOf({ name: '表', columns: COLUMNS, rows }), ...more }],
  };
}

async function bytesOf(file: TableFile, format: FileFormat): Promise<Buffer> {
  const pieces: Buffer[] = [];
  for await (const piece of writeFile(file, format, new RowCount())) pieces.push(piece);
  return Buffer.concat(pieces);
}

const ROW: Row = {
  名称: '方城县',
  数量: 1_234_567,
  金额: 123_456_789,
  比率: 0.9375,
  日期: '2023-06-01',
  时间: '2023-06-01T09:30:05.000+08:00',
};

test('a workbook has numbers as numbers, and whatever a spreadsheet would change as text', async () => {
  const huge = 9_007_199_254_740_991;
  const bytes = await bytesOf(fileOf([ROW, { ...ROW, 金额: huge, 日期: '1899-12-31', 比率: null }]), 'xlsx');
  const { rows } = await tableIn(bytes);
  expect(rows[0]).toEqual({
    名称: '方城县',
    数量: '1234567',
    金额: '1234567.89',
    比率: '0.9375',
    日期: '2023-06-01',
    时间: '2023-06-01T09:30:05',
  });
  expect(rows[1]).toMatchObject({ 金额: '90071992547409.91', 日期: '1899-12-31', 比率: '—' });
  const sheet = partsOf(bytes)['xl/worksheets/sheet1.xml']!;
  expect(sheet).toContain('<v>1234567.89</v>');
  expect(sheet).toMatch(/t="inlineStr"><is><t xml:space="preserve">90071992547409\.91</);
});

test('every text comes back as it was, in both kinds of files, and none is a formula', async () => {
  const hostile = [
    '=1+1',
    '+86 138',
    '-x',
    '@SUM(A1)',
    '\ttab',
    '\rcr',
    '_x000D_',
    "'=1",
    'a"b,c\nd',
    ' 空 格 ',
    '<&>"]]>',
  ];
  const texts = fc.oneof(fc.constantFrom(...hostile), fc.string({ unit: 'grapheme', minLength: 1, maxLength: 20 }));
  await fc.assert(
    fc.asyncProperty(texts, fc.constantFrom<FileFormat>('csv', 'xlsx'), async (text, format) => {
      fc.pre(text.trim() !== '' && text.isWellFormed() && !text.includes('\0') && !/^="[^"]*"$/.test(text));
      const bytes = await bytesOf(fileOf([{ ...ROW, 名称: text }]), format);
      // Whoever reads a table takes an apostrophe in front of a formula for that of a CSV.
      expect((await tableIn(bytes)).rows[0]!['名称']).toBe(format === 'csv' ? text : unguarded(text));
      if (format === 'xlsx') expect(partsOf(bytes)['xl/worksheets/sheet1.xml']).not.toContain('<f>');
    }),
    { numRuns: 60 },
  );
});

test('a chart shows its columns, and what stood in them; the total is behind the filter and in no chart', async () => {
  const charts = [{ title: '金额', kind: 'line', category: '日期', series: ['金额', '数量'] }] as const;
  const parts = partsOf(await bytesOf(fileOf([ROW, ROW], { charts, total: ['合计', 2, 3, 1, '', ''] }), 'xlsx'));
  expect(parts['xl/charts/chart1.xml']).toContain(`<c:f>'表'!$C$4:$C$5</c:f>`);
  expect(parts['xl/charts/chart1.xml']).toContain('<c:v>1234567.89</c:v>');
  expect(parts['xl/worksheets/sheet1.xml']).toContain('<autoFilter ref="A3:F5"/>');
  expect(parts['xl/worksheets/sheet1.xml']).toContain('<row r="6">');
  expect(parts['[Content_Types].xml']).toContain('/xl/charts/chart1.xml');
  await expect(bytesOf(fileOf([ROW], { charts: [{ ...charts[0], category: '没有' }] }), 'xlsx')).rejects.toThrow(
    'not there',
  );
});

describe.each(['csv', 'xlsx'] as const)('rows of a %s', (format) => {
  test('are taken as somebody takes the file, and let go when nobody does', async () => {
    let taken = 0;
    let letGo = false;
    const rows = (async function* (): AsyncGenerator<Row> {
      try {
        for (; ; taken++) yield { ...ROW, 名称: `${taken}-${Math.sin(taken)}` };
      } finally {
        letGo = true;
      }
    })();
    const bytes = writeFile(fileOf(rows), format, new RowCount());
    await bytes.next();
    expect(taken).toBeLessThan(2);
    for (let piece = 0; piece < 12; piece++) await bytes.next();
    expect(taken).toBeLessThan(60_000);
    await bytes.return();
    expect(letGo).toBe(true);
  });

  test('that fail in the middle fail the file', async () => {
    const rows = (function* (): Generator<Row> {
      yield ROW;
      throw new Error('the database went away');
    })();
    await expect(bytesOf(fileOf(rows), format)).rejects.toThrow('the database went away');
  });
});

describe('rows of a transaction', () => {
  const tx = {} as Tx;

  test('are read a page at a time, and the transaction ends with whoever takes them', async () => {
    const read: number[] = [];
    let ended = 0;
    const open = async (work: (tx: Tx) => Promise<void>): Promise<void> => work(tx).finally(() => (ended += 1));
    const pages = async function* (): AsyncGenerator<number[]> {
      for (let page = 0; page < 5; page++) {
        read.push(page);
        yield [2 * page, 2 * page + 1];
      }
    };
    const all: number[] = [];
    for await (const row of streamed(open, pages)) all.push(row);
    expect([all, ended]).toEqual([[0, 1, 2, 3, 4, 5, 6, 7, 8, 9], 1]);
    read.length = 0;
    for await (const row of streamed(open, pages)) if (row === 2) break;
    expect([read, ended]).toEqual([[0, 1], 2]);
  });

  test('fail whoever takes them when the transaction fails, and never go on with another state', async () => {
    const failing = async function* (): AsyncGenerator<number[]> {
      yield [1];
      throw new Error('away');
    };
    const taking = async (open: (work: (tx: Tx) => Promise<void>) => Promise<void>): Promise<void> => {
      for await (const _ of streamed(open, failing));
    };
    await expect(taking((work) => work(tx))).rejects.toThrow('away');
    await expect(taking((work) => work(tx).catch(() => work(tx)))).rejects.toThrow('rows of one state');
  });
});
