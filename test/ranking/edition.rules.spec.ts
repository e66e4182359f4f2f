import fc from 'fast-check';
import type { FileContent } from '../../src/identity/file.desk.js';
import { writeFile } from '../../src/platform/tabular/file.format.js';
import { RowCount } from '../../src/platform/tabular/table.file.js';
import { WHOLE_EDITION_EXAMPLE } from '../../src/ranking/edition.example.js';
import { editionFile } from '../../src/ranking/edition.file.js';
import { canonicalJson } from '../../src/ranking/canonical.rules.js';
import { differences, publishedRanking, publishedTierReport } from '../../src/ranking/edition.rules.js';
import {
  addMonths,
  addQuarters,
  endsQuarter,
  isOver,
  periodOfMonth,
  periodOfQuarter,
  quarterOf,
} from '../../src/ranking/month.rules.js';
import { RANKING_EXAMPLE } from '../../src/ranking/ranking.example.js';
import { TIER_REPORT_EXAMPLE } from '../../src/report/tier-report.example.js';
import { tableIn, valuesTold } from '../export/support.js';

describe('canonical JSON', () => {
  test('has one way to write a value', () => {
    expect(canonicalJson({ b: [1, null, undefined, 'é"\n'], a: { z: 0.1, 名: true }, c: undefined })).toBe(
      '{"a":{"z":0.1,"名":true},"b":[1,null,null,"é\\"\\n"]}',
    );
  });

  test('is the same after it was read', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        expect(canonicalJson(JSON.parse(text))).toBe(text);
        expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
      }),
    );
  });
});

test('what differs is told by unit and field, in the total, the rules and the definitions', () => {
  const rows = RANKING_EXAMPLE.rows.map(({ cards: _, ...row }) => row);
  const before = publishedRanking({ ...RANKING_EXAMPLE, rows });
  const [row] = before.rows;
  const after = {
    ...before,
    provisional: false,
    rows: [
      { ...row!, score: 94, rank: null },
      { ...row!, agency: { code: '411325', name: '内乡县公安局' }, indicators: {} },
    ],
  };
  expect(differences(before, before)).toEqual([]);
  expect(differences(before, after)).toEqual([
    { unit: '411322', field: '/rank', before: 1, after: null },
    { unit: '411322', field: '/score', before: 93.9563, after: 94 },
    { unit: '411325', field: '/agency/code', before: null, after: '411325' },
    { unit: '411325', field: '/agency/name', before: null, after: '内乡县公安局' },
    { unit: '411325', field: '/rank', before: null, after: 1 },
    { unit: '411325', field: '/score', before: null, after: 93.9563 },
    { unit: '411325', field: '/received', before: null, after: 842 },
    { unit: null, field: '/provisional', before: true, after: false },
  ]);
  expect(differences(after, before)).toHaveLength(8);
});

test('a published tier report says nothing of the present', () => {
  const report = publishedTierReport(TIER_REPORT_EXAMPLE);
  for (const figures of [report.total, report.rows[0]!]) {
    expect(figures).toHaveProperty('received');
    for (const field of ['open', 'overdue', 'urged', 'asOf']) expect(figures).not.toHaveProperty(field);
    // All that was ever frozen grows on, and would make every later look an edition of its own.
    expect(Object.keys(figures['returnShare'] as object)).toEqual(['flow']);
  }
  expect(report).not.toHaveProperty('asOf');
});

describe('months', () => {
  test('are counted across years, with their last days', () => {
    expect([addMonths('2023-01', -1), addMonths('2023-12', 1), addMonths('2023-06', -18)]).toEqual([
      '2022-12',
      '2024-01',
      '2021-12',
    ]);
    expect(['2023-02', '2024-02', '2023-12'].map((month) => periodOfMonth(month).to)).toEqual([
      '2023-02-28',
      '2024-02-29',
      '2023-12-31',
    ]);
  });

  test('make quarters', () => {
    expect(['2023-01', '2023-03', '2023-04', '2023-12'].map(quarterOf)).toEqual([
      '2023-Q1',
      '2023-Q1',
      '2023-Q2',
      '2023-Q4',
    ]);
    expect([addQuarters('2023-Q1', -1), addQuarters('2023-Q4', 1)]).toEqual(['2022-Q4', '2024-Q1']);
    expect(periodOfQuarter('2024-Q1')).toEqual({ name: '2024-Q1', from: '2024-01-01', to: '2024-03-31' });
    expect(['2023-02', '2023-03'].map(endsQuarter)).toEqual([false, true]);
  });

  test('end at local midnight', () => {
    const june = periodOfMonth('2023-06');
    expect(isOver(june, 'Asia/Shanghai', new Date('2023-06-30T15:59:59.999Z'))).toBe(false);
    expect(isOver(june, 'Asia/Shanghai', new Date('2023-06-30T16:00:00Z'))).toBe(true);
  });
});

describe('the file of an edition', () => {
  const changes = [
    { unit: '411322', field: '/interceptedFen/bank', before: 8_000_000, after: 8_000_050 },
    { unit: null, field: '/total/lossFen', before: 3_120_000, after: null },
    { unit: '411322', field: '/successRate/rate', before: 0.5, after: 0.75 },
  ];
  const content = { ...WHOLE_EDITION_EXAMPLE.content, kind: 'tier' as const };
  const ofTier = editionFile({
    ...WHOLE_EDITION_EXAMPLE,
    content: { ...content, report: publishedTierReport(TIER_REPORT_EXAMPLE) },
    changes,
  });

  test.each<[string, FileContent, object]>([
    ['a ranking', editionFile(WHOLE_EDITION_EXAMPLE), WHOLE_EDITION_EXAMPLE.content.report.rows[0]!],
    ['a tier report', ofTier, publishedTierReport(TIER_REPORT_EXAMPLE).rows[0]!],
  ])('of %s tells every stored value, amounts in yuan', async (_, { title, tables }, row) => {
    const pieces: Buffer[] = [];
    const file = { title, subtitle: '', sheets: tables.slice(0, 1), createdAt: new Date(0) };
    for await (const piece of writeFile(file, 'xlsx', new RowCount())) pieces.push(piece);
    const { rows } = await tableIn(Buffer.concat(pieces));
    const told = new Set(Object.values(rows[0]!).map((cell) => String(Number(cell))));
    expect(valuesTold(row).filter((value) => !told.has(value))).toEqual([]);
  });

  test('tells what differs in the same units', () => {
    expect([...(ofTier.tables[1]!.rows as Iterable<unknown>)]).toEqual([
      ['411322', '/interceptedFen/bank', 80_000, 80_000.5],
      ['', '/total/lossFen', 31_200, null],
      ['411322', '/successRate/rate', 0.5, 0.75],
    ]);
  });
});
